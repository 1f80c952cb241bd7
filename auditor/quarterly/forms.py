"""The forms of the report: Markdown, HTML, PDF and JSON, all from the same sections."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol

from auditor import __version__
from auditor.quarterly.facts import Quarter
from auditor.quarterly.sections import TITLE, Section, headline, sections
from auditor.report.html.tables import Cell, Table
from auditor.report.json import as_json
from auditor.report.safe import fenced, markdown

HERE: Final = Path(__file__).parent / "templates"
MOST_ESCAPED: Final = 12  # characters for one that would be invisible: an opinion is never cut


class Form(Protocol):
    """Writes one form."""

    def __call__(self, told: Quarter, opinion: str) -> bytes:
        """Return the file: the same bytes for the same quarter and opinion."""


def as_markdown(told: Quarter, opinion: str) -> bytes:
    """Return the report as Markdown in which nothing that was read is markup."""
    return ("\n".join(_lines(told, opinion)).rstrip() + "\n").encode()


def _lines(told: Quarter, opinion: str) -> Iterator[str]:
    period = told.period
    yield from (f"# {TITLE}", "")
    yield f"{markdown(told.controller or 'unknown controller')}, {period.label}"
    yield from (f"({period.first} through {period.last}); written as of {told.as_of}", "")
    yield from (f"**{told.verdict}**: {markdown(headline(told))}", "")
    for section in sections(told, opinion):
        yield from (f"## {section.title}", "")
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    for sentence in section.sentences:
        yield from (f"- {markdown(sentence)}", "")
    if section.words:
        yield from (*fenced(section.words, "text", len(section.words) * MOST_ESCAPED), "")
    for table in section.tables:
        yield from (f"### {markdown(table.caption)}", "", *_table(table), "")


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(map(markdown, table.headers))} |"
    yield f"| {' | '.join('---' for _ in table.headers)} |"
    for row in table.rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(cell: Cell) -> str:
    return "<br>".join(map(markdown, cell.lines))


def as_html(told: Quarter, opinion: str, *, printed: bool = False) -> bytes:
    """Return the report as one page, with the style and the rules of every page of ours."""
    from auditor.report.html import environment, style_of  # noqa: PLC0415 -- templates

    style, digest = style_of()
    page = (
        environment(HERE)
        .get_template("quarterly.html")
        .render(
            told=told,
            title=TITLE,
            headline=headline(told),
            sections=sections(told, opinion),
            style=style,
            digest=digest,
            printed=printed,
            version=__version__,
        )
    )
    return page.encode("utf-8", "backslashreplace")


def as_pdf(told: Quarter, opinion: str) -> bytes:
    """Return the page as PDF/UA-1."""
    from auditor.report.pdf import pdf_of  # noqa: PLC0415 -- it takes a while, and an extra

    page = as_html(told, opinion, printed=True).decode()
    seal = told.runs[-1].entry.seal if told.runs else ""
    return pdf_of(page, f"{told.period.label}{told.as_of}{seal[:16]}")


def as_data(told: Quarter, opinion: str) -> bytes:
    """Return the facts for other programs; reports and policies stay in the ledger."""
    data = {
        "schema": 1,
        "title": TITLE,
        "period": told.period,
        "as_of": told.as_of,
        "verdict": told.verdict,
        "why": told.why,
        "controller": told.controller,
        "promises": told.promises,
        "findings": told.findings,
        "weeks": told.weeks,
        "coverage": told.coverage,
        "policy_changes": told.steps,
        "retention": {
            "adhered_to": told.retention,
            "why": told.retention_why,
            "trend": told.trends,
        },
        "due": told.due,
        "opinion": opinion,
        "ledger_faults": told.faults,
        "timestamps": told.stamps,
        "runs": [page.entry for page in told.runs],
    }
    return as_json(data).encode("utf-8", "backslashreplace")


FORMS: Final[Mapping[str, Form]] = {
    "markdown": as_markdown,
    "html": as_html,
    "pdf": as_pdf,
    "json": as_data,
}
