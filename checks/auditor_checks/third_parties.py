"""Third parties: whoever a page talks to is somebody the policy names (GDPR Art. 13(1)(e))."""

import json
import re
from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Contact, RequestSent, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.hosts import is_address
from auditor.matching import Declarations
from auditor.policy import Policy
from auditor.sighting import sightings

# What can read the page, or tell of it; in Chromium's words, as collectors write them.
ACTIVE = frozenset({"script", "document", "beacon", "websocket", "eventsource", "xhr", "fetch"})
LONGEST_ID = 64  # characters

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
            yield _undeclared(policy, contact, undeclared, keeps_cookies=keeps)


def _undeclared(
    policy: Policy, contact: Contact, requests: list[RequestSent], *, keeps_cookies: bool
) -> Finding:
    active = keeps_cookies or any(request.resource in ACTIVE for request in requests)
    owner = contact.registrable_domain
    whose = f" ({owner})" if owner != contact.host else ""
    return Finding(
        object=f"host:{contact.host}",
        severity=Severity.HIGH if active else Severity.MEDIUM,
        message=f"pages talk to {contact.host}{whose}; no processor in policy.yaml owns it",
        at=policy.section("processors"),
        seen=sightings(requests),
        remedies=(
            Remedy(kind="remove", text="take out what loads it, or host it yourself"),
            Remedy(kind="gate", text="load it only after the visitor agreed"),
            Remedy(
                kind="declare",
                text="add it to processors, and tell people in the notice",
                yaml=_stanza(owner),
            ),
        ),
    )


def _stanza(owner: str) -> str:
    """Return the entry as one would write it; what only people can decide stays `TODO`."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", owner).strip("-")[:LONGEST_ID]
    domain = owner if is_address(owner) else f"*.{owner}"
    return (
        "processors:\n"
        f"  - id: {name}\n"
        "    name: TODO\n"
        f"    domains: [{json.dumps(domain)}]\n"
        "    country: TODO\n"
        "    consent: TODO\n"
    )
