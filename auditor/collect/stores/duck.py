"""DuckDB: its own files, and through it CSV, JSON and Parquet, locked down before any is read."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from auditor.collect.stores.reader import Column, Kind, RefusedError, TableInfo
from auditor.collect.stores.statements import Dialect, Statement
from auditor.evidence import Reason
from auditor.policy import AnchorField

MEMORY = "1GB"
BATCH = 2_000  # rows
MOST_TABLES = 2_000

_LOCKED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
)
_JSON = "map_inference_threshold = -1, maximum_object_size = 16777216{more}"
_LINES = "read_json({files}, format = 'nd', union_by_name = true, " + _JSON + ")"
_READS: Final[Mapping[str, str]] = {
    ".csv": "read_csv({files}, all_varchar = true, union_by_name = true, strict_mode = true)",
    ".tsv": "read_csv({files}, all_varchar = true, union_by_name = true, strict_mode = true)",
    ".json": "read_json({files}, union_by_name = true, " + _JSON + ")",
    ".jsonl": _LINES,
    ".ndjson": _LINES,
    ".parquet": "read_parquet({files}, union_by_name = true)",
}
_GUESSED = re.compile(r"\b(TIMESTAMP( WITH TIME ZONE)?|DATE|TIME|UUID|HUGEINT)\b")
_PACKED = (".gz", ".zst")
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("TIMESTAMP WITH TIME ZONE", "timestamptz"),
    ("TIMESTAMP", "timestamp"),
    ("DATE", "date"),
    ("STRUCT", "json"),
    ("MAP", "json"),
    ("JSON", "json"),
    ("VARCHAR", "text"),
    ("BOOL", "boolean"),
    ("BLOB", "blob"),
    ("DOUBLE", "real"),
    ("FLOAT", "real"),
    ("DECIMAL", "real"),
    ("INT", "integer"),
)


class Duck:
    """A DuckDB connection (`Engine`). A statement may take `seconds`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, seconds: float) -> None:
        """Lock the connection: no more files, no settings, no extensions."""
        self._connection, self._seconds = connection, seconds
        self.dialect = Dialect(
            day=_day,
            random_rows="SELECT {columns} FROM {table} USING SAMPLE reservoir({most} ROWS)",
        )
        self.kind: str = "table"

    def tables(self) -> tuple[TableInfo, ...]:
        """Return tables and views."""
        listed = Statement(
            text="SELECT table_name, table_type, column_name, data_type"
            " FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_catalog, table_schema, table_name)"
            " WHERE table_schema = 'main' ORDER BY table_name, ordinal_position"
        )
        columns: dict[tuple[str, str], list[Column]] = {}
        for name, kind, column, type_ in self.query(listed):
            columns.setdefault((str(name), str(kind)), []).append(
                Column(name=str(column), type=str(type_)[:200], kind=_kind(str(type_)))
            )
        if len(columns) > MOST_TABLES:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_TABLES:,} tables")
        return tuple(
            TableInfo(
                name=name,
                kind="files" if self.kind == "files" else "view" if "VIEW" in kind else "table",
                columns=tuple(found),
            )
            for (name, kind), found in columns.items()
        )

    def query(self, statement: Statement) -> Iterator[tuple[object, ...]]:
        """Run a statement; it is interrupted when its time is over."""
        clock = threading.Timer(self._seconds, self._connection.interrupt)
        clock.start()
        try:
            answer = self._connection.execute(statement.text, list(statement.bound))
            while rows := answer.fetchmany(BATCH):
                yield from rows
        except duckdb.InterruptException as error:
            needs = f"a statement that ends within {self._seconds:g} seconds"
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
        connection = duckdb.connect(str(path), read_only=True)
        _lock(connection, path.parent)
    except duckdb.Error as error:
        needs = "a DuckDB file that this version reads and nobody writes to"
        raise RefusedError(Reason.UNREACHABLE, needs) from error
    return Duck(connection, seconds=seconds)


def files(tables: Mapping[str, Sequence[Path]], folder: Path, *, seconds: float) -> Duck:
    """Open files as tables, by name; all lie in `folder`. `RefusedError` for what is no data."""
    connection = duckdb.connect(":memory:")
    try:
        _lock(connection, folder)
        duck = Duck(connection, seconds=seconds)
        duck.kind = "files"
        for name, paths in tables.items():
            source = _source(paths)
            if "read_json" in source:
                source = _source(paths, _as_texts(connection, source))
            view = duck.dialect.quoted(name)
            connection.execute(f"CREATE VIEW {view} AS SELECT * FROM {source}")
    except duckdb.Error as error:
        connection.close()
        needs = "files of one form each, all with a header or field names that can be read"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from error
    except RefusedError:
        connection.close()
        raise
    return duck


def form_of(path: Path) -> str:
    """Return by what a file is read, such as `.csv`; "" where it is no data."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes and suffixes[-1] in _READS else ""


def _as_texts(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    """Return the columns of JSON with texts as texts: DuckDB takes some for dates by a guess."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns = ", ".join(
        f"'{_plain(name)}': '{_plain(_GUESSED.sub('VARCHAR', type_))}'"
        for name, type_, *_ in described
    )
    return f", columns = {{{columns}}}"


def _plain(text: str) -> str:
    return text.replace("'", "''")


def _source(paths: Sequence[Path], more: str = "") -> str:
    forms = {form_of(path) for path in paths}
    if len(forms) != 1 or forms == {""}:
        known = ", ".join(_READS)
        raise RefusedError(Reason.NOT_VERIFIED, f"files of one form: {known}, or these with .gz")
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return _READS[forms.pop()].format(files=f"[{listed}]", more=more)


def _lock(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let it read this folder and nothing else; the order counts, and nothing undoes it."""
    for statement in _LOCKED:
        connection.execute(statement)
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET TimeZone = 'UTC'")
    quoted = str(folder.resolve()).replace("'", "''")
    connection.execute(f"SET allowed_directories = ['{quoted}/']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _kind(type_: str) -> Kind:
    upper = type_.upper()
    if upper.endswith("[]"):
        return "json"
    return next(
        (kind for word, kind in _KINDS if upper.startswith(word) or word in upper), "other"
    )


def _day(column: str, kind: Kind, field: AnchorField) -> Statement:
    """Return the day, NULL for what is no date; infinity is none (`isfinite`)."""
    if kind == "date" or (kind == "timestamp" and not field.timezone):
        moment = column
    elif kind == "timestamptz":
        moment = f"make_timestamp(epoch_us({column}))"  # in UTC, without asking a calendar
    elif kind == "timestamp":
        moment = f"timezone('{_zone(field)}', {column})"
    elif kind in {"integer", "real"} and field.format in {"epoch_s", "epoch_ms"}:
        seconds = f"({column})::DOUBLE" + (" / 1000" if field.format == "epoch_ms" else "")
        return Statement(
            text=f"CASE WHEN abs({seconds}) < 100000000000"
            f" THEN CAST(to_timestamp({seconds}) AS DATE) END"
        )
    elif kind == "text":
        return _text_day(column, field)
    else:
        return Statement(text="CAST(NULL AS DATE)")
    return Statement(text=f"CASE WHEN isfinite({column}) THEN CAST({moment} AS DATE) END")


def _text_day(column: str, field: AnchorField) -> Statement:
    zone, text = _zone(field), f"trim({column})"
    if field.format in {"epoch_s", "epoch_ms"}:
        seconds = f"try_cast({text} AS DOUBLE)" + (" / 1000" if field.format == "epoch_ms" else "")
        return Statement(
            text=f"CASE WHEN abs({seconds}) < 100000000000"
            f" THEN CAST(to_timestamp({seconds}) AS DATE) END"
        )
    if field.format != "iso":
        parsed = f"timezone('{zone}', try_strptime({text}, ?))"
        return Statement(text=f"CAST({parsed} AS DATE)", bound=(field.format,))
    naive = f"timezone('{zone}', try_cast({text} AS TIMESTAMP))"
    return Statement(
        text=f"CASE WHEN regexp_matches({text}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN CAST("
        f"CASE WHEN regexp_matches({text}, '(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$')"
        f" AND length({text}) > 10 THEN try_cast({text} AS TIMESTAMPTZ) ELSE {naive} END"
        " AS DATE) END"
    )


def _zone(field: AnchorField) -> str:
    return (field.timezone or "UTC").replace("'", "''")
