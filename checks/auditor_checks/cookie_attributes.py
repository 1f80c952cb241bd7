"""Cookies: set with care, so that they reach nobody they are not meant for (GDPR Art. 32)."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Aspect, Cookie, CookieSet, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations
from auditor.policy import Policy, StorageRow
from auditor.sighting import sightings
from auditor.vocabulary import covers

SIGNED_IN = ("essential.service.authentication", "essential.service.security")


@check(
    "cookie-attributes",
    title="Cookies are set with care",
    needs=SiteEvidence,
    references=["gdpr:32", "rfc:6265"],
    looks_at=[Aspect.COOKIES],
    passing=Example(policy=example.SESSION_ROW, seen=(example.cookie("session"),)),
    failing=Example(
        policy=example.SESSION_ROW, seen=(example.cookie("session", http_only=False),)
    ),
)
def careless_cookie(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Set the attribute where the cookie is set.

    `Secure` keeps a cookie off unencrypted connections, `HttpOnly` keeps one that signs people in
    out of reach of scripts, and a cookie that browsers refuse should not be set at all.
    """
    declarations = Declarations(policy, site)
    for cookie in site.cookies:
        asked = [seen for seen in cookie.sets if not seen.deleted]
        matches = (match for match, _ in declarations.matches_of(cookie))
        rows = [match.row for match in matches if match.row and match.is_declared]
        for slip in SLIPS:
            careless = [seen for seen in asked if slip.applies(seen)]
            if careless and (not slip.when_signed_in or any(map(_signs_in, rows))):
                at = rows[0].at if rows else policy.section("device_storage")
                yield _finding(slip, cookie, careless, at)


class Slip(Struct, frozen=True, kw_only=True):
    """Something that goes wrong when a cookie is set: when, how grave, what to do."""

    facet: str
    applies: Callable[[CookieSet], bool]
    words: str
    remedy: str
    severity: Severity = Severity.LOW
    of_identifiers: Severity = Severity.LOW
    when_signed_in: bool = False


SLIPS = (
    Slip(
        facet="refused",
        applies=lambda seen: bool(seen.refused),
        words="is set in a way that browsers refuse",
        remedy="set it correctly, or not at all",
    ),
    Slip(
        facet="same-site",
        applies=lambda seen: seen.same_site == "invalid",
        words="has a SameSite value that no browser knows",
        remedy="write SameSite=Lax, Strict or None",
    ),
    Slip(
        facet="secure",
        applies=lambda seen: seen.is_kept and seen.over_tls and not seen.secure,
        words="is set without Secure",
        remedy="add Secure",
        of_identifiers=Severity.MEDIUM,
    ),
    Slip(
        facet="http-only",
        applies=lambda seen: seen.is_kept and not seen.http_only,
        words="signs people in, and scripts can read it",
        remedy="add HttpOnly",
        severity=Severity.MEDIUM,
        of_identifiers=Severity.MEDIUM,
        when_signed_in=True,
    ),
)


def _signs_in(row: StorageRow) -> bool:
    return any(covers(purpose, row.purpose) for purpose in SIGNED_IN)


def _finding(slip: Slip, cookie: Cookie, seen: list[CookieSet], at: Position) -> Finding:
    reasons = ", ".join(sorted({one.refused for one in seen if one.refused}))
    why = f" ({reasons})" if slip.facet == "refused" else ""
    return Finding(
        object=cookie.label,
        facet=slip.facet,
        severity=slip.of_identifiers if cookie.identifier else slip.severity,
        message=f"`{cookie.name}` {slip.words}{why}",
        at=at,
        seen=sightings(seen),
        remedies=(Remedy(kind="remove", text=slip.remedy),),
    )
