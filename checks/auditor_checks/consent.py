"""Consent: what needs it waits for it (ePrivacy Art. 5(3), GDPR Art. 7)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, CookieSet, SiteEvidence, State
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, Sight
from auditor.policy import Policy
from auditor.sighting import sightings

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
    if not _anything_needs_consent(policy):
        yield NotApplicable(why="nothing in the policy needs consent")
        return
    declarations = Declarations(policy, site)
    yield from _cookies(declarations, site)
    yield from _processors(declarations, site)


def _anything_needs_consent(policy: Policy) -> bool:
    return any(row.consent == "required" for row in policy.device_storage) or any(
        processor.consent == "required" and processor.domains for processor in policy.processors
    )


def _cookies(declarations: Declarations, site: SiteEvidence) -> Iterator[Finding]:
    for cookie in site.cookies:
        early = [
            seen
            for seen in cookie.sightings
            if seen.state is State.BEFORE and not (isinstance(seen, CookieSet) and seen.deleted)
        ]
        if not early:
            continue
        sight = Sight(type="cookie", name=cookie.name, domain=cookie.domain, page=early[0].page)
        match = declarations.match(sight)
        if match.row is None or not match.is_declared or match.row.consent != "required":
            continue
        yield Finding(
            object=cookie.label,
            facet="before",
            severity=Severity.HIGH,
            message=f"`{cookie.name}` needs consent, and is there before the visitor chooses",
            at=match.row.at,
            seen=sightings(early),
            remedies=_remedies("set it"),
        )


def _processors(declarations: Declarations, site: SiteEvidence) -> Iterator[Finding]:
    for contact in site.contacts:
        if declarations.is_first_party(contact.host):
            continue
        for request in contact.requests:
            path = urlsplit(request.url).path or "/"
            processor = declarations.processor(contact.host, path)
            if request.state is not State.BEFORE or processor is None:
                continue
            if processor.consent == "required":
                yield Finding(
                    object=f"processor:{processor.id}",
                    facet="before",
                    severity=Severity.HIGH,
                    message=f"pages talk to {processor.name or processor.id}, which needs consent,"
                    " before the visitor chooses",
                    at=processor.at,
                    seen=sightings([request]),
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
