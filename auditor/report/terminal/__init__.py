"""The report for a developer at a terminal: verdict first, counts last.

Order (the same in every format): the verdict with what it covers, findings with their way out,
what could not be looked at, counts. What repeats is told once (`auditor.report.groups`).
"""

from collections.abc import Iterator
from typing import Any

from auditor.findings import Report, Severity, Verdict
from auditor.report.groups import STATES, waived
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
    plural,
    row,
    table,
)

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
    )
    return "\n\n".join(parts) + "\n"


def _verdict(screen: Screen) -> str:
    report = screen.report
    word = report.verdict.value
    painted = screen.paint(f"{BOLD};{COLOUR_OF_VERDICT[report.verdict]}", word)
    head = hang(f"{word}  ", _summary(report), screen.width, painted=f"{painted}  ")
    covers = hang("", row(_covers(report)), screen.width, indent=2)
    return "\n".join([head, *(screen.paint(DIM, line) for line in covers.splitlines())])


def _summary(report: Report) -> str:
    counts = report.counts
    against = counts.findings - counts.below_threshold
    name = visible(report.policy.path)
    if report.verdict is Verdict.FAIL:
        text = f"{'1 thing does' if against == 1 else f'{against} things do'} not match {name}"
        return text + ("; not everything could be looked at" if report.incomplete else "")
    but = " and ".join(_accepted(report))
    if report.verdict is Verdict.INCOMPLETE:
        text = f"nothing seen contradicts {name}{f' ({but})' if but else ''}"
        return f"{text}, but not everything in scope could be looked at"
    return f"everything looked at matches {name}" + (f", but for {but}" if but else "")


def _accepted(report: Report) -> Iterator[str]:
    if report.counts.below_threshold:
        word = plural(report.counts.below_threshold, "finding")
        yield f"{word} below {report.fail_on}"
    if report.counts.waived:
        yield f"{plural(report.counts.waived, 'waived finding')}"


def _covers(report: Report) -> Iterator[str]:
    looked = [
        f"{item['subject']} ({_extent(item)}; seen {item['collected_at'][:10]})"
        for item in report.coverage["looked_at"]
    ]
    yield f"looked at: {', '.join(map(visible, looked)) or 'nothing but the policy itself'}"
    with_what = {
        f"{name} {value}"
        for item in report.coverage["looked_at"]
        for conditions in item.get("conditions", ())
        for name, value in conditions.items()
    }
    for text, names in (
        ("with", sorted(with_what)),
        ("not looked at", report.coverage["not_looked_at"]),
        ("not in the policy", report.coverage.get("not_declared", ())),
        ("left out by --scope", report.coverage["left_out"]),
        ("only", report.only),
        ("skipped", report.skip),
    ):
        if names:
            yield f"{text}: {', '.join(map(visible, names))}"
    yield f"judged as of {report.as_of}"


def _extent(item: dict[str, Any]) -> str:
    """Say how much of a site or a store was looked at."""
    if "page_count" in item:
        return f"{plural(item['page_count'], 'page')}; {_states(item['states'])}"
    tables, rows = plural(item["table_count"], "table"), f"{item['row_count']:,} records"
    return f"{tables}, {rows}; values {_values(item)}"


def _values(item: dict[str, Any]) -> str:
    if item["values"] != "sampled":
        return str(item["values"])
    long = item.get("shortened", 0)
    rest = f", and what {plural(long, 'long value')} end with" if long else ""
    return f"sampled: less than {item['unseen_below']:.2%} of a field may be unseen{rest}"


def _states(states: list[str]) -> str:
    return "/".join(sorted(states, key=lambda s: STATES.index(s) if s in STATES else 0))


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
    report, counts = screen.report, screen.report.counts
    severities = [f.severity for r in report.results for f in r.findings if f.waived_by is None]
    each = [f"{severities.count(s)} {s}" for s in reversed(Severity) if s in severities]
    checks = [
        f"{number} {word}"
        for number, word in (
            (counts.passed, "pass"),
            (counts.fail, "with findings"),
            (counts.error, "incomplete"),
            (counts.attested, "attested"),
            (counts.not_applicable, "not applicable"),
            (counts.not_checked, "not checked"),
        )
        if number
    ]
    parts = [
        plural(counts.findings, "finding") + (f" ({', '.join(each)})" if each else ""),
        f"{counts.waived} waived ({', '.join(map(visible, waived(report)))})"
        if counts.waived
        else "",
        f"checks: {', '.join(checks) or 'none'}",
        "" if report.waivers_applied else "waivers not applied",
    ]
    text = hang("", row(parts), screen.width, indent=2)
    return "\n".join(screen.paint(BOLD, line) for line in text.splitlines())
