"""The report for a developer at a terminal: verdict first, counts last.

Order (the same in every format): the verdict with what it covers, findings with their way out,
what could not be looked at, counts; then what became of an older report's findings. What repeats
is told once (`auditor.report.groups`).
"""

from collections.abc import Iterator

from msgspec import UNSET

from auditor.findings import Report, Verdict
from auditor.report.comparison import comparison_parts
from auditor.report.safe import visible
from auditor.report.terminal.findings import findings
from auditor.report.terminal.gaps import gaps
from auditor.report.terminal.layout import (
    BOLD,
    DIM,
    GREEN,
    RED,
    YELLOW,
    Screen,
    hang,
    painter,
    row,
    table,
)
from auditor.report.terminal.parts import terminal_part
from auditor.report.words import covers, headline, totals

COLOUR_OF_VERDICT = {Verdict.FAIL: RED, Verdict.INCOMPLETE: YELLOW, Verdict.PASS: GREEN}
COLOUR_OF_STANDING = {"contradicted": RED, "verified": GREEN}


def render_terminal(report: Report, *, policy_text: str, colour: bool, width: int = 100) -> str:
    """Return the whole report as text; colours only where asked for, `width` in columns."""
    screen = Screen(
        report=report,
        policy=tuple(policy_text.splitlines()),
        paint=painter(colour=colour),
        width=width,
    )
    parts = (
        _verdict(screen),
        *findings(screen),
        *gaps(screen),
        *_claims(screen),
        _counts(screen),
        *_compared(screen),
    )
    return "\n\n".join(parts) + "\n"


def _verdict(screen: Screen) -> str:
    report = screen.report
    word = report.verdict.value
    painted = screen.paint(f"{BOLD};{COLOUR_OF_VERDICT[report.verdict]}", word)
    head = hang(f"{word}  ", visible(headline(report)), screen.width, painted=f"{painted}  ")
    parts = [f"{text}: {', '.join(map(visible, names))}" for text, names in covers(report)]
    text = hang("", row([*parts, f"judged as of {report.as_of}"]), screen.width, indent=2)
    return "\n".join([head, *(screen.paint(DIM, line) for line in text.splitlines())])


def _compared(screen: Screen) -> Iterator[str]:
    """Yield what became of findings since an older report, if there is one to compare with."""
    if screen.report.comparison is not UNSET:
        for part in comparison_parts(screen.report.comparison):
            yield terminal_part(part, screen.paint, screen.width)


def _claims(screen: Screen) -> Iterator[str]:
    claims = screen.report.coverage["claims"]
    if claims:
        rows = [
            (
                visible(name),
                screen.paint(COLOUR_OF_STANDING.get(standing, YELLOW), visible(standing)),
            )
            for name, standing in claims.items()
        ]
        yield f"{screen.paint(BOLD, 'what the notice claims')}\n{table(rows)}"


def _counts(screen: Screen) -> str:
    text = hang("", row(map(visible, totals(screen.report))), screen.width, indent=2)
    return "\n".join(screen.paint(BOLD, line) for line in text.splitlines())
