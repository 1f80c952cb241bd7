"""Gaps on a terminal: what could not be looked at, what it takes, and which checks wait for it."""

from collections.abc import Iterator

from auditor.report.groups import OpenQuestion, open_questions
from auditor.report.safe import visible
from auditor.report.terminal.layout import (
    BOLD,
    DIM,
    YELLOW,
    Screen,
    hang,
    row,
    some,
    table,
)
from auditor.report.words import WORDS_OF_REASON, plural

NAMES_SHOWN = 5
ROWS_SHOWN = 100


def gaps(screen: Screen) -> Iterator[str]:
    """Yield each gap once; those that somebody attests last."""
    for question in open_questions(screen.report):
        yield _attested(screen, question) if question.attested_by else _gap(screen, question)


def _gap(screen: Screen, question: OpenQuestion) -> str:
    paint, reason = screen.paint, WORDS_OF_REASON[question.reason]
    needs = list(dict.fromkeys(need for _, need in question.whats))
    number = plural(len(question.whats), "thing")
    text = _names(question) if len(needs) == 1 else row([visible(question.subject), number])
    label = paint(f"{BOLD};{YELLOW}", "gap")
    parts = [hang("gap  ", f"{text}: {reason}", screen.width, painted=f"{label}  ")]
    if len(needs) == 1:
        parts.append(hang("     needs        ", visible(needs[0]), screen.width))
    else:
        parts.append(_rows(question))
    checks = hang("     leaves open  ", ", ".join(question.checks), screen.width)
    return "\n".join([*parts, *(paint(DIM, line) for line in checks.splitlines())])


def _rows(question: OpenQuestion) -> str:
    rows = [(visible(what), visible(need)) for what, need in question.whats[:ROWS_SHOWN]]
    text = table(rows, ("what", "needs"), indent=5)
    more = len(question.whats) - len(rows)
    return f"{text}\n     and {more} more (--format json lists them)" if more else text


def _attested(screen: Screen, question: OpenQuestion) -> str:
    name = question.attested_by or ""
    told = screen.report.coverage.get("attestations", {}).get(name)
    who = f"stated in {visible(name)}"
    if told:
        who = f"stated by {visible(told['by'])} on {visible(told['date'])}"
        who += f" ({visible(name)}, until {visible(told['expires'])})"
    text = f"{_names(question)}: {who}, not observed"
    return hang("attested  ", text, screen.width, painted=f"{screen.paint(DIM, 'attested')}  ")


def _names(question: OpenQuestion) -> str:
    """Return what is missing, with its subject where that is not said anyway."""
    subject, whats = question.subject, [what for what, _ in question.whats]
    names = some([visible(what) for what in whats], NAMES_SHOWN, between="; ")
    is_said = subject == "policy" or all(what.startswith(subject) for what in whats)
    return names if is_said else row([visible(subject), names])
