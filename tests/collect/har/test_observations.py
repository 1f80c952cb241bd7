"""Exchanges in any order are told as one story."""

from collections.abc import Callable
from typing import Any

from auditor.collect.har.exchanges import read_exchange
from auditor.collect.har.observations import Story, tell
from auditor.evidence import PageLoaded, RequestSent, State

MakeEntry = Callable[..., dict[str, Any]]
NOON = 1768478400000


def story(*entries: object) -> Story:
    """Return what entries tell."""
    read = [read_exchange(value, number) for number, value in enumerate(entries)]
    return tell([seen for seen in read if seen is not None], NOON, State.REJECT)


def test_order_time_state_and_page(entry: MakeEntry) -> None:
    """By time, in milliseconds since the beginning; every observation has state and page."""
    seen = story(
        entry("https://x.org/b.png", at=2.5, pageref="1", sent={"Cookie": "a=1"}),
        entry("https://x.org/", page=True, pageref="1", got={"Set-Cookie": "a=1"}),
    ).observations
    assert [type(item).__name__ for item in seen] == [
        "RequestSent",
        "PageLoaded",
        "CookieSet",
        "RequestSent",
        "CookieSent",
    ]
    assert [item.t for item in seen] == [0, 0, 0, 2500, 2500]
    assert {(item.page, item.state) for item in seen} == {("https://x.org/", State.REJECT)}


def test_a_redirect_is_carried_on(entry: MakeEntry) -> None:
    """To the request that it led to, and to no later one of the same URL."""
    seen = story(
        entry("https://x.org/a", status=302, redirect="/b?u=1"),
        entry("https://x.org/b?u=1", at=1),
        entry("https://x.org/b?u=1", at=2),
    ).observations
    assert [item.redirected_from for item in seen if isinstance(item, RequestSent)] == [
        "",
        "https://x.org/a",
        "",
    ]


def test_where_a_redirect_leads_is_never_missed(entry: MakeEntry) -> None:
    """A target without an entry of its own was talked to all the same, and did not answer."""
    told = story(
        entry("https://x.org/"),
        entry(
            "https://x.org/go",
            status=302,
            redirect="//partner.example/in?id=1",
            at=1,
            _initiator="https://x.org/a.js",
            _resourceType="image",
        ),
    )
    last = told.observations[-1]
    assert isinstance(last, RequestSent)
    assert (last.url, last.host) == ("https://partner.example/in?id=*", "partner.example")
    assert (last.redirected_from, last.status) == ("https://x.org/go", None)
    assert (last.by, last.resource) == ("https://x.org/a.js", "image")
    assert told.unanswered == ("partner.example",)


def test_hosts_that_did_not_answer(entry: MakeEntry) -> None:
    """Each once, also if it answered another time; not those that the browser blocked."""
    told = story(
        entry("https://x.org/"),
        entry("https://dead.example/", status=0),
        entry("https://dead.example/"),
        entry("https://ads.example/", status=0, response={"_error": "net::ERR_BLOCKED_BY_CLIENT"}),
    )
    assert told.unanswered == ("dead.example",)


def test_cookies_on_the_first_request(entry: MakeEntry) -> None:
    """Of a document only, and of the first in time."""
    cookie = {"Cookie": "a=1"}
    late = entry("https://x.org/", page=True, sent=cookie, at=5)
    assert story(late).began_with_cookies
    assert not story(late, entry("https://x.org/", page=True)).began_with_cookies
    assert not story(
        entry("https://x.org/a.js", _resourceType="script", sent=cookie)
    ).began_with_cookies


def test_an_undated_exchange_has_no_time(entry: MakeEntry) -> None:
    """It is told last."""
    seen = story(
        {**entry("https://x.org/a"), "startedDateTime": ""}, entry("https://x.org/", page=True)
    )
    assert [item.t for item in seen.observations] == [0, 0, None]
    assert isinstance(seen.observations[1], PageLoaded)
