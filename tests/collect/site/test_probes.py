"""Probes in a real browser: who reads the device, who records visits; and clean twins."""

import json
import os
from collections.abc import Mapping
from functools import cache

import pytest
from shop import HTML, SCRIPT, Page, shop

from auditor.collect.site.plan import Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import DeviceRead, InputHeard, SiteEvidence, TagsListed
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0
PLAIN = "<!doctype html><title>Shop</title><p>Shop {}<script src={}/s.js></script>"
THEIRS = "http://cdn.third.localhost:PORT"

CANVAS = """const c = document.createElement("canvas"); c.width = 200; c.height = 40;
const g = c.getContext("2d"); {} g.fillText("{}", 2, 20); {}"""
TWO = 'g.fillStyle = "red"; g.fillText("a", 1, 9); g.fillStyle = "blue";'
PAGE_OF_FONTS = """const g = document.createElement("canvas").getContext("2d");
for (let n = 0; n < {}; n += 1) {{ g.font = `9px font${{n}}, serif`; g.measureText("mmm"); }}"""
WEBGL = """const g = document.createElement("canvas").getContext("webgl");
const e = g.getExtension("WEBGL_debug_renderer_info");"""
AUDIO = """const a = new OfflineAudioContext(1, 5000, 44100), o = a.createOscillator();
o.connect(a.destination); o.start(0);
a.startRendering().then((buffer) => buffer.getChannelData(0));"""
WEBRTC = """const p = new RTCPeerConnection(); p.onicecandidate = () => 0; p.createDataChannel("");
p.createOffer().then((offer) => p.setLocalDescription(offer));"""
ASKS = """const all = [navigator.deviceMemory, navigator.hardwareConcurrency, navigator.plugins,
navigator.mimeTypes, navigator.languages, navigator.platform, navigator.maxTouchPoints,
navigator.vendor, navigator.productSub, navigator.cookieEnabled, screen.width, screen.height,
screen.colorDepth];"""
BLIND = """for (const owner of [WeakMap, String, RegExp])
  for (const name of ["get", "set", "exec", "indexOf", "slice", "charCodeAt"])
    if (owner.prototype[name]) owner.prototype[name] = () => "";
Error.prepareStackTrace = () => "https://innocent.example/x.js:1:1"; Error.stackTraceLimit = 0;
Reflect.apply = () => 0; Object.prototype.get = () => 0; Proxy = WeakMap = undefined;
JSON.stringify = () => ""; Map.prototype.get = () => 0; Map.prototype.set = () => 0;
for (const key of Object.getOwnPropertyNames(window))
  if (key.includes("playwright")) window[key] = () => 0;"""

READS = {
    "canvas of many letters": (
        "canvas",
        CANVAS.format("", "Cwm fjordbank glyphs", "c.toDataURL()"),
    ),
    "canvas of two colours": ("canvas", CANVAS.format(TWO, "a", "c.toBlob(() => 0)")),
    "canvas by its pixels": (
        "canvas",
        CANVAS.format("", "Cwm fjordbank glyphs", "g.getImageData(0, 0, 200, 40)"),
    ),
    "canvas of another canvas": (
        "canvas",
        CANVAS.format("", "Cwm fjordbank glyphs", "")
        + """const d = document.createElement("canvas"); d.getContext("2d").drawImage(c, 0, 0);
        d.toDataURL()""",
    ),
    "fonts": ("fonts", PAGE_OF_FONTS.format(50)),
    "fonts by name": (
        "fonts",
        "for (let n = 0; n < 50; n += 1) document.fonts.check(`9px f${n}`, 'm')",
    ),
    "the graphics card": ("webgl", WEBGL + "g.getParameter(e.UNMASKED_RENDERER_WEBGL)"),
    "the limits of WebGL": (
        "webgl",
        WEBGL
        + "g.getSupportedExtensions(); for (let n = 3378; n < 3400; n += 1) g.getParameter(n)",
    ),
    "a picture of WebGL": (
        "webgl",
        WEBGL + "g.drawArrays(g.POINTS, 0, 1); g.readPixels(0, 0, 64, 64, g.RGBA, g.UNSIGNED_BYTE,"
        " new Uint8Array(64 * 64 * 4))",
    ),
    "audio": ("audio", AUDIO),
    "WebRTC": ("webrtc", WEBRTC),
    "what the browser says": ("browser", ASKS),
    "on a page that blinds what watches it": (
        "canvas",
        BLIND + CANVAS.format("", "Cwm fjordbank glyphs", "c.toDataURL()"),
    ),
}
ORDINARY = {
    "a chart": CANVAS.format("g.save();", "Sales from January to December", "g.restore();")
    + "c.toDataURL()",
    "a chart that is only shown": CANVAS.format(TWO, "Sales from January to December", ""),
    "an icon": CANVAS.format("", "Cwm fjordbank glyphs", "").replace("200", "15")
    + "c.toDataURL()",
    "a picture of a camera": CANVAS.format("", "2026", "g.getImageData(0, 0, 200, 40)"),
    "a drawing that people change": CANVAS.format(
        'c.addEventListener("click", () => 0);', "Cwm fjordbank glyphs", "c.toDataURL()"
    ),
    "a font picker": PAGE_OF_FONTS.format(5),
    "a text editor": """const g = document.createElement("canvas").getContext("2d");
        for (let n = 0; n < 1000; n += 1) g.measureText(`word ${n}`)""",
    "a game": WEBGL + "g.getParameter(g.VERSION); g.getParameter(g.MAX_TEXTURE_SIZE);"
    "for (let n = 0; n < 9; n += 1) g.drawArrays(g.POINTS, 0, 1);"
    "g.readPixels(0, 0, 64, 64, g.RGBA, g.UNSIGNED_BYTE, new Uint8Array(64 * 64 * 4))",
    "a sound that is cut": """const a = new OfflineAudioContext(1, 5000, 44100);
        const s = a.createBufferSource(); s.buffer = a.createBuffer(1, 9, 44100);
        s.connect(a.destination); s.start(0);
        a.startRendering().then((buffer) => buffer.getChannelData(0));""",
    "a video call": WEBRTC.replace(
        'p.createDataChannel("");', 'p.createDataChannel(""); p.addTransceiver("audio");'
    ),
    "a shared file": WEBRTC
    + """const q = new RTCPeerConnection();
        p.createOffer().then((offer) => q.setRemoteDescription(offer)).then(() => q.createAnswer())
        .then((answer) => p.setRemoteDescription(answer));""",
    "a word to its language": "navigator.languages; screen.width; navigator.platform",
}


def visited(pages: Mapping[str, Page]) -> SiteEvidence:
    """Visit a shop's home page."""
    with shop(pages) as opened:
        text = f"sites: [{{id: www, url: '{opened.url}', consent: {{banner: none}},"
        text += " crawl: {max_pages: 60}}]"
        return visit_sites(policy(text).sites, Looking(network=Network(sandbox=SANDBOX)))[0]


@cache
def all_at_once() -> SiteEvidence:
    """Visit a site with a page for each case: each has its own third party's script."""
    pages: dict[str, Page] = {}
    links = ""
    for number, script in enumerate([*(text for _, text in READS.values()), *ORDINARY.values()]):
        links += f"<a href=/{number}>{number}</a>"
        pages[f"/{number}"] = (f"<p>Page<script src={THEIRS}/{number}.js></script>", HTML, {})
        pages[f"/{number}.js"] = (script, SCRIPT, {})
    return visited({"/": (f"<p>Shop{links}", HTML, {}), **pages})


def reads(number: int) -> set[tuple[str, str]]:
    """Return what was read on one page by published criteria, and whose script read it."""
    return {
        (seen.what, seen.writer)
        for seen in all_at_once().observations
        if isinstance(seen, DeviceRead) and seen.page.endswith(f"/{number}") and seen.signs
    }


@pytest.mark.parametrize("case", READS)
def test_who_reads_the_device_is_told(case: str) -> None:
    """By what, and the script that does it, wherever it comes from."""
    assert reads([*READS].index(case)) == {(READS[case][0], "cdn.third.localhost")}


@pytest.mark.parametrize("case", ORDINARY)
def test_ordinary_pages_read_nothing(case: str) -> None:
    """What pages do every day meets none of the criteria."""
    assert reads(len(READS) + [*ORDINARY].index(case)) == set()


def test_there_is_no_gap() -> None:
    """Every page was looked at, and its probes were heard."""
    seen = all_at_once()
    assert seen.gaps == ()
    assert len(seen.pages) == 1 + len(READS) + len(ORDINARY)


RECORDER = """const all = [];
for (const type of ["mousemove", "scroll", "keydown", "input", "click"])
  document.addEventListener(type, (event) => all.push(event.type), true);
new MutationObserver((changes) => all.push(changes.length)).observe(document, {
  attributes: true, characterData: true, childList: true, subtree: true });
const send = (body) => fetch("http://in.third.localhost:PORT/",
  { method: "POST", mode: "no-cors", body });
send(document.documentElement.outerHTML);
setInterval(() => all.length && send(JSON.stringify(all.splice(0))), 1000);
setInterval(() => document.body.setAttribute("data-x", Date.now()), 700);"""
WATCHERS = {
    "a page with listeners": """for (const type of ["mousemove", "scroll", "keydown", "click"])
        addEventListener(type, () => fetch("/x", { method: "POST", body: type }));""",
    "a page that follows its changes": """new MutationObserver(() => 0).observe(document, {
        attributes: true, childList: true, subtree: true });
        addEventListener("click", () => 0); addEventListener("scroll", () => 0);
        setInterval(() => fetch("/x", { method: "POST", body: "alive" }), 1000);""",
    "a page that sends nothing": RECORDER.replace("fetch(", "String("),
}


def heard(script: str, where: str = THEIRS) -> list[InputHeard]:
    """Return who records on a page with one script."""
    home: Page = (PLAIN.format("", where), HTML, {})
    seen = visited({"/": home, "/s.js": (script, SCRIPT, {})})
    assert seen.gaps == ()
    return [one for one in seen.observations if isinstance(one, InputHeard)]


def test_a_recorder_is_known_by_what_it_does() -> None:
    """Its script, what it hears and whom it tells; nothing is known of its name."""
    (one,) = heard(RECORDER)
    assert (one.writer, one.sent_to) == ("cdn.third.localhost", ("in.third.localhost",))
    assert one.signs == (
        *("clicks", "keys", "pointer", "scroll", "text"),
        "changes of the document",
        "sent repeatedly",
    )
    assert one.by.endswith("/s.js")


@pytest.mark.parametrize("case", WATCHERS)
def test_ordinary_listeners_are_none(case: str) -> None:
    """Much of it is in many pages; only together does it make a recording."""
    assert heard(WATCHERS[case], "") == []


def test_frames_are_looked_into() -> None:
    """A frame of others is read by its own script, and told with its address."""
    frame = '<iframe src="http://ads.other.localhost:PORT/f"></iframe>'
    pages: dict[str, Page] = {
        "/": (f"<p>Shop{frame}", HTML, {}),
        "/f": (f"<script src={THEIRS}/s.js></script>", HTML, {}),
        "/s.js": (READS["canvas of many letters"][1], SCRIPT, {}),
    }
    seen = visited(pages)
    (one,) = (one for one in seen.observations if isinstance(one, DeviceRead))
    assert (one.host, one.writer) == ("ads.other.localhost", "cdn.third.localhost")
    assert one.frame.endswith("/f")


def test_what_meets_no_criteria_is_told_as_that() -> None:
    """A picture is read back without any text in it: read, and no sign of anything."""
    script = CANVAS.format("", "a", "c.toDataURL()")
    seen = visited({"/": (PLAIN.format("", THEIRS), HTML, {}), "/s.js": (script, SCRIPT, {})})
    (one,) = (one for one in seen.observations if isinstance(one, DeviceRead))
    assert (one.what, one.signs) == ("canvas", ())


def test_natives_stay_what_they_were() -> None:
    """Names, lengths, texts and errors are those that pages know."""
    script = """const t = HTMLCanvasElement.prototype.toDataURL;
    let error; try { t.call({}) } catch (one) { error = `${one.name}: ${one.message}` }
    const native = /\\[native code\\]/.test(Function.prototype.toString.call(t));
    document.cookie = `natives=${[t.name, t.length, native, error.startsWith("TypeError: Illegal")]
      .join("-")}`;
    if (document.cookie === "natives=toDataURL-0-true-true") document.cookie = "same=1";"""
    seen = visited({"/": (PLAIN.format("", ""), HTML, {}), "/s.js": (script, SCRIPT, {})})
    assert {cookie.name for cookie in seen.cookies} == {"natives", "same"}


def test_a_container_is_read_in_a_visit() -> None:
    """What it names is told, and was not asked for."""
    tag = {"function": "__html", "vtp_html": "<script src=//cdn.chat.example.com/w.js>"}
    body = f"var data = {json.dumps({'resource': {'tags': [tag]}})}"
    pages: dict[str, Page] = {
        "/": (f"<p>Shop<script src='{THEIRS}/gtm.js?id=GTM-ABC123'></script>", HTML, {}),
        "/gtm.js": (body, SCRIPT, {}),
    }
    seen = visited(pages)
    (one,) = (one for one in seen.observations if isinstance(one, TagsListed))
    assert (one.container, one.hosts) == ("GTM-ABC123", ("cdn.chat.example.com",))
    assert "cdn.chat.example.com" not in {contact.host for contact in seen.contacts}
