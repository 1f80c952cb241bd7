"""Timestamps of an authority of our own: kept, checked, and refused where they are of others."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from auditor.example import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
CONFIG = """\
[ req ]
distinguished_name = name
x509_extensions = ext
prompt = no
[ name ]
CN = An authority
[ ext ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign
[ leaf ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ tsa ]
default_tsa = one
[ one ]
serial = serial
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *words: str) -> None:
    """Run it in a folder."""
    done = subprocess.run(  # noqa: S603 -- our own words
        [str(OPENSSL), *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a root, a signer, and what they need."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "c").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    new = ("req", "-config", "c", "-newkey", "rsa:2048", "-nodes", "-sha256")
    openssl(folder, *new, "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "30")
    named = ("-subj", "/CN=A signer", "-keyout", "leaf.key", "-out", "leaf.csr")
    openssl(folder, *new, *named)
    signed = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "leaf.pem")
    extended = ("-extfile", "c", "-extensions", "leaf", "-days", "30", "-sha256")
    openssl(folder, "x509", "-req", "-in", "leaf.csr", *signed, *extended)
    return folder


@pytest.fixture
def address(authority: Path) -> Iterator[str]:
    """Return where the authority answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            (authority / "query").write_bytes(asked)
            reply = ("ts", "-reply", "-config", "c", "-section", "one", "-queryfile", "query")
            openssl(authority, *reply, "-out", "reply")
            data = (authority / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def kept(folder: Path, audit: Audit, see: Callable[..., Path]) -> Path:
    """Return a ledger with a run in it."""
    pytest.importorskip("rfc3161_client")
    see(cookie("theme"))
    audit("check", "evidence.json", "--history", "kept")
    return folder / "kept"


@pytest.mark.usefixtures("kept")
def test_a_witness(audit: Audit, address: str, authority: Path) -> None:
    """Its token is kept, and belongs to the entry; who signed it is looked at if it is asked."""
    told = audit("history", "kept", "--timestamp", address)
    assert told.returncode == 0, told.stderr
    assert "entry 1 was there at" in told.stderr
    assert "signature not looked at" in told.stdout
    told = audit("history", "kept", "--authority", str(authority / "root.pem"))
    assert (told.returncode, "signed by the authority" in told.stdout) == (0, True), told.stdout
    again = audit("history", "kept", "--timestamp", address)
    assert (again.returncode, "has a timestamp already" in again.stderr) == (2, True)
    quarter = audit("quarterly", "--period", "2026-Q1", "--history", "kept")
    assert "000001.json was there at" in quarter.stdout


def test_of_something_else(
    audit: Audit, kept: Path, address: str, see: Callable[..., Path]
) -> None:
    """A token under another entry, a damaged one, one of nothing: each is named."""
    audit("history", "kept", "--timestamp", address)
    see(cookie("theme"), cookie("other"))
    audit("check", "evidence.json", "--history", "kept")
    token = (kept / "000001.tsr").read_bytes()
    (kept / "000002.tsr").write_bytes(token)
    (kept / "000003.tsr").write_bytes(token)
    (kept / "000001.tsr").write_bytes(token[:40])
    told = audit("history", "kept")
    assert told.returncode == 1
    assert "BROKEN  000001.tsr: is no timestamp" in told.stdout
    assert "BROKEN  000002.tsr: is a timestamp of something else" in told.stdout
    assert "BROKEN  000003.tsr: is a timestamp of an entry that is not there" in told.stdout


@pytest.mark.usefixtures("kept")
def test_an_authority_that_nobody_knows(audit: Audit, address: str, folder: Path) -> None:
    """Another root did not sign it; what is no certificate, or no authority, is refused."""
    audit("history", "kept", "--timestamp", address)
    (folder / "c").write_text(CONFIG)
    new = ("req", "-config", "c", "-newkey", "rsa:2048", "-nodes", "-x509")
    openssl(folder, *new, "-keyout", "other.key", "-out", "other.pem", "-days", "30")
    told = audit("history", "kept", "--authority", "other.pem")
    assert (told.returncode, "not signed by that authority" in told.stdout) == (1, True)
    assert "PEM" in audit("history", "kept", "--authority", "c").stderr
    assert audit("history", "kept", "--timestamp", "http://127.0.0.1:9/").returncode == 2
