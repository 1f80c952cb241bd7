"""`audit update-data`, by the real command, against a server of our own with made-up data."""

import hashlib
import io
import json
import subprocess
import tarfile
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.knowledge.sources import SOURCES

Audit = Callable[..., subprocess.CompletedProcess[str]]

COOKIES = (
    "Platform,Category,Cookie / Data Key name,Domain,Data Controller,Wildcard match\n"
    "Busy Bee,Analytics,bee_id,bee.example,Bee Co,0\n"
)
RADAR = {"bee.example": {"entityName": "Bee Company Ltd", "displayName": "Bee"}}
HAR = {
    "log": {
        "version": "1.2",
        "creator": {"name": "x", "version": "1"},
        "pages": [
            {
                "id": "p",
                "startedDateTime": "2026-01-15T10:00:00Z",
                "title": "https://example.org/",
                "pageTimings": {},
            }
        ],
        "entries": [],
    }
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as a mirror has it, with data of our own."""
    folder = tmp_path_factory.mktemp("mirror")
    radar = SOURCES["tracker-radar"].release.path
    (folder / radar).parent.mkdir(parents=True)
    (folder / radar).write_text(json.dumps(RADAR))
    return folder


@pytest.fixture(autouse=True)
def server(mirror: Path, environment: dict[str, str]) -> Iterator[None]:
    """Serve the mirror, and tell the command of it."""
    handler = partial(_Quiet, directory=str(mirror))
    environment.pop("CI", None)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,))
        thread.start()
        environment["AUDIT_DATA_BASE_URL"] = f"http://127.0.0.1:{served.server_address[1]}"
        yield
        served.shutdown()
        thread.join()


def update(audit: Audit, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask for the one source of which no digest is known beforehand."""
    return audit(
        "update-data", "--source", "tracker-radar", "--opt-in", "non-commercial", *options
    )


def test_it_downloads_and_locks(audit: Audit, folder: Path) -> None:
    """What was downloaded stands in audit.lock, beside the policy."""
    done = update(audit)
    assert (done.returncode, done.stdout) == (0, "audit.lock: written; commit it\n")
    assert done.stderr == "tracker-radar 621a27dbcace: 1 entries, CC-BY-NC-SA-4.0\n"
    (locked,) = json.loads((folder / "audit.lock").read_text())["sources"]
    hashed = hashlib.sha256(json.dumps(RADAR).encode()).digest()
    assert locked["digest"] == f"sha256-{b64encode(hashed).decode()}"
    assert locked["url"].endswith(SOURCES["tracker-radar"].release.path)


def test_again_changes_nothing(audit: Audit, folder: Path) -> None:
    """The same data give the same file, on any day."""
    update(audit)
    path = folder / "audit.lock"
    before = path.read_text().replace('"retrieved_at": "2', '"retrieved_at": "1')
    path.write_text(before)
    assert audit("update-data").returncode == 0
    assert path.read_text() == before


def test_other_data_under_the_same_version_are_refused(
    audit: Audit, folder: Path, mirror: Path
) -> None:
    """Nobody can change what was reviewed; the lock stays as it is."""
    update(audit)
    before = (folder / "audit.lock").read_text()
    (mirror / SOURCES["tracker-radar"].release.path).write_text(json.dumps({**RADAR, "x.y": {}}))
    for options in ((), ("--locked",), ("--diff",)):
        done = audit("update-data", *options)
        assert done.returncode == 2
        assert "its digest is sha256-" in done.stderr
        assert done.stderr.endswith("audit: audit.lock was not changed\n")
    assert (folder / "audit.lock").read_text() == before


def test_a_digest_that_is_known_must_be_that(audit: Audit, mirror: Path, folder: Path) -> None:
    """For the two defaults it is part of this tool: nothing made up passes for them."""
    for source, data in (("third-party-web", archive()), ("open-cookie-database", COOKIES)):
        known = SOURCES[source]
        path = mirror / (known.mirrored or known.release).path
        path.parent.mkdir(parents=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        done = audit("update-data", "--source", source)
        assert (done.returncode, done.stdout) == (2, "")
        assert "its digest is sha" in done.stderr
    assert not (folder / "audit.lock").exists()


def archive() -> bytes:
    """Return an archive that has the right file, and wrong contents."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as opened:
        opened.addfile(tarfile.TarInfo("package/dist/entities-nostats.json"))
    return made.getvalue()


def test_a_licence_has_to_be_agreed_to(audit: Audit, folder: Path) -> None:
    """Data that not everybody may use are never used by default."""
    done = audit("update-data", "--source", "tracker-radar")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == snapshot(
        "--source tracker-radar: its licence is CC-BY-NC-SA-4.0; if your use is non-commercial,"
        " say --opt-in non-commercial"
    )
    assert "third-party-web: could not" not in audit("update-data").stderr
    assert not (folder / "audit.lock").exists()


def test_check_asks_nobody(audit: Audit, folder: Path, environment: dict[str, str]) -> None:
    """It tells what is locked, in the cache and new, without the network."""
    update(audit)
    environment["AUDIT_DATA_BASE_URL"] = "http://127.0.0.1:9"
    good = audit("update-data", "--check")
    assert (good.returncode, good.stdout) == (0, "tracker-radar 621a27dbcace: good\n")
    environment["XDG_CACHE_HOME"] = str(folder / "empty")
    lost = audit("update-data", "--check")
    assert lost.returncode == 3
    assert "is not in the cache" in lost.stdout
    path = folder / "audit.lock"
    path.write_text(path.read_text().replace("621a27dbcace", "0.0"))
    assert "this version of audit knows 621a27dbcace" in audit("update-data", "--check").stdout
    assert audit("update-data", "--locked").returncode == 2
    path.unlink()
    assert audit("update-data", "--check").stdout.count("not in audit.lock") == 2


def test_diff_shows_what_changes(audit: Audit, folder: Path) -> None:
    """And locks nothing."""
    done = update(audit, "--diff")
    assert done.stdout == "tracker-radar  host *.bee.example: unknown -> Bee\n"
    assert not (folder / "audit.lock").exists()


def test_locked_fills_the_cache(audit: Audit, folder: Path, environment: dict[str, str]) -> None:
    """On another machine the same data come again, from where the lock says."""
    update(audit)
    before = (folder / "audit.lock").read_text()
    environment["XDG_CACHE_HOME"] = str(folder / "empty")
    del environment["AUDIT_DATA_BASE_URL"]
    assert audit("update-data", "--locked").returncode == 0
    assert audit("update-data", "--check").returncode == 0
    assert (folder / "audit.lock").read_text() == before


@pytest.fixture
def recording(folder: Path) -> str:
    """Return the name of a recording in which a host of the open data answers."""
    entry = {
        "pageref": "p",
        "startedDateTime": "2026-01-15T10:00:00Z",
        "time": 1,
        "request": {"method": "GET", "headers": [], "cookies": [], "queryString": []},
        "response": {"status": 200, "headers": [], "cookies": [], "content": {"size": 0}},
        "timings": {},
    }
    urls = ("https://example.org/", "https://px.bee.example/a.js")
    entries = [{**entry, "request": {**entry["request"], "url": url}} for url in urls]  # type: ignore[dict-item]
    har = {"log": {**HAR["log"], "entries": entries}}
    (folder / "before.har").write_text(json.dumps(har))
    return "www:before=before.har"


def collected(audit: Audit, folder: Path, recording: str, *options: str) -> dict[str, object]:
    """Read the recording, and return the evidence of the site."""
    done = audit("collect", "-o", "kept.json", "--evidence", recording, *options)
    assert done.returncode in {0, 3}, done.stderr
    site: dict[str, object] = json.loads((folder / "kept.json").read_text())["sites"][0]
    return site


def test_a_run_names_whom_they_know(audit: Audit, folder: Path, recording: str) -> None:
    """Only once they are locked; the report says by which data, and is the same every time."""
    before = collected(audit, folder, recording)
    assert "called" not in before["hosts"]["px.bee.example"]  # type: ignore[index]
    update(audit)
    after = collected(audit, folder, recording)
    known = after["hosts"]["px.bee.example"]  # type: ignore[index]
    assert (known["called"], known["owner"], known["source"], known["confidence"]) == (
        "Bee",
        "Bee Company Ltd",
        "tracker-radar",
        "host",
    )
    first = audit("check", "kept.json", "--format", "json").stdout
    report = json.loads(first)
    assert list(report["knowledge"]) == [
        "public_suffix_list",
        "audit.lock",
        "catalogue",
        "tracker-radar",
    ]
    assert report["knowledge"]["tracker-radar"].startswith("621a27dbcace sha256-")
    (folder / "audit.lock").unlink()
    assert audit("check", "kept.json", "--format", "json").stdout == first
    assert "pages talk to px.bee.example (Bee)" in first


def test_locked_refuses_what_is_not_there(
    audit: Audit, folder: Path, recording: str, environment: dict[str, str]
) -> None:
    """Without it a run says what is missing, and does with what there is; CI refuses by itself."""
    update(audit)
    environment["XDG_CACHE_HOME"] = str(folder / "empty")
    loose = audit("run", "--evidence", recording, "--as-of", "2026-01-15")
    assert loose.returncode in {1, 3}
    assert "tracker-radar 621a27dbcace is not in the cache" in loose.stderr
    strict = audit("run", "--locked", "--evidence", recording)
    assert strict.returncode == 2
    assert strict.stderr.endswith("audit: nothing was judged\n")
    environment["CI"] = "true"
    assert audit("run", "--evidence", recording).returncode == 2
    assert audit("collect", "-o", "x.json", "--evidence", recording).returncode == 2
