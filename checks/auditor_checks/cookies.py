"""Cookies: every one is declared (ePrivacy Art. 5(3))."""

import json
from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Cookie, CookieSent, CookieSet, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations, Match, Objection, Sight
from auditor.policy import Policy
from auditor.sighting import sightings

DAY = 86_400

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
    "cookie-undeclared",
    title="Every cookie is declared",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:5-1-a"],
    looks_at=[Aspect.COOKIES],
    passing=Example(policy=SESSION_ROW, seen=(example.cookie("session"),)),
    failing=Example(policy=SESSION_ROW, seen=(example.cookie("_ga"),)),
)
def undeclared_cookie(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Stop the site from setting the cookie, or set it only after consent.

    If it is needed, declare it under `device_storage` in policy.yaml, with its purpose and
    whether it needs consent, and say so in the notice. A row covers a cookie if name, domain and
    page fit and it was not written by somebody else than `set_by` says.
    """
    declarations = Declarations(policy, site)
    for cookie in site.cookies:
        for match, seen in _by_match(declarations, cookie):
            if not match.is_declared:
                yield _undeclared(policy, declarations, cookie, match, seen)


def _by_match(
    declarations: Declarations, cookie: Cookie
) -> Iterator[tuple[Match, list[CookieSet | CookieSent]]]:
    """Group the sightings of a cookie by the row that covers them, or why none does."""
    groups: dict[Match, list[CookieSet | CookieSent]] = {}
    for seen in cookie.sightings:
        if isinstance(seen, CookieSet) and seen.deleted and not _was_kept(cookie):
            continue  # only ever deleted: nothing is kept on the device
        groups.setdefault(declarations.match(_sight(cookie, seen)), []).append(seen)
    yield from groups.items()


def _was_kept(cookie: Cookie) -> bool:
    return bool(cookie.sent) or any(not seen.deleted for seen in cookie.sets)


def _sight(cookie: Cookie, seen: CookieSet | CookieSent) -> Sight:
    return Sight(
        type="cookie",
        name=cookie.name,
        domain=cookie.domain,
        page=seen.page,
        writer=seen.writer if isinstance(seen, CookieSet) else "",
    )


def _undeclared(
    policy: Policy,
    declarations: Declarations,
    cookie: Cookie,
    match: Match,
    seen: list[CookieSet | CookieSent],
) -> Finding:
    row = match.row
    return Finding(
        object=cookie.label,
        facet=match.objection or "",
        severity=_severity(declarations, cookie, match),
        message=f"`{cookie.name}` is kept on visitors' devices; "
        + _why(declarations, cookie, match, seen),
        at=row.at if row else policy.section("device_storage"),
        seen=sightings(seen),
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
    seen: list[CookieSet | CookieSent],
) -> str:
    row = match.row
    if row is None:
        owner = declarations.processor(cookie.domain)
        whose = f" (domain of {owner.name or owner.id})" if owner else ""
        return f"no row covers it on {cookie.domain}{whose}"
    if match.objection is Objection.DOMAIN:
        allowed = ", ".join(row.domains) or f"the domains of {row.set_by}"
        return f"its row covers {allowed}, not {cookie.domain}"
    if match.objection is Objection.PAGE:
        return f"its row covers only pages {', '.join(row.pages)}"
    writers = sorted({s.writer for s in seen if isinstance(s, CookieSet)})
    return f"its row says set_by: {row.set_by}, but {', '.join(writers)} writes it"


def _severity(declarations: Declarations, cookie: Cookie, match: Match) -> Severity:
    """Rate by what it can do: somebody else's identifier is worse than a preference of ours."""
    if match.objection is Objection.PAGE:
        return Severity.MEDIUM
    foreign = not declarations.is_first_party(cookie.domain)
    return Severity.HIGH if foreign or cookie.identifier else Severity.MEDIUM


def _stanza(declarations: Declarations, cookie: Cookie) -> str:
    """Return the row as one would write it; what only people can decide stays `TODO`."""
    owner = declarations.processor(cookie.domain)
    own = "self" if declarations.is_first_party(cookie.domain) else "TODO"
    return (
        "device_storage:\n"
        f"  - identifier: {json.dumps(cookie.name)}\n"
        "    type: cookie\n"
        f"    set_by: {owner.id if owner else own}\n"
        f"    domains: [{json.dumps(cookie.domain)}]\n"
        f"    max_age: {_max_age(cookie)}\n"
        "    purpose: TODO\n"
        "    consent: TODO\n"
    )


def _max_age(cookie: Cookie) -> str:
    """Return the longest lifetime seen, in whole days; `TODO` where none was seen."""
    asked = [seen.lifetime for seen in cookie.sets if not seen.deleted]
    longest = max((lifetime for lifetime in asked if lifetime), default=None)
    if longest:
        return f"P{max(1, -(-longest // DAY))}D"
    return "session" if asked else "TODO"
