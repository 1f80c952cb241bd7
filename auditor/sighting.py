"""Where something was seen, as the report tells it: one line from one observation."""

from collections.abc import Iterable
from typing import assert_never

from auditor.durations import humanize_seconds
from auditor.evidence import CookieSent, CookieSet, PageLoaded, RequestSent, SiteObservation
from auditor.findings import Sighting

MOST = 200


def sightings(seen: Iterable[SiteObservation]) -> tuple[Sighting, ...]:
    """Return what differs among the observations, in their order; 200 at most."""
    return tuple(dict.fromkeys(map(sighting, seen)))[:MOST]


def sighting(seen: SiteObservation) -> Sighting:
    """Return page, state, author and what happened."""
    match seen:
        case CookieSet():
            by, detail = seen.by or seen.writer, _asked(seen)
        case CookieSent():
            by, detail = seen.by, f"sent to {seen.host}; author not seen"
        case RequestSent():
            by, detail = seen.by, _requested(seen)
        case PageLoaded():
            by, detail = seen.by, f"answered {seen.status}"
        case _:
            assert_never(seen)
    return Sighting(page=seen.page, state=seen.state or "", by=by, detail=detail)


def _asked(seen: CookieSet) -> str:
    if seen.deleted:
        return "deleted"
    kept = "the session" if seen.lifetime is None else humanize_seconds(seen.lifetime)
    return f"asks for {kept}" + (f"; browsers refuse it: {seen.refused}" if seen.refused else "")


def _requested(seen: RequestSent) -> str:
    kind = seen.resource or "request"
    if seen.failed:
        return f"{kind} failed: {seen.failed}"
    if seen.redirected_from:
        return f"{kind}, redirected from {seen.redirected_from}"
    return f"{kind} {seen.url}"
