"""Transport: nothing about visitors travels in the open (GDPR Art. 32)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, CookieSet, RequestSent, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.hosts import is_this_machine
from auditor.matching import Declarations
from auditor.policy import Policy
from auditor.sighting import sightings

OPEN = ("http://", "ws://")
ENCRYPTED = ("https://", "wss://")
READING = frozenset({"GET", "HEAD"})
REDIRECTS = range(300, 400)  # HTTP status


@check(
    "transport-insecure",
    title="Everything travels encrypted",
    needs=SiteEvidence,
    references=["gdpr:32", "gdpr:5-1-f"],
    looks_at=[Aspect.REQUESTS],
    passing=Example(policy="", seen=(example.request("https://example.org/logo.png"),)),
    failing=Example(policy="", seen=(example.request("http://example.org/logo.png"),)),
)
def insecure_transport(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Serve and load it over https:// (wss:// for WebSockets).

    Anybody between the visitor and the server can read what travels over http://. A request that
    carries nothing (GET, no query, no cookie either way) and that the site answers by sending the
    browser to https:// is fine: nobody can stop visitors from typing an address.
    """
    declarations = Declarations(policy, site)
    harmless = _Upgrades(site)
    for contact in site.contacts:
        if is_this_machine(contact.host):
            continue
        own = declarations.is_first_party(contact.host)
        in_the_open = [
            request
            for request in contact.requests
            if request.url.startswith(OPEN) and not (own and harmless.includes(request))
        ]
        if in_the_open:
            declared = policy.site(site.site)
            yield Finding(
                object=f"host:{contact.host}",
                severity=_severity(in_the_open, own=own),
                message=f"{contact.host} is talked to without encryption",
                at=declared.at if declared else policy.section("sites"),
                seen=sightings(in_the_open),
                remedies=(Remedy(kind="remove", text="use https:// there, or do without it"),),
            )


class _Upgrades:
    """The requests that only led the browser to https://, and carried nothing."""

    def __init__(self, site: SiteEvidence) -> None:
        """Look once at where redirects led, and at which cookies travelled in the open."""
        self._led = {
            request.redirected_from
            for contact in site.contacts
            for request in contact.requests
            if request.url.startswith(ENCRYPTED)
        }
        self._with_cookies = {
            seen.writer if isinstance(seen, CookieSet) else seen.host
            for cookie in site.cookies
            for seen in cookie.sightings
            if not seen.over_tls
        }

    def includes(self, request: RequestSent) -> bool:
        return (
            request.method in READING
            and request.status in REDIRECTS
            and request.url in self._led
            and "?" not in request.url
            and request.host not in self._with_cookies
        )


def _severity(requests: list[RequestSent], *, own: bool) -> Severity:
    """Rate a whole page, or a script that controls it, above a picture."""
    worst = {"document", "script", "websocket", "xhr", "fetch"}
    grave = own or any(request.resource in worst for request in requests)
    return Severity.HIGH if grave else Severity.MEDIUM
