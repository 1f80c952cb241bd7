"""What is compared: a file, or policy.yaml at a git revision; of which kind, by its content."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from auditor.errors import CollectError, UsageError
from auditor.evidence import MAX_BYTES, Evidence, decode
from auditor.findings import Report
from auditor.policy import Policy
from auditor.policy_file import read_policy
from auditor.report.json import decode_report
from auditor.revisions import blob, commit_of

LARGEST_POLICY = 4 * 2**20  # bytes; `read_policy` has a bound of its own below it
LARGEST_NOTICE = 16 * 2**20  # bytes

Kind = Literal["policy", "evidence", "report"]


class Beside(Struct, frozen=True, kw_only=True):
    """Where the files beside a policy are: `read` returns their bytes, None where there is none.

    `name` tells places apart: the same file in two places of one name is only one file.
    """

    name: str
    read: Callable[[str], bytes | None]


class Source(Struct, frozen=True, kw_only=True):
    """Something to compare: how it is called, its bytes, and the files beside it."""

    shown_as: str
    kind: Kind
    data: bytes
    folder: Path
    beside: Beside

    def policy(self, known_checks: Collection[str]) -> Policy:
        """Read it as a policy; `PolicyError` names every problem."""
        return read_policy(self.data, self.shown_as, self.folder, known_checks)

    def evidence(self) -> Evidence:
        """Read it as evidence; `CollectError` says what is wrong with it."""
        return decode(self.data, self.shown_as)

    def report(self) -> Report:
        """Read it as a report; `AuditError` says what is wrong with it."""
        return decode_report(self.data, self.shown_as)


def source(name: str, policy: Path) -> Source:
    """Return what a name stands for: a file goes before a revision, at which `policy` is read."""
    path = Path(name)
    if path.is_file():
        return _file(path)
    if path.suffix in {".yaml", ".yml", ".json", ".har"}:
        raise UsageError(f"{name}: there is no such file")
    commit = commit_of(name, policy.parent)
    shown_as = f"{name}:{policy}"
    data = blob(commit, policy.name, policy.parent, LARGEST_POLICY)
    if data is None:
        raise UsageError(f"{shown_as}: that revision has no such file; --policy names another")

    def read(path: str) -> bytes | None:
        return blob(commit, path, policy.parent, LARGEST_NOTICE)

    beside = Beside(name=commit, read=read)
    return Source(shown_as=shown_as, kind="policy", data=data, folder=policy.parent, beside=beside)


def working_tree(policy: Path) -> Source:
    """Return policy.yaml as it is now."""
    if not policy.is_file():
        raise UsageError(f"{policy}: there is no such file; --policy names another")
    return _file(policy)


def _file(path: Path) -> Source:
    data = _read(path, MAX_BYTES)
    folder = path.parent

    def read(name: str) -> bytes | None:
        return _read(folder / name, LARGEST_NOTICE) if (folder / name).is_file() else None

    return Source(
        shown_as=str(path),
        kind=kind_of(data, str(path)),
        data=data,
        folder=folder,
        beside=Beside(name=str(folder.resolve()), read=read),
    )


def _read(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise CollectError(f"{path}: could not be read: {error.strerror}") from error
    if len(data) > largest:
        raise CollectError(f"{path}: larger than {largest // 1024} KiB")
    return data


class _Header(Struct):
    """What tells one JSON file from another."""

    format: str = ""
    verdict: str = ""
    log: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # a HAR file has nothing else


def kind_of(data: bytes, shown_as: str) -> Kind:
    """Return what a file holds: JSON says what it is, all else is a policy."""
    try:
        header = msgspec.json.decode(data, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "policy"
    if header.log is not msgspec.UNSET:
        raise UsageError(
            f"{shown_as}: a recording (HAR); make evidence of it first:"
            f" audit collect --evidence {shown_as} -o evidence.json"
        )
    return "evidence" if header.format else "report" if header.verdict else "policy"
