"""A table to include in a page: the same rows as Markdown and as HTML, with nothing live in it.

The first line is a comment that says where the table comes from, so that a later run can tell
whether it is still that of policy.yaml.
"""

from collections.abc import Callable

from msgspec import Struct

from auditor.export.format import LANGUAGES, Format, Wanted
from auditor.export.safe import address, markdown, templates

DIGITS = 12  # of the policy's digest


class Cell(Struct, frozen=True, kw_only=True):
    """A text, and where it leads, if anywhere."""

    text: str
    url: str = ""


class Fragment(Struct, frozen=True, kw_only=True):
    """A table in words: the first cell of a row is its heading."""

    origin: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str


def origin_of(wanted: Wanted, name: str) -> str:
    """Return the comment: which command wrote it, from which policy, and what is left open."""
    origin = wanted.policy.origin
    language = "" if wanted.language == "en" else f" --language {wanted.language}"
    undecided = len(origin.undecided)
    todo = f", with {undecided} TODO in it" if undecided else ""
    return (
        f"written by audit export {name}{language} from policy.yaml"
        f" (sha256 {origin.sha256[:DIGITS]}{todo}); change that, and run it again"
    )


def as_markdown(table: Fragment) -> str:
    """Return a fragment as a Markdown table."""
    comment = f"<!-- {table.origin} -->\n\n"
    if not table.rows:
        return f"{comment}{markdown(table.nothing)}\n"
    heads = _line([markdown(head) for head in table.heads])
    rule = _line(["---"] * len(table.heads))
    rows = [_line([_cell(cell) for cell in row]) for row in table.rows]
    return comment + "\n".join([heads, rule, *rows]) + "\n"


def as_html(table: Fragment) -> str:
    """Return a fragment as an HTML table with a caption and headings for screen readers."""
    rows = [
        tuple(Cell(text=cell.text, url=address(cell.url)) for cell in row) for row in table.rows
    ]
    return templates().get_template("fragment.html").render(table=table, rows=rows)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    text, url = markdown(cell.text), address(cell.url)
    return f"[{text}](<{url}>)" if url else text


def in_both(name: str, what: str, table: Callable[[Wanted, str], Fragment]) -> tuple[Format, ...]:
    """Return a table as two formats, Markdown and HTML; `table` is given the name of each."""

    def made(suffix: str, kind: str, media: str, write: Callable[[Fragment], str]) -> Format:
        full = f"{name}{suffix}"
        return Format(
            name=full,
            what=f"{what}, as {kind}",
            media=media,
            render=lambda wanted: write(table(wanted, full)),
            languages=LANGUAGES,
        )

    return (
        made("", "Markdown", "text/markdown", as_markdown),
        made("-html", "HTML", "text/html", as_html),
    )
