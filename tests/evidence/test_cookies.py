"""Cookies as a visitor has them: what was set together with what travelled."""

import time

import pytest

from auditor.evidence import Cookie, SiteObservation
from auditor.testing import cookie, sent, site


def told(*seen: SiteObservation) -> list[tuple[str, int, int]]:
    """Return label, and how often it was set and sent, of each cookie."""
    return [(one.label, len(one.sets), len(one.sent)) for one in site(*seen).cookies]


def test_cookies_are_told_apart_by_name_and_domain() -> None:
    """The same name on another domain is another cookie."""
    assert told(
        cookie("b"), cookie("a"), cookie("a", domain="other.example"), cookie("a", lifetime=1)
    ) == [
        ("cookie:a@example.org", 2, 0),
        ("cookie:a@other.example", 1, 0),
        ("cookie:b@example.org", 1, 0),
    ]


@pytest.mark.parametrize(
    ("domain", "host_only", "host", "home"),
    [
        ("example.org", True, "example.org", "example.org"),
        ("example.org", False, "www.example.org", "example.org"),
        ("example.org", False, "a.b.example.org", "example.org"),
        ("example.org", True, "www.example.org", "www.example.org"),
        ("example.org", False, "notexample.org", "notexample.org"),
        ("www.example.org", False, "example.org", "example.org"),
    ],
)
def test_a_cookie_that_travels_is_the_one_that_was_set(
    domain: str, host: str, home: str, *, host_only: bool
) -> None:
    """It goes to its domain and below; one of a single host goes nowhere else (RFC 6265)."""
    seen = cookie("a", domain=domain, host_only=host_only)
    cookies = {one.domain: one for one in site(seen, sent("a", host)).cookies}
    assert len(cookies[home].sent) == 1
    assert len(cookies[domain].sets) == 1


def test_of_several_homes_the_nearest_is_taken() -> None:
    """A cookie of the host itself before one of a domain above it."""
    wide = cookie("a", domain="example.org", host_only=False)
    near = cookie("a", domain="b.example.org", host_only=False)
    assert told(wide, near, sent("a", "c.b.example.org"), sent("b", "example.org")) == [
        ("cookie:a@b.example.org", 1, 1),
        ("cookie:a@example.org", 1, 0),
        ("cookie:b@example.org", 0, 1),
    ]


@pytest.mark.parametrize("host_only", [True, False])
def test_a_cookie_of_the_host_itself_goes_first(*, host_only: bool) -> None:
    """Where one of the host and one of the domain above it have the same name."""
    wide = cookie("a", domain="example.org", host_only=False)
    own = cookie("a", domain="www.example.org", host_only=host_only)
    assert told(wide, own, sent("a", "www.example.org")) == [
        ("cookie:a@example.org", 1, 0),
        ("cookie:a@www.example.org", 1, 1),
    ]


@pytest.mark.parametrize(
    ("seen", "is_kept"),
    [
        ([cookie("a")], True),
        ([cookie("a", deleted=True)], False),
        ([cookie("a", refused="domain")], False),
        ([cookie("a", refused="domain"), cookie("a")], True),
        ([cookie("a", deleted=True), sent("a")], True),
        ([sent("a")], True),
    ],
)
def test_what_is_only_deleted_or_refused_is_not_kept(
    seen: list[SiteObservation], is_kept: bool
) -> None:
    """A cookie that travelled was there, whoever set it."""
    (one,) = site(*seen).cookies
    assert one.is_kept is is_kept


def test_an_identifier_is_seen_in_any_value() -> None:
    """One value that could single somebody out is enough."""
    (plain,) = site(sent("a")).cookies
    (one,) = site(sent("a"), cookie("a")).cookies
    assert (plain.identifier, one.identifier) == (False, True)


def test_sightings_begin_with_settings() -> None:
    """Where it comes from goes before where it goes."""
    first, second = sent("a"), cookie("a")
    (one,) = site(first, second).cookies
    assert one.sightings == (second, first)
    assert isinstance(one, Cookie)


def test_hostile_names_and_hosts_cost_no_more() -> None:
    """Thousands of domains for one name, and hosts made of dots, are put together at once."""
    dots = "." * 253
    seen = [cookie("a", domain=f"{n}.example", host_only=False) for n in range(20_000)]
    seen += [sent("a", dots) for _ in range(20_000)]  # type: ignore[misc]
    began = time.perf_counter()
    cookies = site(*seen).cookies
    assert len(cookies) == 20_001
    assert time.perf_counter() - began < 20
