"""A server on this machine with one hostile site for each host name; `pages.py` says which.

What a page cannot do to a visitor with markup alone is done here: answers that never come, never
end, burst or lie.
"""

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import psutil
from hostile.pages import HEADERS, PAGES

LONGEST = 60.0  # seconds after which even this server gives up
CHUNK = b"\0" * 2**20


class Hostile(ThreadingHTTPServer):
    """The server; `asked` are `host/path` of all requests so far."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.closing = Event()

    def url(self, case: str) -> str:
        """Return the home page of a hostile site."""
        return f"http://{case}.localhost:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing: browsers that are ended hang up."""


@contextmanager
def hostile() -> Iterator[Hostile]:
    """Serve all hostile sites."""
    server = Hostile()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hostile

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        path = self.path.partition("?")[0]
        self.server.asked.append(host + path)
        key = host.removesuffix(".localhost") + path.removesuffix("/")
        if key in ANSWERS:
            ANSWERS[key](self)
        elif key in PAGES:
            self._send(self._page(PAGES[key]), headers=HEADERS.get(key, ()))
        else:
            self._send(b"", status=404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _page(self, text: str) -> bytes:
        return text.replace("PORT", str(self.server.server_port)).encode()

    def _send(
        self,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "text/html; charset=utf-8",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value.replace("PORT", str(self.server.server_port)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, piece: bytes, every: float, *headers: tuple[str, str]) -> None:
        """Send a piece again and again; the end never comes."""
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        until = time.monotonic() + LONGEST
        with suppress(OSError):
            while time.monotonic() < until and not self.server.closing.wait(every):
                self.wfile.write(piece)
        self.close_connection = True

    def loop(self) -> None:
        """Redirect to itself, with a cookie that makes a failed visit look like a good one."""
        self._send(b"", status=302, headers=(("Location", "/"), ("Set-Cookie", "loop=1")))

    def private(self) -> None:
        """Redirect to where a cloud tells its own machines their secrets."""
        self._send(b"", status=302, headers=(("Location", "http://169.254.169.254/latest/"),))

    def elsewhere(self) -> None:
        """Redirect to another site."""
        self._send(b"", status=302, headers=(("Location", "http://other.localhost:PORT/"),))

    def to_a_file(self) -> None:
        """Redirect to a file of the visitor's."""
        self._send(b"", status=302, headers=(("Location", "file:///etc/passwd"),))

    def silent(self) -> None:
        """Take the question, and never answer."""
        self.server.closing.wait(LONGEST)

    def hang_up(self) -> None:
        """End the connection instead of answering."""
        self.close_connection = True

    def no_http(self) -> None:
        """Answer what is not HTTP."""
        self.wfile.write(b"\0\1\2 hello\r\n" * 100)
        self.close_connection = True

    def download(self) -> None:
        """Be a file for a folder where it has no business."""
        name = 'attachment; filename="../../evil.sh"'
        headers = (("Content-Disposition", name),)
        self._send(b"#!/bin/sh\n", kind="application/octet-stream", headers=headers)

    def endless_download(self) -> None:
        """Be a file without end."""
        kind = ("Content-Type", "application/octet-stream")
        self._drip(CHUNK, 0.05, kind, ("Content-Disposition", "attachment; filename=x.bin"))

    def bomb(self) -> None:
        """Be 1 GiB of zeros in 1 MiB."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(BOMB)
        self.close_connection = True

    def slow(self) -> None:
        """Be a page of which one letter comes at a time."""
        self._drip(b"a", 0.3, ("Content-Type", "text/html"))

    def stream(self) -> None:
        """Be a stream of events, for ever."""
        self._drip(b"data: x\n\n", 0.2, ("Content-Type", "text/event-stream"))

    def password(self) -> None:
        """Ask who is there."""
        self._send(b"who?", status=401, headers=(("WWW-Authenticate", 'Basic realm="x"'),))

    def nothing(self) -> None:
        """Have no content."""
        self.send_response(204)
        self.end_headers()

    def headers_without_end(self) -> None:
        """Send more headers than a browser reads."""
        many = tuple((f"X-{number}", "x" * 4000) for number in range(100))
        self._send(b"<p>hello", headers=many)

    def challenge(self) -> None:
        """Be what stands before a site."""
        self._send(b"<title>Just a moment...</title><p>Checking your browser", status=403)

    def crash(self) -> None:
        """Load a page whose process then dies, as by a bug of the browser."""
        self._send(self._page("<p>hello<script src=/kill></script>"))

    def kill(self) -> None:
        """Kill the processes that show pages in the browser that asks."""
        port = self.client_address[1]
        for connection in psutil.net_connections("tcp"):
            if connection.pid and connection.laddr and connection.laddr.port == port:
                network = psutil.Process(connection.pid)
                for process in network.parents()[0].children(recursive=True):
                    if "--type=renderer" in process.cmdline():
                        process.kill()
        self._send(b"", kind="text/javascript")


def _bomb(size: int) -> bytes:
    """Return zeros, compressed: the same block again and again."""
    packer = zlib.compressobj(wbits=31)
    first, block = (packer.compress(CHUNK) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + block * (size // len(CHUNK))


BOMB = _bomb(2**30)
Answer = Callable[[_Handler], None]
ANSWERS: dict[str, Answer] = {
    "redirect-loop": _Handler.loop,
    "private-address": _Handler.private,
    "elsewhere": _Handler.elsewhere,
    "to-a-file": _Handler.to_a_file,
    "never-answers": _Handler.silent,
    "hangs-up": _Handler.hang_up,
    "no-http": _Handler.no_http,
    "download": _Handler.download,
    "endless-download": _Handler.endless_download,
    "gzip-bomb": _Handler.bomb,
    "slow-drip": _Handler.slow,
    "password": _Handler.password,
    "no-content": _Handler.nothing,
    "many-headers": _Handler.headers_without_end,
    "challenge": _Handler.challenge,
    "crash": _Handler.crash,
    "crash/kill": _Handler.kill,
    "event-stream/events": _Handler.stream,
    "hanging-part/never": _Handler.silent,
}
