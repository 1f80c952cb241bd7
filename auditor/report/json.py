"""`report.json` (contract §4): the same bytes for the same report."""

import re

import msgspec

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
    text = msgspec.json.format(msgspec.json.encode(report), indent=INDENT).decode()
    return _HIDDEN.sub(escape, text) + "\n"


def report_schema() -> dict[str, object]:
    """Return the published JSON Schema (2020-12) of `report.json`."""
    schema = msgspec.json.schema(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "report.json",
        **schema,
    }
