"""What several tests need: a kept promise in a folder, and the real command."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import IO

import hypothesis
import pytest

from auditor.evidence import Evidence, SiteObservation, Tool, encode
from auditor.example import SESSION_ROW
from auditor.testing import site

# A busy machine is no failure: nothing here is judged by the time that it takes.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# What a shell starts with `&` cannot be interrupted, nor can what that starts: tests send signals.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

POLICY = f"""\
version: 1
controller: {{name: Example}}
sites:
  - id: www
    url: https://example.org/
    consent: {{banner: none}}{SESSION_ROW}"""

Audit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small policy.yaml."""
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


@pytest.fixture
def see(folder: Path) -> Callable[..., Path]:
    """Return what writes complete evidence of site `www` into the folder."""

    def write(*seen: SiteObservation, name: str = "evidence.json") -> Path:
        path = folder / name
        path.write_bytes(
            encode(Evidence(tool=Tool(name="test", version="1"), sites=(site(*seen),)))
        )
        return path

    return write


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment with a cache of its own, as on a plain terminal."""
    cache = tmp_path_factory.mktemp("cache")
    kept = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS"}}
    return {**kept, "XDG_CACHE_HOME": str(cache)}


@pytest.fixture
def audit(folder: Path, environment: dict[str, str]) -> Audit:
    """Return what runs the real command in the folder."""
    command = [str(Path(sys.executable).parent / "audit")]

    def run(*arguments: str, stdout: IO[str] | int = PIPE) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own command
            [*command, *arguments],
            cwd=folder,
            env=environment,
            text=True,
            stdout=stdout,
            stderr=PIPE,
            check=False,
            timeout=60,
        )

    return run
