"""What a browser makes of a cookie that a response asks for: its home, its life, its refusal.

`§` are sections of RFC 6265bis, "Cookies: HTTP State Management Mechanism".
"""

from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.collect.web.set_cookie import Asked, value_shape
from auditor.evidence import CookieSet
from auditor.hosts import is_address, normalise_host
from auditor.knowledge.public_suffixes import is_public_suffix
from auditor.names import template, url_shape

MAX_LIFETIME = 10**11  # seconds, some 3,000 years: what asks for more asks for ever
MAX_SIZE = 4096  # bytes of name and value; §5.6

_READ = 2000  # characters of a domain or path that are looked at
_SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None"}


class Answer(Struct, frozen=True, kw_only=True):
    """The response that sets cookies: where it came from, and when (seconds since 1970).

    `url` is a shape, `path` is exact. `secure` tells whether a browser takes the connection for a
    secure one: TLS, or this machine.
    """

    url: str
    host: str
    path: str
    over_tls: bool
    secure: bool
    at: float | None


def cookie_set(asked: Asked, answer: Answer) -> CookieSet:
    """Return what is kept of a cookie that a response asks for, and what speaks against it.

    ValueError if its lifetime counts from a moment that the recording does not tell.
    """
    domain, host_only, refused = _home(asked.domain.removeprefix(".")[:_READ], answer.host)
    lifetime = _lifetime(asked, answer)
    path = asked.path if asked.path.startswith("/") else _default_path(answer.path)
    return CookieSet(
        by=answer.url,
        name=template(asked.name),
        domain=domain,
        writer=answer.host,
        host_only=host_only,
        path=_shape_of_path(path[:_READ]),
        lifetime=lifetime if lifetime is None else max(0, lifetime),
        deleted=lifetime is not None and lifetime <= 0,
        secure=asked.secure,
        http_only=asked.http_only,
        same_site=_same_site(asked.same_site),
        partitioned=asked.partitioned,
        over_tls=answer.over_tls,
        refused=refused or _refusal(asked, answer, host_only=host_only),
        value=value_shape(asked.value),
    )


def _lifetime(asked: Asked, answer: Answer) -> int | None:
    """Return the seconds asked for: Max-Age before Expires (§5.7), None for the session."""
    if asked.max_age:
        seconds = float(asked.max_age)
    elif asked.expires is None:
        return None
    elif answer.at is None:
        raise ValueError("a cookie is set until a date, and no date tells when")
    else:
        seconds = asked.expires - answer.at
    return round(max(-MAX_LIFETIME, min(MAX_LIFETIME, seconds)))


@lru_cache(maxsize=4096)
def _home(said: str, host: str) -> tuple[str, bool, str]:
    """Return the domain, whether it is this host alone, and why a browser refuses it (§5.7)."""
    if not said:
        return host, True, ""
    try:
        domain = normalise_host(said)
    except ValueError:
        return host, True, "domain"
    if domain == host:
        return host, is_address(host) or is_public_suffix(host), ""
    fits = host.endswith(f".{domain}") and not is_public_suffix(domain)
    return domain, False, "" if fits else "domain"


def _refusal(asked: Asked, answer: Answer, *, host_only: bool) -> str:
    """Return why a browser does not store it, "" if it does (§5.6 and §5.7)."""
    size = len(asked.name.encode(errors="replace")) + len(asked.value.encode(errors="replace"))
    prefix = (asked.name or asked.value).lower()
    is_named = bool(asked.name)  # a value that looks like such a name is no way round the rule
    is_own = asked.secure and host_only and asked.path == "/"
    is_open = _same_site(asked.same_site) == "None"
    rules = (
        (asked.control, "control character"),
        (size > MAX_SIZE, f"larger than {MAX_SIZE} bytes"),
        (asked.secure and not answer.secure, "Secure over http"),
        (is_open and not asked.secure, "SameSite=None without Secure"),
        (asked.partitioned and not asked.secure, "Partitioned without Secure"),
        (prefix.startswith("__secure-") and not (is_named and asked.secure), "__Secure- prefix"),
        (prefix.startswith("__host-") and not (is_named and is_own), "__Host- prefix"),
    )
    return next((why for applies, why in rules if applies), "")


def _same_site(said: str | None) -> str:
    return "" if said is None else _SAME_SITE.get(said.lower(), "invalid")


def _default_path(path: str) -> str:
    return path[: path.rfind("/")] or "/"


@lru_cache(maxsize=4096)
def _shape_of_path(path: str) -> str:
    return "/" if path == "/" else urlsplit(url_shape(f"https://host{path}")).path or "/"
