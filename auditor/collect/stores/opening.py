"""From what policy.yaml says of a store to a reader: by its connector, and its address."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from auditor.collect.stores.plugins import opener_for
from auditor.collect.stores.reader import Reader, RefusedError
from auditor.collect.stores.servers import SERVERS, open_server
from auditor.collect.stores.sql_reader import SqlReader
from auditor.evidence import Reason
from auditor.policy import Env, Store

MOST_FILES = 10_000
WAREHOUSES = ("bigquery", "snowflake", "trino", "spark")


def open_store(
    store: Store,
    folder: Path,
    secrets: Mapping[str, str],
    *,
    seconds: float,
    scheduler: str = "",
) -> Reader:
    """Return a reader of a store; `RefusedError` says what is missing.

    Paths are relative to `folder`, that of policy.yaml, and never lead out of it. A statement may
    take `seconds`. With a `scheduler` (`processes`, or a cluster's address) large files are read
    in parts.
    """
    if store.connector == "files":
        return _files(store, folder, seconds, scheduler)
    if store.connector == "firestore":
        return _firestore(store, secrets, seconds)
    url = address_of(store, secrets)
    scheme, _, rest = url.partition("://")
    if scheme in {"sqlite", "duckdb"}:
        return _file(scheme, _inside(folder, rest.removeprefix("/")), seconds)
    if scheme in SERVERS:
        return open_server(scheme, url, seconds)
    if opener := opener_for(scheme):
        return opener(url, folder, seconds)
    if scheme in WAREHOUSES:
        return _warehouse(scheme, url, folder, seconds)
    needs = f"a connector for {store.connector}"  # the address may be a password
    raise RefusedError(Reason.NOT_IN_EVIDENCE, f"{needs}: this version has none yet")


def address_of(store: Store, secrets: Mapping[str, str]) -> str:
    """Return the address of a store, from the environment where policy.yaml says so."""
    if isinstance(store.url, Env):
        if store.url.env not in secrets:
            raise RefusedError(Reason.NO_CREDENTIAL, f"the variable {store.url.env}")
        return secrets[store.url.env]
    return store.url or ""


def _firestore(store: Store, secrets: Mapping[str, str], seconds: float) -> Reader:
    from auditor.collect.stores.firestore import Firestore  # noqa: PLC0415 -- when it is used

    if not store.project:
        raise RefusedError(Reason.UNDECIDED, "`project`: the id of the Firebase project")
    if store.credentials is None or not secrets.get(store.credentials.env, "").strip():
        name = store.credentials.env if store.credentials else "of `credentials: {env: NAME}`"
        raise RefusedError(Reason.NO_CREDENTIAL, f"the variable {name}")
    secret = secrets[store.credentials.env]
    base = store.url if isinstance(store.url, str) else ""
    return Firestore(store.project, store.database, secret, base=base, seconds=seconds)


def _file(scheme: str, path: Path, seconds: float) -> Reader:
    if not path.is_file():
        raise RefusedError(Reason.UNREACHABLE, f"the file {path.name}: it is not there")
    if scheme == "sqlite":
        from auditor.collect.stores.sqlite import Sqlite  # noqa: PLC0415 -- each engine when used

        return SqlReader(Sqlite(path, seconds=seconds))
    from auditor.collect.stores import duck  # noqa: PLC0415

    return SqlReader(duck.database(path, seconds=seconds))


def _warehouse(scheme: str, address: str, folder: Path, seconds: float) -> Reader:
    try:
        from auditor.collect.stores import warehouse_opening  # noqa: PLC0415 -- an extra

        return warehouse_opening.open_warehouse(address, folder, seconds)
    except ImportError:
        extra = "spark" if scheme == "spark" else "warehouse"
        driver = "" if scheme == "spark" else f" 'ibis-framework[{scheme}]'"
        needs = f"pip install 'policy-auditor[{extra}]'{driver}, to read {scheme}://"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from None


def _files(store: Store, folder: Path, seconds: float, scheduler: str) -> Reader:
    from auditor.collect.stores import duck  # noqa: PLC0415

    found: dict[str, list[Path]] = {}
    for table in store.tables:
        if table.path:
            found[table.name] = _listed(folder, table.path)
    known = {path for paths in found.values() for path in paths}
    unread: list[str] = []
    for path in _listed(folder, store.path) if store.path else ():
        if path in known:
            continue
        if not duck.form_of(path):
            unread.append(path.name)
            continue
        name = path.name.partition(".")[0]
        declared = any(table.name == name and not table.path for table in store.tables)
        key = name if declared or name not in found else path.name
        found.setdefault(key, []).append(path)
    tables = {name: paths for name, paths in found.items() if paths}
    if not tables:
        raise RefusedError(Reason.UNREACHABLE, f"files at {store.path or 'the path of a table'}")
    opened = duck.files(tables, folder, seconds=seconds)
    if scheduler:
        from auditor.collect.stores.spread_out import Spread  # noqa: PLC0415

        return Spread(opened, tables, folder, scheduler=scheduler, unread=unread)
    return SqlReader(opened, unread=unread)


def _listed(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a path, a folder or a glob, sorted; those outside are refused."""
    place = folder / pattern
    _inside(folder, pattern)
    every: Iterator[Path]
    if place.is_dir():
        every = place.rglob("*")
    else:
        every = iter([place]) if place.is_file() else folder.glob(pattern)
    paths = list(islice((path for path in every if path.is_file()), MOST_FILES + 1))
    if len(paths) > MOST_FILES:
        raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_FILES:,} files at {pattern}")
    return [_inside(folder, str(path.relative_to(folder))) for path in sorted(paths)]


def _inside(folder: Path, path: str) -> Path:
    found, home = (folder / path).resolve(), folder.resolve()
    if not found.is_relative_to(home):
        raise RefusedError(Reason.FORBIDDEN, "a path in the folder of policy.yaml")
    return found
