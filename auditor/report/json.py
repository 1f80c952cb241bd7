"""`report.json` (contract §4): the same bytes for the same report."""

import msgspec

from auditor.findings import Report

INDENT = 2


def render_json(report: Report, *, policy_text: str = "", colour: bool = False) -> str:  # noqa: ARG001 -- Renderer
    """Return the report as JSON, keys in the contract's order; the file ends with a newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=INDENT).decode() + "\n"


def report_schema() -> dict[str, object]:
    """Return the published JSON Schema (2020-12) of `report.json`."""
    schema = msgspec.json.schema(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "report.json",
        **schema,
    }
