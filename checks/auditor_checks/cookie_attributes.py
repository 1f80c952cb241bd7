"""Cookies: set with care, so that they reach nobody they are not meant for (GDPR Art. 32)."""

from collections.abc import Callable, Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Cookie, CookieSet, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations, Sight
from auditor.policy import Policy, StorageRow
from auditor.sighting import sightings
from auditor.vocabulary import covers

SIGNED_IN = ("essential.service.authentication", "essential.service.security")

SESSION_ROW = """
device_storage:
  - identifier: session
    type: cookie
    purpose: essential.service.authentication
    consent: exempt_strictly_necessary
    reason: keeps people signed in
    max_age: P1D
"""


@check(
    "cookie-attributes",
    title="Cookies are set with care",
    needs=SiteEvidence,
    references=["gdpr:32", "rfc:6265"],
    looks_at=[Aspect.COOKIES],
    passing=Example(policy=SESSION_ROW, seen=(example.cookie("session"),)),
    failing=Example(policy=SESSION_ROW, seen=(example.cookie("session", http_only=False),)),
)
def careless_cookie(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Set the attribute where the cookie is set.

    `Secure` keeps a cookie off unencrypted connections, `HttpOnly` keeps one that signs people in
    out of reach of scripts, and a cookie that browsers refuse should not be set at all.
    """
    declarations = Declarations(policy, site)
    for cookie in site.cookies:
        row = declarations.match(Sight(type="cookie", name=cookie.name, domain=cookie.domain)).row
        asked = [seen for seen in cookie.sets if not seen.deleted]
        for facet, severity, objection, remedy in _careless(row, cookie, asked):
            yield Finding(
                object=cookie.label,
                facet=facet,
                severity=severity,
                message=f"`{cookie.name}` {objection}",
                at=row.at if row else policy.section("device_storage"),
                seen=sightings(s for s in asked if _FACETS[facet](s)),
                remedies=(Remedy(kind="remove", text=remedy),),
            )


# What each facet objects to in one setting of a cookie.
_FACETS: dict[str, Callable[[CookieSet], bool]] = {
    "refused": lambda seen: bool(seen.refused),
    "secure": lambda seen: seen.over_tls and not seen.secure and not seen.refused,
    "http-only": lambda seen: not seen.http_only,
    "same-site": lambda seen: seen.same_site == "invalid",
}


def _careless(
    row: StorageRow | None, cookie: Cookie, asked: list[CookieSet]
) -> Iterator[tuple[str, Severity, str, str]]:
    refused = sorted({seen.refused for seen in asked if seen.refused})
    if refused:
        words = f"is set in a way that browsers refuse ({', '.join(refused)})"
        yield "refused", Severity.LOW, words, "set it correctly, or not at all"
    if any(map(_FACETS["same-site"], asked)):
        words = "has a SameSite value that no browser knows"
        yield "same-site", Severity.LOW, words, "write SameSite=Lax, Strict or None"
    if any(map(_FACETS["secure"], asked)):
        rank = Severity.MEDIUM if cookie.identifier else Severity.LOW
        yield "secure", rank, "is set without Secure", "add Secure"
    signs_in = row is not None and any(covers(purpose, row.purpose) for purpose in SIGNED_IN)
    if signs_in and any(map(_FACETS["http-only"], asked)):
        words = "signs people in, and scripts can read it"
        yield "http-only", Severity.MEDIUM, words, "add HttpOnly"
