"""What came of a fleet: a folder with a report for each target, and `fleet.json`."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from auditor import __version__
from auditor.errors import UsageError
from auditor.files import write_safely
from auditor.findings import Report, Verdict
from auditor.fleet.job import Done, Job

INDEX, REPORT = "fleet.json", "report.json"


class Entry(Struct, frozen=True, kw_only=True):
    """One target: its verdict and counts, or why nobody knows; `key` tells the same job again."""

    name: str
    target: str
    key: str
    verdict: Verdict = Verdict.INCOMPLETE
    findings: int = 0
    gaps: int = 0
    seconds: float = 0.0
    why: str = ""


class _Index(Struct, frozen=True, kw_only=True):
    schema: int = 1
    entries: tuple[Entry, ...] = ()


class Results:
    """A folder that fills up; what is in it already is not done again on the same day."""

    def __init__(self, folder: Path, day: date | None = None) -> None:
        """Read what an earlier run has left; `UsageError` where the folder is something else."""
        self._folder = folder
        self._day = day or datetime.now(UTC).date()
        self._entries = {entry.name: entry for entry in _read(folder).entries}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what is known of each target, sorted by name."""
        return tuple(entry for _, entry in sorted(self._entries.items()))

    def only(self, jobs: tuple[Job, ...]) -> None:
        """Leave out targets that are no longer in the fleet."""
        names = {job.target.name for job in jobs}
        self._entries = {name: entry for name, entry in self._entries.items() if name in names}

    def knows(self, job: Job) -> bool:
        """Return whether this very job came to a verdict today, and its report is there."""
        entry = self._entries.get(job.target.name)
        is_same = entry is not None and not entry.why and entry.key == self._key(job)
        return is_same and (self._folder / job.target.name / REPORT).is_file()

    def keep(self, job: Job, done: Done) -> Entry:
        """Write down what came of a job: its report first, then the index."""
        entry = _entry(job, done, self._key(job))
        report = self._folder / entry.name / REPORT
        if entry.why:
            report.unlink(missing_ok=True)  # one of another day says nothing of this one
        else:
            report.parent.mkdir(parents=True, exist_ok=True)
            write_safely(report, done.report)
        self._entries[entry.name] = entry
        self._folder.mkdir(parents=True, exist_ok=True)
        index = msgspec.json.format(msgspec.json.encode(_Index(entries=self.entries)), indent=1)
        write_safely(self._folder / INDEX, index + b"\n")
        return entry

    def _key(self, job: Job) -> str:
        """Return a digest of all that decides what a job comes to, but for the world."""
        target = job.target
        policy = Path(target.policy).read_bytes() if target.policy else b""
        said = [target.url, *job.arguments, __version__, self._day.isoformat()]
        return hashlib.sha256(policy + "\0".join(said).encode()).hexdigest()


def _entry(job: Job, done: Done, key: str) -> Entry:
    target = job.target.policy or job.target.url
    name, seconds = job.target.name, done.seconds
    try:
        report = msgspec.json.decode(done.report, type=Report) if done.report else None
    except msgspec.MsgspecError:
        report = None
    if report is None:
        why = done.why or "its report cannot be read"
        return Entry(name=name, target=target, key=key, seconds=seconds, why=why)
    return Entry(
        name=name,
        target=target,
        key=key,
        verdict=report.verdict,
        findings=report.counts.findings,
        gaps=report.counts.gaps,
        seconds=seconds,
    )


def _read(folder: Path) -> _Index:
    file = folder / INDEX
    if not file.is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder}: something else is there; name a new folder with -o")
        return _Index()
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Index)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{file}: not the index of a fleet; name another folder") from error
