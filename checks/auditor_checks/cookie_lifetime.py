"""Cookies: none is kept longer than promised (GDPR Art. 5(1)(e); CJEU C-673/17)."""

from collections.abc import Iterator
from datetime import timedelta

from auditor import example
from auditor.check import Example, check
from auditor.durations import add, humanize_seconds, parse_duration
from auditor.evidence import Aspect, Cookie, CookieSet, Gap, Reason, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import Declarations
from auditor.policy import Policy, StorageRow
from auditor.sighting import sightings as tell

TOLERANCE = timedelta(days=1)


@check(
    "cookie-lifetime",
    title="No cookie is kept longer than promised",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:5-1-e"],
    looks_at=[Aspect.COOKIES],
    passing=Example(policy=example.SESSION_ROW, seen=(example.cookie("session", lifetime=3600),)),
    failing=Example(
        policy=example.SESSION_ROW, seen=(example.cookie("session", lifetime=31_536_000),)
    ),
)
def cookie_kept_too_long(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Ask for a shorter lifetime where the cookie is set.

    Only if the longer one is really needed, change `max_age` of its row, and tell people: how
    long cookies last is part of what they are told (CJEU C-673/17). A row without `max_age`
    promises nothing; write down what is asked for. Shorter than promised is always fine.
    """
    declarations = Declarations(policy, site)
    for cookie in filter(lambda cookie: cookie.is_kept, site.cookies):
        for match, sightings in declarations.matches_of(cookie):
            row = match.row
            if row is None or not match.is_declared:
                continue
            asked = [seen for seen in sightings if isinstance(seen, CookieSet) and seen.is_kept]
            if row.max_age is None:
                yield from _not_said(row, cookie, asked)
            else:
                yield from _too_long(row, row.max_age, site, cookie, asked)


def _not_said(row: StorageRow, cookie: Cookie, asked: list[CookieSet]) -> Iterator[Remark]:
    """Object to a row that leaves out how long; nobody has to say so of a mere session."""
    persistent = [seen for seen in asked if seen.lifetime is not None]
    if persistent:
        yield Finding(
            object=cookie.label,
            facet="max_age",
            keys=("max_age",),
            severity=Severity.LOW,
            message=f"`{cookie.name}` asks to be kept for {_longest(persistent)}; policy.yaml does"
            " not say how long",
            at=row.at,
            seen=tell(persistent),
            remedies=(
                Remedy(kind="remove", text="let it end with the session where it is set"),
                Remedy(kind="declare", text="write max_age in its row, and tell people"),
            ),
        )


def _too_long(
    row: StorageRow, max_age: str, site: SiteEvidence, cookie: Cookie, asked: list[CookieSet]
) -> Iterator[Remark]:
    if not any(seen.is_kept for seen in cookie.sets):
        yield _gap(cookie, "evidence that shows it being set: it only travelled")
    too_long = [seen for seen in asked if _exceeds(seen, max_age, site)]
    if too_long:
        yield _kept_too_long(row, max_age, cookie, too_long)
    elif any(seen.capped for seen in asked):
        yield _gap(cookie, "evidence of what is asked for: browsers keep none beyond 400 days")


def _exceeds(seen: CookieSet, max_age: str, site: SiteEvidence) -> bool:
    """Return whether the requested lifetime is longer than promised (contract, meaning 4)."""
    if seen.lifetime is None:
        return False
    if max_age == "session":
        return True
    moment = site.began(seen.state)
    limit = add(moment, parse_duration(max_age)) - moment + TOLERANCE
    return seen.lifetime > limit.total_seconds()


def _gap(cookie: Cookie, needs: str) -> Gap:
    return Gap(what=f"lifetime of {cookie.label}", reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def _kept_too_long(
    row: StorageRow, max_age: str, cookie: Cookie, seen: list[CookieSet]
) -> Finding:
    promised = "the session" if max_age == "session" else max_age
    return Finding(
        object=cookie.label,
        facet="lifetime",
        severity=Severity.MEDIUM,
        message=f"`{cookie.name}` asks to be kept for {_longest(seen)};"
        f" policy.yaml promises {promised}",
        at=row.at,
        seen=tell(seen),
        remedies=(
            Remedy(kind="remove", text=f"ask for {promised} at most where the cookie is set"),
            Remedy(kind="declare", text="correct max_age of its row, and tell people"),
        ),
    )


def _longest(seen: list[CookieSet]) -> str:
    """Say the longest lifetime asked for; of one that a browser cut, that it is at least that."""
    longest = max(seen, key=lambda one: (one.lifetime or 0, one.capped))
    words = humanize_seconds(longest.lifetime or 0)
    return f"at least {words}" if longest.capped else words
