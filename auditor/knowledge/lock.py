"""audit.lock: which open data a policy is audited with. It stands beside policy.yaml, committed.

What it names is what is used: the same everywhere, until somebody changes it. The data themselves
lie in a cache, `SOURCE/VERSION/knowledge.json`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from auditor.errors import CollectError
from auditor.files import write_safely
from auditor.knowledge.open_data import Consulted, OpenData, decode, encode
from auditor.knowledge.sources import SOURCES

NAME: Final = "audit.lock"
_LARGEST: Final = 2**16  # bytes of a lock
_LARGEST_DATA: Final = 64 * 2**20  # bytes of what is compiled
_SECOND: Final = "run `audit update-data`"

_Id = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
_Text = Annotated[str, Meta(max_length=500)]
_Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Locked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One release: where it came from, its digest, and the digest of what is compiled from it."""

    source: _Id
    version: _Id
    url: _Text
    digest: _Text
    compiled: _Text
    licence: _Text
    retrieved_at: _Day
    entries: int


class Lock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All releases, in the order in which they are asked."""

    format: Literal["policy-auditor lock"] = "policy-auditor lock"
    version: Literal[1] = 1
    sources: tuple[Locked, ...] = ()

    def of(self, source: str) -> Locked | None:
        """Return the release of a source, None where it is not used."""
        return next((one for one in self.sources if one.source == source), None)


def read_lock(path: Path) -> Lock | None:
    """Read a lock, None if there is none; `CollectError` says what is wrong with a broken one."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CollectError(f"{path}: {error.strerror}") from error
    try:
        found = msgspec.json.decode(data, type=Lock)
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        message = f"{path}: not a lock of this tool ({str(error)[:200]}); {_SECOND}"
        raise CollectError(message) from error
    for one in found.sources:
        if one.source not in SOURCES:
            raise CollectError(
                f"{path}: {one.source} is no source; there are {', '.join(SOURCES)}"
            )
    return found


def write_lock(path: Path, releases: Iterable[Locked]) -> None:
    """Write a lock: in the order of the sources, one line for each fact, to be read in a diff."""
    order = list(SOURCES)
    listed = sorted(releases, key=lambda one: order.index(one.source))
    data = msgspec.json.format(msgspec.json.encode(Lock(sources=tuple(listed))), indent=1)
    write_safely(path, data + b"\n")


def keep(data: OpenData, cache: Path) -> str:
    """Keep compiled data in the cache; return their digest. `CollectError` if that fails."""
    text = encode(data)
    folder = cache / data.source / data.version
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CollectError(f"{folder}: {error.strerror}") from error
    write_safely(folder / "knowledge.json", text)
    return _sha256(text)


def load(locked: Locked, cache: Path) -> OpenData:
    """Return what a lock names, as it is in the cache; `CollectError` where that is not there."""
    path = cache / locked.source / locked.version / "knowledge.json"
    what = f"{locked.source} {locked.version}"
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_DATA)
    except OSError as error:
        raise CollectError(f"{what} is not in the cache; {_SECOND}") from error
    if _sha256(data) != locked.compiled:
        raise CollectError(f"{what} in the cache is not what {NAME} names; {_SECOND}")
    try:
        return decode(data)
    except (ValueError, msgspec.MsgspecError) as error:
        raise CollectError(f"{what}: made by another version of audit; {_SECOND}") from error


def consulted_by(folder: Path, cache: Path) -> tuple[Consulted, tuple[str, ...]]:
    """Return the open data for the policy in a folder, and what is wrong with those that are not.

    Without a lock there are none: the built-in catalogue is always there.
    """
    path = folder / NAME
    lock = read_lock(path)
    if lock is None:
        return Consulted(), ()
    problems: list[str] = []
    data = tuple(_loaded(lock, cache, problems))
    return Consulted(data=data, lock=_sha256(path.read_bytes())), tuple(problems)


def _loaded(lock: Lock, cache: Path, problems: list[str]) -> Iterator[OpenData]:
    for locked in lock.sources:
        try:
            yield load(locked, cache)
        except CollectError as error:
            problems.append(str(error))


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
