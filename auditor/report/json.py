"""`report.json` (contract §4): the same bytes for the same report."""

import re

import msgspec

from auditor.errors import AuditError
from auditor.findings import Report
from auditor.report.safe import HIDDEN, escape

INDENT = 2

_HIDDEN = re.compile(rf"(?!\n){HIDDEN.pattern}")  # a line break is not in a string here


def render_json(
    report: Report,
    *,
    policy_text: str = "",  # noqa: ARG001 -- Renderer
    colour: bool = False,  # noqa: ARG001 -- Renderer
    width: int = 0,  # noqa: ARG001 -- Renderer
) -> str:
    """Return the report as JSON, keys in the contract's order; the file ends with a newline.

    What a terminal would obey is escaped: JSON's own rules leave C1 controls and bidirectional
    marks as they are.
    """
    return as_json(report)


def as_json(value: object) -> str:
    """Return any data as JSON that can be shown on a terminal; it ends with a newline."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=INDENT).decode()
    return _HIDDEN.sub(escape, text) + "\n"


def decode_report(data: bytes, shown_as: str) -> Report:
    """Read a `report.json` back; `AuditError` says what is wrong with another file."""
    try:
        return msgspec.json.decode(data, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"{shown_as}: not a report of this tool ({str(error)[:200]})"
        raise AuditError(message) from error


def report_schema() -> dict[str, object]:
    """Return the published JSON Schema (2020-12) of `report.json`."""
    schema = msgspec.json.schema(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "report.json",
        **schema,
    }
