"""Cookies in headers, read as a browser reads them (RFC 6265bis); values are never kept."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from auditor.collect.har.dialects import Cookie, Request, Response, headers, text
from auditor.collect.web.dates import cookie_date, moment
from auditor.collect.web.set_cookie import SPACE, Asked, read_pair, read_set_cookie, value_shape
from auditor.evidence import CookieSent
from auditor.names import template

# Safari joins headers of one name by commas; the comma of a date stands before no `=`.
_JOINT = re.compile(r",[ \t]+(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)")


def asked_for(response: Response) -> Iterator[Asked]:
    """Yield the cookies that a response asks for: those of its headers, and others listed."""
    joined = headers(response.headers, "set-cookie")
    lines = [line for several in joined for line in _JOINT.split(several)]
    found = [asked for asked in map(read_set_cookie, lines) if asked]
    yield from found
    yield from map(_listed, _others(response.cookies, {asked.name for asked in found}))


def sent_with(request: Request, host: str, by: str) -> Iterator[CookieSent]:
    """Yield the cookies that a request carried: those of its headers, and others listed."""
    lines = headers(request.headers, "cookie")
    pairs = [read_pair(pair) for line in lines for pair in line.split(";")]
    others = _others(request.cookies, {name for name, _ in pairs})
    pairs += [(cookie.name, text(cookie.value)) for cookie in others]
    over_tls = not text(request.url).lower().startswith(("http:", "ws:"))
    for name, value in pairs:
        if name or value:
            yield CookieSent(
                by=by,
                name=template(name),
                host=host,
                over_tls=over_tls,
                value=value_shape(value),
            )


def _others(listed: list[Cookie] | None, named: set[str]) -> list[Cookie]:
    """Return the cookies of a list whose names no header has; lists decode some names."""
    known = {unquote(name).strip(SPACE) for name in named}
    return [
        cookie
        for cookie in listed or ()
        if not known or (cookie.name and unquote(cookie.name).strip(SPACE) not in known)
    ]


def _listed(cookie: Cookie) -> Asked:
    """Read a cookie of the list that stands in for headers; its dates are of ISO 8601."""
    until = moment(cookie.expires)
    return Asked(
        name=cookie.name,
        value=text(cookie.value),
        domain=text(cookie.domain),
        path=text(cookie.path),
        expires=int(until.timestamp()) if until else cookie_date(text(cookie.expires)),
        same_site=text(cookie.same_site) or None,
        secure=cookie.secure is True,
        http_only=cookie.http_only is True,
    )
