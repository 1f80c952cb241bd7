"""Consent: what needs it waits for it (ePrivacy Art. 5(3), GDPR Art. 7)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import (
    Aspect,
    RequestSent,
    SiteEvidence,
    State,
)
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations
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
    yield from _cookies(declarations, site)
    yield from _processors(declarations, site)


def _anything_needs_consent(declarations: Declarations) -> bool:
    return any(row.consent == "required" for row in declarations.rows) or any(
        processor.consent == "required" and processor.domains
        for processor in declarations.processors
    )


def _cookies(declarations: Declarations, site: SiteEvidence) -> Iterator[Finding]:
    for cookie in site.cookies:
        for match, sightings in declarations.matches_of(cookie):
            row = match.row
            if row is None or not match.is_declared or row.consent != "required":
                continue
            early = [seen for seen in sightings if seen.state is State.BEFORE and seen.is_kept]
            if early:
                yield Finding(
                    object=cookie.label,
                    facet="before",
                    keys=("consent",),
                    severity=Severity.HIGH,
                    message=f"`{cookie.name}` needs consent, and is there before the visitor"
                    " chooses",
                    at=row.at,
                    seen=tell(early),
                    remedies=_remedies("set it"),
                )


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
