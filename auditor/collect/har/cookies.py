"""Cookies in headers, read as a browser reads them (RFC 6265bis); values are never kept.

`§` are sections of RFC 6265bis, "Cookies: HTTP State Management Mechanism".
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.collect.har.dates import cookie_date
from auditor.evidence import CookieSent, CookieSet, ValueShape
from auditor.hosts import is_address, normalise_host
from auditor.knowledge.public_suffixes import is_public_suffix
from auditor.names import looks_like_identifier, template, url_shape

MAX_LIFETIME = 10**11  # seconds, some 3,000 years: what asks for more asks for ever

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECONDS = re.compile(r"-?[0-9]+")
_SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None"}
_LONGEST_COOKIE = 4096  # name and value; §5.6
_LONGEST_ATTRIBUTE = 1024
_SPACE = " \t"


class Answer(Struct, frozen=True, kw_only=True):
    """The response that sets cookies: where it came from, and when (seconds since 1970).

    `secure` tells whether a browser holds the connection for secure: TLS, or this machine.
    """

    url: str
    host: str
    path: str
    over_tls: bool
    secure: bool
    at: float | None


class Asked(Struct, frozen=True, kw_only=True):
    """A cookie as it was asked for, before the rules: "" and None where nothing is said."""

    name: str
    value: str
    domain: str = ""
    path: str = ""
    max_age: str = ""
    expires: str = ""
    same_site: str | None = None
    secure: bool = False
    http_only: bool = False
    partitioned: bool = False
    control: bool = False


def read_set_cookie(line: str) -> Asked | None:
    """Read one Set-Cookie header (§5.6); None for one that names nothing."""
    pair, *attributes = line.split(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(_SPACE), value.strip(_SPACE)
    if not name and not value:
        return None
    said: dict[str, str] = {}
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        text = text.strip(_SPACE)
        if len(text.encode(errors="replace")) <= _LONGEST_ATTRIBUTE and _is_meant(key, text):
            said[key.strip(_SPACE).lower()] = text
    return Asked(
        name=name,
        value=value,
        domain=said.get("domain", ""),
        path=said.get("path", ""),
        max_age=said.get("max-age", ""),
        expires=said.get("expires", ""),
        same_site=said.get("samesite"),
        secure="secure" in said,
        http_only="httponly" in said,
        partitioned="partitioned" in said,
        control=bool(_CONTROL.search(line)),
    )


def _is_meant(key: str, text: str) -> bool:
    """Return whether a browser heeds the attribute: a broken date or number it passes over."""
    match key.strip(_SPACE).lower():
        case "max-age":
            return bool(_SECONDS.fullmatch(text))
        case "expires":
            return cookie_date(text) is not None
    return True


def cookie_set(asked: Asked, answer: Answer) -> CookieSet:
    """Return what is kept of a cookie that a response asks for, and what speaks against it.

    ValueError if its lifetime counts from a moment that the recording does not tell.
    """
    domain, host_only, refused = _domain(asked, answer.host)
    lifetime = _lifetime(asked, answer)
    path = asked.path if asked.path.startswith("/") else _default_path(answer.path)
    return CookieSet(
        by=answer.url,
        name=template(asked.name),
        domain=domain,
        writer=answer.host,
        host_only=host_only,
        path=_shape_of_path(path),
        lifetime=lifetime if lifetime is None or lifetime > 0 else 0,
        deleted=lifetime is not None and lifetime <= 0,
        secure=asked.secure,
        http_only=asked.http_only,
        same_site=_same_site(asked.same_site),
        partitioned=asked.partitioned,
        over_tls=answer.over_tls,
        refused=refused or _refusal(asked, answer, host_only=host_only),
        value=value_shape(asked.value),
    )


def cookies_sent(header: str, host: str, by: str) -> Iterator[CookieSent]:
    """Yield the cookies of a Cookie header that a request to a host carried."""
    for pair in header.replace("\n", ";").split(";"):
        name, equals, value = pair.strip(_SPACE).partition("=")
        if equals or name:
            yield cookie_sent(name if equals else "", value if equals else name, host, by)


def cookie_sent(name: str, value: str, host: str, by: str) -> CookieSent:
    """Return what is kept of a cookie that a request to a host carried."""
    return CookieSent(by=by, name=template(name), host=host, value=value_shape(value))


@lru_cache(maxsize=8192)
def value_shape(value: str) -> ValueShape:
    """Return all that is kept of a value."""
    return ValueShape(length=len(value), identifier=looks_like_identifier(value))


def _lifetime(asked: Asked, answer: Answer) -> int | None:
    """Return the seconds asked for: Max-Age before Expires (§5.7), None for the session."""
    if asked.max_age:
        seconds = float(asked.max_age)
    else:
        until = cookie_date(asked.expires) if asked.expires else None
        if until is None:
            return None
        if answer.at is None:
            raise ValueError("sets a cookie until a date and does not say when")
        seconds = until - answer.at
    return round(max(-MAX_LIFETIME, min(MAX_LIFETIME, seconds)))


def _domain(asked: Asked, host: str) -> tuple[str, bool, str]:
    """Return the domain, whether it is this host alone, and why a browser refuses it (§5.7)."""
    said = asked.domain.removeprefix(".")
    if not said:
        return host, True, ""
    domain = _known_host(said)
    if domain is None:
        return host, True, "domain"
    if domain == host:
        alone = is_address(host) or is_public_suffix(host)
        return host, alone, ""
    fits = host.endswith(f".{domain}") and not is_address(host) and not is_public_suffix(domain)
    return domain, False, "" if fits else "domain"


def _refusal(asked: Asked, answer: Answer, *, host_only: bool) -> str:
    """Return why a browser does not store it, "" if it does (§5.6 and §5.7)."""
    size = len(asked.name.encode(errors="replace")) + len(asked.value.encode(errors="replace"))
    prefix = (asked.name or asked.value).lower()
    is_own = asked.secure and answer.secure and host_only and asked.path == "/"
    rules = (
        (asked.control, "control character"),
        (size > _LONGEST_COOKIE, f"larger than {_LONGEST_COOKIE} bytes"),
        (asked.secure and not answer.secure, "Secure over http"),
        (
            _same_site(asked.same_site) == "None" and not asked.secure,
            "SameSite=None without Secure",
        ),
        (asked.partitioned and not asked.secure, "Partitioned without Secure"),
        (prefix.startswith("__secure-") and not (asked.name and asked.secure), "__Secure- prefix"),
        (prefix.startswith("__host-") and not (asked.name and is_own), "__Host- prefix"),
    )
    return next((why for applies, why in rules if applies), "")


def _same_site(text: str | None) -> str:
    return "" if text is None else _SAME_SITE.get(text.lower(), "invalid")


@lru_cache(maxsize=4096)
def _known_host(text: str) -> str | None:
    try:
        return normalise_host(text)
    except ValueError:
        return None


def _default_path(path: str) -> str:
    return path[: path.rfind("/")] or "/"


@lru_cache(maxsize=4096)
def _shape_of_path(path: str) -> str:
    return "/" if path == "/" else urlsplit(url_shape(f"https://host{path}")).path or "/"
