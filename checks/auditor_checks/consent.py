"""Consent: what needs it waits for it (ePrivacy Art. 5(3), GDPR Art. 7)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import (
    Aspect,
    Cookie,
    CookieSent,
    CookieSet,
    RequestSent,
    SiteEvidence,
    State,
    StorageKept,
)
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, Kept
from auditor.policy import Policy, Processor
from auditor.sighting import sightings as tell

COLLECT = "https://www.analytics.example.com/collect?cid=*"
ANALYTICS = """
processors:
  - id: analytics
    domains: ["*.analytics.example.com"]
    consent: required
"""


@check(
    "consent-before-choice",
    title="Nothing that needs consent happens before the visitor's choice",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:7"],
    looks_at=[Aspect.COOKIES, Aspect.REQUESTS, Aspect.STORAGE, Aspect.CHOICES],
    in_states=[State.BEFORE],
    passing=Example(policy=ANALYTICS, seen=(example.request(COLLECT, state=State.ACCEPT),)),
    failing=Example(policy=ANALYTICS, seen=(example.request(COLLECT),)),
)
def contact_before_choice(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Start it only after the visitor has agreed.

    policy.yaml says that this needs consent: the row has `consent: required`, or its processor
    has. Write another `consent` only if it is truly exempt, with the reason; exempt is what the
    service that the visitor asked for cannot work without.
    """
    declared = policy.site(site.site)
    laws = policy.jurisdictions_of(declared) if declared else policy.jurisdictions
    if not {"eprivacy", "eu-gdpr"} & set(laws):
        yield NotApplicable(why="the policy names no law that asks for consent beforehand")
        return
    declarations = Declarations(policy, site)
    if not _anything_needs_consent(declarations):
        yield NotApplicable(why="nothing that the policy declares for this site needs consent")
        return
    yield from _kept(declarations, site)
    yield from _processors(declarations, site)


def _anything_needs_consent(declarations: Declarations) -> bool:
    return any(row.consent == "required" for row in declarations.rows) or any(
        processor.consent == "required" and processor.domains
        for processor in declarations.processors
    )


def _kept(declarations: Declarations, site: SiteEvidence) -> Iterator[Finding]:
    """Yield what is on the device too early: cookies, and everything else that is kept there."""
    items: tuple[Kept, ...] = (*site.cookies, *site.storage)
    for item in items:
        for match, sightings in declarations.matches_of(item):
            row = match.row
            if row is None or not match.is_declared or row.consent != "required":
                continue
            early = [seen for seen in sightings if seen.state is State.BEFORE and _is_kept(seen)]
            if early:
                where = _elsewhere(declarations, item)
                yield Finding(
                    object=item.label,
                    facet=f"before{where}",
                    keys=("consent",),
                    severity=Severity.HIGH,
                    message=f"`{item.name}`{where} needs consent, and is there before the visitor"
                    " chooses",
                    at=row.at,
                    seen=tell(early),
                    remedies=_remedies("set it" if isinstance(item, Cookie) else "keep it"),
                )


def _is_kept(seen: CookieSet | CookieSent | StorageKept) -> bool:
    """Return whether it is on the device; of stored items, only those that are have sightings."""
    return isinstance(seen, StorageKept) or seen.is_kept


def _elsewhere(declarations: Declarations, item: Kept) -> str:
    """Tell apart what others keep under the same name; a cookie's object says whose it is."""
    if isinstance(item, Cookie) or declarations.is_first_party(item.domain):
        return ""
    return f" on {item.domain}"


def _processors(declarations: Declarations, site: SiteEvidence) -> Iterator[Finding]:
    early: dict[str, list[RequestSent]] = {}
    owners: dict[str, Processor] = {}
    for contact in site.contacts:
        for request in contact.requests:
            owner = declarations.recipient(request) if request.state is State.BEFORE else None
            if owner and owner.consent == "required":
                owners[owner.id] = owner
                early.setdefault(owner.id, []).append(request)
    for name, requests in early.items():
        owner = owners[name]
        yield Finding(
            object=f"processor:{owner.id}",
            facet="before",
            keys=("consent",),
            severity=Severity.HIGH,
            message=f"pages talk to {owner.name or owner.id}, which needs consent,"
            " before the visitor chooses",
            at=owner.at,
            seen=tell(requests),
            remedies=_remedies("load it"),
        )


def _remedies(action: str) -> tuple[Remedy, ...]:
    return (
        Remedy(kind="remove", text="do without it"),
        Remedy(kind="gate", text=f"{action} only after the visitor agreed"),
        Remedy(
            kind="declare",
            text="if it is exempt from consent, say so in its entry with the reason, and in the"
            " notice",
        ),
    )
