"""Real engines that stand in for services: localstripe, gcp-storage-emulator, Firebase Auth.

Each is a process of its own on a free port of this machine, writes only into the folder that it is
given, and ends with its `with`. `examples/shelter/stack.py` starts the same ones. The first two
follow a clock of ours, so that what is put in can be old.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import requests

NPM: Final = Path(__file__).parents[4] / ".cache" / "emulators"
PROJECT: Final = "demo-shelter"  # with `demo-`, the emulator asks nobody on the internet
_PATIENCE: Final = 60.0  # seconds until an engine answers

_CLOCK: Final = """
import sys, time
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

def behind():
    return 86_400 * int(Path(sys.argv[2]).read_text())

port = int(sys.argv[1])
"""
# localstripe's own command listens everywhere, and keeps its data in a file that all runs share.
_STRIPE: Final = f"""{_CLOCK}
from aiohttp import web
from localstripe import resources, server

resources.Store.dump_to_disk = lambda self: None
resources.time = SimpleNamespace(time=lambda: time.time() - behind())
web.run_app(server.app, host="127.0.0.1", port=port, print=None)
"""
_STORAGE: Final = f"""{_CLOCK}
from gcp_storage_emulator.__main__ import main
from gcp_storage_emulator.handlers import objects

class Then(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(seconds=behind())

objects.datetime = Then
main(["start", "--host=127.0.0.1", f"--port={{port}}", "--in-memory", *sys.argv[3:]])
"""
_AUTH: Final = """
const { createApp } = require('firebase-tools/lib/emulator/auth/server.js');
createApp(process.argv[2]).then((app) => app.listen(Number(process.argv[1]), '127.0.0.1'));
"""


class Engine(NamedTuple):
    """Where an engine answers, and the file that says how many days ago it believes to be."""

    base: str
    clock: Path

    def go_back(self, days: int) -> None:
        """Let what is put in from now on be so many days old."""
        self.clock.write_text(str(days))


@contextmanager
def stripe(folder: Path) -> Iterator[Engine]:
    """Start localstripe; `sk_test_...` is any key that begins so."""
    with _python(_STRIPE, folder / "stripe", "/v1/customers") as engine:
        yield engine


@contextmanager
def storage(folder: Path, bucket: str) -> Iterator[Engine]:
    """Start gcp-storage-emulator with a bucket."""
    with _python(_STORAGE, folder / "storage", "/", f"--default-bucket={bucket}") as engine:
        yield engine


@contextmanager
def firebase_auth(folder: Path) -> Iterator[str]:
    """Start the emulator of Firebase Auth, and yield its address."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    command = [shutil.which("node") or "node", "-e", _AUTH, str(port), PROJECT]
    with _running(command, folder / "auth", f"{base}/", cwd=NPM):
        yield f"{base}/identitytoolkit.googleapis.com"


def missing_firebase() -> str:
    """Return why the emulator of Firebase Auth cannot be started, "" if it can."""
    if not shutil.which("node"):
        return "Node.js is not installed"
    if not (NPM / "node_modules" / "firebase-tools").is_dir():
        return "firebase-tools is not installed: make test-emulators fetches it"
    return ""


@contextmanager
def _python(script: str, folder: Path, place: str, *more: str) -> Iterator[Engine]:
    """Run a script with a port and a clock."""
    folder.mkdir()
    port, clock = _free_port(), folder / "clock"
    clock.write_text("0")
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", script, str(port), str(clock), *more]
    with _running(command, folder, base + place, cwd=folder):
        yield Engine(base, clock)


@contextmanager
def _running(command: Sequence[str], folder: Path, url: str, *, cwd: Path) -> Iterator[None]:
    """Run a command until the end of the `with`; its home is the folder, and so is its log."""
    folder.mkdir(exist_ok=True)
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(  # noqa: S603 -- our own words
            command, cwd=cwd, env=_environment(folder), stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait(process, url)
            yield
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _environment(folder: Path) -> Mapping[str, str]:
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ
    }
    places = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    return {**kept, **dict.fromkeys(places, str(folder)), "PYTHONDONTWRITEBYTECODE": "1"}


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until anything answers, whatever it says; RuntimeError where nothing does."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not answer (exit code {process.poll()})")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
