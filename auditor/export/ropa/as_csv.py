"""The record as a table for spreadsheets: each column is followed by what is known of it."""

import csv
from collections.abc import Iterator
from io import StringIO

from auditor.export.format import Format, Wanted
from auditor.export.ropa import COLUMNS, record
from auditor.export.safe import spreadsheet

MARK = "\ufeff"  # by it a spreadsheet knows that the text is UTF-8


def render(wanted: Wanted) -> str:
    """Return RFC 4180 lines with a byte order mark; no cell is a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    pairs = ((f"{one.head} ({one.law})", f"{one.head}: known") for one in COLUMNS)
    heads = [head for pair in pairs for head in pair]
    writer.writerow(["Activity", "Data of this period", *heads, "Audited as of", "Policy SHA-256"])
    for row in _rows(wanted):
        writer.writerow([spreadsheet(cell) for cell in row])
    return MARK + text.getvalue()


def _rows(wanted: Wanted) -> Iterator[list[str]]:
    audited = wanted.report.as_of if wanted.report else "not audited"
    for entry in record(wanted):
        told = (("; ".join(cell.lines), str(cell.standing)) for cell in entry.cells)
        cells = [text for pair in told for text in pair]
        digest = wanted.policy.origin.sha256
        yield [entry.activity, entry.period or "all", *cells, audited, digest]


ROPA_CSV = Format(
    name="ropa-csv",
    what="the record of processing activities, with what is known of each cell",
    media="text/csv",
    render=render,
    reads_report=True,
)
