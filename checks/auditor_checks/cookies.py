"""Cookies: every one is declared (ePrivacy Art. 5(3))."""

import json
from collections.abc import Iterator, Sequence

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Cookie, CookieSent, CookieSet, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations, Match, Objection
from auditor.policy import SELF, Policy
from auditor.sighting import sightings as tell

DAY = 86_400
MOST_DAYS = 99_999  # that a duration can say
RESTS_ON = {
    Objection.DOMAIN: ("domains", "set_by"),
    Objection.PAGE: ("pages",),
    Objection.AUTHOR: ("set_by",),
}


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
                yield from _undeclared(policy, declarations, cookie, match, sightings)


def _undeclared(
    policy: Policy,
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
        keys=RESTS_ON[match.objection] if match.objection else (),
        severity=_severity(declarations, cookie, match) if kept else Severity.LOW,
        message=f"`{cookie.name}` {effect}; {_why(declarations, cookie, match, seen)}",
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
                yaml="" if row else _stanza(declarations, cookie),
            ),
        ),
    )


def _why(
    declarations: Declarations,
    cookie: Cookie,
    match: Match,
    seen: Sequence[CookieSet | CookieSent],
) -> str:
    row = match.row
    if row is None:
        owner = declarations.processor(cookie.domain)
        whose = f" (domain of {owner.name or owner.id})" if owner else ""
        return f"no row covers it on {cookie.domain}{whose}"
    if match.objection is Objection.DOMAIN:
        whose = "first-party hosts" if row.set_by == SELF else f"the domains of {row.set_by}"
        allowed = ", ".join(row.domains) or whose
        return f"its row covers {allowed}, not {cookie.domain}"
    if match.objection is Objection.PAGE:
        return f"its row covers only pages {', '.join(row.pages)}"
    writers = sorted({item.writer for item in seen if isinstance(item, CookieSet)})
    return f"its row says set_by: {row.set_by}, but {', '.join(writers)} writes it"


def _severity(declarations: Declarations, cookie: Cookie, match: Match) -> Severity:
    """Rate by what it can do: somebody else's identifier is worse than a preference of ours."""
    if match.objection is Objection.PAGE:
        return Severity.MEDIUM
    foreign = not declarations.is_first_party(cookie.domain)
    return Severity.HIGH if foreign or cookie.identifier else Severity.MEDIUM


def _stanza(declarations: Declarations, cookie: Cookie) -> str:
    """Return the row as one would write it; what only people can decide stays `TODO`."""
    return (
        "device_storage:\n"
        f"  - identifier: {json.dumps(cookie.name, ensure_ascii=False)}\n"
        "    type: cookie\n"
        f"    set_by: {_set_by(declarations, cookie)}\n"
        f"    domains: [{json.dumps(cookie.domain)}]\n"
        f"    max_age: {_max_age(cookie)}\n"
        "    purpose: TODO\n"
        "    consent: TODO\n"
    )


def _set_by(declarations: Declarations, cookie: Cookie) -> str:
    """Return who writes it: somebody else's script, or whose domain it is."""
    writers = {seen.writer for seen in cookie.sets if seen.writer}
    foreign = sorted(host for host in writers if not declarations.is_first_party(host))
    host = foreign[0] if foreign else cookie.domain
    if owner := declarations.processor(host):
        return owner.id
    return "self" if declarations.is_first_party(host) else "TODO"


def _max_age(cookie: Cookie) -> str:
    """Return the longest lifetime seen, in whole days; `TODO` where none was seen."""
    asked = [seen for seen in cookie.sets if not seen.deleted]
    longest = max((seen.lifetime for seen in asked if seen.lifetime), default=None)
    if longest is None:
        return "session" if asked else "TODO"
    days = max(1, -(-longest // DAY))
    return f"P{days}D" if days <= MOST_DAYS and not any(seen.capped for seen in asked) else "TODO"
