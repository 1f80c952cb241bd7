"""A made-up site on this machine for `site_visit.py`, served by a process of its own.

Each page plants the same facts: addresses that a browser asks for by what the page does and when.
Every answer takes 20 to 50 milliseconds, always the same for the same address.
"""

import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from zlib import crc32

LATE = 3.0  # seconds after which a page's timer asks for `late`
SCRIPTS, IMAGES = 4, 6
OWN = ("", *(f"/s{i}.js" for i in range(SCRIPTS)), *(f"/i{i}.gif" for i in range(IMAGES)), "/data")
SOON = ("/frame", "/framed.gif")  # in a frame of a third party, with what that loads
AFTERWARDS = ("/late", "/scrolled", "/bye")  # a timer, scrolling, leaving
PLANTED = (*OWN, *SOON, *AFTERWARDS)

PAGE = """<!doctype html><title>{name}</title><body style="height:3000px"><h1>{name}</h1>
{scripts}{images}<p>{words}</p><a href="/page-{next}">next</a>
<iframe src="http://ads.third.localhost:{port}/{name}/frame"></iframe>
<div id="end" style="position:absolute;top:2900px;width:9px;height:9px"></div>
<script>
fetch("/{name}/data");
setTimeout(() => fetch("/{name}/late"), {late});
new IntersectionObserver((seen, self) => {{
  if (seen[0].isIntersecting) {{ fetch("/{name}/scrolled"); self.disconnect(); }}
}}).observe(document.getElementById("end"));
addEventListener("pagehide", () =>
  navigator.sendBeacon("http://stats.third.localhost:{port}/{name}/bye", "x"), {{once: true}});
</script>"""
SCRIPT = 'localStorage.setItem("k", "1"); document.cookie = "c{0}=1; max-age=60";' + "/*x*/" * 4000


class Site(BaseHTTPRequestHandler):
    """Answers as the site and as the third parties on its pages."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer, after the time that this address takes."""
        path = urlsplit(self.path).path
        time.sleep(0.02 + crc32(path.encode()) % 31 / 1000)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, body = self._answer(path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 -- the name http.server looks for

    def _answer(self, path: str) -> tuple[str, bytes]:
        name, _, rest = path[1:].partition("/")
        port = self.headers["Host"].rpartition(":")[2]
        if not name.startswith("page-"):
            return "text/plain", b""
        if rest.endswith(".js"):
            return "text/javascript", SCRIPT.format(rest[1]).encode()
        if rest == "frame":
            image = f'<img src="http://px.third.localhost:{port}/{name}/framed.gif">'
            return "text/html", image.encode()
        return ("text/plain", b"ok") if rest else ("text/html", _page(name, port).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _page(name: str, port: str) -> str:
    scripts = (f'<script src="/{name}/s{i}.js"></script>' for i in range(SCRIPTS))
    images = (f'<img src="/{name}/i{i}.gif" width=9 height=9>' for i in range(IMAGES))
    return PAGE.format(
        name=name,
        port=port,
        late=round(LATE * 1000),
        scripts="".join(scripts),
        images="".join(images),
        words="Lorem ipsum. " * 300,
        next=int(name.partition("-")[2]) + 1,
    )


class Server(ThreadingHTTPServer):
    """Many connections at once."""

    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a browser that hangs up."""


def main() -> None:
    """Serve on a free port, say which, and end when standard input does."""
    server = Server(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
