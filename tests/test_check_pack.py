"""A check pack of somebody's own: really built, really installed, really judged with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.example import cookie, request

PACK = Path(__file__).parents[1] / "examples" / "check-pack"
AUDIT = str(Path(sys.executable).parent / "audit")
Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.skipif(not PACK.exists(), reason="the examples are not in the wheel")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example pack with pip into a folder of its own, without the network."""
    target = tmp_path_factory.mktemp("pack")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(target)]
    subprocess.run([*pip, *options, str(PACK)], check=True)  # noqa: S603 -- our own example
    return target


@pytest.fixture
def with_pack(folder: Path, environment: dict[str, str], installed: Path) -> Run:
    """Return what runs the real command where the pack is installed."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own command
            [AUDIT, *arguments],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(installed)},
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )

    return run


def test_it_is_listed_and_explained(with_pack: Run) -> None:
    """Its checks stand beside the built-in ones."""
    assert "acme-foreign-fonts" in with_pack("list").stdout
    assert "beside your own pages" in with_pack("explain", "acme-foreign-fonts").stdout


def test_it_judges(with_pack: Run, see: Callable[..., Path]) -> None:
    """Its findings count like any other, and can be asked for alone."""
    font = request("https://example.org/sans.woff2", resource="font")
    foreign = request("https://fonts.example.com/sans.woff2", resource="font")
    see(cookie("session", lifetime=60), font)
    only = ("--only", "acme-*", "--format", "json")
    assert with_pack("check", "evidence.json", *only).returncode == 0
    see(cookie("session", lifetime=60), font, foreign)
    done = with_pack("check", "evidence.json", *only)
    assert done.returncode == 1
    found = [f["object"] for r in json.loads(done.stdout)["results"] for f in r["findings"]]
    assert found == ["host:fonts.example.com"]


BROKEN = {
    "nothing in it": ("CHECKS = ()", "has no checks in it"),
    "import error": ("raise RuntimeError('planted')", "does not load: RuntimeError: planted"),
    "no such name": ("", "does not load: AttributeError"),
    "not a check": ("CHECKS = ('cookie-undeclared',)", "holds a str, which is no check"),
    "an id used twice": (
        "from auditor_checks import CHECKS as B\nCHECKS = (B[0],)",
        "is there twice",
    ),
}


@pytest.fixture
def with_broken(folder: Path, environment: dict[str, str]) -> Run:
    """Return what runs the real command beside a pack that holds the given code."""

    def run(code: str) -> subprocess.CompletedProcess[str]:
        metadata = folder / "packs" / "broken_pack-1.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: broken-pack\nVersion: 1\n"
        )
        (metadata / "entry_points.txt").write_text("[auditor.checks]\nx = broken_pack:CHECKS\n")
        (metadata.parent / "broken_pack.py").write_text(code)
        return subprocess.run(  # noqa: S603 -- our own command
            [AUDIT, "validate"],
            cwd=folder,
            env={**environment, "PYTHONPATH": os.fspath(metadata.parent)},
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.mark.parametrize("name", BROKEN)
def test_a_pack_that_does_not_load_ends_the_run(with_broken: Run, name: str) -> None:
    """Exit code 2 and the pack's name: a check that is left out would always be green."""
    code, message = BROKEN[name]
    done = with_broken(code)
    assert done.returncode == 2
    assert "broken-pack" in done.stderr
    assert message in done.stderr


def test_a_signal_is_no_error_of_a_pack(with_broken: Run) -> None:
    """Terminated while somebody's code runs, the command ends with the signal's code."""
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nCHECKS = ()"
    assert with_broken(code).returncode == 143
