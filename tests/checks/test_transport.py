"""What travels in the open."""

import pytest

from auditor.evidence import SiteObservation
from auditor.testing import cookie, judge, policy, request, sent, site
from auditor_checks.transport import insecure_transport


def found(*seen: SiteObservation) -> list[tuple[str, str]]:
    """Return severity and object of each finding."""
    result = judge(insecure_transport, policy(""), site(*seen))
    return [(finding.severity.value, finding.object) for finding in result.findings]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "wss://example.org/socket",
        "http://localhost:8000/",
        "http://app.localhost/",
        "http://127.0.0.1/",
        "http://127.9.9.9/",
        "http://[::1]:8000/",
    ],
)
def test_what_nobody_can_read(url: str) -> None:
    """Encrypted, or never leaving this machine."""
    assert found(request(url)) == []


@pytest.mark.parametrize(
    ("url", "resource", "severity", "host"),
    [
        ("http://example.org/a.png", "image", "high", "example.org"),
        ("http://cdn.example.com/a.png", "image", "medium", "cdn.example.com"),
        ("http://cdn.example.com/a.js", "script", "high", "cdn.example.com"),
        ("http://frame.example.com/", "document", "high", "frame.example.com"),
        ("ws://chat.example.com/", "websocket", "high", "chat.example.com"),
        ("http://192.0.2.1/", "", "medium", "192.0.2.1"),
        ("http://notlocalhost/", "", "medium", "notlocalhost"),
    ],
)
def test_what_anybody_can_read(url: str, resource: str, severity: str, host: str) -> None:
    """Our own pages, and scripts that control them, above pictures of others."""
    assert found(request(url, resource=resource)) == [(severity, f"host:{host}")]


HTTP, HTTPS = "http://example.org/", "https://example.org/"


@pytest.mark.parametrize(
    ("origin", "target", "facts", "fine"),
    [
        (HTTP, HTTPS, {}, True),
        ("http://www.example.org/a", "https://example.org/a", {}, True),
        (HTTP, HTTPS, {"method": "HEAD"}, True),
        (HTTP, HTTPS, {"status": 200}, False),
        (HTTP, HTTPS, {"method": "POST"}, False),
        (HTTP, "http://www.example.org/", {}, False),
        ("http://example.org/?email=*", HTTPS, {}, False),
        ("http://cdn.example.com/", "https://cdn.example.com/", {}, False),
    ],
    ids=range(8),
)
def test_a_site_may_send_visitors_to_https(
    origin: str, target: str, facts: dict[str, object], fine: bool
) -> None:
    """A first request that carries nothing is how a visitor gets there; a form is not."""
    seen = [
        request(origin, **{"status": 301, **facts}),
        request(target, redirected_from=origin),
    ]
    assert (found(*seen) == []) is fine


@pytest.mark.parametrize(
    ("seen", "fine"),
    [
        (cookie("a"), True),
        (cookie("a", over_tls=False), False),
        (sent("a"), True),
        (sent("a", over_tls=False), False),
        (sent("a", "www.example.org", over_tls=False), True),
    ],
    ids=range(5),
)
def test_an_upgrade_that_carries_a_cookie(seen: SiteObservation, fine: bool) -> None:
    """Who listens reads the cookie, whichever way it went."""
    upgrade = [request(HTTP, status=301), request(HTTPS, redirected_from=HTTP)]
    assert (found(*upgrade, seen) == []) is fine


def test_one_host_is_one_finding() -> None:
    """With all that was asked for in the open, and nothing else."""
    seen = [request(f"http://a.example/{n}") for n in range(3)]
    result = judge(insecure_transport, policy(""), site(*seen, request("https://a.example/x")))
    (finding,) = result.findings
    assert [told.detail[-1] for told in finding.seen] == ["0", "1", "2"]
    assert finding.message == "a.example is talked to without encryption"
