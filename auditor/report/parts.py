"""Lists of one-line facts, as differences are told: the same for a terminal and for Markdown.

What stands in `name` and `values` may come from anywhere. Who writes it makes all of it inert.
"""

from collections.abc import Iterator

from msgspec import Struct

from auditor.report.safe import prose, span

MARKDOWN_LINES = 200  # of one part: a comment on a pull request holds 65,536 characters
LONGEST_NAME, LONGEST_VALUE = 120, 300  # characters


class Line(Struct, frozen=True, kw_only=True):
    """One fact: a mark (`+ - ~ ?`), our words, what it is about, values, and a note of ours."""

    mark: str
    words: str = ""
    name: str = ""
    values: tuple[str, ...] = ()
    note: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """A heading in our words, what the part is about, and its lines."""

    title: str
    name: str = ""
    lines: tuple[Line, ...]


def markdown_part(part: Part, most: int = MARKDOWN_LINES) -> Iterator[str]:
    """Yield a part as lines of Markdown in which nothing that was read is markup."""
    title = f"{part.title[0].upper()}{part.title[1:]}"
    yield f"### {' '.join(filter(None, (prose(title), span(part.name, LONGEST_NAME))))}"
    yield ""
    for line in part.lines[:most]:
        values = " → ".join(span(value, LONGEST_VALUE) for value in line.values if value)
        said = (prose(line.words), span(line.name, LONGEST_NAME), values, prose(line.note))
        yield f"- `{line.mark}` {' · '.join(filter(None, said))}"
    if (more := len(part.lines) - most) > 0:
        yield f"- and {more} more"
