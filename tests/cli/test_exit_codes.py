"""Each exit code of the contract, by the real command."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.example import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
SESSION = cookie("session", lifetime=3600)
LONG = cookie("session", lifetime=31_536_000)


def test_0_everything_matches(audit: Audit, see: Callable[..., Path]) -> None:
    """Evidence that shows everything, and all of it declared, passes."""
    see(SESSION)
    assert audit("check", "evidence.json").returncode == 0


def test_1_something_does_not(audit: Audit, see: Callable[..., Path]) -> None:
    """A finding at the threshold fails, whatever the format."""
    see(LONG)
    assert audit("check", "evidence.json").returncode == 1
    assert audit("check", "evidence.json", "--format", "json").returncode == 1


def test_0_below_the_threshold(audit: Audit, see: Callable[..., Path]) -> None:
    """A finding below the threshold is listed and does not fail."""
    see(LONG)
    done = audit("check", "evidence.json", "--fail-on", "high")
    assert done.returncode == 0
    assert "below threshold: --fail-on high" in " ".join(done.stdout.split())


def test_3_something_could_not_be_looked_at(audit: Audit) -> None:
    """Without any evidence nothing is green."""
    done = audit("--offline")
    assert done.returncode == 3
    assert done.stdout.startswith("incomplete")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--no-such-option",),
        ("no-such-command",),
        ("check", "missing.json"),
        ("--policy", "missing.yaml"),
        ("--scope", "kitchen"),
        ("--scope", "stores"),
        ("--as-of", "yesterday"),
        ("--max-evidence-age", "a week"),
        ("--format", "papyrus"),
        ("--format", "json", "--format", "terminal"),
        ("--only", "no-such-check"),
        ("--site-url", "shop=https://example.org"),
        ("explain", "no-such-check"),
        ("terms", "qqqqqqqq"),
        ("accept", "0000"),
    ],
)
def test_2_could_not_start(audit: Audit, arguments: tuple[str, ...]) -> None:
    """Arguments that make no sense judge nothing, and say so on standard error."""
    done = audit(*arguments)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_2_invalid_policy(audit: Audit, folder: Path) -> None:
    """A policy that is not well formed names the place and judges nothing."""
    (folder / "policy.yaml").write_text("version: 1\ncontroler: {name: X}\n")
    done = audit()
    assert done.returncode == 2
    assert "policy.yaml:2:1: controler: unknown key; did you mean controller?" in done.stderr
    assert done.stderr.endswith("audit: nothing was judged\n")


def test_4_report_that_cannot_be_written(audit: Audit, see: Callable[..., Path]) -> None:
    """A lost report is never success, even where everything matches."""
    see(SESSION)
    done = audit("check", "evidence.json", "--format", "json=no/such/folder/report.json")
    assert done.returncode == 4
    assert "could not be written" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_4_full_disk(audit: Audit, see: Callable[..., Path]) -> None:
    """Standard output on a full disk is a report that could not be written."""
    see(SESSION)
    with Path("/dev/full").open("w") as full:
        done = audit("check", "evidence.json", stdout=full)
    assert done.returncode == 4


def test_4_error_of_the_tool(audit: Audit, environment: dict[str, str], folder: Path) -> None:
    """An unexpected error says what to report, and is not mistaken for a finding."""
    (folder / "sitecustomize.py").write_text(
        "import auditor.cli\n"
        "def broken(argv): raise ZeroDivisionError('planted')\n"
        "auditor.cli.parse = broken\n"
    )
    environment["PYTHONPATH"] = str(folder)
    done = audit("validate")
    assert done.returncode == 4
    assert "planted" in done.stderr
    assert "Please report it" in done.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(
    folder: Path, environment: dict[str, str], sent: signal.Signals, code: int
) -> None:
    """An interrupted run ends with the shell's code for the signal."""
    os.mkfifo(folder / "slow.json")
    command = [str(Path(sys.executable).parent / "audit"), "check", "slow.json"]
    with subprocess.Popen(  # noqa: S603 -- our own command
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        writer = _open_when_read(folder / "slow.json")
        try:
            assert _ended_by(process, sent) == code
        finally:
            process.kill()
            os.close(writer)


def _ended_by(process: subprocess.Popen[bytes], sent: signal.Signals) -> int:
    """Send it until it is heard: one that comes just before a read begins is heard after it."""
    for _ in range(10):
        process.send_signal(sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=3)
    raise TimeoutError(sent)


def _open_when_read(pipe: Path) -> int:
    """Open a pipe for writing once somebody reads it: then the command is at work."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(pipe)
