"""An entry becomes what is kept of it: no values, no bodies, no exact URLs."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from auditor.collect.har.exchanges import Exchange, read_exchange
from auditor.collect.web.address import locate
from auditor.evidence import CookieSent, CookieSet

MakeEntry = Callable[..., dict[str, Any]]


def read(value: object) -> Exchange:
    """Return an entry that talks to a host as an exchange."""
    exchange = read_exchange(value, 1)
    assert exchange is not None
    return exchange


def test_what_is_kept_of_a_request(entry: MakeEntry) -> None:
    """URL and initiator as shapes, the host in its normal form, one of nine methods."""
    seen = read(
        entry(
            "https://jo:pw@STATS.Example.org./users/4711?mail=jo%40mail.example#top",
            request={"method": "post", "postData": {"text": "secret"}},
            sent={"Referer": "https://example.org/?q=secret"},
            _initiator="https://cdn.example/a.js?v=1",
            at=1.5,
        )
    )
    assert seen.request.url == "https://stats.example.org./users/*?mail=*"
    assert seen.request.host == "stats.example.org"
    assert (seen.request.method, seen.request.status) == ("POST", 200)
    assert seen.request.by == "https://cdn.example/a.js?v=*"
    assert seen.referer is not None
    assert seen.referer.shape == "https://example.org/?q=*"
    assert seen.started == 1768478401500
    assert read(entry(request={"method": "jo doe"})).request.method == "OTHER"


@pytest.mark.parametrize(
    "url",
    [
        "data:text/html,hi",
        "blob:https://x.org/1",
        "about:blank",
        "chrome-extension://a/b.js",
        "",
        "moz-extension://a/",
        "file:///etc/passwd",
        "javascript:0",
        "//x.org/",
        "x.org",
    ],
)
def test_what_talks_to_nobody_is_passed_over(entry: MakeEntry, url: str) -> None:
    """Addresses inside the browser are no contacts."""
    assert read_exchange(entry(url), 1) is None


@pytest.mark.parametrize("url", ["https://", "http://[::1", "https://x.org:99999/", "wss:///a"])
def test_a_contact_that_cannot_be_read_is_unusable(entry: MakeEntry, url: str) -> None:
    """It is not passed over: it was a contact with somebody."""
    with pytest.raises(ValueError, match=r"^its URL cannot be read$"):
        read_exchange(entry(url), 1)


def test_one_url_is_one_number() -> None:
    """However it is written; values count, fragments do not."""
    same = [
        "https://x.org/?a=1",
        "HTTPS://X.org:443?a=1",
        "https://user@x.org/?a=1#top",
        " https://x.org./?a=1",
    ]
    others = ["https://x.org/?a=2", "http://x.org/?a=1", "https://x.org:8443/?a=1"]
    numbers = [address.number for url in (*same, *others) if (address := locate(url))]
    assert len(numbers) == 7
    assert len(set(numbers)) == 4
    assert len(set(numbers[:4])) == 1


def test_long_urls_are_located_too() -> None:
    """Not remembered, but told apart."""
    first, second = (locate(f"https://x.org/?a={'x' * 10_000}{end}") for end in "ab")
    assert first is not None
    assert second is not None
    assert first.shape == second.shape
    assert first.number != second.number


@pytest.mark.parametrize(
    ("status", "written", "shape"),
    [
        (302, "https://y.org/a?b=1", "https://y.org/a?b=*"),
        (301, "//y.org/a", "https://y.org/a"),
        (303, "../b", "https://x.org/b"),
        (307, "?c=1", "https://x.org/p/a?c=*"),
        (308, "", None),
        (302, "mailto:jo@mail.example", None),
        (302, "http://[", None),
        (201, "https://y.org/", None),
        (304, "https://y.org/", None),
    ],
)
def test_redirects(entry: MakeEntry, status: int, written: str, shape: str | None) -> None:
    """Absolute, without a scheme or relative; only a redirect redirects."""
    target = read(entry("https://x.org/p/a", status=status, redirect=written)).target
    assert (target.shape if target else None) == shape


def test_a_location_header_stands_in(entry: MakeEntry) -> None:
    """Where the exporter leaves redirectURL empty."""
    seen = read(entry(status=302, got={"LOCATION": "/next"}, response={"redirectURL": None}))
    assert seen.target is not None
    assert seen.target.shape == "https://example.org/next"


def test_lifetimes_count_from_the_response(entry: MakeEntry) -> None:
    """From its Date, else from when the request was sent."""
    cookie = "a=1; Expires=Thu, 15 Jan 2026 12:01:00 GMT"
    dated = read(entry(got={"Set-Cookie": cookie, "Date": "Thu, 15 Jan 2026 12:00:10 GMT"}))
    undated = read(entry(got={"Set-Cookie": cookie}, at=20))
    assert [
        item.lifetime
        for seen in (dated, undated)
        for item in seen.cookies
        if isinstance(item, CookieSet)
    ] == [50, 40]
    timeless = {**entry(got={"Set-Cookie": cookie}), "startedDateTime": None}
    with pytest.raises(ValueError, match="no date tells when"):
        read(timeless)


def test_cookies_of_both_ways(entry: MakeEntry) -> None:
    """Those sent stand before those set; the writer is the response."""
    seen = read(
        entry(
            "https://x.org/a",
            sent={"Cookie": "s=1"},
            got={"Set-Cookie": "t=2"},
            _initiator={"url": "https://x.org/"},
        )
    )
    sent, got = seen.cookies
    assert isinstance(sent, CookieSent)
    assert isinstance(got, CookieSet)
    assert (sent.name, sent.by) == ("s", "https://x.org/")
    assert (got.name, got.by, got.writer) == ("t", "https://x.org/a", "x.org")


@pytest.mark.parametrize(
    ("url", "over_tls", "refused"),
    [
        ("https://x.org/", True, ""),
        ("wss://x.org/", True, ""),
        ("http://x.org/", False, "Secure over http"),
        ("ws://x.org/", False, "Secure over http"),
        ("http://localhost:8000/", False, ""),
        ("http://shop.localhost/", False, ""),
        ("http://127.0.0.1/", False, ""),
        ("http://[::1]/", False, ""),
    ],
)
def test_connections(entry: MakeEntry, url: str, refused: str, *, over_tls: bool) -> None:
    """A connection within this machine counts as secure, not as encrypted."""
    (seen,) = read(entry(url, got={"Set-Cookie": "a=1; Secure"})).cookies
    assert isinstance(seen, CookieSet)
    assert (seen.over_tls, seen.refused) == (over_tls, refused)


def test_answers(entry: MakeEntry) -> None:
    """A cached or empty answer is one; what the site's own policy forbids was never sent."""
    facts = {
        "fine": read(entry(status=304)),
        "none": read(entry(status=0)),
        "failed later": read(entry(response={"_error": "net::ERR_ABORTED"})),
        "CSP": read(entry(status=0, response={"_error": "net::ERR_BLOCKED_BY_CSP"})),
        "blocked": read(entry(status=0, response={"_error": "net::ERR_BLOCKED_BY_CLIENT"})),
    }
    assert {name: (seen.answered, seen.blocked) for name, seen in facts.items()} == {
        "fine": (True, False),
        "none": (False, False),
        "failed later": (True, False),
        "CSP": (False, False),
        "blocked": (False, True),
    }
    assert [name for name, seen in facts.items() if seen.forbidden] == ["CSP"]
    assert facts["none"].request.status is None
    assert facts["failed later"].request.failed == "net::ERR_ABORTED"


def test_links_only_of_documents_that_came(entry: MakeEntry) -> None:
    """Not of frames, scripts or redirects."""
    content = {"text": '<a href="/privacy">', "mimeType": "text/html"}
    assert read(entry(content=content, page=True)).links == ("https://example.org/privacy",)
    assert read(entry(content=content)).links == ("https://example.org/privacy",)
    assert read(entry(content=content, page=False)).links is None
    assert read(entry(content=content, _resourceType="xhr")).links is None
    assert read(entry(content=content, page=True, status=302, redirect="/a")).links is None
    assert read(entry(page=True)).links is None


def test_nothing_personal_is_left(entry: MakeEntry) -> None:
    """Neither in what goes into evidence nor in what ties exchanges together."""
    seen = read(
        entry(
            "https://secret:secret@example.org/?q=secret#secret",
            sent={"Cookie": "a=secret", "Referer": "https://x.org/?secret"},
            got={"Set-Cookie": "a=secret; Comment=secret"},
            redirect="/?a=secret",
            status=302,
            _initiator="https://x.org/?a=secret",
        )
    )
    assert b"secret" not in msgspec.json.encode(seen)
