"""Paths: relative to policy.yaml, and never out of its folder, symbolic links included."""

from collections.abc import Iterator
from os.path import realpath
from pathlib import Path as FilePath
from pathlib import PurePosixPath, PureWindowsPath

from auditor.policy import Env, Policy, Table
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path

FILE_URLS = ("sqlite", "duckdb")


def path_faults(policy: Policy, folder: FilePath) -> Iterator[Fault]:
    """Yield paths that are absolute or lead out of the folder of policy.yaml."""
    for path, text in _paths(policy):
        if why := _outside(text, folder):
            yield Fault(path=path, message=f"{shown(text)} {why}")


def _paths(policy: Policy) -> Iterator[tuple[Path, str]]:
    for i, notice in enumerate(policy.notices):
        yield ("notices", i, "path"), notice.path
    for i, site in enumerate(policy.sites):
        yield from ((("sites", i, "journeys", j), text) for j, text in enumerate(site.journeys))
        if site.access:
            yield ("sites", i, "access", "storage_state"), site.access.storage_state
    for i, store in enumerate(policy.stores):
        yield ("stores", i, "path"), store.path
        yield ("stores", i, "url"), _file_of(store.url)
        yield from _table_paths(("stores", i), store.tables)
    for i, account in enumerate(policy.accounts):
        yield from _table_paths(("accounts", i), account.tables)
    for j, text in enumerate(policy.code.paths if policy.code else ()):
        yield ("code", "paths", j), text
    for i, stated in enumerate(policy.attestations):
        yield (
            ("attestations", i, "evidence", "path"),
            stated.evidence.path if stated.evidence else "",
        )


def _file_of(url: str | Env | None) -> str:
    """Return the file that a database's address names, "" where it names a server."""
    scheme, _, rest = url.partition(":") if isinstance(url, str) else ("", "", "")
    return rest.removeprefix("///") if scheme.lower() in FILE_URLS else ""


def _table_paths(holder: Path, tables: tuple[Table, ...]) -> Iterator[tuple[Path, str]]:
    for i, table in enumerate(tables):
        yield (*holder, "tables", i, "path"), table.path


def _outside(text: str, folder: FilePath) -> str:
    """Return what is wrong with a path, "" for nothing; nothing at it is opened."""
    if not text:
        return ""
    if PurePosixPath(text).is_absolute() or PureWindowsPath(text).drive or "\\" in text:
        return "is not relative to policy.yaml; write it with `/`, from the file's own folder"
    if ".." in PurePosixPath(text).parts:
        return "leads out of the folder of policy.yaml; keep the file in its tree"
    # realpath never fails, neither where nothing is nor where links lead round in circles.
    real = FilePath(realpath(folder / text))
    if not real.is_relative_to(realpath(folder)):
        return "leads through a link out of the folder of policy.yaml; keep the file in its tree"
    return ""
