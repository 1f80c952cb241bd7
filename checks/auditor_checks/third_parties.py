"""Third parties: whoever a page talks to is somebody the policy names (GDPR Art. 13(1)(e))."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Behind, Contact, RequestSent, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.hosts import is_address
from auditor.matching import Declarations
from auditor.matching.entries import processor_entry
from auditor.policy import Policy, Processor
from auditor.sighting import sightings

# What can read the page, or tell of it; in Chromium's words, as collectors write them.
ACTIVE = frozenset({"script", "document", "beacon", "websocket", "eventsource", "xhr", "fetch"})

STRIPE = """
processors:
  - id: stripe
    domains: ["*.stripe.com"]
"""


@check(
    "third-party-undeclared",
    title="Every third party is declared",
    needs=SiteEvidence,
    references=["gdpr:13-1-e", "gdpr:30", "eprivacy:5-3"],
    looks_at=[Aspect.REQUESTS],
    passing=Example(policy=STRIPE, seen=(example.request("https://js.stripe.com/v3/"),)),
    failing=Example(policy=STRIPE, seen=(example.request("https://tracker.example.com/t.js"),)),
)
def undeclared_third_party(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Take out what talks to the third party, or load it only after consent.

    If it is needed, add it to `processors` in policy.yaml with the `domains` that belong to it,
    name it in the activities that use it, and tell people in the notice. Every host that a page
    talks to learns at least the visitor's address and which page they read.
    """
    declarations = Declarations(policy, site)
    with_cookies = {seen.writer for cookie in site.cookies for seen in cookie.sets}
    with_cookies |= {seen.host for cookie in site.cookies for seen in cookie.sent}
    for contact in site.contacts:
        if declarations.is_first_party(contact.host):
            continue
        undeclared = [
            request for request in contact.requests if declarations.recipient(request) is None
        ]
        if undeclared:
            keeps = contact.host in with_cookies
            behind = site.hosts.get(contact.host) or Behind()
            yield _undeclared(policy, contact, behind, undeclared, keeps_cookies=keeps)


def _undeclared(
    policy: Policy,
    contact: Contact,
    behind: Behind,
    requests: list[RequestSent],
    *,
    keeps_cookies: bool,
) -> Finding:
    active = keeps_cookies or any(request.resource in ACTIVE for request in requests)
    domain = contact.registrable_domain
    known = behind.called or behind.owner or domain
    whose = f" ({known})" if known != contact.host else ""
    using = next((p for p in policy.processors if behind.service in p.services), None)
    return Finding(
        object=f"host:{contact.host}",
        severity=Severity.HIGH if active else Severity.MEDIUM,
        message=f"pages talk to {contact.host}{whose}; {_nobody(using)}",
        at=using.at if using else policy.section("processors"),
        seen=sightings(requests),
        remedies=(
            Remedy(kind="remove", text="take out what loads it, or host it yourself"),
            Remedy(kind="gate", text="load it only after the visitor agreed"),
            _declare(contact, behind, using),
        ),
    )


def _nobody(using: Processor | None) -> str:
    """Say that nobody owns it; `services` of a processor name it, but declare nothing."""
    near = f", and {using.id} has the service, not the host" if using else ""
    return f"no processor in policy.yaml owns it{near}"


def _declare(contact: Contact, behind: Behind, using: Processor | None) -> Remedy:
    if using:
        text = f"add {contact.host} to the domains of {using.id}, if it is to be used there"
        return Remedy(kind="declare", text=text)
    owner = contact.registrable_domain
    return Remedy(
        kind="declare",
        text="add it to processors, and tell people in the notice",
        yaml=processor_entry(
            owner,
            name=behind.called,
            service=behind.service,
            domain=owner if is_address(owner) else f"*.{owner}",
            country=behind.country,
        ),
    )
