"""Where something was seen, as the report tells it: one line from one observation."""

from collections.abc import Iterable
from itertools import islice
from typing import assert_never

from auditor.durations import humanize_seconds
from auditor.evidence import (
    BannerSeen,
    ChoiceMade,
    CookieSent,
    CookieSet,
    DeviceRead,
    FormSeen,
    FormTyped,
    InputHeard,
    LeakSeen,
    PageLoaded,
    RequestSent,
    SecretFound,
    SiteObservation,
    StepTaken,
    StorageKept,
    TableSeen,
    TagsListed,
    WindowShown,
)
from auditor.findings import Sighting

MOST = 200
AND_MORE = Sighting(detail="and more often than is listed here")


def sightings(seen: Iterable[SiteObservation]) -> tuple[Sighting, ...]:
    """Return what differs among the observations, in their order."""
    return distinct(map(sighting, seen))


def in_table(table: TableSeen, detail: str) -> Sighting:
    """Return what was seen of a table: there is no page and no visitor, only counts."""
    return Sighting(detail=f"{table.kind} {table.name}: {detail}")


def distinct(seen: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return each sighting once, 200 at most; the last then says that there are more."""
    known = dict.fromkeys(seen)
    if len(known) <= MOST:
        return tuple(known)
    known.pop(AND_MORE, None)
    return (*islice(known, MOST), AND_MORE)


def sighting(seen: SiteObservation) -> Sighting:  # noqa: C901, PLR0912 -- a case for each kind
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
        case StorageKept():
            by, detail = seen.by or seen.writer, _kept(seen)
        case FormSeen():
            by, detail = seen.by, f"a form that is sent to {seen.action}"
        case BannerSeen():
            platform = f" ({seen.platform})" if seen.platform else ""
            by, detail = seen.by, f"a banner asks for consent{platform}"
        case ChoiceMade():
            by, detail = seen.by, f"the choice was made ({seen.outcome})"
        case SecretFound():
            by, detail = seen.url, seen.secret
        case DeviceRead():
            signs = f": {', '.join(seen.signs)}" if seen.signs else ""
            by, detail = seen.by or seen.writer, f"{seen.what} was read{signs}"
        case InputHeard():
            by, detail = seen.by or seen.writer, f"follows input: {', '.join(seen.signs)}"
        case FormTyped():
            by, detail = seen.by, f"typed into: {', '.join(seen.typed)}"
        case LeakSeen():
            by, detail = seen.by, _leaked(seen)
        case TagsListed():
            by, detail = seen.url, f"the container {seen.container} lists tags"
        case StepTaken():
            by, detail = seen.by, f"{seen.journey}, step {seen.step}: {seen.does}"
        case WindowShown():
            by, detail = seen.by, "a picture of the window"
        case _:
            assert_never(seen)
    return Sighting(page=seen.page, state=seen.state or "", by=by, detail=detail)


def _asked(seen: CookieSet) -> str:
    if seen.deleted:
        return "deleted"
    kept = "the session" if seen.lifetime is None else humanize_seconds(seen.lifetime)
    words = f"asks for at least {kept}" if seen.capped else f"asks for {kept}"
    if seen.refused:
        words += f"; browsers refuse it: {seen.refused}"
    return words if seen.writer or seen.by else f"{words}; author not seen"


def _kept(seen: StorageKept) -> str:
    what = "removed" if seen.removed else f"{seen.value.length} characters"
    words = f"{what} on {seen.host}" if seen.value.length or seen.removed else f"on {seen.host}"
    return words if seen.writer or seen.by else f"{words}; author not seen"


def _leaked(seen: LeakSeen) -> str:
    where = f"{seen.place} {seen.name}".rstrip()
    wrapped = f" ({' of '.join(seen.encoding)})" if seen.encoding else ""
    return f"{seen.data}{wrapped} in {where}, for {seen.host}"


def _requested(seen: RequestSent) -> str:
    kind = seen.resource or "request"
    if seen.failed:
        return f"{kind} failed: {seen.failed}"
    if seen.redirected_from:
        return f"{kind}, redirected from {seen.redirected_from}"
    return f"{kind} {seen.url}"
