"""Which pages a recording opened, and on which of them each exchange happened.

The page of a visit is the document at the end of its redirects; never a title, which may hold a
name. Recorders group exchanges by page; where they do not, the Referer and the initiator tell.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from auditor.collect.har.exchanges import Address, Exchange
from auditor.evidence import PageLoaded
from auditor.knowledge.public_suffixes import registrable_domain

_MOST_REDIRECTS = 20  # where browsers give up
_NO_DOCUMENT = {204, 205}  # HTTP status with which the browser stays where it was
_MOST_HOLDERS = 10  # frames in frames, style sheets in style sheets

Key = TypeVar("Key", int, str)
Place = tuple[float, int]


class Visit(Struct, frozen=True):
    """A page opened by the visitor: the redirects that led to it, then the document itself."""

    chain: tuple[Exchange, ...]

    @property
    def place(self) -> Place:
        """Return when it began."""
        return self.chain[0].place

    @property
    def address(self) -> Address:
        """Return the page's own address, also where its answer is not in the recording."""
        last = self.chain[-1]
        return last.target or last.address

    @property
    def loaded(self) -> PageLoaded | None:
        """Return the page as an observation, None if it never came."""
        last = self.chain[-1]
        status = last.request.status
        if last.target or status is None or status in _NO_DOCUMENT:
            return None
        shape = last.address.shape
        return PageLoaded(page=shape, url=shape, status=status, links=last.links)


class Pages:
    """The visits of a recording, ready to be asked about an exchange."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        """Find the visits among exchanges that are sorted by `place`."""
        self.visits = tuple(_visits(exchanges))
        self._own = {seen.order: visit for visit in self.visits for seen in visit.chain}
        self._groups = _by((visit.chain[0].group, visit) for visit in self.visits)
        self._addresses = _by((visit.address.number, visit) for visit in self.visits)
        self._holders = {
            seen.address.number: seen for seen in exchanges if seen.referer or seen.cause
        }
        self._origins = _by((visit.address.origin, visit) for visit in self.visits)

    def page_of(self, exchange: Exchange) -> str:
        """Return the page on which an exchange happened, "" where the recording does not tell."""
        visit = self._own.get(exchange.order) or self._visit_of(exchange)
        return visit.address.shape if visit else ""

    def _visit_of(self, exchange: Exchange) -> Visit | None:
        """Follow Referer and initiator, through frames and style sheets, to a page."""
        if exchange.group and exchange.group in self._groups:
            return _latest(self._groups[exchange.group], exchange.place)
        holder: Exchange | None = exchange
        for _ in range(_MOST_HOLDERS):
            if holder is None:
                break
            near = [address for address in (holder.referer, holder.cause) if address]
            for address in near:
                visits = self._addresses.get(address.number) or self._origins.get(address.origin)
                if visits:
                    return _latest(visits, exchange.place)
            known = (self._holders.get(address.number) for address in near)
            holder = next(filter(None, known), None)
        return None


def _visits(exchanges: Sequence[Exchange]) -> Iterator[Visit]:
    later: dict[int, list[Exchange]] = {}
    for exchange in exchanges:
        later.setdefault(exchange.address.number, []).append(exchange)
    used: set[int] = set()
    for first in _first_documents(exchanges):
        if first.order in used:
            continue
        chain = [first]
        while (target := chain[-1].target) and len(chain) <= _MOST_REDIRECTS:
            there = later.get(target.number, [])
            onward = bisect_right(there, chain[-1].place, key=_place)
            if onward == len(there):
                break
            chain.append(there[onward])
        used.update(seen.order for seen in chain)
        yield Visit(tuple(chain))


def _first_documents(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Yield the documents with which visits begin, and those that redirects led to.

    A document that may be a frame is a page if it is the first of its group, in which no other
    is known to be one; or, without groups, if nothing says that another site's page holds it.
    """
    documents = [seen for seen in exchanges if seen.is_page is not False]
    known = {seen.group for seen in documents if seen.is_page}
    for seen in documents:
        if seen.is_page:
            yield seen
        elif seen.group:
            if seen.group not in known:
                known.add(seen.group)
                yield seen
        elif _is_same_site(seen, documents[0]):
            yield seen


def _is_same_site(document: Exchange, first: Exchange) -> bool:
    sites = {registrable_domain(seen.host) for seen in (document.address, first.address)}
    if document.referer:
        sites.add(registrable_domain(document.referer.host))
    return len(sites) == 1 and (document.cause is None or document is first)


def _by(pairs: Iterable[tuple[Key, Visit]]) -> dict[Key, list[Visit]]:
    found: dict[Key, list[Visit]] = {}
    for key, visit in pairs:
        found.setdefault(key, []).append(visit)
    return found


def _latest(visits: Sequence[Visit], place: Place) -> Visit:
    """Return the visit that was going on at a place, else the first."""
    return visits[max(0, bisect_right(visits, place, key=_place) - 1)]


def _place(seen: Exchange | Visit) -> Place:
    return seen.place
