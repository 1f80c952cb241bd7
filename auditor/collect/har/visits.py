"""The pages that a visitor opened: the document of each, and the redirects that led to it."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.collect.har.exchanges import Exchange
from auditor.collect.web.address import Address
from auditor.evidence import PageLoaded
from auditor.knowledge.public_suffixes import registrable_domain

_MOST_REDIRECTS = 20  # where browsers give up
_ABORTED = "net::ERR_ABORTED"  # of a navigation that turns into a download
_NO_DOCUMENT = {204, 205}  # HTTP status with which the browser stays where it was

Place = tuple[float, int]
IsOurs = Callable[[str], bool]  # whether the host of a URL or shape is the site's own


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
        """Return the page as an observation, None if it never came or was cut off on its way."""
        last = self.chain[-1]
        status = last.request.status
        if last.target or status is None or status in _NO_DOCUMENT:
            return None
        if last.request.failed and not (last.is_download and last.request.failed == _ABORTED):
            return None
        shape = last.address.shape
        return PageLoaded(page=shape, url=shape, status=status, links=last.links)

    @property
    def arrived(self) -> bool:
        """Return whether the browser left the page before for this one."""
        return self.loaded is not None and not self.chain[-1].is_download


def find_visits(exchanges: Sequence[Exchange], is_ours: IsOurs) -> Iterator[Visit]:
    """Yield the visits among exchanges that are sorted by `place`."""
    later: dict[int, list[Exchange]] = {}
    for exchange in exchanges:
        later.setdefault(exchange.address.number, []).append(exchange)
    used: set[int] = set()
    for first in _first_documents(exchanges, is_ours):
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


def same_site_as_first(exchanges: Sequence[Exchange]) -> IsOurs:
    """Return what tells URLs of the first document's site: a guess, before the site is known."""
    first = next((seen.address.host for seen in exchanges if seen.is_page is not False), "")
    site = registrable_domain(first)
    return lambda url: registrable_domain(_host(url)) == site


def _host(shape: str) -> str:
    return urlsplit(shape).hostname or ""


def _first_documents(exchanges: Sequence[Exchange], is_ours: IsOurs) -> Iterator[Exchange]:
    """Yield the documents with which visits begin, and those that redirects led to.

    A document that may be a frame is a page if it heads its group; or, without groups, if nothing
    says that another site's page holds it.
    """
    documents = [seen for seen in exchanges if seen.is_page is not False]
    heads = _heads(documents, is_ours)
    for seen in documents:
        if (
            seen.is_page
            or seen.order in heads
            or (not seen.group and _stands_alone(seen, documents[0], is_ours))
        ):
            yield seen


def _heads(documents: Sequence[Exchange], is_ours: IsOurs) -> set[int]:
    """Return the first document of each group without a known page: one of ours, if there is any.

    The frame of another site may come before the page that holds it.
    """
    ours = {seen.order for seen in documents if is_ours(seen.address.shape)}
    known = {(seen.group, seen.order in ours) for seen in documents if seen.is_page}
    heads: dict[str, Exchange] = {}
    for seen in documents:
        own = seen.order in ours
        if not seen.group or seen.is_page or (seen.group, True) in known:
            continue
        if not own and (seen.group, False) in known:
            continue
        if seen.group not in heads or (own and heads[seen.group].order not in ours):
            heads[seen.group] = seen
    return {seen.order for seen in heads.values()}


def _stands_alone(document: Exchange, first: Exchange, is_ours: IsOurs) -> bool:
    near = [document.address, *filter(None, [document.referer])]
    own = all(is_ours(address.shape) for address in near)
    same = len({registrable_domain(address.host) for address in (*near, first.address)}) == 1
    return (own or same) and (document.cause is None or document is first)


def _place(seen: Exchange) -> Place:
    return seen.place
