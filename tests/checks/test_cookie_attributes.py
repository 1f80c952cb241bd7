"""Cookies that are set without care."""

import pytest

from auditor.evidence import SiteObservation, ValueShape
from auditor.testing import cookie, judge, policy, sent, site
from auditor_checks.cookie_attributes import careless_cookie

PLAIN = ValueShape(length=2)
ROW = "device_storage: [{{identifier: session, type: cookie, purpose: {}}}]"
SIGNED_IN = ROW.format("essential.service.authentication")


def found(text: str, *seen: SiteObservation) -> list[tuple[str, str]]:
    """Return severity and message of each finding."""
    result = judge(careless_cookie, policy(text), site(*seen))
    assert result.gaps == ()
    return [(finding.severity.value, finding.message) for finding in result.findings]


@pytest.mark.parametrize(
    "seen",
    [
        cookie("session"),
        cookie("session", secure=False, over_tls=False),
        cookie("session", secure=False, http_only=False, same_site="invalid", deleted=True),
        cookie("session", same_site="Lax"),
        sent("session"),
    ],
    ids=["careful", "set over http", "deletion", "same site", "sent"],
)
def test_care(seen: SiteObservation) -> None:
    """Secure, HttpOnly where it matters, and nothing that a browser refuses."""
    assert found(SIGNED_IN, seen) == []


@pytest.mark.parametrize(
    ("facts", "severity", "message"),
    [
        ({"secure": False}, "medium", "is set without Secure"),
        ({"secure": False, "value": PLAIN}, "low", "is set without Secure"),
        ({"http_only": False}, "medium", "signs people in, and scripts can read it"),
        (
            {"http_only": False, "value": PLAIN},
            "medium",
            "signs people in, and scripts can read it",
        ),
        ({"same_site": "invalid"}, "low", "has a SameSite value that no browser knows"),
        (
            {"refused": "__Host- prefix", "secure": False, "http_only": False},
            "low",
            "is set in a way that browsers refuse (__Host- prefix)",
        ),
    ],
    ids=range(6),
)
def test_each_slip(facts: dict[str, object], severity: str, message: str) -> None:
    """One finding each; what browsers refuse is not held against it twice."""
    assert found(SIGNED_IN, cookie("session", **facts)) == [(severity, f"`session` {message}")]


@pytest.mark.parametrize(
    ("purpose", "matters"),
    [
        ("essential.service.authentication", True),
        ("essential.service.security", True),
        ("essential.service", False),
        ("analytics.reporting", False),
    ],
)
def test_scripts_may_read_what_signs_nobody_in(purpose: str, matters: bool) -> None:
    """HttpOnly is asked for by the purpose of the row."""
    assert bool(found(ROW.format(purpose), cookie("session", http_only=False))) is matters


def test_an_undeclared_cookie_has_no_purpose() -> None:
    """What nobody declared is objected to elsewhere; here only what can be seen."""
    assert found("", cookie("session", http_only=False)) == []
    assert found("", cookie("session", secure=False)) == [
        ("medium", "`session` is set without Secure")
    ]


def test_a_row_that_does_not_cover_it_says_nothing_of_it() -> None:
    """The same name on another domain is another cookie."""
    elsewhere = cookie("session", domain="a.example", http_only=False)
    assert found(SIGNED_IN, elsewhere) == []


def test_slips_are_told_apart_and_shown() -> None:
    """Each has a fingerprint of its own, and shows the settings it is about."""
    seen = [
        cookie("session"),
        cookie("session", secure=False, page="https://example.org/a"),
        cookie("session", http_only=False, page="https://example.org/b"),
        cookie("session", refused="domain"),
        cookie("session", refused="size"),
    ]
    result = judge(careless_cookie, policy(SIGNED_IN), site(*seen))
    assert len({finding.fingerprint for finding in result.findings}) == 3
    pages = {finding.message: finding.seen[0].page for finding in result.findings}
    assert pages == {
        "`session` is set without Secure": "https://example.org/a",
        "`session` signs people in, and scripts can read it": "https://example.org/b",
        "`session` is set in a way that browsers refuse (domain, size)": "https://example.org/",
    }
    assert {finding.policy.line for finding in result.findings} == {4}
