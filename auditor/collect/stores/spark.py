"""Spark: a folder of Parquet or CSV read by a Spark of our own, or the tables of a cluster."""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import ibis
from ibis.backends.sql import SQLBackend
from ibis.expr.types import Table
from pyspark.sql import DataFrame, Row, SparkSession

from auditor.collect.stores.nested import is_name
from auditor.collect.stores.reader import RefusedError
from auditor.collect.stores.warehouse_opened import Opened, Rows
from auditor.evidence import Reason

HERE: Final = "local"
MOST_FILES: Final = 10_000  # in a folder
_SETTINGS: Final = {
    "spark.app.name": "policy-auditor",
    "spark.log.level": "OFF",  # its messages quote values
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # or lines that do not fit pass
}
_LOCAL: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}
_CSV: Final = {"header": True, "mode": "FAILFAST", "multiLine": True, "escape": '"'}
_GLOB = re.compile(r"[\[\]{}*?\\,]")  # in a name
Read = Callable[[SparkSession, str], DataFrame]
_READS: Final[Mapping[str, Read]] = {
    ".parquet": lambda session, path: session.read.parquet(path),
    ".csv": lambda session, path: session.read.options(**_CSV).csv(path),
}


def connect(address: str, folder: Path, *, seconds: float) -> Opened:
    """Open `spark:///exports`, a folder beside policy.yaml, or `spark://host:7077/database`.

    `spark://local/database` is what this machine's Spark knows, as its own settings say.
    """
    parts = urlsplit(address)
    path = unquote(parts.path).strip("/")
    is_of_files, is_here = not parts.netloc, parts.netloc in {"", HERE}
    found, unread = _listed(folder, path) if is_of_files else ({}, [])
    session = _session("local[*]" if is_here else f"spark://{parts.netloc}", is_here=is_here)
    try:
        if not is_of_files:
            session.catalog.setCurrentDatabase(path or "default")
        names = _views(session, found, unread) if is_of_files else _tables(session)
        backend = ibis.pyspark.connect(session)
    except Exception as error:
        session.stop()
        needs = f"a database that Spark knows; it raises {type(error).__name__}"
        raise RefusedError(Reason.UNREACHABLE, needs) from error
    return Opened(
        backend=backend,
        seconds=seconds,
        names=lambda: names,
        rows=_rows(session, backend),
        cancel=session.sparkContext.cancelAllJobs,
        close=session.stop,
        can_write=() if is_of_files else None,
        is_of_files=is_of_files,
        unread=tuple(unread),
    )


def _session(master: str, *, is_here: bool) -> SparkSession:
    if is_here:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # else it asks for its name's address
    builder = SparkSession.builder.master(master)
    for name, value in (_SETTINGS | (_LOCAL if is_here else {})).items():
        builder = builder.config(name, value)
    # PySpark logs the text of what failed, and that quotes values
    logging.getLogger("SQLQueryContextLogger").disabled = True
    try:
        return builder.getOrCreate()
    except Exception as error:
        needs = f"a Spark that starts (Java 17 or newer); it raises {type(error).__name__}"
        raise RefusedError(Reason.UNREACHABLE, needs) from error


def _rows(session: SparkSession, backend: SQLBackend) -> Callable[[Table], Rows]:
    def rows(expression: Table) -> Iterator[Sequence[object]]:
        for row in session.sql(backend.compile(expression)).toLocalIterator():
            yield tuple(map(_plain, row))

    return rows


def _plain(value: object) -> object:
    """Return structures as dictionaries: that is how they are taken apart."""
    if isinstance(value, Row):
        return {name: _plain(part) for name, part in value.asDict().items()}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _tables(session: SparkSession) -> list[str]:
    return [table.name for table in session.catalog.listTables()]


def _views(session: SparkSession, found: Mapping[str, Path], unread: list[str]) -> list[str]:
    """Give each table its name, and return those; what cannot be read as one is unread."""
    names: list[str] = []
    for name, path in found.items():
        try:
            frame = _READS[_form(path)](session, str(path))
            is_table = all(map(is_name, frame.columns))  # else its first line is a record
            if is_table:
                frame.createOrReplaceTempView(f"`{name.replace('`', '``')}`")
        except Exception:  # noqa: BLE001 -- whatever it is, it is told as unread
            is_table = False
        (names if is_table else unread).append(name if is_table else path.name)
    return names


def _listed(folder: Path, path: str) -> tuple[dict[str, Path], list[str]]:
    """Return the tables of a folder (files, or folders of their parts), and what is none."""
    home, place = folder.resolve(), (folder / path).resolve()
    if not place.is_relative_to(home):
        raise RefusedError(Reason.FORBIDDEN, "a path in the folder of policy.yaml")
    if not place.is_dir():
        raise RefusedError(Reason.UNREACHABLE, f"a folder at {path}")
    found: dict[str, Path] = {}
    unread: list[str] = []
    for entry in sorted(place.iterdir()):
        name = entry.name.partition(".")[0]
        if entry.name.startswith((".", "_")):
            continue  # Spark's own
        if _form(entry) and name not in found and _is_inside(entry, home):
            found[name] = entry
        else:
            unread.append(entry.name)
    return found, unread


def _form(path: Path) -> str:
    """Return by what a file is read, or a folder whose files all are; "" where it is no data."""
    if _GLOB.search(path.name):
        return ""  # Spark would look for others
    files = [path]
    if path.is_dir():
        every = (one for one in path.rglob("*") if not one.name.startswith((".", "_")))
        files = list(islice((one for one in every if one.is_file()), MOST_FILES + 1))
    forms = {file.suffix.lower() for file in files}
    known = len(forms) == 1 and len(files) <= MOST_FILES and forms <= _READS.keys()
    return forms.pop() if known else ""


def _is_inside(path: Path, home: Path) -> bool:
    every = [path, *path.rglob("*")] if path.is_dir() else [path]
    return all(one.resolve().is_relative_to(home) for one in every)
