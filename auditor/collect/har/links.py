"""Where a page links to, read from its markup."""

from html.parser import HTMLParser
from urllib.parse import urljoin

from auditor.names import url_shape

MAX_LINKS = 2_000  # of one page, without repetitions

_LEGAL = {"privacy-policy", "terms-of-service"}  # link relations, RFC 6903
_WEB = ("http://", "https://")


def links(markup: str, page: str) -> tuple[str, ...] | None:
    """Return the shapes of the URLs that a page links to, sorted; None where they are not known.

    Not known are those of a page with more than 2,000, or whose markup cannot be read: to know
    only some would be to claim that the others are not there.
    """
    reader = _Links()
    try:
        reader.feed(markup)  # never closed: what is left unfinished at the end is no link
    except (AssertionError, _TooManyError):  # the former: html.parser, for `<![x[`
        return None
    base = _join(page, reader.base)
    shapes = {url_shape(url) for href in reader.found if (url := _join(base, href))}
    return tuple(sorted(shapes)) if len(shapes) <= MAX_LINKS else None


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(reversed(attrs))  # of an attribute given twice the first counts
        href = (said.get("href") or "").strip()
        if tag == "base" and href and not self.base:
            self.base = href
        legal = tag == "link" and _LEGAL & {*(said.get("rel") or "").lower().split()}
        if href and (tag in {"a", "area"} or legal):
            self.found.add(href)
            if len(self.found) > 2 * MAX_LINKS:
                raise _TooManyError


class _TooManyError(Exception):
    """More links than are kept."""


def _join(base: str, href: str) -> str:
    try:
        url = urljoin(base, href)
    except ValueError:
        return ""
    return url if url.lower().startswith(_WEB) else ""
