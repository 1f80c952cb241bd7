"""Plays hosts over TLS on this machine, under their real names, and writes down who asked what.

A browser gets here by `--host-resolver-rules=MAP * 127.0.0.1:PORT`, and takes the certificate
because it is told the key (`Demo.trusted_keys`). Nothing is installed, nothing leaves the machine.
"""

import base64
import hashlib
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from msgspec import Struct

from auditor.demo.answers import Answer, Host, answer, read_hosts

ADDRESS, HOME = "127.0.0.1", "reach4help.org"
SWITCHING, NO_CONTENT, MISDIRECTED = 101, 204, 421  # HTTP statuses
WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
TEXT_FRAME, LONGEST_FRAME = 0x81, 125  # RFC 6455 section 5.2
MOST_DIGITS = 7  # of the length of a body, so that it is read to keep the connection
PATIENCE = 60.0  # seconds that a silent connection is kept


class Asked(Struct, frozen=True):
    """A request, without query and body; `method` is "" where TLS refused a host not played."""

    host: str
    method: str = ""
    path: str = ""


class Demo(Struct, frozen=True, kw_only=True):
    """A server at work. `log` grows while it is; `trusted_keys` as in the browser's flag."""

    port: int
    trusted_keys: tuple[str, ...]
    hosts: tuple[str, ...]
    log: list[Asked]

    @property
    def resolve(self) -> tuple[str, ...]:
        """Return the rule, as of `--resolve`, that leads every name here."""
        return (f"*={ADDRESS}:{self.port}",)

    def browser_command(self, profile: str) -> tuple[str, ...]:
        """Return what opens the example in a Chromium with a profile of its own."""
        return (
            "chromium",
            f"--user-data-dir={profile}",
            f"--host-resolver-rules=MAP * {ADDRESS}:{self.port}",
            f"--ignore-certificate-errors-spki-list={','.join(self.trusted_keys)}",
            *("--disable-background-networking", "--no-first-run", f"https://{HOME}/"),
        )


@contextmanager
def serve(folder: Path) -> Iterator[Demo]:
    """Play the hosts of a folder until the block ends, on a free port."""
    hosts = read_hosts(folder)
    log: list[Asked] = []
    context, key = _identity(hosts, log)
    server = _Server((ADDRESS, 0), _Conversation)
    server.hosts, server.log = hosts, log
    # The handshake is for the connection's own thread: one that stalls must not stop the others.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield Demo(
            port=server.server_port, trusted_keys=(key,), hosts=tuple(sorted(hosts)), log=log
        )
    finally:
        server.shutdown()
        server.server_close()


def _identity(hosts: Mapping[str, Host], log: list[Asked]) -> tuple[ssl.SSLContext, str]:
    """Return a certificate for all hosts, made for this run, and the digest of its key (SPKI)."""
    leaf = trustme.CA(organization_name="audit demo").issue_cert(*hosts)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)

    def meet(_socket: object, name: str | None, _context: object) -> int | None:
        if name in hosts:
            return None
        log.append(Asked(name or ""))
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context.sni_callback = meet
    certificate = load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return context, base64.b64encode(hashlib.sha256(key).digest()).decode()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # a browser opens many connections at once
    hosts: Mapping[str, Host]
    log: list[Asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that hangs up or is refused."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Conversation(BaseHTTPRequestHandler):
    """One connection: HTTP/1.1, kept open, until the browser has asked everything."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "demonstration"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = PATIENCE

    def do_GET(self) -> None:
        """Answer as the host that is asked."""
        name = self.headers.get("Host", "").partition(":")[0]
        self.server.log.append(Asked(name, self.command, self.path.partition("?")[0]))
        self._skip_body()
        host = self.server.hosts.get(name)
        if host is None:
            self._send(Answer(status=MISDIRECTED))
        elif self.command == "OPTIONS":
            self._send(Answer(status=NO_CONTENT))
        elif "Sec-WebSocket-Key" in self.headers:
            self._talk(answer(host, self.path).body)
        else:
            self._send(answer(host, self.path))

    do_HEAD = do_POST = do_OPTIONS = do_GET  # noqa: N815 -- the names http.server looks for

    def _skip_body(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if length.isdecimal() and len(length) <= MOST_DIGITS:
            self.rfile.read(int(length))
        else:
            self.close_connection = True

    def _send(self, what: Answer) -> None:
        """Send an answer; a cookie that the browser has already stays as it is."""
        known = {part.strip().partition("=")[0] for part in self._cookies()}
        self.send_response(what.status)
        for name, value in (*what.headers, *self._sharing()):
            if name != "Set-Cookie" or value.partition("=")[0] not in known:
                self.send_header(name, value)
        if what.status != NO_CONTENT:
            self.send_header("Content-Length", str(len(what.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(what.body)

    def _cookies(self) -> list[str]:
        return ";".join(self.headers.get_all("Cookie", [])).split(";")

    def _sharing(self) -> Iterator[tuple[str, str]]:
        """Yield the headers that let pages of other origins read the answer (Fetch, CORS)."""
        if origin := self.headers.get("Origin"):
            yield "Access-Control-Allow-Origin", origin
            yield "Access-Control-Allow-Credentials", "true"
            yield "Vary", "Origin"
        if asked := self.headers.get("Access-Control-Request-Headers"):
            yield "Access-Control-Allow-Headers", asked

    def _talk(self, words: bytes) -> None:
        """Open a WebSocket (RFC 6455), say one thing, and wait until the page is left."""
        key = self.headers["Sec-WebSocket-Key"].encode() + WEBSOCKET
        proof = base64.b64encode(hashlib.sha1(key, usedforsecurity=False).digest())
        self.send_response(SWITCHING)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", proof.decode())
        self.end_headers()
        self.wfile.write(bytes([TEXT_FRAME, len(words[:LONGEST_FRAME])]) + words[:LONGEST_FRAME])
        self.rfile.read(1)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""
