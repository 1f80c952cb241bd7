"""The same `Report`, told to each reader in the form they use. Reporters decide nothing."""

from collections.abc import Callable

from auditor.findings import Report
from auditor.report.json import render_json
from auditor.report.terminal import render_terminal

__all__ = ["FORMATS", "Renderer"]

Renderer = Callable[[Report, str, bool], str]
"""(report, text of policy.yaml or "", colours?) -> the whole output."""

FORMATS: dict[str, Renderer] = {
    "terminal": render_terminal,
    "json": lambda report, _policy, _colour: render_json(report),
}
