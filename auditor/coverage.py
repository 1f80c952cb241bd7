"""What a verdict covers: what was looked at, what was not, and what came of each claim."""

from collections.abc import Iterator, Sequence

from auditor.engine import SCOPES
from auditor.evidence import Evidence, SiteEvidence
from auditor.findings import Outcome, Result, utc_text
from auditor.policy import Claim, Policy

MAX_PAGES_LISTED = 200


def coverage_of(
    policy: Policy, seen: Evidence, scope: Sequence[str], results: Sequence[Result]
) -> dict[str, object]:
    """Return the report's `coverage`: a verdict is never told without it."""
    subjects = [subject for subject in policy.subjects() if subject != "policy"]
    looked = {
        item.subject: item
        for item in seen.items
        if item.subject in subjects and item.scope in scope and item.is_looked_at
    }
    return {
        "looked_at": [_looked_at(item) for item in looked.values()],
        "not_looked_at": [subject for subject in subjects if subject not in looked],
        "not_declared": [item.subject for item in seen.items if item.subject not in subjects],
        "left_out": [s for s in SCOPES if s in policy.declared_scopes() and s not in scope],
        "claims": {claim.id: standing_of(claim, results) for claim in policy.claims},
        "waivers": dict(_waivers(policy, results)),
        "attestations": dict(_attestations(policy, results)),
    }


def standing_of(claim: Claim, results: Sequence[Result]) -> str:
    """Say what is known of a claim: never more than the checks that cover it have shown."""
    if claim.covered_by == "not_verifiable":
        return "not verifiable"
    if claim.covered_by == "attestation":
        gaps = [g for r in results for g in r.gaps if g.what == f"claim:{claim.id}"]
        return "attested" if gaps and all(gap.attested_by for gap in gaps) else "not attested"
    covering = [[r for r in results if r.check == check] for check in claim.covered_by]
    if any(result.findings for found in covering for result in found):
        return "contradicted"  # also where that is accepted for a time
    outcomes = [{result.outcome for result in found} for found in covering]
    seen = set().union(*outcomes)
    if not outcomes or not all(outcomes) or seen & {Outcome.ERROR, Outcome.NOT_CHECKED}:
        return "not observed"
    if Outcome.ATTESTED in seen:
        return "attested"
    return "verified" if Outcome.PASS in seen else "not applicable"


def _waivers(policy: Policy, results: Sequence[Result]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the waivers that accept something, with their last day."""
    used = {finding.waived_by for result in results for finding in result.findings}
    for waiver in policy.waivers:
        if waiver.id in used:
            yield waiver.id, {"expires": str(waiver.expires or "")}


def _attestations(
    policy: Policy, results: Sequence[Result]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the attestations that cover something: who states it, when, until when."""
    used = {gap.attested_by for result in results for gap in result.gaps}
    for stated in policy.attestations:
        if stated.id in used:
            days = {"date": str(stated.date or ""), "expires": str(stated.expires or "")}
            yield stated.id, {"by": stated.by, **days}


def _looked_at(item: SiteEvidence) -> dict[str, object]:
    pages = sorted({page.url for page in item.pages})
    conditions = [source.conditions for source in item.sources if source.conditions]
    return {
        "subject": item.subject,
        "url": item.url,
        "pages": pages[:MAX_PAGES_LISTED],
        "page_count": len(pages),
        "states": sorted(state.value for state in item.states if state) or ["not said"],
        "collected_at": utc_text(item.collected_at),
        **({"conditions": conditions} if conditions else {}),
    }
