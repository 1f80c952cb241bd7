"""The summary as a file: everything that came from a page stands in code, and does nothing."""

from collections.abc import Iterable, Iterator

from auditor.inspect.entries import Inventory
from auditor.inspect.summary import Section, facts, outcome, sections
from auditor.report.safe import code, visible

ROWS_SHOWN = 1000


def render_markdown(inventory: Inventory, files: dict[str, str]) -> str:
    """Return the summary; `files` are the others in the folder, each with what it is."""
    lines = [f"# {code(inventory.url)}", "", f"**{outcome(inventory).capitalize()}.**", ""]
    lines += [f"- {visible(fact)}" for fact in facts(inventory)]
    lines += [f"- screenshot `{name}`: {code(at)}" for name, at in inventory.screenshots.items()]
    for section in sections(inventory):
        lines += ["", f"## {section.title[0].upper()}{section.title[1:]}", "", *_table(section)]
    lines += ["", "## Files", "", *(f"- `{name}`: {what}" for name, what in files.items())]
    return "\n".join(lines) + "\n"


def _table(section: Section) -> Iterator[str]:
    if not section.rows:
        yield "None seen."
        return
    yield _row(section.headers)
    yield _row("---" for _ in section.headers)
    yield from (_row(map(code, cells)) for cells in section.rows[:ROWS_SHOWN])
    if (more := len(section.rows) - ROWS_SHOWN) > 0:
        yield f"\nand {more} more (`inventory.json`)"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
