"""What a verdict covers: what was looked at, what was not, and what came of each claim."""

from collections.abc import Iterator, Sequence

from auditor.engine import SCOPES
from auditor.evidence import (
    AccountEvidence,
    CodeEvidence,
    Evidence,
    FieldSeen,
    Item,
    NoticeEvidence,
    SiteEvidence,
    StoreEvidence,
    TableSeen,
)
from auditor.findings import JudgedFinding, Outcome, Result, utc_text
from auditor.matching.addresses import masked
from auditor.matching.told import SAYS
from auditor.policy import Claim, Policy

MAX_PAGES_LISTED = 200
MAX_TABLES_LISTED = 200
BY_SENTENCE = "notice-contradiction"  # it judges each sentence that claims something for itself
MISSED = 0.01  # the chance of a sample to hold none of what is in its `unseen_below` of a field


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
    if any(_speaks_against(claim, result) for found in covering for result in found):
        return "contradicted"  # also where that is accepted for a time
    outcomes = [{_outcome_for_others(result) for result in found} for found in covering]
    seen = set().union(*outcomes)
    restricted = any(result.restriction for found in covering for result in found)
    unseen = restricted or seen & {Outcome.ERROR, Outcome.NOT_CHECKED}
    if not outcomes or not all(outcomes) or unseen:
        return "not observed"
    if Outcome.ATTESTED in seen:
        return "attested"
    return "verified" if Outcome.PASS in seen else "not applicable"


def _speaks_against(claim: Claim, result: Result) -> bool:
    """Return whether a result holds something against a claim, and not against another only."""
    if result.check != BY_SENTENCE:
        return bool(result.findings)
    return any(_is_said(claim, finding) for finding in result.findings)


def _is_said(claim: Claim, finding: JudgedFinding) -> bool:
    """Return whether the sentence that is found wrong is the claim's; in doubt it is."""
    quotes = [seen.detail[len(SAYS) :] for seen in finding.seen if seen.detail.startswith(SAYS)]
    told = _bare(masked(claim.quote))
    said = [_bare(quote) for quote in quotes]
    return not told or not said or any(one in told or told in one for one in said)


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip('"… ').casefold()


def _outcome_for_others(result: Result) -> Outcome:
    """Return what a result means for claims that its findings do not speak against."""
    if result.outcome is not Outcome.FAIL:
        return result.outcome
    return Outcome.ERROR if result.gaps else Outcome.PASS


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


def _looked_at(item: Item) -> dict[str, object]:
    match item:
        case SiteEvidence():
            where = _on_site(item)
        case NoticeEvidence():
            where = {"sentences": len(item.sentences), "facts": len(item.facts)}
        case CodeEvidence():
            where = {"files": item.files, "mentions": len(item.mentions)}
        case _:
            where = _in_store(item)
    if isinstance(item, AccountEvidence):
        where = {"connector": item.connector, **where, "settings": len(item.settings)}
    conditions = [source.conditions for source in item.sources if source.conditions]
    return {
        "subject": item.subject,
        **where,
        "collected_at": utc_text(item.collected_at),
        **({"conditions": conditions} if conditions else {}),
    }


def _on_site(site: SiteEvidence) -> dict[str, object]:
    pages = sorted({page.url for page in site.pages})
    return {
        "url": site.url,
        "pages": pages[:MAX_PAGES_LISTED],
        "page_count": len(pages),
        "states": sorted(state.value for state in site.states if state) or ["not said"],
    }


def _in_store(store: StoreEvidence | AccountEvidence) -> dict[str, object]:
    """Return what of a store or account was looked at: tables by name, fields as counts."""
    return {
        "tables": [_table(table) for table in store.tables[:MAX_TABLES_LISTED]],
        "table_count": len(store.tables),
        "row_count": sum(table.rows for table in store.tables),
        **_how_closely([field for table in store.tables for field in table.fields]),
    }


def _table(table: TableSeen) -> dict[str, object]:
    return {
        "name": table.name,
        "rows": table.rows,
        "fields": len(table.fields),
        **_how_closely(table.fields),
        "ages": sorted({ages.anchor for ages in table.ages}),
    }


def _how_closely(fields: Sequence[FieldSeen]) -> dict[str, object]:
    """Say whether every value was looked at, or what share may be in a field and yet unseen.

    Of n random values none shows what is in less than 1 - MISSED ** (1 / n) of all, but for one
    time in a hundred; the smallest sample counts. Of values that are `shortened` only the
    beginning was seen. What a service documents needs no look.
    """
    there = [field for field in fields if field.filled or field.looked_at]
    filled = [field for field in there if not field.documented]
    if there and not filled:
        return {"values": "as the service documents"}
    if not any(field.looked_at for field in filled):
        return {"values": "not looked at"}
    sampled = [field.looked_at for field in filled if not field.exhaustive]
    if not sampled:
        return {"values": "all"}
    least, shortened = min(sampled), sum(field.shortened for field in filled)
    return {
        "values": "sampled",
        "unseen_below": round(1 - MISSED ** (1 / least), 6) if least else 1.0,
        **({"shortened": shortened} if shortened else {}),
    }
