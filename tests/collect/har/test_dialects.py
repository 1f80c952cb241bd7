"""Each exporter writes HAR in its own way; what was seen is the same."""

import codecs
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.collect.har import HarRecording, read_har
from auditor.collect.har.dialects import body, header, headers, initiators, read_entry
from auditor.collect.har.failures import failure
from auditor.evidence import CookieSent, CookieSet, PageLoaded, RequestSent, SiteObservation

FILES = Path(__file__).parent.parent / "har_files"


def told(seen: SiteObservation) -> str:
    """Return one line for an observation."""
    on = f" on {seen.page}" if seen.page else ""
    by = f" by {seen.by}" if seen.by else ""
    match seen:
        case PageLoaded():
            return f"page {seen.url} {seen.status} -> {seen.links}"
        case RequestSent():
            after = f" after {seen.redirected_from}" if seen.redirected_from else ""
            end = seen.failed or seen.status
            return f"{seen.resource or '?'} {seen.url} {end}{on}{by}{after}"
        case CookieSet():
            where = f"{'=' if seen.host_only else '*.'}{seen.domain}"
            return f"set {seen.name} {where} for {seen.lifetime} {seen.refused}".strip()
        case CookieSent():
            return f"sent {seen.name} to {seen.host}"
        case _:
            return f"{seen}"


def story(recording: HarRecording) -> list[str]:
    """Return the observations and gaps of a recording, a line each; the shop is `~`."""
    lines = [*map(told, recording.observations), *(f"? {gap.what}" for gap in recording.gaps)]
    return [line.replace("https://shop.example/", "~/") for line in lines]


def test_chrome() -> None:
    """Chrome DevTools: types, initiators with stacks, WebSockets, aborted beacons, HSTS."""
    recording = read_har(FILES / "chrome.har")
    assert recording.source.tool == "WebInspector 537.36"
    assert story(recording) == snapshot(
        [
            "document http://shop.example/ 307 on ~/",
            "document ~/ 200 on ~/ after http://shop.example/",
            "page ~/ 200 -> ('~/privacy?from=*',)",
            "set basket =shop.example for None",
            "set shop_lang *.shop.example for 31536000",
            "script https://tags.example/t.js?id=* 200 on ~/ by ~/",
            "image https://pixel.example/p?uid=*&email=* 200 on ~/ by https://tags.example/t.js?id=*",
            "sent uid to pixel.example",
            "sent opt to pixel.example",
            "set uid =pixel.example for 31536000",
            "websocket wss://live.shop.example/feed 101 on ~/ by ~/app.js",
            "beacon https://beacons.example/leave net::ERR_ABORTED on ~/",
            "document ~/basket 200 on ~/basket",
            "page ~/basket 200 -> None",
            "sent basket to shop.example",
            "sent shop_lang to shop.example",
            "document https://pay.example/widget 200 on ~/basket by ~/basket",
            "? beacons.example",
        ]
    )


def test_firefox() -> None:
    """Firefox: the type of a request is in its headers, and no answer is a null."""
    assert story(read_har(FILES / "firefox.har")) == snapshot(
        [
            "document ~/ 200 on ~/",
            "page ~/ 200 -> ('~/privacy',)",
            "set basket =shop.example for 3600",
            "script https://tags.example/t.js 200 on ~/",
            "fetch https://api.shop.example/v1/stock 200 on ~/",
            "sent basket to api.shop.example",
            "document https://ads.example/frame 200 on ~/",
            "image https://dead.example/x.png no response on ~/",
            "? dead.example",
        ]
    )


def test_safari() -> None:
    """Safari: one group of requests for several pages."""
    assert story(read_har(FILES / "safari.har")) == snapshot(
        [
            "document ~/ 200 on ~/",
            "page ~/ 200 -> None",
            "set basket =shop.example for None",
            "image ~/logo.png 200 on ~/",
            "sent basket to shop.example",
            "document ~/about 200 on ~/about",
            "page ~/about 200 -> None",
            "sent basket to shop.example",
            "image https://maps.example/tile/7/65/44.png 200 on ~/about",
        ]
    )


def test_sitespeed() -> None:
    """chrome-har: initiators in texts, headers joined by newlines, a redirect left alone."""
    assert story(read_har(FILES / "sitespeed.har")) == snapshot(
        [
            "document ~/ 200 on ~/",
            "page ~/ 200 -> None",
            "set basket =shop.example for None",
            "set visitor_* *.shop.example for 2592000",
            "image https://sync.example/go?to=* 302 on ~/ by ~/app.js",
            "image https://partner.example/in?u=* None on ~/ by ~/app.js after https://sync.example/go?to=*",
            "font https://font.example/a.woff2 200 on ~/ by ~/site.css",
            "? partner.example",
        ]
    )


def test_proxy() -> None:
    """A proxy: no pages and no initiators, so the Referer tells where a request belongs."""
    assert story(read_har(FILES / "proxy.har")) == snapshot(
        [
            "document http://shop.example/ 200 on http://shop.example/",
            "page http://shop.example/ 200 -> None",
            "set basket =shop.example for None",
            "stylesheet http://shop.example/site.css 200 on http://shop.example/",
            "sent basket to shop.example",
            "document http://ads.example/banner 200 on http://shop.example/",
            "image http://ads.example/track.gif 200 on http://shop.example/",
            "document http://shop.example/about 200 on http://shop.example/about",
            "page http://shop.example/about 200 -> None",
            "sent basket to shop.example",
            "image http://shop.example/team.jpg 200 on http://shop.example/about",
        ]
    )


def test_single_request() -> None:
    """One request copied from the network panel, behind a byte-order mark, opens no page."""
    path = FILES / "single.har"
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    recording = read_har(path)
    assert recording.visited == ()
    assert story(recording) == snapshot(
        [
            "beacon https://metrics.example/collect 204 by https://metrics.example/m.js",
            "? recording single.har: no cookies in it, perhaps left out by the export",
        ]
    )


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "text",
        [],
        {},
        {"request": None},
        {"request": {"url": 5}},
        {"request": {"url": "https://x.org/", "headers": [["Cookie", "a=1"]]}},
        {"request": {"url": "https://x.org/", "headers": {"Cookie": "a=1"}}},
        {"request": {"url": "https://x.org/"}, "response": {"cookies": ["a"]}},
    ],
)
def test_what_could_hide_something_is_unusable(wrong: object) -> None:
    """An entry whose URL, headers or cookies have another form is refused, unquoted."""
    with pytest.raises(ValueError, match=r"^Expected|missing") as caught:
        read_entry(wrong)
    assert "a=1" not in str(caught.value)


def test_what_hides_nothing_may_be_anything() -> None:
    """Types, stacks, bodies and dates of any form leave the entry usable."""
    entry = read_entry(
        {
            "request": {"url": "https://x.org/", "method": 1, "headers": None},
            "response": {"status": "200", "content": [], "redirectURL": {}},
            "_initiator": [1],
            "_initiator_detail": "{",
            "_resourceType": {},
            "startedDateTime": 5,
            "pageref": [],
        }
    )
    assert entry.response is not None
    assert [*initiators(entry)] == [""]
    assert body(entry.response) is None
    assert failure(entry, entry.response) == ("", False)


def test_headers_are_found_in_any_case() -> None:
    """Names differ in case, values may be joined by newlines or not be texts."""
    pairs = read_entry(
        {
            "request": {
                "url": "",
                "headers": [
                    {"name": "SET-Cookie", "value": "a=1\nb=2\n"},
                    {"name": "set-cookie", "value": 3},
                    {"name": "set-cookie", "value": "c=4"},
                    {"name": ":path", "value": "/"},
                ],
            }
        }
    ).request.headers
    assert headers(pairs, "set-cookie") == ["a=1", "b=2", "c=4"]
    assert header(pairs, "set-cookie") == "a=1"
    assert header(pairs, "date") == ""


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({"status": 200, "_error": None}, ("", False)),
        ({"status": 0}, ("no response", False)),
        ({"status": None}, ("no response", False)),
        ({"status": 0, "statusText": "net::ERR_TIMED_OUT"}, ("net::ERR_TIMED_OUT", False)),
        ({"status": 200, "statusText": "Fine, Jo"}, ("", False)),
        ({"status": 0, "_error": "Jo's line is down"}, ("no response", False)),
        ({"status": 200, "_error": "Jo's line is down"}, ("failed", False)),
        (
            {"status": 0, "_error": "net::ERR_BLOCKED_BY_CLIENT"},
            ("net::ERR_BLOCKED_BY_CLIENT", True),
        ),
        ({"status": 0, "_error": "NS_ERROR_TRACKING_URI"}, ("NS_ERROR_TRACKING_URI", True)),
        ({"status": 0, "_error": "net::ERR_JO_DOE_4711"}, ("net::ERR", False)),
        ({"status": 0, "_error": "JO_DOE_4711"}, ("no response", False)),
        ({"status": 0, "_error": "ERR_FAILED"}, ("net::ERR_FAILED", False)),
        ({"status": 0, "statusText": "OK"}, ("no response", False)),
        ({"status": 0, "statusText": "blocked_by_client"}, ("blocked", True)),
    ],
)
def test_failures(response: dict[str, object], expected: tuple[str, bool]) -> None:
    """A network error is named if it is a name; a blocked request is told from a failed one."""
    entry = read_entry({"request": {"url": "https://x.org/"}, "response": response})
    assert entry.response is not None
    assert failure(entry, entry.response) == expected


def test_the_innermost_script_is_the_author() -> None:
    """The stack is walked through asynchronous parents, then comes the initiator's own URL."""
    entry = read_entry(
        {
            "request": {"url": "https://x.org/"},
            "_initiator": {
                "url": "https://x.org/page",
                "stack": {
                    "callFrames": [{"url": ""}, 7, {"url": "https://x.org/a.js"}],
                    "parent": {"callFrames": [{"url": "https://x.org/b.js"}], "parent": "no"},
                },
            },
        }
    )
    assert [url for url in initiators(entry) if url] == [
        "https://x.org/a.js",
        "https://x.org/b.js",
        "https://x.org/page",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "<p>"}, "<p>"),
        ({"text": "PHA+", "encoding": "base64"}, "<p>"),
        ({"text": "/w==", "encoding": "base64"}, "\ufffd"),
        ({"text": "PHA", "encoding": "base64"}, None),
        ({"text": ""}, None),
        ({"text": "a" * (5 * 1024**2 + 1)}, None),
        ("<p>", None),
    ],
)
def test_bodies(content: object, expected: str | None) -> None:
    """Base64 is taken off; what was not kept, is broken or too long is not known."""
    entry = read_entry({"request": {"url": ""}, "response": {"content": content}})
    assert entry.response is not None
    assert body(entry.response) == expected
