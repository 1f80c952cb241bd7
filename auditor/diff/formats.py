"""The formats of `audit diff`: for people at a terminal, for programs, and for a pull request."""

from typing import Protocol

from auditor.diff.telling import Telling
from auditor.findings import Verdict
from auditor.report.json import as_json
from auditor.report.parts import markdown_part
from auditor.report.safe import code, visible
from auditor.report.terminal.layout import BOLD, DIM, GREEN, RED, YELLOW, hang, painter
from auditor.report.terminal.parts import terminal_part

_COLOURS = {Verdict.FAIL: RED, Verdict.INCOMPLETE: YELLOW, Verdict.PASS: GREEN}


class Format(Protocol):
    """Tells a comparison in one form."""

    def __call__(self, told: Telling, *, colour: bool, width: int = ...) -> str:
        """Return the whole output."""


def diff_to_terminal(told: Telling, *, colour: bool, width: int = 100) -> str:
    """Return it as text: the verdict, what was compared, then the lists."""
    paint = painter(colour=colour)
    word = told.verdict.value
    painted = paint(f"{BOLD};{_COLOURS[told.verdict]}", word)
    head = hang(f"{word}  ", told.headline, width, painted=f"{painted}  ")
    compared = f"{visible(told.base)} -> {visible(told.head)}"
    lines = [paint(DIM, line) for line in hang("  ", compared, width).splitlines()]
    parts = [terminal_part(part, paint, width) for part in told.parts]
    return "\n\n".join(["\n".join([head, *lines]), *parts]) + "\n"


def diff_to_json(told: Telling, *, colour: bool = False, width: int = 0) -> str:  # noqa: ARG001
    """Return all of it as JSON; the file ends with a newline."""
    same = {"verdict": told.verdict, "headline": told.headline}
    return as_json({**same, "base": told.base, "head": told.head, **told.data})


def diff_to_markdown(told: Telling, *, colour: bool = False, width: int = 0) -> str:  # noqa: ARG001
    """Return it as a comment on a pull request; whatever was read stands in code."""
    compared = f"{code(told.base)} → {code(told.head)}"
    lines = [f"## Privacy diff: {told.verdict.value}", "", f"**{told.headline}**", "", compared]
    for part in told.parts:
        lines += ["", *markdown_part(part)]
    return "\n".join(lines) + "\n"


DIFF_FORMATS: dict[str, Format] = {
    "terminal": diff_to_terminal,
    "json": diff_to_json,
    "markdown": diff_to_markdown,
}
