"""SQLite: a file, opened so that nothing can be written (`mode=ro`, `query_only`)."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from auditor.collect.stores.reader import Column, Kind, RefusedError, TableInfo
from auditor.collect.stores.statements import Dialect, Statement
from auditor.evidence import Reason
from auditor.policy import AnchorField

EVERY = 10_000  # steps of SQLite's machine between two looks at the clock
MOST_TABLES = 2_000

# SQLite's own date functions take 'now', Julian days and 30 February: hence the shape first
_SHAPE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
# A day is a number, as Python counts them: it takes half the time of a text
_NUMBER = "CAST(julianday({0}) + 0.5 AS INTEGER) - 1721425"
_ISO = (
    "CASE WHEN typeof({0}) = 'text' AND {0} GLOB '" + _SHAPE + "'"
    " AND (substr({0}, 9, 2) < '29'"
    " OR date(substr({0}, 1, 10), '+0 days') = substr({0}, 1, 10))"  # 30 February is 2 March
    " THEN " + _NUMBER + " END"
)
_EPOCH = (
    "CASE WHEN typeof({0}) IN ('integer', 'real')"
    " AND {0} / {1} BETWEEN -100000000000 AND 100000000000"
    " THEN " + _NUMBER.replace("{0}", "{0} / {1}, 'unixepoch'") + " END"
)
# What a path leads to; SQLite's JSON has no way to ask for any item of a list
_INSIDE = "CASE WHEN json_valid({0}) THEN json_extract({0}, ?) END"
LONGEST = 100_000  # characters of a value that leave the engine
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("INT", "integer"),
    ("CHAR", "text"),
    ("CLOB", "text"),
    ("TEXT", "text"),
    ("BLOB", "blob"),
    ("REAL", "real"),
    ("FLOA", "real"),
    ("DOUB", "real"),
    ("BOOL", "boolean"),
    ("JSON", "json"),
    ("TIMESTAMP", "timestamp"),
    ("DATETIME", "timestamp"),
    ("DATE", "date"),
)


class Sqlite:
    """A SQLite file (`Engine`). A statement may take `seconds`."""

    def __init__(self, path: Path, *, seconds: float) -> None:
        """Open it, or raise `RefusedError`."""
        self._seconds = seconds
        self.dialect = Dialect(day=_day, inside=_inside, cut=_cut, is_counting=False)
        try:
            address = f"file:{quote(str(path))}?mode=ro{_at_rest(path)}"
            self._connection = sqlite3.connect(address, uri=True, timeout=seconds)
            self._connection.text_factory = partial(str, encoding="utf-8", errors="replace")
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.execute("PRAGMA temp_store = MEMORY")  # no values on the disk
            self._connection.create_function("day_of", 3, day_of, deterministic=True)
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise RefusedError(Reason.UNREACHABLE, "a SQLite file that can be read") from error

    def tables(self) -> tuple[TableInfo, ...]:
        """Return tables and views; SQLite's own are left out."""
        listed = Statement(
            text="SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
        found = [(str(name), str(kind)) for name, kind in self.query(listed)]
        if len(found) > MOST_TABLES:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_TABLES:,} tables")
        return tuple(
            TableInfo(
                name=name,
                kind="view" if kind == "view" else "table",
                columns=tuple(self._columns(name)),
            )
            for name, kind in found
        )

    def _columns(self, table: str) -> Iterator[Column]:
        described = Statement(text=f"PRAGMA table_xinfo({self.dialect.quoted(table)})")
        with suppress(RefusedError):  # a view of what is gone has no columns
            for _, name, kind, *_ in self.query(described):
                yield Column(name=str(name), type=str(kind)[:100], kind=_kind(str(kind)))

    def query(self, statement: Statement) -> Iterator[tuple[object, ...]]:
        """Run a statement; it is ended when its time is over."""
        end = time.monotonic() + self._seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > end, EVERY)
        try:
            yield from self._connection.execute(statement.text, statement.bound)
        except sqlite3.Error as error:
            if time.monotonic() > end:
                needs = f"a statement that ends within {self._seconds:g} seconds"
                raise RefusedError(Reason.TIMEOUT, needs) from error
            raise RefusedError(Reason.NOT_VERIFIED, "a table that SQLite can read") from error

    def can_write(self) -> tuple[str, ...]:
        """Return nothing: a file has permissions, no roles."""
        return ()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _kind(declared: str) -> Kind:
    """Return what a declared type amounts to; SQLite lets a column hold anything else too."""
    upper = declared.upper()
    return next((kind for word, kind in _KINDS if word in upper), "other")


def _at_rest(path: Path) -> str:
    """Say that nobody writes, where no log of changes is beside it: else SQLite makes one."""
    return "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"


def _cut(column: str, kind: Kind) -> str:
    del kind  # a column may hold anything
    short = f"substr({column}, 1, {LONGEST + 1})"
    return f"CASE WHEN typeof({column}) = 'text' THEN {short} ELSE {column} END"


def _inside(column: str, _kind: Kind, path: str) -> Statement:
    if "[]" in path or '"' in path:
        needs = f"a field that is in no list: SQLite cannot be asked for {path}"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    keys = "".join(f'."{key}"' for key in path.split(".") if key)
    return Statement(text=_INSIDE.format(column), bound=(f"${keys}",))


def _day(column: str, _kind: Kind, field: AnchorField) -> Statement:
    if field.format == "iso" and not field.timezone:
        return Statement(text=_ISO.format(column))
    if field.format in {"epoch_s", "epoch_ms"}:
        return Statement(
            text=_EPOCH.format(column, "1000.0" if field.format == "epoch_ms" else "1.0")
        )
    return Statement(text=f"day_of({column}, ?, ?)", bound=(field.format, field.timezone))


def day_of(value: object, form: str, zone: str) -> int | None:
    """Return the day (UTC) of a text by `strptime`'s form, or `iso`; None if it is no date.

    It is a number, as `date.toordinal` has it.
    """
    if not isinstance(value, str) or len(value) > 100:  # noqa: PLR2004 -- no date is longer
        return None
    try:
        text = value.strip()
        moment = datetime.fromisoformat(text) if form == "iso" else _parsed(text, form)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        return moment.astimezone(UTC).toordinal()
    except (ValueError, OverflowError, OSError):
        return None


def _parsed(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007 -- the policy says which zone is meant
