"""Two sites of our own, served on this machine, for trying out a browser.

Names below `localhost` lead to this machine, count as secure without a certificate, and are sites
of their own: `b.localhost` is a third party to `a.localhost` (Secure Contexts, RFC 6761).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

SITE, THIRD_PARTY = "a.localhost", "b.localhost"
SCRIPT_COOKIES = ("self_test_page", "self_test_frame")
THIRD_PARTY_COOKIES = ("self_test_http", "self_test_frame")

_PAGE = """<!doctype html><title>Self-test</title><script>
document.cookie = "self_test_page=1";
navigator.serviceWorker?.register("/worker.js");
</script><iframe src="http://{third_party}:{port}/frame"></iframe>"""
_FRAME = """<!doctype html><title>Frame</title><script>
document.cookie = "self_test_frame=1; SameSite=None; Secure";
</script>"""
_WORKER = 'self.addEventListener("message", () => {});'


@contextmanager
def served() -> Iterator[int]:
    """Serve both sites on a free port of 127.0.0.1, and return the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class _Answer(BaseHTTPRequestHandler):
    """Says the same to everybody."""

    timeout = 10

    def do_GET(self) -> None:  # the name is the standard library's
        port = self.connection.getsockname()[1]
        answers = {
            "/": ("text/html", _PAGE.format(third_party=THIRD_PARTY, port=port)),
            "/frame": ("text/html", _FRAME),
            "/worker.js": ("text/javascript", _WORKER),
        }
        kind, text = answers.get(self.path, ("text/plain", ""))
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if self.path == "/frame":
            self.send_header("Set-Cookie", "self_test_http=1; SameSite=None; Secure; Path=/")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 -- as the standard library has it
        """Say nothing."""
