"""Cookies: none is kept longer than promised (GDPR Art. 5(1)(e); CJEU C-673/17)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from auditor import example
from auditor.check import Example, check
from auditor.durations import add, humanize_seconds, parse_duration
from auditor.evidence import Aspect, Cookie, CookieSet, Gap, Reason, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations, Sight
from auditor.policy import Policy, StorageRow
from auditor.sighting import sightings

TOLERANCE = timedelta(days=1)

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
    "cookie-lifetime",
    title="No cookie is kept longer than promised",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:5-1-e"],
    looks_at=[Aspect.COOKIES],
    passing=Example(policy=SESSION_ROW, seen=(example.cookie("session", lifetime=3600),)),
    failing=Example(policy=SESSION_ROW, seen=(example.cookie("session", lifetime=31_536_000),)),
)
def cookie_kept_too_long(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Ask for a shorter lifetime where the cookie is set.

    Only if the longer one is really needed, change `max_age` of its row, and tell people: how
    long cookies last is part of what they are told (CJEU C-673/17).
    """
    declarations = Declarations(policy, site)
    for cookie in site.cookies:
        match = declarations.match(Sight(type="cookie", name=cookie.name, domain=cookie.domain))
        row = match.row
        if row is None or row.max_age is None:
            continue
        asked = [seen for seen in cookie.sets if not seen.deleted]
        if not asked:
            yield _never_seen_set(cookie)
        too_long = [seen for seen in asked if _exceeds(seen, row.max_age, site.collected_at)]
        if too_long:
            yield _kept_too_long(row, row.max_age, cookie, too_long)


def _never_seen_set(cookie: Cookie) -> Gap:
    return Gap(
        what=f"lifetime of {cookie.label}",
        reason=Reason.NOT_IN_EVIDENCE,
        needs="evidence that shows it being set: it only travelled",
    )


def _exceeds(seen: CookieSet, max_age: str, moment: datetime) -> bool:
    """Return whether the requested lifetime is longer than promised (contract, meaning 4)."""
    if seen.lifetime is None:
        return False
    if max_age == "session":
        return True
    limit = add(moment, parse_duration(max_age)) + TOLERANCE - moment
    return seen.lifetime > limit.total_seconds()


def _kept_too_long(
    row: StorageRow, max_age: str, cookie: Cookie, seen: list[CookieSet]
) -> Finding:
    longest = max(s.lifetime or 0 for s in seen)
    promised = "the session" if max_age == "session" else max_age
    return Finding(
        object=cookie.label,
        facet="lifetime",
        severity=Severity.MEDIUM,
        message=f"`{cookie.name}` asks to be kept for {humanize_seconds(longest)};"
        f" policy.yaml promises {promised}",
        at=row.at,
        seen=sightings(seen),
        remedies=(
            Remedy(kind="remove", text=f"ask for {promised} at most where the cookie is set"),
            Remedy(kind="declare", text="correct max_age of its row, and tell people"),
        ),
    )
