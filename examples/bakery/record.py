# ruff: noqa: INP001 -- a script, not a package
"""Record the example's three visits anew: before.har, reject.har and accept.har beside this file.

    python -m pip install playwright
    python examples/bakery/record.py --browser /usr/bin/chromium

Needs Playwright, a Chromium and the command `openssl`; nothing else in this repository does. The
hosts are folders of site/. A server on this machine plays them all, and the browser is told to
find every name there, so nothing leaves the machine. All names end in .example (RFC 2606).
"""

import argparse
import base64
import hashlib
import json
import mimetypes
import secrets
import ssl
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
HOME = "https://www.bakery.example"
PAGES = ("/", "/bread.html", "/find-us.html", "/about.html", "/privacy.html")
BUTTONS = {"reject": "#refuse", "accept": "#accept"}
DAY = 86_400

# What is set where, once for each visitor, with a value of its own. Two are planted faults.
COOKIES = {
    "www.bakery.example/": "bakery_session={}; Path=/; Secure; HttpOnly; SameSite=Lax",
    # the notice promises 30 days
    "www.bakery.example/bread.html": f"bakery_basket={{}}; Max-Age={365 * DAY}; Path=/; Secure"
    "; HttpOnly; SameSite=Lax",
    # neither policy.yaml nor the notice names it
    "stats.crumbcount.example/hit.svg": f"crumb_visitor={{}}; Max-Age={730 * DAY}"
    "; Domain=crumbcount.example; Path=/; Secure; SameSite=None",
}
CHOICE = f"bakery_choice={{}}; Max-Age={180 * DAY}; Path=/; Secure; SameSite=Lax"
REDIRECTS = {"www.bakery.example/partners/seal": "https://seal.goodgiving.example/seal.svg"}
WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3


class Hosts(BaseHTTPRequestHandler):
    """Every host of the example: HOST/PATH is a file under site/."""

    protocol_version = "HTTP/1.1"
    server_version = "example"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a file, a redirect or the first words of a WebSocket."""
        place = f"{self.headers['Host']}{self.path.partition('?')[0]}"
        if "Sec-WebSocket-Key" in self.headers:
            self.talk()
        elif place in REDIRECTS:
            self.answer(302, headers=[("Location", REDIRECTS[place])])
        else:
            self.answer_with_file(place)

    def do_POST(self) -> None:
        """Remember what the visitor chose in the banner."""
        choice = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(204, headers=[("Set-Cookie", CHOICE.format(choice))])

    def answer_with_file(self, place: str) -> None:
        """Send a file of site/ with its cookie, and remind the browser of the choice."""
        file = HERE / "site" / (place + "index.html" if place.endswith("/") else place)
        if not file.is_file():
            self.answer(404)
            return
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        headers = [("Content-Type", kind)]
        known = self.headers.get("Cookie", "")
        cookie = COOKIES.get(place, "")
        if cookie and cookie.partition("=")[0] not in known:
            headers.append(("Set-Cookie", cookie.format(secrets.token_hex(16))))
        if kind == "text/html":
            chosen = [word for word in ("accept", "refuse") if f"bakery_choice={word}" in known]
            headers += [("Set-Cookie", CHOICE.format(word)) for word in chosen]
        self.answer(200, file.read_bytes(), headers)

    def answer(
        self, status: int, body: bytes = b"", headers: list[tuple[str, str]] | None = None
    ) -> None:
        """Send a whole response."""
        self.send_response(status)
        for name, value in (*(headers or ()), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def talk(self) -> None:
        """Open a WebSocket (RFC 6455), say one thing and wait until the page is left."""
        key = self.headers["Sec-WebSocket-Key"] + WEBSOCKET
        digest = hashlib.sha1(key.encode(), usedforsecurity=False).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.end_headers()
        said = b"40 barley rolls"
        self.wfile.write(bytes([0x81, len(said)]) + said)
        self.rfile.read(1)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(folder: Path) -> ThreadingHTTPServer:
    """Start the server on a free port, with a certificate of its own making."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=example".split()
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- all of it is above
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hosts)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def record(browser: Browser, state: str) -> None:
    """Make one visit to all pages; for `reject` and `accept` the choice is made beforehand."""
    first = browser.new_context(ignore_https_errors=True)
    if state in BUTTONS:
        choose(first.new_page(), BUTTONS[state])
    context = browser.new_context(
        ignore_https_errors=True,
        storage_state=first.storage_state(),
        record_har_path=HERE / f"{state}.har",
        record_har_content="embed",
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(HOME + path, wait_until="load")
        page.wait_for_timeout(500)  # for what scripts do afterwards
    context.close()
    first.close()


def choose(page: Page, button: str) -> None:
    """Press a button of the banner and wait until the server knows."""
    page.goto(HOME)
    with page.expect_response("**/choice"):
        page.click(button)


def main() -> None:
    """Record all three visits."""
    parser = argparse.ArgumentParser(description="Record the example's three visits anew.")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="path of a Chromium")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(Path(folder))
        # Cookies of third parties are blocked by this browser unless its profile says otherwise.
        preferences = Path(folder) / "profile" / "Default" / "Preferences"
        preferences.parent.mkdir(parents=True)
        preferences.write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}))
        seeded = playwright.chromium.launch_persistent_context(
            Path(folder) / "profile",
            executable_path=arguments.browser,
            args=[f"--host-resolver-rules=MAP * 127.0.0.1:{server.server_port}", "--no-sandbox"],
        )
        assert seeded.browser  # noqa: S101 -- of a persistent context it is known
        for state in ("before", "reject", "accept"):
            record(seeded.browser, state)
        seeded.close()
        server.shutdown()


if __name__ == "__main__":
    main()
