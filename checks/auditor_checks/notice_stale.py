"""A notice has a date, and is looked at again: at least yearly, and when the policy changes."""

from collections.abc import Iterator
from datetime import date

from auditor import example
from auditor.check import Example, check
from auditor.durations import add, parse_duration
from auditor.evidence import Fact, Told
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching.told import notice_of, said_in
from auditor.policy import NOWHERE, Notice, Policy

PRIVACY = "notices: [{id: privacy, path: privacy.md, last_reviewed: 2025-12-01}]\n"
YEAR = parse_duration("P1Y")
CALIFORNIA = "us-ca-ccpa"


@check(
    "notice-stale",
    title="The notice is dated, and not older than what policy.yaml says",
    needs=Told,
    references=["gdpr:13-3", "gdpr:5-1-a", "ccpa:1798.130"],
    passing=Example(policy=PRIVACY, told=example.notice(updated=date(2025, 11, 20))),
    failing=Example(
        policy=PRIVACY.replace("2025-12-01", "2024-02-01"),
        told=example.notice(updated=date(2024, 1, 1)),
    ),
)
def stale_notice(policy: Policy, told: Told) -> Iterator[Remark]:
    """Look at the notice again, put the day on it, and write that day into `last_reviewed`.

    People are told of a change before it happens. What policy.yaml dates later than the notice (a
    contract that was signed since) is asked about; a change of policy.yaml itself is seen by
    `audit diff`. A notice that nobody has looked at for a year is asked about, too.
    """
    notice = notice_of(policy, told.notice)
    at = notice.at if notice else NOWHERE
    updated = told.notice.updated
    facts = told.notice.of("updated")
    if updated is None and not told.gaps:  # else it may stand in what was not read
        yield Finding(
            object="date:none",
            severity=Severity.LOW,
            message="no date of the last change is found in the notice",
            at=at,
            remedies=(Remedy(kind="declare", text="write “last updated” and the day into it"),),
        )
    if updated and updated > told.as_of:
        yield _finding(told, facts, "date:future", f"the notice is dated {updated}", notice)
    for what, day in _later(policy, updated):
        yield _finding(
            told, facts, f"date:{what}", f"the notice is of {updated}, {what} of {day}", notice
        )
    yield from _looked_at(policy, told, notice, facts)


def _later(policy: Policy, updated: date | None) -> Iterator[tuple[str, date]]:
    """Yield what policy.yaml dates later than the notice."""
    for processor in policy.processors:
        signed = processor.contract.signed if processor.contract else None
        if updated and signed and signed > updated:
            yield f"contract with {processor.id}", signed


def _looked_at(
    policy: Policy, told: Told, notice: Notice | None, facts: tuple[Fact, ...]
) -> Iterator[Finding]:
    """Object where nobody changed or reviewed a notice for a year."""
    reviewed = notice.last_reviewed if notice else None
    updated = told.notice.updated
    last = max((day for day in (reviewed, updated) if day), default=None)
    # California counts the update itself: Civil Code 1798.130(a)(5).
    counted = updated if CALIFORNIA in policy.jurisdictions else last
    if counted is not None and add(counted, YEAR) < told.as_of:
        did = "changed" if CALIFORNIA in policy.jurisdictions else "changed or reviewed"
        yield _finding(told, facts, "date:old", f"the notice was last {did} on {counted}", notice)


def _finding(
    told: Told, facts: tuple[Fact, ...], what: str, message: str, notice: Notice | None
) -> Finding:
    return Finding(
        object=what,
        keys=("last_reviewed",),
        severity=Severity.MEDIUM,
        message=message,
        at=notice.at if notice else NOWHERE,
        seen=tuple(dict.fromkeys(said_in(told, fact) for fact in facts)),
        remedies=(
            Remedy(kind="declare", text="read it again, date it, and note it as last_reviewed"),
        ),
    )
