"""Downloads are bounded, go to https alone, and yield the one file that was meant."""

import gzip
import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from auditor.errors import CollectError
from auditor.knowledge import download
from auditor.knowledge.download import digest_of, fetch, member_of, shown

LEADS = {
    "/moved": "/there",
    "/loop": "/loop",
    "/file": "file:///etc/hostname",
    "/open": "http://example.org/x",
    "/odd": "http://[",
}
ANSWERS: dict[str, tuple[dict[str, str], bytes]] = {
    "/there": ({}, b"a file"),
    "/large": ({}, b"x" * 2**22),
    "/packed": ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 2**24)),
    "/cut": ({"Content-Length": "100"}, b"short"),
}


class _Answers(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        if self.path in LEADS:
            self.send_response(302)
            self.send_header("Location", LEADS[self.path])
            self.end_headers()
        elif self.path in ANSWERS:
            headers, body = ANSWERS[self.path]
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # whoever asked may have had enough
                self.wfile.write(body)
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Serve on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{served.server_address[1]}"
        served.shutdown()
        thread.join()


def test_a_file_is_fetched(server: str) -> None:
    """Also by a redirect."""
    assert fetch(f"{server}/there") == b"a file"
    assert fetch(f"{server}/moved") == b"a file"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone", "answered 404"),
        ("/loop", "leads on more than 5 times"),
        ("/file", "file:///etc/hostname: only https is asked"),
        ("/open", "http://example.org/x: only https is asked"),
        ("/odd", "could not be downloaded"),
        ("/large", "larger than 1 MiB"),
        ("/packed", "larger than 1 MiB"),
        ("/cut", "could not be downloaded"),
    ],
)
def test_what_cannot_be_fetched(
    server: str, monkeypatch: pytest.MonkeyPatch, path: str, why: str
) -> None:
    """No other scheme, nothing without TLS elsewhere, nothing large, packed or not, or cut off."""
    monkeypatch.setattr(download, "LARGEST", 2**20)
    with pytest.raises(CollectError, match=why):
        fetch(server + path)


def test_a_slow_answer_ends(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long bytes keep coming, it is over at some time."""
    monkeypatch.setattr(download, "_SECONDS", -1.0)
    with pytest.raises(CollectError, match="took longer than"):
        fetch(f"{server}/there")


@pytest.mark.parametrize("url", ["http://example.org/x", "ftp://example.org/x", "/etc/passwd", ""])
def test_only_https_is_asked(url: str) -> None:
    """Without a question to anybody."""
    with pytest.raises(CollectError, match="only https is asked"):
        fetch(url)


def test_nobody_there() -> None:
    """A server that does not answer is an error that names it."""
    with pytest.raises(CollectError, match=r"127\.0\.0\.1:9/x: could not be downloaded"):
        fetch("http://127.0.0.1:9/x")


def test_a_login_is_not_shown() -> None:
    """Neither a password nor a query gets into messages and locks."""
    assert shown("https://me:secret@mirror.example/a?token=secret") == "https://mirror.example/a"


def test_digests() -> None:
    """They are those of Subresource Integrity, in the form that is asked for."""
    empty = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert digest_of(b"") == digest_of(b"", empty) == empty
    assert digest_of(b"", "sha512-x").startswith("sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXc")


def packed(name: str, data: bytes = b"inside", kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return a .tar.gz of one entry, after another file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("package/other"))
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.size = kind, "/etc/hostname", len(data)
        archive.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def test_the_one_file_is_read() -> None:
    """What else is in the archive does not matter."""
    assert member_of(packed("package/data.json"), "package/data.json") == b"inside"


@pytest.mark.parametrize(
    "data",
    [
        packed("../package/data.json"),
        packed("/package/data.json"),
        packed("package/data.json", b"", tarfile.SYMTYPE),
        packed("package/data.json", b"", tarfile.LNKTYPE),
        packed("package/data.json", b"", tarfile.FIFOTYPE),
        packed("package/data.json", b"", tarfile.DIRTYPE),
        packed("package/data.json")[:40],
        b"no archive",
        b"",
        gzip.compress(b"no tar"),
        gzip.compress(b"\0" * (2**26 + 1)),
    ],
    ids=range(11),
)
def test_anything_else_is_refused(data: bytes) -> None:
    """Other places, links, damage, and bombs: nothing is written, and all of it is an error."""
    with pytest.raises(CollectError, match=r"package/data\.json: "):
        member_of(data, "package/data.json")
