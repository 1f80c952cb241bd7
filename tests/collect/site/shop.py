"""A small shop on this machine that does, at known places, all that a visit has to notice.

Names below `localhost` reach this machine in every Chromium, are different sites, and are secure
contexts without a certificate. The server's log is the truth that visits are held against.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Page = tuple[str, str, Mapping[str, str]]

HOME = """<!doctype html><title>Shop</title><body style="height: 4000px">
<a href="/about">About</a> <a href="/about#team">Team</a> <a href="/price.pdf">Prices</a>
<a href="http://elsewhere.other.localhost:PORT/">Elsewhere</a> <a href="/logout">Leave</a>
<iframe src="http://ads.other.localhost:PORT/frame"></iframe>
<script src="http://cdn.third.localhost:PORT/lib.js"></script>
<script>
document.cookie = "inline=1; path=/";
document.cookie = "gone=1"; document.cookie = "gone=; max-age=0";
localStorage.direct = "1";
localStorage.setItem("called", "2");
localStorage.setItem("brief", "3"); localStorage.removeItem("brief");
sessionStorage.setItem("tab", "4");
indexedDB.open("orders"); caches.open("pictures");
navigator.serviceWorker.register("/sw.js");
new Worker("/worker.js");
new WebSocket("ws://socket.third.localhost:PORT/");
const late = () => { document.cookie = "late=1"; };
setTimeout(() => fetch("/late").then(() => setTimeout(late, 2000)), 3000);
addEventListener("pagehide", () => navigator.sendBeacon("http://bye.third.localhost:PORT/", "x"));
const seen = document.body.appendChild(document.createElement("div"));
seen.style = "position: absolute; top: 3800px; height: 10px; width: 10px";
new IntersectionObserver((found) => found[0].isIntersecting && fetch("/scrolled")).observe(seen);
addEventListener("mousemove", () => fetch("/moved"), { once: true });
</script>"""
LIB = """document.cookie = "lib=1; path=/; max-age=63072000";
localStorage.setItem("lib", "5");
new Image().src = "http://pixel.third.localhost:PORT/p.gif";"""
FRAME = """<script>
document.cookie = "framed=1; SameSite=None; Secure";
localStorage.setItem("ad", "6");
</script>"""
THIRD = {"Set-Cookie": "third=1; SameSite=None; Secure; Max-Age=1000"}
CALL = 'fetch("http://{}.third.localhost:PORT/", {{ mode: "no-cors" }}).catch(() => 0);'
HTML, SCRIPT = "text/html", "text/javascript"
SECRETS = ("X-Key", "Authorization")

PAGES: dict[str, Page] = {
    "/": (HOME, HTML, {"Set-Cookie": "visit=1; HttpOnly; Max-Age=63072000"}),
    "/about": ('<a href="/">Home</a> <a href="/team/">Team</a>', HTML, {}),
    "/team/": ("<p>Nobody", HTML, {"Set-Cookie": "team=1"}),
    "/mapped": ("<form><input type=email name=mail autocomplete=email></form>", HTML, {}),
    "/logout": ("<p>Bye", HTML, {"Set-Cookie": "out=1"}),
    "/frame": (FRAME, HTML, THIRD),
    "/lib.js": (LIB, SCRIPT, {}),
    "/worker.js": (CALL.format("worker"), SCRIPT, {}),
    "/sw.js": (CALL.format("service"), SCRIPT, {}),
    "/sitemap.xml": (
        "<urlset><url><loc>http://shop.localhost:PORT/mapped</loc></url></urlset>",
        "application/xml",
        {},
    ),
}


class _Shop(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.log: list[str] = []
        self.secrets: list[tuple[str, str]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing: browsers hang up when they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Shop

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        asked = self.headers.get("Host", "").partition(":")[0] + path
        self.server.log.append(asked)
        given = [(asked, name) for name in SECRETS if name in self.headers]
        self.server.secrets.extend(given)
        text, kind, headers = self.server.pages.get(path, ("", "text/plain", {}))
        body = text.replace("PORT", str(self.server.server_port)).encode()
        status = headers.get("Status", "200")
        is_let_in = status == "401" and "Authorization" in self.headers  # with any
        self.send_response(200 if is_let_in else int(status))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value.replace("PORT", str(self.server.server_port)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Shop:
    """A running shop: its home page, and whom the browser really asked for what."""

    def __init__(self, server: _Shop) -> None:
        """Keep the server."""
        self._server = server

    @property
    def url(self) -> str:
        """Return the home page."""
        return f"http://shop.localhost:{self._server.server_port}/"

    @property
    def log(self) -> list[str]:
        """Return `host/path` of each request so far, in order."""
        return list(self._server.log)

    @property
    def secrets(self) -> set[tuple[str, str]]:
        """Return `host/path` of whoever was told a secret, with the header that it was in."""
        return set(self._server.secrets)


@contextmanager
def shop(pages: Mapping[str, Page] = PAGES) -> Iterator[Shop]:
    """Open a shop on a free port."""
    server = _Shop(pages)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Shop(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
