"""The network log of a real browser, and logs that are none."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from playwright.sync_api import sync_playwright
from shop import HTML, SCRIPT, Page, shop

from auditor.collect.site.browser import find_browser
from auditor.collect.site.netlog import NetLog, NetLogError, Request, read_netlog, unseen

Event = dict[str, Any]

HOME = """<!doctype html><link rel=stylesheet href="http://css.third.localhost:PORT/a.css?mail=jo">
<link rel=prefetch href="http://prefetch.third.localhost:PORT/">
<img src="http://hop.third.localhost:PORT/hop"><img src="http://nowhere.invalid/x.png">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><iframe src="/forbidding"></iframe>
<iframe sandbox=allow-scripts srcdoc="<script>
fetch('http://opaque.third.localhost:PORT/', {mode: 'no-cors'})</script>"></iframe>
<a id=away href="/next" ping="http://ping.third.localhost:PORT/">Away</a><script>
const far = (name) => `http://${name}.third.localhost:PORT/`;
new WebSocket("ws://socket.third.localhost:PORT/");
navigator.serviceWorker.register("/sw.js");
new Worker("/worker.js");
new WebTransport("https://quick.invalid:4433/").ready.catch(() => 0);
const call = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:34780" }] });
call.createDataChannel("x");
call.createOffer().then((offer) => call.setLocalDescription(offer));
addEventListener("pagehide", () => {
  navigator.sendBeacon(far("beacon"), "x");
  fetch(far("keepalive"), { method: "POST", keepalive: true, body: "x", mode: "no-cors" });
});
</script>"""
FORBIDDING = {
    "Content-Security-Policy": "img-src 'none'; report-uri http://report.third.localhost:PORT/"
}
CALL = 'fetch("http://{}.third.localhost:PORT/", {{ mode: "no-cors" }}).catch(() => 0);'
KEPT = {"Cache-Control": "max-age=1000"}
PAGES: dict[str, Page] = {
    "/": (HOME, HTML, {}),
    "/a.css": ("", "text/css", KEPT),
    "/hop": ("", HTML, {"Status": "302", "Location": "http://end.third.localhost:PORT/end?id=1"}),
    "/forbidding": ('<img src="http://never.third.localhost:PORT/">', HTML, FORBIDDING),
    "/next": (
        '<link rel=stylesheet href="http://css.third.localhost:PORT/a.css?mail=jo">',
        HTML,
        {},
    ),
    "/worker.js": (CALL.format("worker"), SCRIPT, {}),
    "/sw.js": (CALL.format("service"), SCRIPT, {}),
}
FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync")


class Visited:
    """What a visit left behind: the log, whom the server saw, and whom events told of."""

    def __init__(self, log: NetLog, asked: set[str], told: set[str]) -> None:
        """Keep all three."""
        self.log, self.asked, self.told = log, asked, told


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Visited:
    """Visit two pages with a real browser, which writes its network log."""
    path = tmp_path_factory.mktemp("netlog") / "netlog.json"
    told: set[str] = set()
    with shop(PAGES) as opened, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser().path,
            args=[*FLAGS, f"--log-net-log={path}", "--net-log-capture-mode=Default"],
            chromium_sandbox=os.geteuid() != 0,
        )
        context = browser.new_context()
        context.on("request", lambda request: told.add(urlsplit(request.url).hostname or ""))
        page = context.new_page()
        page.on("websocket", lambda socket: told.add(urlsplit(socket.url).hostname or ""))
        page.goto(opened.url)
        page.wait_for_timeout(1000)
        page.click("#away")
        page.wait_for_timeout(500)
        browser.close()
        asked = {entry.partition("/")[0] for entry in opened.log}
    return Visited(read_netlog(path), asked, told)


def shown(request: Request) -> str:
    """Return a request in a line, without the ends of hosts, and ports, which differ."""
    parts = (
        request.resource,
        request.method,
        request.url,
        request.initiator and f"by {request.initiator}",
        request.redirected_from and f"from {request.redirected_from}",
        request.failed,
        request.space,
        "" if request.reached else "cached",
    )
    return re.sub(r":\d+|(\.third)?\.localhost", "", " ".join(filter(None, parts)))


def test_what_a_real_log_holds(visited: Visited) -> None:
    """Every request of pages, frames and workers, each hop, what failed, no value."""
    lines = {shown(request) for request in visited.log.requests if request.initiator}
    assert sorted(lines) == snapshot(
        [
            "document GET http://shop/forbidding by http://shop loopback",
            "document GET http://shop/next by http://shop loopback",
            "other GET http://css/a.css?mail=* by http://shop loopback",
            "other GET http://css/a.css?mail=* by http://shop loopback cached",
            "other GET http://end/end?id=* by http://shop from http://hop/hop loopback",
            "other GET http://hop/hop by http://shop loopback",
            "other GET http://nowhere.invalid/x.png by http://shop net::ERR_NAME_NOT_RESOLVED",
            "other GET http://prefetch/ by http://shop loopback",
            "other GET http://service/ by http://shop loopback",
            "other GET http://shop/sw.js by http://shop loopback",
            "other GET http://shop/worker.js by http://shop loopback",
            "other GET http://worker/ by http://shop loopback",
            "other POST http://beacon/ by http://shop loopback",
            "other POST http://keepalive/ by http://shop loopback",
            "other POST http://ping/ by http://shop loopback",
            "other POST http://report/ by http://shop loopback",
            "websocket GET ws://socket/ by http://shop net::ERR_INVALID_RESPONSE",
        ]
    )


def test_nothing_that_the_server_saw_is_missing(visited: Visited) -> None:
    """Whoever was asked for something is in the log: reached, and nothing of the browser's own."""
    reached = {seen.host for seen in visited.log.requests if seen.reached and not seen.own}
    assert visited.asked <= reached
    assert "never.third.localhost" not in reached


def test_what_nobody_else_saw(visited: Visited) -> None:
    """What is sent as a page is left reaches no event: only the log tells of it."""
    missing = {request.host for request in unseen(visited.log, visited.told)}
    assert {"beacon.third.localhost", "keepalive.third.localhost"} <= missing
    assert missing >= visited.asked - visited.told
    assert unseen(visited.log, {request.host for request in visited.log.requests}) == ()


def test_what_comes_from_the_cache_did_not_reach_the_network(visited: Visited) -> None:
    """The style sheet of two pages is asked for twice, and reached once."""
    css = [seen for seen in visited.log.requests if seen.host == "css.third.localhost"]
    assert [seen.reached for seen in css] == [True, False]
    others = {seen.host for seen in visited.log.requests} - {"css.third.localhost"}
    assert unseen(visited.log, others) == (css[0],)


def test_hosts_that_no_request_names(visited: Visited) -> None:
    """WebRTC sends packets to an address, and WebTransport is no request of a page."""
    assert visited.log.connected == ("127.0.0.1",)
    transports = [seen for seen in visited.log.requests if seen.resource == "webtransport"]
    assert [(seen.host, seen.method) for seen in transports] == [("quick.invalid", "CONNECT")]


def test_the_time_of_a_request_is_that_of_the_clock(visited: Visited) -> None:
    """`at` counts from 1970, in order."""
    times = [request.at for request in visited.log.requests]
    assert times == sorted(times)
    assert 1_700_000_000_000 < times[0] < 10_000_000_000_000


TYPES = (
    "REQUEST_ALIVE URL_REQUEST_START_JOB HTTP_STREAM_REQUEST HTTP_TRANSACTION_SEND_REQUEST"
    " HTTP_STREAM_JOB_CONTROLLER UDP_BYTES_SENT"
).split()
CONSTANTS = {
    "logEventTypes": {name: number for number, name in enumerate(TYPES)},
    "logEventPhase": {"PHASE_NONE": 0, "PHASE_BEGIN": 1, "PHASE_END": 2},
    "netError": {"ERR_CONNECTION_REFUSED": -102, "ERR_NAME_NOT_RESOLVED": -105},
    "timeTickOffset": 1000,
}


def event(name: str, phase: int = 1, *, source: int = 1, **params: object) -> Event:
    """Return one event."""
    kind = TYPES.index(name)
    return {
        "type": kind,
        "phase": phase,
        "time": "5",
        "source": {"id": source, "type": 1},
        "params": params,
    }


def asked(url: str, source: int = 1, **params: Any) -> list[Event]:  # noqa: ANN401
    """Return the events of a request that reaches the network."""
    mark = params.pop("mark", 7)
    return [
        event("REQUEST_ALIVE", source=source, traffic_annotation=mark),
        event("URL_REQUEST_START_JOB", source=source, url=url, method="GET", **params),
        event("HTTP_STREAM_REQUEST", source=source),
    ]


WriteLog = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteLog:
    """Return what writes events as a network log."""

    def write_log(*events: Event, constants: object = CONSTANTS) -> Path:
        path = tmp_path / "netlog.json"
        path.write_text(json.dumps({"constants": constants, "events": events, "polledData": []}))
        return path

    return write_log


@pytest.mark.parametrize(
    ("initiator", "kind", "own"),
    [
        ("not an origin", "other", True),
        ("chrome://newtab", "other", True),
        ("chrome-extension://abc", "other", True),
        ("not an origin", "main frame", False),
        ("https://example.org", "other", False),
        ("null", "other", False),
        ("", "other", False),
    ],
)
def test_the_browsers_own_traffic_is_told_apart(
    write: WriteLog, initiator: str, kind: str, *, own: bool
) -> None:
    """Only what has no origin, or one of the browser, is its own; in doubt, a page did it."""
    path = write(*asked("https://x.example/", initiator=initiator, request_type=kind))
    log = read_netlog(path)
    assert [seen.own for seen in log.requests] == [own]
    assert [seen.host for seen in unseen(log, ())] == ([] if own else ["x.example"])


def test_what_an_idle_browser_asks_too_is_not_the_sites_doing(write: WriteLog) -> None:
    """A host is subtracted for the purpose for which an idle browser asked it, no further."""
    idle = read_netlog(write(*asked("https://update.example/", mark=1)))
    log = read_netlog(
        write(
            *asked("https://update.example/a", mark=1),
            *asked("https://update.example/b", source=2, mark=2),
        )
    )
    assert [seen.url for seen in unseen(log, (), idle)] == ["https://update.example/b"]


def test_a_connection_without_a_request_is_reported_apart(write: WriteLog) -> None:
    """A host connected to beforehand is named; one that was asked later is a request's."""
    path = write(
        event(
            "HTTP_STREAM_JOB_CONTROLLER", source=8, is_preconnect=True, url="https://a.example/"
        ),
        event(
            "HTTP_STREAM_JOB_CONTROLLER", source=9, is_preconnect=True, url="https://b.example/"
        ),
        event("UDP_BYTES_SENT", 0, source=3, address="[2001:db8::1]:3478", byte_count=20),
        event("UDP_BYTES_SENT", 0, source=3, address="224.0.0.251:5353", byte_count=20),
        event("UDP_BYTES_SENT", 0, source=4, byte_count=20),
        *asked("https://b.example/"),
    )
    assert read_netlog(path).connected == ("a.example", "2001:db8::1")


@pytest.mark.parametrize(
    ("error", "count"),
    [(-102, 1), (-105, 0), (0, 1)],
)
def test_a_host_that_may_not_be_called_so_is_counted(
    write: WriteLog, error: int, count: int
) -> None:
    """A request to such a host cannot be told; that it was sent is, unless the DNS has none."""
    end = event("REQUEST_ALIVE", 2, net_error=error)
    log = read_netlog(write(*asked("http://a~b.example/"), end))
    assert (log.requests, log.unreadable) == ((), count)


def test_no_value_is_kept(write: WriteLog) -> None:
    """Query, fragment, user and a made-up method are left out."""
    url = "https://jo:secret@x.example/p?mail=jo@x.example#jo"
    begin = event("URL_REQUEST_START_JOB", url=url, method="JO")
    (seen,) = read_netlog(write(begin)).requests
    assert (seen.url, seen.method) == ("https://x.example/p?mail=*", "OTHER")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "<html>",
        '{"constants": {}, "events": []}',
        '{"constants": 5, "events": []}',
        json.dumps({"constants": CONSTANTS, "events": [5]}),
        json.dumps({"constants": CONSTANTS, "events": [{"type": 0}]}),
        json.dumps({"constants": CONSTANTS, "events": [event("UDP_BYTES_SENT", address="x:1")]}),
        json.dumps({"constants": CONSTANTS, "events": [{**event("REQUEST_ALIVE"), "time": "x"}]}),
        json.dumps({"constants": CONSTANTS, "events": [{**event("REQUEST_ALIVE"), "params": 5}]}),
        json.dumps({"constants": CONSTANTS, "events": [event("URL_REQUEST_START_JOB")]}),
        '{"constants": {"x": ' + "9" * 5000 + "}}",
        '{"constants": {"x": 1e999}, "events": []}',
        '{"constants":' + "[" * 100,
    ],
)
def test_what_is_no_network_log_is_an_error(text: str, tmp_path: Path) -> None:
    """Nothing but a whole log is one; the text never quotes it."""
    path = tmp_path / "netlog.json"
    path.write_text(text)
    with pytest.raises(NetLogError, match=r"cut short, or not JSON|not as Chromium writes it"):
        read_netlog(path)


def test_a_log_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The system says why."""
    with pytest.raises(NetLogError, match="No such file"):
        read_netlog(tmp_path / "netlog.json")


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_log_cut_anywhere_is_an_error(
    share: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A browser that was ended leaves half a log, which never passes for all of it."""
    whole = json.dumps(
        {"constants": CONSTANTS, "events": asked("https://x.example/"), "polledData": []}
    )
    path = tmp_path_factory.mktemp("cut") / "netlog.json"
    path.write_text(whole[: int(len(whole) * share)])
    with pytest.raises(NetLogError):
        read_netlog(path)
