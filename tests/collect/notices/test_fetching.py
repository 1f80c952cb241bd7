"""Getting a notice over HTTP, from a server of our own."""

import base64
import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auditor.collect.notices.fetching import LARGEST, fetch, read_file
from auditor.collect.refused import RefusedError
from auditor.collect.site.plan import Network
from auditor.evidence import Reason

Answer = tuple[int, dict[str, str], bytes]


class Played:
    """A server whose answers are given by path; it remembers what it was asked."""

    def __init__(self, answers: dict[str, Answer], authority: trustme.CA | None = None) -> None:
        """Listen on a free port, over TLS where there is an authority."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                played.asked.append((self.path, dict(self.headers)))
                status, headers, body = answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing: clients are meant to hang up."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.key = ""
        if authority:
            made = authority.issue_cert("notice.example")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.configure_cert(context)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
            found = x509.load_pem_x509_certificate(made.cert_chain_pems[0].bytes())
            spki = found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            self.key = base64.b64encode(hashlib.sha256(spki).digest()).decode()
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


Play = Callable[..., Played]


@pytest.fixture
def play() -> Iterator[Play]:
    """Return what starts a server; all are stopped at the end."""
    running: list[Played] = []

    def start(answers: dict[str, Answer], authority: trustme.CA | None = None) -> Played:
        running.append(Played(answers, authority))
        return running[-1]

    yield start
    for one in running:
        one.server.shutdown()
        one.server.server_close()


def test_a_notice_is_got_from_where_people_read_it(play: Play) -> None:
    """The body, its type and language are returned; nothing but the address is sent."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Language": "fr"}
    server = play({"/privacy?v=2": (200, headers, b"<p>hello")})
    got = fetch(f"http://127.0.0.1:{server.port}/privacy?v=2#top", Network())
    assert (got.data, got.media, got.language) == (b"<p>hello", headers["Content-Type"], "fr")
    ((path, sent),) = server.asked
    assert path == "/privacy?v=2"
    assert set(sent) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_redirects_are_followed_to_an_end(play: Play) -> None:
    """A redirect leads on; one in a circle, and one to a file, are refused."""
    server = play({
        "/a": (302, {"Location": "/b"}, b""),
        "/b": (200, {}, b"there"),
        "/c": (301, {"Location": "/c"}, b""),
        "/d": (301, {"Location": "file:///etc/passwd"}, b""),
    })  # fmt: skip
    place = f"http://127.0.0.1:{server.port}"
    assert fetch(f"{place}/a", Network()).place == f"{place}/b"
    with pytest.raises(RefusedError, match="fewer than 5 steps"):
        fetch(f"{place}/c", Network())
    with pytest.raises(RefusedError, match="begins with https"):
        fetch(f"{place}/d", Network())


def test_what_gives_no_notice_says_what_is_needed(play: Play) -> None:
    """An error, a server that is not there, too much of it: each is refused with its reason."""
    server = play({"/big": (200, {}, b"x" * (LARGEST + 1))})
    place = f"http://127.0.0.1:{server.port}"
    with pytest.raises(RefusedError, match="the server said 404") as missing:
        fetch(f"{place}/none", Network())
    assert missing.value.reason is Reason.UNREACHABLE
    with pytest.raises(RefusedError, match="at most 4 MiB") as large:
        fetch(f"{place}/big", Network())
    assert large.value.reason is Reason.CAP_REACHED
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(RefusedError, match="a connection to 127"):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/", Network())


def test_offline_only_what_is_mapped_is_asked(play: Play) -> None:
    """Offline, a host is only reached where --resolve maps it, which is final."""
    server = play({"/": (200, {}, b"here")})
    with pytest.raises(RefusedError, match="without --offline"):
        fetch("http://notice.example/", Network(offline=True))
    mapped = Network(offline=True, resolve=(f"*.example=127.0.0.1:{server.port}",))
    assert fetch("http://notice.example/", mapped).data == b"here"
    assert server.asked[0][1]["Host"] == "notice.example"


def test_certificates_count(play: Play) -> None:
    """An unknown authority is refused, unless its key is trusted or any certificate is."""
    server = play({"/": (200, {}, b"here")}, trustme.CA())
    rule = (f"notice.example=127.0.0.1:{server.port}",)
    with pytest.raises(RefusedError, match="certificate"):
        fetch("https://notice.example/", Network(resolve=rule))
    trusted = Network(resolve=rule, trusted_keys=(server.key,))
    assert fetch("https://notice.example/", trusted).data == b"here"
    other = Network(resolve=rule, trusted_keys=("bm90IHRoaXMgb25l",))
    with pytest.raises(RefusedError, match="trusted here"):
        fetch("https://notice.example/", other)
    any_of_them = Network(resolve=rule, accept_any_certificate=True)
    assert fetch("https://notice.example/", any_of_them).data == b"here"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing file, and a folder, say what is missing."""
    with pytest.raises(RefusedError, match=r"the file none\.md"):
        read_file(str(tmp_path), "none.md")
    with pytest.raises(RefusedError, match="the file"):
        read_file(str(tmp_path), ".")
