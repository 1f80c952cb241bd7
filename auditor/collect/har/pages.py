"""On which of the pages that a recording opened each exchange happened.

The page of a visit is the document at the end of its redirects; never a title, which may hold a
name. Recorders group exchanges by page; where they do not, the Referer and the initiator tell.
A group, or the time, never takes from the site what its own pages asked for: where it is in doubt
whose doing an exchange was, it was ours.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from auditor.collect.har.exchanges import Exchange
from auditor.collect.har.visits import IsOurs, Place, Visit, find_visits, same_site_as_first
from auditor.collect.web.address import Address

_MOST_HOLDERS = 10  # frames in frames, style sheets in style sheets

Key = TypeVar("Key", int, str)


class Pages:
    """The visits of a recording, ready to be asked about an exchange."""

    def __init__(self, exchanges: Sequence[Exchange], is_ours: IsOurs | None = None) -> None:
        """Find the visits among exchanges that are sorted by `place`.

        `is_ours` tells the site's own URLs; without it they are those of the first document's.
        """
        self._is_ours = is_ours or same_site_as_first(exchanges)
        self.visits = tuple(find_visits(exchanges, self._is_ours))
        self._chains = {seen.order: visit for visit in self.visits for seen in visit.chain}
        self._groups = _by((visit.chain[0].group, visit) for visit in self.visits)
        self._addresses = _by((visit.address.number, visit) for visit in self.visits)
        self._origins = _by((visit.address.origin, visit) for visit in self.visits)
        self._holders = {
            seen.address.number: seen for seen in exchanges if seen.referer or seen.cause
        }
        ours = [visit for visit in self.visits if self._is_own(visit)]
        self._ours = [visit for visit in ours if visit.arrived] or ours

    def page_of(self, exchange: Exchange) -> str:
        """Return the page on which an exchange happened, "" where the recording does not tell."""
        if visit := self._chains.get(exchange.order):
            own = visit.address.shape
            return own if self._is_own(visit) else self._opener(visit) or own
        visits = self._groups.get(exchange.group, []) if exchange.group else []
        group = _latest([visit for visit in visits if visit.arrived] or visits, exchange.place)
        if group and self._is_own(group):
            return group.address.shape
        if page := self._caused_by(exchange):
            return page
        if group is None:
            return ""
        shared = not group.arrived or any(map(self._is_own, visits))
        return (shared and self._ours_at(exchange.place)) or group.address.shape

    def _opener(self, visit: Visit) -> str:
        """Return our page from which another site's document was asked for, "" if none was.

        What the browser did not stay on, or the recorder keeps with our page, may be of its doing.
        """
        first = visit.chain[0]
        last = self._ours_at(first.place)
        own = [seen.address.shape for seen in visit.chain if self._is_ours(seen.address.shape)]
        if own:
            return last or own[0]
        if page := self._caused_by(first):
            return page if self._is_ours(page) else ""
        shared = any(map(self._is_own, self._groups[first.group]))
        return last if shared or not visit.arrived else ""

    def _caused_by(self, exchange: Exchange) -> str:
        """Follow Referer and initiator, through frames and style sheets, to a page."""
        author = exchange.referer or exchange.cause
        holder: Exchange | None = exchange
        for _ in range(_MOST_HOLDERS):
            if holder is None:
                break
            near = list(_near(holder))
            for address in near:
                if visit := self._visited(address, exchange.place):
                    own = (
                        ""
                        if visit.arrived or self._is_own(visit)
                        else self._ours_at(exchange.place)
                    )
                    return own or visit.address.shape
                if address == author and self._is_ours(address.shape):
                    return self._ours_at(exchange.place) or address.shape
            known = (self._holders.get(address.number) for address in near)
            holder = next(filter(None, known), None)
        return ""

    def _visited(self, address: Address, place: Place) -> Visit | None:
        """Return the visit of an address or, else, of its origin; not a later one of others."""
        near = self._addresses.get(address.number) or self._origins.get(address.origin, [])
        found = _latest(near, place)
        return found if found and (self._is_own(found) or found.place < place) else None

    def _ours_at(self, place: Place) -> str:
        """Return our latest page that began before a place, "" if none did."""
        before = bisect_right(self._ours, place, key=_place)
        return self._ours[before - 1].address.shape if before else ""

    def _is_own(self, visit: Visit) -> bool:
        return self._is_ours(visit.address.shape)


def _near(exchange: Exchange) -> Iterator[Address]:
    yield from filter(None, (exchange.referer, exchange.cause))


def _by(pairs: Iterable[tuple[Key, Visit]]) -> dict[Key, list[Visit]]:
    found: dict[Key, list[Visit]] = {}
    for key, visit in pairs:
        found.setdefault(key, []).append(visit)
    return found


def _latest(visits: Sequence[Visit], place: Place) -> Visit | None:
    """Return the visit that was going on at a place, else the first."""
    return visits[max(0, bisect_right(visits, place, key=_place) - 1)] if visits else None


def _place(visit: Visit) -> Place:
    return visit.place
