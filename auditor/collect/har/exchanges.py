"""One entry of a HAR file as an exchange: what is kept of it, and what ties it to the others.

From here on nothing personal is left: an exact URL is known by a number that cannot be undone.
"""

from sys import intern
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from auditor.collect.har import dialects
from auditor.collect.har.cookies import asked_for, sent_with
from auditor.collect.har.failures import failure
from auditor.collect.har.links import links
from auditor.collect.har.resources import is_download, is_page, resource
from auditor.collect.web.address import PORTS, Address, locate
from auditor.collect.web.cookie_rules import Answer, cookie_set
from auditor.collect.web.dates import cookie_date, moment
from auditor.evidence import CookieSent, CookieSet, RequestSent
from auditor.hosts import is_this_machine

_OWN_POLICY = "net::ERR_BLOCKED_BY_CSP"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}


class Exchange(Struct, frozen=True, kw_only=True, gc=False):
    """A request and its response; `page`, `t` and what redirected to it are not known yet.

    `is_page` is None for a document that may be a frame, `started` is in milliseconds since 1970.
    A `forbidden` request never left the browser: the site's own policy forbids it.
    """

    order: int
    started: float | None
    group: str
    address: Address
    request: RequestSent
    cookies: tuple[CookieSet | CookieSent, ...]
    is_page: bool | None
    target: Address | None = None
    referer: Address | None = None
    cause: Address | None = None
    links: tuple[str, ...] | None = None
    answered: bool = True
    blocked: bool = False
    forbidden: bool = False
    is_download: bool = False

    @property
    def place(self) -> tuple[float, int]:
        """Return what exchanges are sorted by: time, then the place in the file."""
        return (float("inf") if self.started is None else self.started, self.order)


def read_exchange(value: object, order: int) -> Exchange | None:
    """Return an entry as an exchange, None for one that talks to no host (`data:`, extensions).

    ValueError says what makes the entry unusable.
    """
    entry = dialects.read_entry(value)
    scheme = entry.request.url.lstrip()[:6].partition(":")[0].lower()
    if scheme not in PORTS:
        return None
    address = locate(entry.request.url)
    if address is None:
        raise ValueError("its URL cannot be read")
    return _exchange(entry, address, order)


def _exchange(entry: dialects.Entry, address: Address, order: int) -> Exchange:
    response = entry.response or dialects.Response()
    failed, blocked = failure(entry, response)
    kind = resource(entry, response)
    status = dialects.status(response)
    page = is_page(entry, kind)
    started = moment(entry.started)
    seconds = started.timestamp() if started else None
    answer = _answer(entry.request.url, address, response, seconds)
    cause = next(filter(None, map(locate, dialects.initiators(entry))), None)
    target = dialects.redirect_target(response)
    method = dialects.text(entry.request.method).upper() or "GET"
    markup = dialects.body(response) if page is not False and status and not target else None
    by = cause.shape if cause else ""
    return Exchange(
        order=order,
        started=None if seconds is None else seconds * 1000,
        group=intern(dialects.text(entry.pageref)[:200]),
        address=address,
        request=RequestSent(
            by=by,
            url=address.shape,
            host=address.host,
            method=method if method in _METHODS else "OTHER",
            resource=intern(kind),
            status=status or None,
            failed=failed,
        ),
        cookies=(
            *sent_with(entry.request, address.host, by),
            *(cookie_set(asked, answer) for asked in asked_for(response)),
        ),
        is_page=page,
        target=locate(_join(entry.request.url, target)) if target else None,
        referer=locate(dialects.header(entry.request.headers, "referer")),
        cause=cause,
        links=None if markup is None else links(markup, entry.request.url),
        answered=bool(status),
        blocked=blocked,
        forbidden=not status and failed == _OWN_POLICY,
        is_download=is_download(response),
    )


def _answer(
    url: str, address: Address, response: dialects.Response, started: float | None
) -> Answer:
    dated = cookie_date(dialects.header(response.headers, "date"))
    over_tls = address.scheme in {"https", "wss"}
    return Answer(
        url=address.shape,
        host=address.host,
        path=urlsplit(url).path,
        over_tls=over_tls,
        secure=over_tls or is_this_machine(address.host),
        at=started if dated is None else dated,
    )


def _join(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return ""
