"""A site is what one party registered."""

import re

import pytest
from hypothesis import given
from hypothesis.provisional import domains

from auditor.knowledge.public_suffixes import (
    is_public_suffix,
    list_version,
    registrable_domain,
)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.reach4help.org", "reach4help.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("a.netlify.app", "a.netlify.app"),
        ("x.b.netlify.app", "b.netlify.app"),
        ("www.city.kawasaki.jp", "city.kawasaki.jp"),
        ("www.xn--85x722f.com.cn", "xn--85x722f.com.cn"),
        ("api.shop.test", "shop.test"),
        ("co.uk", "co.uk"),
        ("netlify.app", "netlify.app"),
        ("intranet", "intranet"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("www.shop.localhost", "shop.localhost"),
        ("", ""),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    """The domain is one label more than the public suffix; what has none is its own."""
    assert registrable_domain(host) == domain


@given(domains())
def test_any_host(host: str) -> None:
    """A registrable domain ends its host and is its own."""
    domain = registrable_domain(host.lower())
    assert f".{host.lower()}".endswith(f".{domain}")
    assert registrable_domain(domain) == domain


def test_is_public_suffix() -> None:
    """Suffixes of registries and of hosting services are public, unknown single labels are not."""
    hosts = [
        "org",
        "co.uk",
        "netlify.app",
        "x.org",
        "a.netlify.app",
        "intranet",
        "localhost",
        "1.1.1.1",
    ]
    assert [host for host in hosts if is_public_suffix(host)] == ["org", "co.uk", "netlify.app"]


def test_list_version() -> None:
    """The version says of which day the list is."""
    assert re.search(r"\.20[0-9]{6}$", list_version())
