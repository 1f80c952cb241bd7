"""The site itself: its registrable domain, and what the policy names beside it."""

import pytest

from auditor.collect.ownership import is_own, own_names
from auditor.policy import Site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.org/a", True),
        ("https://example.org/", True),
        ("//cdn.example.org", True),
        ("https://images.brand.example/", True),
        ("https://xn--bcher-kva.example/", True),
        ("https://exact.host.example/", True),
        ("https://host.example/", False),
        ("https://example.com/", False),
        ("https://notexample.org/", False),
        ("", False),
    ],
)
def test_own_hosts(url: str, *, expected: bool) -> None:
    """Everything below the own domain and the named ones; of a named host, only that host."""
    site = Site(
        id="www",
        url="https://www.example.org/",
        first_party=("brand.example", "exact.host.example", "Bücher.example"),
    )
    assert is_own(own_names(site), url) is expected


def test_sites_of_one_hosting_service_are_strangers() -> None:
    """The private section of the Public Suffix List is heeded; addresses stand alone."""
    names = own_names(Site(id="www", url="https://a.netlify.app/"))
    assert is_own(names, "https://a.netlify.app/x")
    assert not is_own(names, "https://b.netlify.app/")
    names = own_names(Site(id="www", url="http://127.0.0.1:8000/"))
    assert is_own(names, "http://127.0.0.1:9000/")
    assert not is_own(names, "http://127.0.0.2/")
