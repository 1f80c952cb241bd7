"""Appending to a ledger, and reading it back with every fault named."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from auditor.errors import AuditError
from auditor.findings import Report
from auditor.history.entry import (
    Entry,
    Run,
    digest,
    digest_of_evidence,
    name_of,
    sealed,
    sources,
    written,
)
from auditor.history.stamping import Stamp, ask, name_of_stamp, read
from auditor.history.storage import NAME, Storage
from auditor.report.json import decode_report, render_json

ATTEMPTS: Final = 20  # so many others may append at the same moment
UNFINISHED: Final = ".unfinished-"


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong, and in which file. One that `breaks` nothing is only said."""

    file: str
    what: str
    breaks: bool = True


class Page(Struct, frozen=True, kw_only=True):
    """An entry with what it speaks of: its report, and the text of the policy."""

    entry: Entry
    report: Report
    policy_text: str

    def looked(self, subject: str = "") -> datetime | None:
        """Return when a subject was looked at, or the oldest of all: None if nobody did."""
        seen = (one for one in self.entry.seen if subject in {"", one.subject})
        return min((one.collected_at.astimezone(UTC) for one in seen), default=None)


class Ledger(Struct, frozen=True, kw_only=True):
    """All that can be read, in order; `faults` in the order of files."""

    pages: tuple[Page, ...]
    faults: tuple[Fault, ...]
    stamps: tuple[Stamp, ...] = ()

    @property
    def holds(self) -> bool:
        """Return whether no byte is other than it was written."""
        return not any(fault.breaks for fault in self.faults)


def append(storage: Storage, run: Run, at: datetime | None = None) -> Entry:
    """Write a run at the end; `AuditError` if the end is not as it was written.

    What it speaks of is written first and the entry last, so that one that is there is whole.
    Cost: the last entry is read, not the ledger.
    """
    text = run.policy.origin.text.encode()
    report = render_json(run.report).encode()
    for content in (report, text):
        if not storage.create(digest(content), content):
            there = storage.read(digest(content))
            if there != content:
                message = f"{digest(content)}: was changed; nothing is appended to that"
                raise AuditError(f"{message}: see `audit history`")
    for _ in range(ATTEMPTS):
        last = _last(storage)
        entry = sealed(
            Entry(
                number=last.number + 1 if last else 1,
                previous=last.seal if last else "",
                at=(at or datetime.now(UTC)).replace(microsecond=0),
                as_of=datetime.fromisoformat(run.report.as_of).date(),
                verdict=run.report.verdict,
                scope=run.report.scope,
                report=digest(report),
                policy=digest(text),
                evidence=digest_of_evidence(run.seen),
                seen=sources(run.seen),
                records=run.records,
            )
        )
        if storage.create(entry.name, written(entry)):
            return entry
    raise AuditError("the ledger is written to by many at once; try again")


def _last(storage: Storage) -> Entry | None:
    numbers = [name for name in storage.names() if NAME.fullmatch(name) and name.endswith("json")]
    if not numbers:
        return None
    name = max(numbers)
    entry = _entry(name, storage.read(name))
    if isinstance(entry, Fault):
        message = f"{name}: {entry.what}; nothing is appended to that: see `audit history`"
        raise AuditError(message)
    return entry


def stamp(storage: Storage, authority: str) -> Stamp:
    """Have an authority say that the newest entry is there, and keep its token."""
    last = _last(storage)
    if last is None:
        raise AuditError("there is no entry to be stamped")
    data = storage.read(last.name)
    token = ask(authority, data)
    if not storage.create(name_of_stamp(last.number), token):
        raise AuditError(f"{last.name} has a timestamp already")
    return read(token, data, last.number)


def read_ledger(storage: Storage, roots: Sequence[Any] = ()) -> Ledger:
    """Read and check everything; `roots` are certificates of authorities that made timestamps.

    Cost: linear in the files, each read once.
    """
    names = storage.names()
    entries, faults = _entries(storage, names)
    pages: list[Page] = []
    blobs: dict[str, bytes] = {}
    for entry in entries:
        found = _page(storage, entry, blobs)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            pages.append(found)
    stamps: list[Stamp] = []
    for one in _stamps(storage, names, entries, roots):
        if isinstance(one, Fault):
            faults.append(one)
        else:
            stamps.append(one)
    faults += _left_over(names, blobs)
    return Ledger(pages=tuple(pages), faults=tuple(faults), stamps=tuple(stamps))


def _stamps(
    storage: Storage, names: list[str], entries: list[Entry], roots: Sequence[Any]
) -> Iterator[Stamp | Fault]:
    """Yield each timestamp, or what is wrong with it."""
    written_as = {entry.number: written(entry) for entry in entries}
    for name in names:
        if not (NAME.fullmatch(name) and name.endswith(".tsr")):
            continue
        token, number = _read(storage, name), int(name[:6])
        if isinstance(token, Fault):
            yield token
        elif number not in written_as:
            yield Fault(file=name, what="is a timestamp of an entry that is not there")
        else:
            try:
                yield read(token, written_as[number], number, roots)
            except AuditError as error:
                yield Fault(file=name, what=str(error))


def _entries(storage: Storage, names: list[str]) -> tuple[list[Entry], list[Fault]]:
    """Return the entries that are as they were written, and what is wrong with the chain."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    wanted, seal = 1, ""
    for name in names:
        if not (NAME.fullmatch(name) and name.endswith(".json")):
            continue
        number = int(name[:6])
        if number > wanted:
            missing = name_of(wanted) + (
                f" to {name_of(number - 1)}" if number > wanted + 1 else ""
            )
            faults.append(Fault(file=missing, what="is missing"))
        read = _read(storage, name)
        entry = _entry(name, read) if isinstance(read, bytes) else read
        wanted = number + 1
        if isinstance(entry, Fault):
            faults.append(entry)
            seal = ""
            continue
        if number > 1 and seal and entry.previous != seal:
            faults.append(Fault(file=name, what=f"does not follow on {name_of(number - 1)}"))
        if number == 1 and entry.previous:
            faults.append(Fault(file=name, what="is the first, and speaks of one before"))
        entries.append(entry)
        seal = entry.seal
    return entries, faults


def _entry(name: str, data: bytes) -> Entry | Fault:
    try:
        entry = msgspec.json.decode(data, type=Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Fault(file=name, what=f"is no entry any more ({str(error)[:200]})")
    if written(sealed(entry)) != data:
        return Fault(file=name, what="was changed: its seal is of other words")
    if entry.name != name:
        return Fault(file=name, what=f"is entry {entry.number} under another name")
    return entry


def _read(storage: Storage, name: str) -> bytes | Fault:
    try:
        return storage.read(name)
    except AuditError as error:
        return Fault(file=name, what=f"cannot be read ({error})")


def _page(storage: Storage, entry: Entry, blobs: dict[str, bytes]) -> Page | Fault:
    for name, what in ((entry.report, "report"), (entry.policy, "policy")):
        if name in blobs:
            continue
        data = _read(storage, name)
        if isinstance(data, Fault):
            return Fault(file=name, what=f"the {what} of {entry.name} cannot be read")
        blobs[name] = data
        if digest(data) != name:
            return Fault(file=name, what=f"the {what} of {entry.name} was changed")
    if digest(blobs[entry.report]) != entry.report or digest(blobs[entry.policy]) != entry.policy:
        return Fault(file=entry.name, what="speaks of something that was changed")
    try:
        report = decode_report(blobs[entry.report], entry.report)
        text = blobs[entry.policy].decode()
    except (AuditError, UnicodeDecodeError) as error:
        return Fault(file=entry.report, what=f"cannot be understood ({str(error)[:200]})")
    if (report.verdict, report.as_of) != (entry.verdict, entry.as_of.isoformat()):
        return Fault(file=entry.name, what="says other than its report")
    return Page(entry=entry, report=report, policy_text=text)


def _left_over(names: list[str], blobs: Mapping[str, bytes]) -> Iterator[Fault]:
    for name in names:
        if name.startswith(UNFINISHED):
            yield Fault(file=name, what="was begun and never finished", breaks=False)
        elif not NAME.fullmatch(name):
            yield Fault(file=name, what="does not belong to a ledger", breaks=False)
        elif not name.endswith((".json", ".tsr")) and name not in blobs:
            yield Fault(file=name, what="no entry speaks of it", breaks=False)
