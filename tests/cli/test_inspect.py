"""Looking at a site without a policy, by the real command and a real browser."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Audit = Callable[..., subprocess.CompletedProcess[str]]

VALUE = "value-that-must-not-be-kept"
PAGES = {
    "/shop": (
        b'<title>Shop</title><p>Welcome</p><a href="/old">more</a>'
        b"<script>localStorage.setItem('theme', 'dark'); indexedDB.open('db')</script>"
    ),
    "/new": b'<p>New</p><form action="/go" method="post"><input type="email" name="mail"></form>',
    "/api/thing": b"ok",
}
FILES = [
    "evidence.json",
    "inventory.json",
    "manifest.sha256",
    "page-001-before.png",
    "page-002-before.png",
    "summary.md",
    "visit.har",
]


class _Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        body = PAGES.get(path, b"")
        self.send_response(200 if body else 302 if path == "/old" else 404)
        if path == "/old":
            self.send_header("Location", "/new")
        if path == "/shop":
            self.send_header("Set-Cookie", f"visitor={VALUE}; Max-Age=31536000; HttpOnly")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[str]:
    """Return the address of a shop on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_site_on_this_machine(audit: Audit, shop: str, folder: Path) -> None:
    """The folder holds everything, without the visitor's values but for the HAR; 0 is complete."""
    done = audit("inspect", f"http://{shop}/shop?token=SECRET", "-o", "seen")
    assert (done.returncode, done.stderr) == (0, "kept in seen\n")
    assert done.stdout.startswith(f"http://{shop}/  complete\n")
    assert "visitor localhost localhost 1 year HttpOnly" in " ".join(done.stdout.split())
    kept = folder / "seen"
    assert sorted(path.name for path in kept.iterdir()) == FILES
    told = json.loads((kept / "inventory.json").read_text())
    assert [(page["url"], page["status"]) for page in told["pages"]] == [
        (f"http://{shop}/shop?token=*", 200),
        (f"http://{shop}/new", 200),
    ]
    assert told["pages"][1]["redirected_from"] == [f"http://{shop}/old"]
    assert [item["name"] for item in told["local_storage"]] == ["theme"]
    assert [item["name"] for item in told["indexed_db"]] == ["db"]
    assert told["forms"][0]["fields"] == ["email::mail"]
    assert told["screenshots"]["page-002-before.png"] == f"http://{shop}/old"
    assert VALUE in (kept / "visit.har").read_text()
    others = b"".join((kept / name).read_bytes() for name in FILES if not name.startswith("visit"))
    assert VALUE.encode() not in others
    assert b"SECRET" not in others
    assert "a new visitor that nobody is" in (kept / "summary.md").read_text()
    assert (
        audit("check", "seen/evidence.json", "--site-url", f"www=http://{shop}/").returncode == 1
    )
    if tool := shutil.which("sha256sum"):
        command = [tool, "--strict", "-c", "manifest.sha256"]
        subprocess.run(command, cwd=kept, check=True, capture_output=True)  # noqa: S603


def test_a_site_that_is_not_there(audit: Audit, folder: Path) -> None:
    """The gap says so, the folder is kept all the same, and the exit code is 3."""
    done = audit("inspect", "http://localhost:1/?token=SECRET", "-o", "seen")
    assert done.returncode == 3
    assert "gap  http://localhost:1/?token=*: could not be reached\n" in done.stdout
    assert "SECRET" not in done.stdout
    assert b"SECRET" not in (folder / "seen" / "evidence.json").read_bytes()


def test_a_folder_in_use_is_refused(audit: Audit, folder: Path) -> None:
    """Nothing is put among other people's files."""
    done = audit("inspect", "localhost:1", "-o", ".")
    assert done.returncode == 2
    assert done.stderr == (
        ".: is not empty; name a new folder with -o DIR\naudit: nothing was kept\n"
    )
    assert [path.name for path in folder.iterdir()] == ["policy.yaml"]


def test_no_browser(audit: Audit, folder: Path, environment: dict[str, str]) -> None:
    """Without a browser nothing is kept, and no folder is left."""
    environment["AUDIT_BROWSER"] = "no-such-browser"
    done = audit("inspect", "example.org")
    assert done.returncode == 2
    assert "'no-such-browser' cannot be run; name a Chrome or Chromium" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["policy.yaml"]


@pytest.mark.skipif(shutil.which("false") is None, reason="needs a program that fails")
def test_a_browser_that_does_not_start(
    audit: Audit, folder: Path, environment: dict[str, str]
) -> None:
    """A browser that only says its version is no browser; the folder is taken away again."""
    browser = folder.parent / "browser"
    browser.write_text('#!/bin/sh\ntest "$1" = --version && echo Chromium 150.0.1.2\n')
    browser.chmod(0o755)
    environment["AUDIT_BROWSER"] = str(browser)
    done = audit("inspect", "localhost:1", "-o", "seen")
    assert done.returncode == 2, done.stderr
    assert not (folder / "seen").exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("ftp://example.org/", "write an address such as https://example.org/"),
        ("https://me:pw@example.org/", "without name and password"),
        ("exa mple.org", "write an address such as"),
        ("https://example.org:x/", "the host or port cannot be read"),
        ("ex_%.org", "is not a host; write letters, digits"),
    ],
)
def test_what_is_no_address(audit: Audit, given: str, why: str) -> None:
    """What to write instead is said, a password is not repeated; exit code 2."""
    done = audit("inspect", given)
    assert done.returncode == 2
    assert why in done.stderr
    assert "pw" not in done.stderr


@pytest.mark.parametrize("number", ["0", "many", "10001", "-1"])
def test_how_many_pages(audit: Audit, number: str) -> None:
    """A number that makes no sense is refused before anything is visited."""
    done = audit("inspect", "example.org", f"--max-pages={number}")
    assert done.returncode == 2
    assert "write a number from 1 to 10000" in done.stderr
