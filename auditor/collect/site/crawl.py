"""Which pages of a site are visited, in an order that is the same for the same site.

Start pages first, then what the sitemap and the pages themselves link to: addresses of a shape
that was not visited yet before others of the same shape, then by name.
"""

from collections.abc import Iterable
from mimetypes import guess_type
from urllib.parse import urldefrag, urljoin, urlsplit

from auditor.collect.ownership import host_of
from auditor.collect.web.address import locate
from auditor.names import matches, url_shape
from auditor.policy import Site

MOST_KNOWN = 20_000  # addresses that are remembered

_PAGES = {"text/html", "application/xhtml+xml"}


class Frontier:
    """The addresses that are known, and which comes next."""

    def __init__(self, url: str, *, exclude: Iterable[str] = (), max_pages: int = 25) -> None:
        """Begin with nothing; `url` says which host is crawled, with or without `www.`."""
        self._host = _bare(url)
        self._exclude = tuple(exclude)
        self._left = max_pages
        self._start: list[str] = []
        self._found: dict[str, str] = {}
        self._done: dict[str, None] = {}
        self._shapes: set[str] = set()

    @property
    def done(self) -> tuple[str, ...]:
        """Return the addresses that were handed out, in order."""
        return tuple(self._done)

    @property
    def must(self) -> bool:
        """Return whether a start page was not handed out yet."""
        return bool(self._start)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return the addresses that are known and were not handed out, sorted."""
        return (*self._start, *sorted(self._found))

    def start(self, urls: Iterable[str]) -> None:
        """Add addresses that must be visited whatever the sample: they come first, in order."""
        for url in urls:  # as they are: a fragment may be a route
            if url not in self._start and url not in self._done:
                self._start.append(url)

    def skip(self, urls: Iterable[str]) -> None:
        """Take addresses as visited: an earlier attempt was there."""
        for url in urls:
            self._mark(url)

    def found(self, links: Iterable[str]) -> None:
        """Add links: those to pages of the same host that are not excluded."""
        for link in links:
            if len(self._found) >= MOST_KNOWN:
                return
            url = plain(link)
            if url not in self._done and self._is_page(url):
                self._found.setdefault(url, url_shape(url))

    def next(self) -> str | None:
        """Return the next address, None when the sample is full or nothing is left."""
        if self._start:
            url = self._start.pop(0)
        elif self._found and self._left > 0:
            url = min(self._found, key=lambda one: (self._found[one] in self._shapes, one))
        else:
            return None
        self._mark(url)
        return url

    def _mark(self, url: str) -> None:
        self._done[url] = None
        self._shapes.add(url_shape(url))
        self._found.pop(url, None)
        if url in self._start:
            self._start.remove(url)
        self._left -= 1

    def _is_page(self, url: str) -> bool:
        if _bare(url) != self._host or locate(url) is None:
            return False
        path = urlsplit(url).path
        kind = guess_type(path, strict=False)[0]
        return (kind is None or kind in _PAGES) and not any(
            matches(pattern, path) for pattern in self._exclude
        )


def start_addresses(site: Site) -> tuple[str, ...]:
    """Return the exact addresses of a site's start pages."""
    return tuple(urljoin(site.url, path) for path in site.crawl.start)


def plain(url: str) -> str:
    """Return an address as crawled: without fragment, with a path."""
    address = urldefrag(url).url
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return address if parts.path else parts._replace(path="/").geturl()


def _bare(url: str) -> str:
    try:
        return host_of(url).removeprefix("www.")
    except ValueError:
        return ""
