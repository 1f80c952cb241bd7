"""The summary for somebody at a terminal: as many columns of each table as there is room for."""

from collections.abc import Iterator

from auditor.inspect.entries import Inventory
from auditor.inspect.summary import Section, facts, outcome, sections
from auditor.report.safe import visible
from auditor.report.terminal.layout import (
    BOLD,
    DIM,
    GREEN,
    YELLOW,
    Paint,
    hang,
    painter,
    row,
    table,
)
from auditor.report.words import plural

ROWS_SHOWN = 50
FEWEST = 3  # columns, for which longer texts are shortened
SHORTEST = 16  # characters of a text that is shortened


def render_terminal(inventory: Inventory, *, colour: bool, width: int = 100) -> str:
    """Return the summary as text; colours only where asked for, `width` in columns."""
    paint = painter(colour=colour)
    *found, gaps = sections(inventory)
    parts = [_head(inventory, paint, width)]
    parts += [_section(section, paint, width) for section in found if section.rows]
    if missing := [section.title for section in found if not section.rows]:
        parts.append(hang("none seen  ", ", ".join(missing), width))
    parts += _gaps(gaps, paint, width)
    return "\n\n".join(parts) + "\n"


def _head(inventory: Inventory, paint: Paint, width: int) -> str:
    colour = YELLOW if inventory.gaps else GREEN
    word = outcome(inventory)
    title = visible(inventory.url)
    told = hang("", row(visible(fact) for fact in facts(inventory)), width, indent=2)
    about = "\n".join(paint(DIM, line) for line in told.splitlines())
    return f"{paint(BOLD, title)}  {paint(f'{BOLD};{colour}', word)}\n{about}"


def _section(section: Section, paint: Paint, width: int) -> str:
    shown = [tuple(map(visible, cells)) for cells in section.rows[:ROWS_SHOWN]]
    more = len(section.rows) - len(shown)
    end = f"\n  and {more} more" if more else ""
    title = f"{section.title} ({len(section.rows)})"
    return f"{paint(BOLD, title)}\n{_fitting(shown, section.headers, width)}{end}"


def _fitting(rows: list[tuple[str, ...]], headers: tuple[str, ...], width: int) -> str:
    """Return a table that fits: the last columns are left out first, then texts are shortened."""
    columns, longest = len(headers), width
    text = _table(rows, headers, columns, longest)
    while _width(text) > width and longest > SHORTEST:
        if columns > FEWEST:
            columns -= 1
        else:
            longest -= 1
        text = _table(rows, headers, columns, longest)
    return text


def _table(
    rows: list[tuple[str, ...]], headers: tuple[str, ...], columns: int, longest: int
) -> str:
    cut = [tuple(_cut(cell, longest) for cell in cells[:columns]) for cells in rows]
    return table(cut, headers[:columns])


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _width(text: str) -> int:
    return max(map(len, text.splitlines()))


def _gaps(section: Section, paint: Paint, width: int) -> Iterator[str]:
    label = paint(f"{BOLD};{YELLOW}", "gap")
    for cells in section.rows[:ROWS_SHOWN]:
        what, why, needs = map(visible, cells)
        first = hang("gap  ", f"{what}: {why}", width, painted=f"{label}  ")
        yield f"{first}\n{hang('     needs  ', needs, width)}"
    if (more := len(section.rows) - ROWS_SHOWN) > 0:
        yield f"and {plural(more, 'more gap')} (inventory.json)"
