"""DuckDB: its own files, and through it CSV, JSON and Parquet, locked down before any is read."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from auditor.collect.stores.duck_values import cut, day, inside, kind_of, matches, word_of
from auditor.collect.stores.nested import is_name
from auditor.collect.stores.reader import Column, RefusedError, TableInfo
from auditor.collect.stores.statements import Dialect, Statement
from auditor.evidence import Reason

MEMORY = "1GB"
BATCH = 2_000  # rows
MOST_TABLES = 2_000

_LOCKED = (
    f"SET memory_limit = '{MEMORY}'",
    "SET temp_directory = ''",  # no values on the disk
    "SET TimeZone = 'UTC'",
    "SET enable_progress_bar = false",  # it would stand in the report
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
)
_JSON = "sample_size = -1, map_inference_threshold = -1, maximum_object_size = 16777216{more}"
_LINES = "read_json({files}, format = 'nd', union_by_name = true, " + _JSON + ")"
# Else DuckDB passes over lines at the beginning, and those that look like comments
_CSV = (
    "read_csv({files}, all_varchar = true, union_by_name = true, strict_mode = true,"
    " skip = 0, comment = '')"
)
_READS: Final[Mapping[str, str]] = {
    ".csv": _CSV,
    ".tsv": _CSV,
    ".json": "read_json({files}, union_by_name = true, " + _JSON + ")",
    ".jsonl": _LINES,
    ".ndjson": _LINES,
    ".parquet": "read_parquet({files}, union_by_name = true)",
}
_GUESSED = re.compile(r"\b(TIMESTAMP( WITH TIME ZONE)?|DATE|TIME|UUID|HUGEINT)\b")
_GLOB = re.compile(r"([\[*?])")  # in a file's own name
_PACKED = (".gz", ".zst")


class Duck:
    """A DuckDB connection (`Engine`). A statement may take `seconds`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, seconds: float) -> None:
        """Begin with a connection that is locked."""
        self._connection, self.seconds = connection, seconds
        self.dialect = Dialect(
            day=day,
            inside=inside,
            cut=cut,
            place=self._place,
            matches=matches,
            chance="random()",  # else it makes texts of all rows before it draws some
            random_rows="SELECT {columns} FROM {table} USING SAMPLE reservoir({most} ROWS)",
        )
        self.is_of_files = False
        self.unread: set[str] = set()  # tables whose files could not be read
        self._schemas: dict[str, tuple[str, str]] = {}

    def tables(self) -> tuple[TableInfo, ...]:
        """Return tables and views of every schema; what could not be read has no columns."""
        listed = Statement(
            text="SELECT c.schema_name, c.table_name, v.view_name IS NOT NULL, c.column_name,"
            " c.data_type FROM duckdb_columns() c LEFT JOIN duckdb_views() v ON"
            " v.database_oid = c.database_oid AND v.schema_oid = c.schema_oid"
            " AND v.view_name = c.table_name"
            " WHERE NOT c.internal AND c.database_name = current_database()"
            " ORDER BY c.schema_name, c.table_name, c.column_index"
        )
        columns: dict[tuple[str, bool], list[Column]] = {}
        for schema, table, is_view, column, type_ in self.query(listed):
            name = str(table) if schema == "main" else f"{schema}.{table}"
            self._schemas[name] = str(schema), str(table)
            # What is in brackets may be values: those of an ENUM, the keys of a STRUCT
            found = Column(name=str(column), type=word_of(str(type_)), kind=kind_of(str(type_)))
            columns.setdefault((name, bool(is_view)), []).append(found)
        if len(columns) > MOST_TABLES:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_TABLES:,} tables")
        tables = [
            TableInfo(
                name=name,
                kind="files" if self.is_of_files else "view" if is_view else "table",
                columns=tuple(found),
            )
            for (name, is_view), found in columns.items()
        ]
        tables += [TableInfo(name=name, kind="files") for name in self.unread]
        return tuple(sorted(tables, key=lambda table: table.name))

    def _place(self, name: str) -> str:
        schema, table = self._schemas.get(name, ("main", name))
        return f"{self.dialect.quoted(schema)}.{self.dialect.quoted(table)}"

    def query(self, statement: Statement) -> Iterator[tuple[object, ...]]:
        """Run a statement; it is interrupted when its time is over."""
        clock = threading.Timer(self.seconds, self._connection.interrupt)
        clock.start()
        try:
            answer = self._connection.execute(statement.text, list(statement.bound))
            while rows := answer.fetchmany(BATCH):
                yield from rows
        except duckdb.InterruptException as error:
            needs = f"a statement that ends within {self.seconds:g} seconds"
            raise RefusedError(Reason.TIMEOUT, needs) from error
        except duckdb.OutOfMemoryException as error:
            raise RefusedError(Reason.CAP_REACHED, f"data that fit into {MEMORY}") from error
        except duckdb.Error as error:
            needs = "data that DuckDB can read: rows that all have the columns of the first"
            raise RefusedError(Reason.NOT_VERIFIED, needs) from error
        finally:
            clock.cancel()

    def can_write(self) -> tuple[str, ...]:
        """Return nothing: a file has permissions, no roles."""
        return ()

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


def database(path: Path, *, seconds: float) -> Duck:
    """Open a DuckDB file; `RefusedError` if it is none."""
    try:
        connection = locked(duckdb.connect(str(path), read_only=True), path.parent)
    except duckdb.Error as error:
        needs = "a DuckDB file that this version reads and nobody writes to"
        raise RefusedError(Reason.UNREACHABLE, needs) from error
    return Duck(connection, seconds=seconds)


def files(tables: Mapping[str, Sequence[Path]], folder: Path, *, seconds: float) -> Duck:
    """Open files as tables, by name; all lie in `folder`. Those that are no data have no columns.

    `RefusedError` if none can be read.
    """
    duck = Duck(locked(duckdb.connect(":memory:"), folder), seconds=seconds)
    duck.is_of_files = True
    for name, paths in tables.items():
        try:
            source = source_of(paths)
            if "read_json" in source:
                source = source_of(paths, _as_texts(duck, source))
            view = f"CREATE VIEW {duck.dialect.quoted(name)} AS SELECT * FROM {source}"
            list(duck.query(Statement(text=view)))
            _refuse_values(duck, name)
        except (RefusedError, UnicodeError):
            duck.unread.add(name)
    if len(duck.unread) == len(tables):
        duck.close()
        forms = ", ".join(_READS)
        needs = f"files of one form for each table ({forms}, or packed) with names of their fields"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    return duck


def _refuse_values(duck: Duck, view: str) -> None:
    """Refuse a table whose columns are called after somebody: its first line is a record."""
    found = duck.query(Statement(text=f"DESCRIBE {duck.dialect.quoted(view)}"))
    if not all(is_name(str(column)) for column, *_ in found):
        list(duck.query(Statement(text=f"DROP VIEW {duck.dialect.quoted(view)}")))
        raise RefusedError(Reason.NOT_VERIFIED, "a first line with the names of the columns")


def form_of(path: Path) -> str:
    """Return by what a file is read, such as `.csv`; "" where it is no data."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes and suffixes[-1] in _READS else ""


def _as_texts(duck: Duck, source: str) -> str:
    """Return the columns of JSON with texts as texts: DuckDB takes some for dates by a guess."""
    described = duck.query(Statement(text=f"DESCRIBE SELECT * FROM {source}"))
    columns = ", ".join(
        f"'{_plain(str(name))}': '{_plain(_GUESSED.sub('VARCHAR', str(type_)))}'"
        for name, type_, *_ in described
    )
    return f", columns = {{{columns}}}"


def _plain(text: str) -> str:
    return text.replace("'", "''")


def source_of(paths: Sequence[Path], more: str = "") -> str:
    """Return files of one form as SQL; `RefusedError` if they are of several, or of none."""
    forms = {form_of(path) for path in paths}
    if len(forms) != 1 or forms == {""}:
        raise RefusedError(Reason.NOT_VERIFIED, "files of one form")
    listed = ", ".join(map(literal, paths))
    return _READS[forms.pop()].format(files=f"[{listed}]", more=more)


def literal(path: Path) -> str:
    """Return a path as DuckDB reads it: one file, whatever its name; UnicodeError if no text."""
    str(path).encode()  # a name may be no text, and DuckDB fails over it
    plain = _plain(_GLOB.sub(r"[\g<0>]", str(path)))
    return f"'{plain}'"


def locked(connection: duckdb.DuckDBPyConnection, folder: Path) -> duckdb.DuckDBPyConnection:
    """Let it read this folder and nothing else; the order counts, and nothing undoes it."""
    quoted = _plain(str(folder.resolve()))
    for statement in (
        *_LOCKED,
        f"SET allowed_directories = ['{quoted}/']",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(statement)
    return connection
