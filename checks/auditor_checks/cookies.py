"""Cookies: every one is declared (ePrivacy Art. 5(3))."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Cookie, CookieSent, CookieSet, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import (
    RESTS_ON,
    Declarations,
    Match,
    bears_name,
    named,
    severity,
    stanza,
    why,
)
from auditor.policy import Policy
from auditor.sighting import sightings as tell

DAY = 86_400
MOST_DAYS = 99_999  # that a duration can say


@check(
    "cookie-undeclared",
    title="Every cookie is declared",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:5-1-a"],
    looks_at=[Aspect.COOKIES],
    passing=Example(policy=example.SESSION_ROW, seen=(example.cookie("session"),)),
    failing=Example(policy=example.SESSION_ROW, seen=(example.cookie("_ga"),)),
)
def undeclared_cookie(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Stop the site from setting the cookie, or set it only after consent.

    If it is needed, declare it under `device_storage` in policy.yaml, with its purpose and
    whether it needs consent, and say so in the notice. A row covers a cookie if name, domain and
    page fit and it was not written by somebody else than `set_by` says, or by our own code.
    """
    declarations = Declarations(policy, site)
    for cookie in site.cookies:
        for match, sightings in declarations.matches_of(cookie):
            if not match.is_declared:
                yield from _undeclared(policy, site, declarations, cookie, match, sightings)


def _undeclared(  # noqa: PLR0913, PLR0917 -- all of it is told
    policy: Policy,
    site: SiteEvidence,
    declarations: Declarations,
    cookie: Cookie,
    match: Match,
    sightings: list[CookieSet | CookieSent],
) -> Iterator[Finding]:
    """Object to what is kept, mildly to what browsers refuse, not at all to a deletion."""
    kept = [seen for seen in sightings if seen.is_kept]
    refused = [seen for seen in sightings if isinstance(seen, CookieSet) and not seen.deleted]
    seen = kept or refused
    if not seen:
        return
    effect = "is kept on visitors' devices" if kept else "is asked for, and browsers refuse it"
    row = match.row
    yield Finding(
        object=cookie.label,
        facet=match.objection or "",
        keys=RESTS_ON[match.objection],
        severity=severity(declarations, cookie, match) if kept else Severity.LOW,
        message=f"{named(site, cookie)} {effect}; {why(declarations, cookie, match, seen)}"
        f"{bears_name(site, cookie)}",
        at=row.at if row else policy.section("device_storage"),
        seen=tell(seen),
        remedies=(
            Remedy(kind="remove", text="stop setting it"),
            Remedy(kind="gate", text="set it only after the visitor agreed"),
            Remedy(
                kind="declare",
                text="add it to device_storage, and tell people in the notice"
                if row is None
                else "correct the row, and what people are told",
                yaml="" if row else stanza(declarations, cookie, _max_age(cookie)),
            ),
        ),
    )


def _max_age(cookie: Cookie) -> str:
    """Return the longest lifetime seen, in whole days; `TODO` where none was seen."""
    asked = [seen for seen in cookie.sets if not seen.deleted]
    longest = max((seen.lifetime for seen in asked if seen.lifetime), default=None)
    if longest is None:
        return "session" if asked else "TODO"
    days = max(1, -(-longest // DAY))
    return f"P{days}D" if days <= MOST_DAYS and not any(seen.capped for seen in asked) else "TODO"
