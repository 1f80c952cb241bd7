"""One audit of a fleet, in a process of its own: whatever becomes of it, the others go on."""

import os
import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from auditor.collect.site.watchdog import End, watch
from auditor.fleet.targets import Target

VISITS = 2  # at once in one audit; there are others beside it
MEMORY = 64 * 1024**3  # bytes, as a last resort: each visit keeps its own limit
JUDGED = (0, 1, 3)  # exit codes of an audit that came to a verdict
LAST_WORDS = 2000  # characters
_EXIT = re.compile(r"exit code (\d+)\n?")


class Job(Struct, frozen=True, kw_only=True):
    """What is done for a target: `audit run` with these arguments, for `deadline` seconds.

    A policy is read where the job is done: a cluster's machines must see it at the same path.
    """

    target: Target
    arguments: tuple[str, ...] = ()
    deadline: float = 3600.0


class Done(Struct, frozen=True, kw_only=True):
    """What came of a target: its report as JSON, or why there is none.

    `code` is the audit's exit code, -1 if it was ended; `seconds` of wall clock.
    """

    target: Target
    code: int
    report: bytes = b""
    why: str = ""
    seconds: float = 0.0


def run_job(job: Job, stop: Event | None = None) -> Done:
    """Audit one target; never raises for what it is or does."""
    began = time.monotonic()
    with TemporaryDirectory(prefix="audit-fleet-", ignore_cleanup_errors=True) as folder:
        done = _audit(job, Path(folder), stop)
    return structs.replace(done, seconds=round(time.monotonic() - began, 1))


def _audit(job: Job, folder: Path, stop: Event | None) -> Done:
    written = folder / "report.json"
    asked = ["--policy", _policy(job.target, folder), "--no-progress", *job.arguments]
    command = [sys.executable, "-P", "-m", "auditor", "run", *asked, f"--format=json={written}"]
    os.environ.setdefault("AUDIT_AT_ONCE", str(VISITS))
    try:
        outcome = watch(
            command,
            stdin=b"",
            on_line=_ignore,
            silence=job.deadline,
            deadline=job.deadline,
            memory=MEMORY,
            stop=stop,
        )
    except OSError as error:
        return Done(target=job.target, code=-1, why=f"it could not be started: {error.strerror}")
    code = _code(outcome.end, outcome.detail)
    why = _EXIT.sub("", outcome.detail)[-LAST_WORDS:]
    report = written.read_bytes() if written.is_file() else b""
    if code in JUDGED and report:
        return Done(target=job.target, code=code, report=report)
    return Done(target=job.target, code=code, why=why or "it ended without a report")


def _ignore(_line: bytes) -> None:
    """Take no notice: what counts stands in the report."""


def _code(end: End, detail: str) -> int:
    """Return the exit code, of which the watchdog tells in its first words; -1 if it was ended."""
    said = _EXIT.match(detail)
    if end is End.DONE:
        return 0
    return int(said[1]) if end is End.CRASHED and said else -1


def _policy(target: Target, folder: Path) -> str:
    """Return the target's policy; of an address, one that promises nothing."""
    if target.policy:
        return target.policy
    promised = {
        "version": 1,
        "controller": {"name": urlsplit(target.url).hostname},
        "sites": [{"id": "www", "url": target.url}],
    }
    path = folder / "policy.yaml"
    path.write_bytes(msgspec.json.encode(promised))  # YAML takes JSON as it is
    return str(path)
