"""Which findings are accepted, and which gaps are stated by a person: until when, by whom.

One place decides. Both count through the end of their last day, UTC, and never before their
first. A waiver never covers a gap; an attestation never covers a finding, and only a gap that
`cannot_be_shown`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from msgspec import structs

from auditor.evidence import Reason, WaiverUse
from auditor.findings import JudgedFinding, JudgedGap, Outcome, Result, outcome_of
from auditor.names import matches
from auditor.policy import NOWHERE, Attestation, Policy, Waiver


class Standing(StrEnum):
    """What a waiver or an attestation is worth on a day."""

    ACTIVE = "active"
    NOT_YET = "not yet"
    EXPIRED = "expired"
    UNUSABLE = "unusable"  # a date is missing


def standing(first: date | None, last: date | None, as_of: date) -> Standing:
    """Decide for a period: both days count, an open end does not."""
    if first is None or last is None:
        return Standing.UNUSABLE
    if as_of > last:
        return Standing.EXPIRED
    return Standing.ACTIVE if as_of >= first else Standing.NOT_YET


def apply_waivers(
    policy: Policy, results: Sequence[Result], as_of: date
) -> tuple[tuple[Result, ...], WaiverUse]:
    """Mark waived findings and attested gaps, settle the outcomes again, and count the use."""
    active = [waiver for waiver in policy.waivers if _is_active(waiver, as_of)]
    settled = tuple(_settle(policy, active, result, as_of) for result in results)
    covered = Counter(
        finding.waived_by for result in settled for finding in result.findings if finding.waived_by
    )
    return settled, WaiverUse(
        as_of=as_of,
        covered=dict(covered),
        looked_at=frozenset(w.id for w in active if _was_looked_at(w, settled)),
    )


def _is_active(waiver: Waiver, as_of: date) -> bool:
    """Return whether it counts: today, with a reason, and with somebody who answers for it."""
    said = waiver.justification and waiver.owner and waiver.approved_by
    return bool(said) and standing(waiver.created, waiver.expires, as_of) is Standing.ACTIVE


def only_those_of(base: Policy, policy: Policy) -> Policy:
    """Return the policy with those waivers alone that stand in `base` too, word for word.

    So nobody accepts their own change in the step that makes it.
    """
    known = {_words(waiver) for waiver in base.waivers}
    kept = tuple(waiver for waiver in policy.waivers if _words(waiver) in known)
    return structs.replace(policy, waivers=kept)


def _words(waiver: Waiver) -> Waiver:
    return structs.replace(waiver, at=NOWHERE)


def attest(policy: Policy, results: Sequence[Result], as_of: date) -> tuple[Result, ...]:
    """Mark attested gaps alone: what `--no-waivers` leaves."""
    return tuple(_settle(policy, [], result, as_of) for result in results)


def _settle(policy: Policy, active: Sequence[Waiver], result: Result, as_of: date) -> Result:
    if result.outcome in {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}:
        return result
    mine = [waiver for waiver in active if _is_about(waiver, result)]
    findings = tuple(
        structs.replace(finding, waived_by=_waiver_of(mine, finding))
        for finding in result.findings
    )
    gaps = tuple(
        structs.replace(gap, attested_by=_attestation_of(policy.attestations, result, gap, as_of))
        for gap in result.gaps
    )
    return structs.replace(
        result, findings=findings, gaps=gaps, outcome=outcome_of(findings, gaps)
    )


def _is_about(waiver: Waiver, result: Result) -> bool:
    return waiver.check == result.check and matches(waiver.subject, result.subject)


def _waiver_of(waivers: Iterable[Waiver], finding: JudgedFinding) -> str | None:
    return next((w.id for w in waivers if matches(w.object, finding.object)), None)


def _attestation_of(
    attestations: Iterable[Attestation], result: Result, gap: JudgedGap, as_of: date
) -> str | None:
    if gap.reason is not Reason.CANNOT_BE_SHOWN:
        return None
    covers = {f"{result.subject}:{result.check}"}
    if gap.what.startswith("claim:"):
        covers.add(gap.what)
    return next(
        (
            stated.id
            for stated in attestations
            if stated.covers in covers
            and stated.by
            and stated.statement
            and standing(stated.date, stated.expires, as_of) is Standing.ACTIVE
        ),
        None,
    )


def _was_looked_at(waiver: Waiver, results: Iterable[Result]) -> bool:
    """Return whether its check looked at all its subjects without a gap."""
    mine = [result for result in results if _is_about(waiver, result)]
    return bool(mine) and all(
        r.outcome is not Outcome.NOT_CHECKED and not any(g.attested_by is None for g in r.gaps)
        for r in mine
    )
