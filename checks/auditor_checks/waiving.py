"""Waivers and attestations: each ends on its day, and each covers something."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Example, check
from auditor.evidence import WaiverUse
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.policy import Attestation, Policy, Waiver

SOON = 30  # days
DAY = date(2026, 1, 15)
ALL = frozenset({"W1"})

WAIVER = """
waivers:
  - id: W1
    check: cookie-undeclared
    subject: site:www
    object: cookie:_ga*
    justification: the new release takes it out
    owner: Ada
    approved_by: Grace
    created: 2025-12-01
    expires: 2026-06-30
"""
PAST = WAIVER.replace("2026-06-30", "2025-12-31")


@check(
    "waiver-expired",
    title="No waiver or attestation has ended",
    needs=WaiverUse,
    references=["gdpr:5-2", "gdpr:24"],
    passing=Example(policy=WAIVER),
    failing=Example(policy=PAST),
)
def expired_waiver(policy: Policy, use: WaiverUse) -> Iterator[Remark]:
    """Fix what was waived, and take the waiver out: what it covered counts again.

    If it really has to be accepted for longer, have somebody approve a new one with a new reason.
    For an attestation, look again and state what is true today.
    """
    if not policy.waivers and not policy.attestations:
        yield NotApplicable(why="the policy has no waivers and no attestations")
    for waiver in policy.waivers:
        yield from _ending("waiver", waiver, use.as_of)
    for stated in policy.attestations:
        yield from _ending("attestation", stated, use.as_of)


@check(
    "waiver-unused",
    title="Every waiver covers something",
    needs=WaiverUse,
    references=["gdpr:5-2"],
    passing=Example(policy=WAIVER, use=WaiverUse(as_of=DAY, covered={"W1": 2}, looked_at=ALL)),
    failing=Example(policy=WAIVER, use=WaiverUse(as_of=DAY, looked_at=ALL)),
)
def unused_waiver(policy: Policy, use: WaiverUse) -> Iterator[Remark]:
    """Take the waiver out: what it accepted is gone.

    Left in, it would hide the same thing when it comes back. If it covers something that appears
    only now and then, keep it until it ends.
    """
    if not policy.waivers:
        yield NotApplicable(why="the policy has no waivers")
    for waiver in policy.waivers:
        is_whole = waiver.subject and waiver.object
        if is_whole and waiver.id in use.looked_at and not use.covered.get(waiver.id):
            yield Finding(
                object=f"waiver:{waiver.id}",
                severity=Severity.LOW,
                message=f"waiver {waiver.id} covers nothing: {waiver.check} found no"
                f" {waiver.object} on {waiver.subject}",
                at=waiver.at,
                remedies=(Remedy(kind="remove", text="take the waiver out"),),
            )


def _ending(kind: str, entry: Waiver | Attestation, as_of: date) -> Iterator[Finding]:
    """Object to what has ended, and to what ends soon; the last day still counts."""
    if entry.expires is None:
        return
    days = (entry.expires - as_of).days
    name = f"{kind} {entry.id}"
    if days < 0:
        effect = (
            "the findings it covered count again"
            if kind == "waiver"
            else "what it states is open again"
        )
        message = f"{name} ended on {entry.expires.isoformat()}: {effect}"
        yield _finding(kind, entry, "ended", Severity.MEDIUM, message)
    elif days <= SOON:
        when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
        message = f"{name} ends {when}: renew it, or fix what it covers"
        yield _finding(kind, entry, "ends-soon", Severity.LOW, message)


def _finding(
    kind: str, entry: Waiver | Attestation, facet: str, severity: Severity, message: str
) -> Finding:
    fix = Remedy(kind="remove", text="fix what it covers, and take it out")
    anew = Remedy(kind="declare", text="have it approved anew, with a new reason and date")
    again = Remedy(kind="declare", text="look again, and state anew what is true today")
    return Finding(
        object=f"{kind}:{entry.id}",
        facet=facet,
        severity=severity,
        message=message,
        at=entry.at,
        remedies=(fix, anew) if kind == "waiver" else (again,),
    )
