"""Lists of one-line facts on a terminal."""

from collections.abc import Iterator

from auditor.report.parts import Line, Part
from auditor.report.safe import visible
from auditor.report.terminal.layout import BOLD, GLUE, GREEN, RED, YELLOW, Paint, hang, row

LINES_SHOWN = 100
_COLOURS = {"+": RED, "-": GREEN, "~": YELLOW, "?": YELLOW}


def terminal_part(part: Part, paint: Paint, width: int) -> str:
    """Return a part as text, no wider than `width` columns where words allow it."""
    title = " ".join(filter(None, (part.title, visible(part.name))))
    lines = [paint(BOLD, title), *_lines(part.lines[:LINES_SHOWN], paint, width)]
    if (more := len(part.lines) - LINES_SHOWN) > 0:
        lines.append(f"  and {more} more (--format json lists them)")
    return "\n".join(lines)


def _lines(lines: tuple[Line, ...], paint: Paint, width: int) -> Iterator[str]:
    for line in lines:
        values = " -> ".join(visible(value, 200) for value in line.values if value)
        note = visible(line.note).replace(" ", GLUE)
        text = row([visible(line.words), visible(line.name, 200), values, note])
        painted = f"  {paint(_COLOURS.get(line.mark, BOLD), line.mark)} "
        yield hang(f"  {line.mark} ", text, width, indent=6, painted=painted)
