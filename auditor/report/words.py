"""What every form says in the same words: the verdict, what it covers, states, reasons, counts.

Nothing here is inert yet: names come from policies and pages, and who shows them makes them so.
"""

from collections.abc import Iterator
from typing import Any

from auditor.evidence import Reason
from auditor.findings import JudgedFinding, Report, Severity, Verdict
from auditor.report.groups import STATES, Block, waived

WORDS_OF_STATE = {
    "before": "before any choice",
    "reject": "after refusal",
    "accept": "after consent",
    "withdraw": "after withdrawal",
    "gpc": "with Global Privacy Control",
}
WORDS_OF_REASON = {
    Reason.UNREACHABLE: "could not be reached",
    Reason.TIMEOUT: "did not answer in time",
    Reason.NO_CREDENTIAL: "no credential was given",
    Reason.FORBIDDEN: "access was refused",
    Reason.RATE_LIMITED: "was asked too often",
    Reason.PROBE_NOT_ARMED: "the probe did not work",
    Reason.CANNOT_BE_SHOWN: "no page and no API shows it",
    Reason.EVIDENCE_TOO_OLD: "too old",
    Reason.CAP_REACHED: "a limit was reached",
    Reason.CHECK_CRASHED: "the check broke",
    Reason.NOT_IN_EVIDENCE: "not in the evidence",
    Reason.NOT_VERIFIED: "could not be confirmed",
    Reason.NOBODY_LOOKS: "nobody looks there",
    Reason.UNDECIDED: "not decided yet",
}


def headline(report: Report, name: str = "") -> str:
    """Return what the verdict means, in one sentence; `name` is the policy's, as in the report."""
    counts = report.counts
    against = counts.findings - counts.below_threshold
    name = name or report.policy.path
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


def covers(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the verdict covers and what not, each with names; nothing looked at is said."""
    looked = (
        f"{item['subject']} ({_extent(item)}; seen {item['collected_at'][:10]})"
        for item in report.coverage["looked_at"]
    )
    yield "looked at", tuple(looked) or ("nothing but the policy itself",)
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
            yield text, tuple(names)


def _extent(item: dict[str, Any]) -> str:
    """Say how much of a site, a notice or a store was looked at."""
    if "page_count" in item:
        return f"{plural(item['page_count'], 'page')}; {_states(item['states'])}"
    if "sentences" in item:
        return f"{plural(item['sentences'], 'sentence')}, {plural(item['facts'], 'fact')}"
    if "mentions" in item:
        return f"{plural(item['files'], 'file')}, {plural(item['mentions'], 'mention')}"
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


def totals(report: Report) -> Iterator[str]:
    """Yield how many findings there are, how many are waived, and what came of the checks."""
    counts = report.counts
    severities = [f.severity for r in report.results for f in r.findings if f.waived_by is None]
    each = [f"{severities.count(s)} {s}" for s in reversed(Severity) if s in severities]
    yield plural(counts.findings, "finding") + (f" ({', '.join(each)})" if each else "")
    if counts.waived:
        yield f"{counts.waived} waived ({', '.join(waived(report))})"
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
    yield f"checks: {', '.join(checks) or 'none'}"
    if not report.waivers_applied:
        yield "waivers not applied"
    if report.waivers_from:
        yield f"only waivers of {report.waivers_from} count"


def message_of(block: Block) -> str:
    """Return what a finding says, or how many there are of one kind against what is promised."""
    if len(block.findings) == 1:
        return block.first.message
    return f'{plural(len(block.findings), noun_of(block))} against "{block.result.title}"'


def noun_of(block: Block) -> str:
    """Return what all the findings are about: `host`, `cookie`; else `thing`."""
    kinds = {finding.object.partition(":")[0].replace("_", " ") for finding in block.findings}
    return kinds.pop() if len(kinds) == 1 else "thing"


def first_seen(finding: JudgedFinding) -> str:
    """Return where a finding was seen first, when and what, and how many places there are more."""
    if not finding.seen:
        return ""
    first, more = finding.seen[0], len(finding.seen) - 1
    state = WORDS_OF_STATE.get(first.state, first.state)
    facts = ", ".join(filter(None, (first.page, state, first.detail)))
    return facts + (f"; and in {plural(more, 'more place')}" if more else "")


def plural(number: int, word: str) -> str:
    """Return `1 page`, `2 pages`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
