"""Home, life and refusal of a cookie, by the rules of RFC 6265bis."""

from typing import Any

import pytest

from auditor.collect.web.cookie_rules import MAX_LIFETIME, Answer, cookie_set
from auditor.collect.web.set_cookie import read_set_cookie
from auditor.evidence import CookieSet

NOON = 1768478400


def taken(line: str, host: str = "www.example.co.uk", **facts: Any) -> CookieSet:  # noqa: ANN401
    """Return the cookie of a header that came from a host at noon, over TLS."""
    asked = read_set_cookie(line)
    assert asked is not None
    common = {
        "url": f"https://{host}/shop/start",
        "host": host,
        "path": "/shop/start",
        "over_tls": True,
        "secure": True,
        "at": NOON,
    }
    return cookie_set(asked, Answer(**{**common, **facts}))


@pytest.mark.parametrize(
    ("domain", "home", "host_only", "refused"),
    [
        ("", "www.example.co.uk", True, ""),
        ("; Domain=", "www.example.co.uk", True, ""),
        ("; Domain=.", "www.example.co.uk", True, ""),
        ("; Domain=example.co.uk", "example.co.uk", False, ""),
        ("; Domain=.EXAMPLE.co.uk", "example.co.uk", False, ""),
        ("; Domain=www.example.co.uk", "www.example.co.uk", False, ""),
        ("; Domain=a.www.example.co.uk", "a.www.example.co.uk", False, "domain"),
        ("; Domain=ample.co.uk", "ample.co.uk", False, "domain"),
        ("; Domain=other.example", "other.example", False, "domain"),
        ("; Domain=co.uk", "co.uk", False, "domain"),
        ("; Domain=uk", "uk", False, "domain"),
        ("; Domain=a b", "www.example.co.uk", True, "domain"),
        ("; Domain=..example.co.uk", "www.example.co.uk", True, "domain"),
        ("; Domain=example.co.uk:443", "www.example.co.uk", True, "domain"),
    ],
)
def test_domains(domain: str, home: str, refused: str, *, host_only: bool) -> None:
    """A cookie may go to the host or a domain above it, never as high as a public suffix."""
    seen = taken(f"a=1{domain}")
    assert (seen.domain, seen.host_only, seen.refused) == (home, host_only, refused)
    assert seen.writer == "www.example.co.uk"


@pytest.mark.parametrize(
    ("host", "domain", "home", "host_only", "refused"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.1", True, ""),
        ("192.0.2.1", "0.2.1", "192.0.2.1", True, "domain"),
        ("192.0.2.1", "2.1", "192.0.2.1", True, "domain"),
        ("localhost", "localhost", "localhost", False, ""),
        ("github.io", "github.io", "github.io", True, ""),
        ("me.github.io", "github.io", "github.io", False, "domain"),
    ],
)
def test_hosts_that_nobody_registered(
    host: str, domain: str, home: str, refused: str, *, host_only: bool
) -> None:
    """Addresses and public suffixes keep their cookies to themselves."""
    seen = taken(f"a=1; Domain={domain}", host)
    assert (seen.domain, seen.host_only, seen.refused) == (home, host_only, refused)


@pytest.mark.parametrize(
    ("line", "lifetime", "deleted"),
    [
        ("a=1", None, False),
        ("a=1; Max-Age=60", 60, False),
        ("a=1; Max-Age=60; Expires=Fri, 15 Jan 2027 12:00:00 GMT", 60, False),
        ("a=1; Expires=Fri, 15 Jan 2027 12:00:00 GMT", 365 * 86400, False),
        ("a=1; Expires=Fri, 15 Jan 2027 12:00:00 GMT; Max-Age=soon", 365 * 86400, False),
        ("a=1; Expires=never", None, False),
        ("a=; Max-Age=0", 0, True),
        ("a=; Max-Age=-5", 0, True),
        ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0, True),
        ("a=; Expires=Thu, 01-Jan-1601 00:00:00 GMT", 0, True),
        ("a=1; Expires=Thu, 15 Jan 2026 12:00:00 GMT", 0, True),
        ("a=1; Max-Age=" + "9" * 900, MAX_LIFETIME, False),
        ("a=1; Max-Age=-" + "9" * 900, 0, True),
    ],
)
def test_lifetimes(line: str, lifetime: int | None, *, deleted: bool) -> None:
    """The requested one, without a browser's caps, counted from the response's date."""
    seen = taken(line)
    assert (seen.lifetime, seen.deleted) == (lifetime, deleted)


def test_a_date_needs_a_date() -> None:
    """Where nothing says when the cookie was set, its lifetime is not made up."""
    with pytest.raises(ValueError, match="no date tells when"):
        taken("a=1; Expires=Fri, 15 Jan 2027 12:00:00 GMT", at=None)
    assert taken("a=1; Max-Age=60", at=None).lifetime == 60


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("a=1; SameSite=None", "SameSite=None without Secure"),
        ("a=1; SameSite=None; Secure", ""),
        ("a=1; Partitioned", "Partitioned without Secure"),
        ("__Secure-a=1", "__Secure- prefix"),
        ("__secure-a=1; Secure", ""),
        ("__Host-a=1; Secure; Path=/", ""),
        ("__Host-a=1; Secure", "__Host- prefix"),
        ("__Host-a=1; Secure; Path=/shop", "__Host- prefix"),
        ("__host-a=1; Secure; Path=/; Domain=example.co.uk", "__Host- prefix"),
        ("__Host-a=1; Path=/", "__Host- prefix"),
        ("=__Host-a; Secure; Path=/", "__Host- prefix"),
        ("a=" + "x" * 4095, ""),
        ("a=" + "x" * 4096, "larger than 4096 bytes"),
        ("a=" + "é" * 2048, "larger than 4096 bytes"),
        ("a=\x01", "control character"),
    ],
)
def test_refusals(line: str, refused: str) -> None:
    """What a browser would not store is kept, with the reason."""
    assert taken(line).refused == refused


def test_secure_needs_a_secure_connection() -> None:
    """TLS, or this machine."""
    assert taken("a=1; Secure", over_tls=False, secure=False).refused == "Secure over http"
    seen = taken("a=1; Secure", over_tls=False, secure=True)
    assert (seen.refused, seen.over_tls) == ("", False)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", ""),
        ("; SameSite=strict", "Strict"),
        ("; SameSite=LAX", "Lax"),
        ("; SameSite=none", "None"),
        ("; SameSite", "invalid"),
        ("; SameSite=Jo", "invalid"),
    ],
)
def test_same_site(said: str, kept: str) -> None:
    """Written in one way; anything else is not kept."""
    assert taken(f"a=1{said}").same_site == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", "/shop"),
        ("; Path=", "/shop"),
        ("; Path=shop", "/shop"),
        ("; Path=/", "/"),
        ("; Path=/a/b", "/a/b"),
        ("; Path=/users/4711", "/users/*"),
    ],
)
def test_paths(said: str, kept: str) -> None:
    """The path asked for, else the folder of the request; without ids."""
    assert taken(f"a=1{said}").path == kept


def test_the_default_path_of_a_short_url() -> None:
    """The root."""
    assert taken("a=1", path="/shop").path == "/"
    assert taken("a=1", path="").path == "/"
