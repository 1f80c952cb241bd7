"""Cookies in headers, read as a browser reads them (RFC 6265bis); values are never kept."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from msgspec import Struct

from auditor.collect.har.dates import cookie_date, moment
from auditor.collect.har.dialects import Cookie, Request, Response, headers, text
from auditor.evidence import CookieSent, ValueShape
from auditor.names import looks_like_identifier, template

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECONDS = re.compile(r"-?[0-9]+")
_LONGEST_ATTRIBUTE = 1024  # bytes; a browser passes over a longer one
_READ = 4096  # characters of a value that are looked at: a browser keeps no more
_SPACE = " \t"
# Safari joins headers of one name by commas; the comma of a date stands before no `=`.
_JOINT = re.compile(r",[ \t]+(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)")


class Asked(Struct, frozen=True, kw_only=True, gc=False):
    """A cookie as a response asked for it, before any rule: "" and None where nothing is said."""

    name: str
    value: str
    domain: str = ""
    path: str = ""
    max_age: str = ""
    expires: int | None = None  # seconds since 1970
    same_site: str | None = None
    secure: bool = False
    http_only: bool = False
    partitioned: bool = False
    control: bool = False  # a control character stands somewhere in the header


def asked_for(response: Response) -> Iterator[Asked]:
    """Yield the cookies that a response asks for: those of its headers, and others listed."""
    joined = headers(response.headers, "set-cookie")
    lines = [line for several in joined for line in _JOINT.split(several)]
    found = [asked for asked in map(read_set_cookie, lines) if asked]
    yield from found
    yield from map(_listed, _others(response.cookies, {asked.name for asked in found}))


def read_set_cookie(line: str) -> Asked | None:
    """Read one Set-Cookie header (RFC 6265bis §5.6); None for one that names nothing."""
    pair, *attributes = line.split(";")
    name, value = _pair(pair)
    if not name and not value:
        return None
    said = dict(_attributes(attributes))
    return Asked(
        name=name,
        value=value,
        domain=said.get("domain", ""),
        path=said.get("path", ""),
        max_age=said.get("max-age", ""),
        expires=cookie_date(said["expires"]) if "expires" in said else None,
        same_site=said.get("samesite"),
        secure="secure" in said,
        http_only="httponly" in said,
        partitioned="partitioned" in said,
        control=bool(_CONTROL.search(line)),
    )


def sent_with(request: Request, host: str, by: str) -> Iterator[CookieSent]:
    """Yield the cookies that a request carried: those of its headers, and others listed."""
    lines = headers(request.headers, "cookie")
    pairs = [_pair(pair) for line in lines for pair in line.split(";")]
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
    known = {unquote(name).strip(_SPACE) for name in named}
    return [
        cookie
        for cookie in listed or ()
        if not known or (cookie.name and unquote(cookie.name).strip(_SPACE) not in known)
    ]


def value_shape(value: str) -> ValueShape:
    """Return all that is kept of a value."""
    return ValueShape(length=len(value), identifier=_is_identifier(value[:_READ]))


@lru_cache(maxsize=8192)
def _is_identifier(value: str) -> bool:
    return looks_like_identifier(value)


def _pair(written: str) -> tuple[str, str]:
    """Return name and value; a cookie without `=` has no name."""
    name, equals, value = written.partition("=")
    return (name.strip(_SPACE), value.strip(_SPACE)) if equals else ("", written.strip(_SPACE))


def _attributes(written: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that a browser heeds; of two with one name it takes the last."""
    for attribute in written:
        key, _, value = attribute.partition("=")
        key, value = key.strip(_SPACE).lower(), value.strip(_SPACE)
        broken = (key == "max-age" and not _SECONDS.fullmatch(value)) or (
            key == "expires" and cookie_date(value) is None
        )
        if len(value.encode(errors="replace")) <= _LONGEST_ATTRIBUTE and not broken:
            yield key, value


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
