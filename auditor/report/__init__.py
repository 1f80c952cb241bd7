"""The same `Report`, told to each reader in the form they use. Reporters decide nothing."""

from typing import Protocol

from auditor.findings import Report
from auditor.report.json import render_json
from auditor.report.pages import PAGES, Teller
from auditor.report.story import Story
from auditor.report.terminal import render_terminal

__all__ = ["FORMATS", "PAGES", "Renderer", "Story", "Teller"]


class Renderer(Protocol):
    """Tells a report in one form; `policy_text` is "" where policy.yaml is not at hand.

    `width` is in columns, for forms that break lines.
    """

    def __call__(self, report: Report, *, policy_text: str, colour: bool, width: int = ...) -> str:
        """Return the whole output."""


FORMATS: dict[str, Renderer] = {
    "terminal": render_terminal,
    "json": render_json,
}
