"""Exchanges put together: what was seen, in order, and the hosts that never answered."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from auditor.collect.har.exchanges import Exchange
from auditor.collect.har.pages import Pages
from auditor.collect.har.visits import IsOurs
from auditor.collect.web.address import Address
from auditor.evidence import CookieSent, RequestSent, SiteObservation, State

Choose = Callable[[tuple[str, ...]], IsOurs]


class Story(Struct, frozen=True, kw_only=True):
    """A recording in order. `visited` are the pages that were opened, also those that failed.

    `unanswered` are hosts with a request whose response is not there; `began_with_cookies` tells
    whether the first document was already asked for with cookies. `left_out` are the hosts of the
    requests that pages of others sent to others, one for each request.
    """

    observations: tuple[SiteObservation, ...]
    visited: tuple[str, ...]
    unanswered: tuple[str, ...]
    began_with_cookies: bool
    left_out: tuple[str, ...]


def tell(
    exchanges: Sequence[Exchange], began: float, state: State | None, choose: Choose | None = None
) -> Story:
    """Return what exchanges in any order show; `began` is in milliseconds since 1970.

    `choose` is asked, with the pages visited, what tells the site's own URLs; without it nothing
    is left out.
    """
    every = sorted(exchanges, key=lambda seen: seen.place)
    exchanges = [seen for seen in every if not seen.forbidden]
    pages = Pages(exchanges)
    is_ours = choose(tuple(visit.address.shape for visit in pages.visits)) if choose else None
    if is_ours:
        pages = Pages(exchanges, is_ours)
    loaded = {
        visit.chain[-1].order: page for visit in pages.visits if (page := visit.loaded) is not None
    }
    redirects = _Redirects(every)
    observations: list[SiteObservation] = []
    left_out: list[str] = []
    for seen in exchanges:
        place = pages.page_of(seen)
        follow = redirects.follow(seen)
        if is_ours and place and not (is_ours(place) or is_ours(seen.address.shape)):
            left_out.append(seen.address.host)
            continue
        told: list[SiteObservation] = [follow, *seen.cookies]
        if seen.order in loaded and not (is_ours and not is_ours(seen.address.shape)):
            told.insert(1, loaded[seen.order])
        if missing := redirects.missing(seen):
            told.append(_request_to(missing, seen))
        t = None if seen.started is None else round(seen.started - began)
        observations += [replace(item, page=place, state=state, t=t) for item in told]
    return Story(
        observations=tuple(observations),
        visited=tuple(visit.address.shape for visit in pages.visits),
        unanswered=tuple(sorted({*_silent(exchanges), *redirects.missing_hosts})),
        began_with_cookies=_began_with_cookies(exchanges),
        left_out=tuple(left_out),
    )


class _Redirects:
    """Redirects waiting for the request that they led to."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._known = {seen.address.number for seen in exchanges}
        self._waiting: dict[int, list[str]] = {}
        self.missing_hosts: set[str] = set()

    def follow(self, seen: Exchange) -> RequestSent:
        """Return the request, with the redirect that led to it, and wait for where it leads."""
        waiting = self._waiting.get(seen.address.number)
        origin = waiting.pop() if waiting else ""
        if seen.target:
            self._waiting.setdefault(seen.target.number, []).append(seen.address.shape)
        return replace(seen.request, redirected_from=origin) if origin else seen.request

    def missing(self, seen: Exchange) -> Address | None:
        """Return where an exchange redirects to if the recording does not hold that request."""
        target = seen.target
        if target is None or target.number in self._known:
            return None
        self.missing_hosts.add(target.host)
        return target


def _request_to(target: Address, seen: Exchange) -> RequestSent:
    return RequestSent(
        by=seen.request.by,
        url=target.shape,
        host=target.host,
        resource=seen.request.resource,
        redirected_from=seen.address.shape,
    )


def _began_with_cookies(exchanges: Sequence[Exchange]) -> bool:
    first = next((seen for seen in exchanges if seen.is_page is not False), None)
    return first is not None and any(isinstance(item, CookieSent) for item in first.cookies)


def _silent(exchanges: Sequence[Exchange]) -> Iterator[str]:
    for seen in exchanges:
        if not (seen.answered or seen.blocked):
            yield seen.address.host
