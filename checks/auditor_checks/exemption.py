"""Exemptions: what does without consent says why, and is what it says (ePrivacy Art. 5(3))."""

from collections.abc import Iterator
from datetime import date

from msgspec import structs

from auditor import example
from auditor.check import Example, check
from auditor.durations import add, parse_duration
from auditor.evidence import Aspect, Gap, PolicyAndSites, Reason, SiteEvidence
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import AUDIENCE, LONGEST, NEVER_NECESSARY, Doubt, doubts
from auditor.policy import Policy, ProcessingActivity, Processor, StorageRow, appears_on
from auditor.sighting import sightings
from auditor.vocabulary import covers

START = date(2024, 1, 1)  # from this day on thirteen months are longest: 397 days
MOST_NAMED = 3


@check(
    "policy-exemption",
    title="What does without consent says why",
    needs=PolicyAndSites,
    references=["eprivacy:5-3", "gdpr:6-1-a"],
    passing=Example(policy=example.SESSION_ROW, seen=(example.cookie("session", lifetime=3600),)),
    failing=Example(
        policy=example.SESSION_ROW.replace("identifier: session", "identifier: _ga"),
        seen=(example.cookie("_ga", lifetime=3600, writer="www.google-analytics.com"),),
    ),
)
def doubtful_exemption(policy: Policy, seen: PolicyAndSites) -> Iterator[Remark]:
    """Stop storing it, or ask for consent first: `consent: required`.

    Exempt is only what carries a message, or what a visitor's own request cannot work without;
    say in `reason` which request that is. Statistics, adverts and personal offers are never that.
    Some authorities also exempt a site's own visitor counts, within limits: the French CNIL's
    guidelines ask that their cookies last thirteen months at most. Necessary is a claim: who is
    behind it, who writes it, where, for how long, and who is sent it may speak against it.
    """
    exempt = [row for row in policy.device_storage if row.consent != "required"]
    trusted = [p for p in policy.processors if p.consent == "not_required"]
    if not exempt and not trusted:
        yield NotApplicable(why="everything in the policy waits for consent")
    for row in exempt:
        yield from _objections(row)
    yield from _contradictions(policy, trusted)
    yield from _unseen(exempt, seen)
    for site in seen.sites:
        yield from map(_doubtful, doubts(policy, site))


def _unseen(exempt: list[StorageRow], seen: PolicyAndSites) -> Iterator[Gap]:
    """Yield where nobody, or nobody closely enough, looked at how exempt entries are used."""
    kept = [row for row in exempt if row.type != "device_access"]
    for site in seen.missing:
        if any(appears_on(row, site) for row in kept):
            yield _gap(site, f"evidence of site:{site}")
    for found in seen.sites:
        here = frozenset(_aspect(row) for row in kept if appears_on(row, found.site))
        if here:
            yield from _gaps(found, here)


def _aspect(row: StorageRow) -> Aspect:
    return Aspect.COOKIES if row.type == "cookie" else Aspect.STORAGE


def _gaps(site: SiteEvidence, aspects: frozenset[Aspect]) -> Iterator[Gap]:
    what = dict.fromkeys(gap.what for gap in site.gaps if gap.concerns(aspects, frozenset()))
    if what:
        more = f" and {len(what) - MOST_NAMED} more" if len(what) > MOST_NAMED else ""
        yield _gap(site.site, f"evidence of {', '.join([*what][:MOST_NAMED])}{more}")


def _gap(site: str, needs: str) -> Gap:
    what = f"how exempt entries are used on site:{site}"
    return Gap(what=what, reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def _doubtful(doubt: Doubt) -> Finding:
    finding = _finding(
        doubt.row, doubt.facet, doubt.severity, f"is {doubt.row.consent}{doubt.words}"
    )
    return structs.replace(finding, keys=doubt.keys, seen=sightings(doubt.seen))


def _objections(row: StorageRow) -> Iterator[Finding]:
    if not row.reason:
        yield _finding(
            row,
            "reason",
            Severity.MEDIUM,
            f"is {row.consent} and no reason says why",
            Remedy(kind="declare", text="say why it cannot wait", yaml="reason: TODO\n"),
        )
    if not row.purpose:
        yield _finding(
            row,
            "purpose",
            Severity.MEDIUM,
            f"is {row.consent} and no purpose says what for",
            Remedy(kind="declare", text="write its purpose", yaml="purpose: TODO\n"),
        )
    elif row.consent == AUDIENCE and not covers("analytics", row.purpose):
        objection = f"is exempt as audience measurement, but its purpose is {row.purpose}"
        yield _finding(row, "purpose", Severity.HIGH, objection)
    elif row.consent != AUDIENCE and any(covers(use, row.purpose) for use in NEVER_NECESSARY):
        objection = f"is {row.consent}, but its purpose {row.purpose} can always wait for consent"
        yield _finding(row, "purpose", Severity.HIGH, objection)
    if row.consent == AUDIENCE and _lasts_too_long(row):
        yield _finding(
            row,
            "max_age",
            Severity.MEDIUM,
            f"is exempt as audience measurement and may last {row.max_age}; the limit that the"
            " French authority (CNIL) published for that is thirteen months",
            Remedy(kind="declare", text="let it end earlier", yaml="max_age: P13M\n"),
        )


def _lasts_too_long(row: StorageRow) -> bool:
    if row.max_age is None or row.max_age == "session":
        return False
    return add(START, parse_duration(row.max_age)) > add(START, LONGEST)


def _contradictions(policy: Policy, trusted: list[Processor]) -> Iterator[Finding]:
    by_id = {processor.id: processor for processor in trusted}
    for activity in policy.processing_activities:
        if activity.legal_basis == "consent":
            for name in activity.processors:
                if name in by_id:
                    yield _contradiction(by_id[name], activity)


def _contradiction(processor: Processor, activity: ProcessingActivity) -> Finding:
    return Finding(
        object=f"processor:{processor.id}",
        facet=f"activity:{activity.id}",
        severity=Severity.HIGH,
        message=f"pages may talk to {processor.name or processor.id} without consent, but the"
        f" activity {activity.id} (line {activity.at.line}) that uses it rests on consent",
        at=processor.at,
        remedies=(
            Remedy(kind="remove", text="do without it"),
            Remedy(
                kind="gate",
                text="load it only after the visitor agreed",
                yaml="consent: required\n",
            ),
            Remedy(kind="declare", text="correct the activity's legal_basis"),
        ),
    )


def _finding(
    row: StorageRow, facet: str, severity: Severity, objection: str, *declare: Remedy
) -> Finding:
    return Finding(
        object=f"{row.type}:{row.identifier}",
        facet=facet,
        keys=(facet,),
        severity=severity,
        message=f"`{row.identifier}` {objection}",
        at=row.at,
        remedies=(
            Remedy(kind="remove", text="stop storing it"),
            Remedy(
                kind="gate",
                text="store it only after the visitor agreed",
                yaml="consent: required\n",
            ),
            *declare,
        ),
    )
