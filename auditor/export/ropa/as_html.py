"""The record as one page to read, send and print: nothing in it loads anything or runs."""

import base64
import hashlib
from collections import Counter
from pathlib import Path

from markupsafe import Markup

from auditor.export.format import Format, Wanted
from auditor.export.ropa import Mark, record
from auditor.export.safe import templates

_STYLE = Path(__file__).parents[1] / "templates" / "ropa.css"


def render(wanted: Wanted) -> str:
    """Return the page: each activity is a table of what is declared and what is known of it."""
    entries = record(wanted)
    style = _STYLE.read_text(encoding="utf-8")
    marks = Counter(cell.standing.mark for entry in entries for cell in entry.cells)
    return (
        templates()
        .get_template("ropa.html")
        .render(
            controller=wanted.policy.controller.name,
            policy=wanted.policy.origin,
            report=wanted.report,
            entries=entries,
            marks=[(mark, marks[mark]) for mark in Mark],
            style=Markup(style),  # noqa: S704 -- a file of ours
            style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


ROPA_HTML = Format(
    name="ropa-html",
    what="the same as a page to read and print",
    media="text/html",
    render=render,
    reads_report=True,
)
