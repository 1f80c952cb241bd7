"""Parts of files, each a table to itself: some row groups of a Parquet file, or a whole CSV."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
from msgspec import Struct

from auditor.collect.stores.duck import Duck, form_of, literal, locked, source_of
from auditor.collect.stores.reader import RefusedError
from auditor.collect.stores.statements import Statement

ROWS = 1_000_000  # of a part, at least: row groups are of some 100,000
FORMS = (".parquet", ".csv", ".tsv")  # what can be read in parts
_NUMBER = "file_row_number"  # DuckDB's own name


class Part(Struct, frozen=True, kw_only=True):
    """Records `first` to `last` of a file, counted from 0; all of them if `last` is -1."""

    table: str
    path: str
    first: int = 0
    last: int = -1


def parts_of(duck: Duck, table: str, paths: Sequence[Path]) -> tuple[Part, ...]:
    """Return the parts of a table's files; () where it cannot be read in parts."""
    columns = columns_of(duck, table)
    if not columns or {form_of(path) for path in paths} - {*FORMS}:
        return ()
    return tuple(
        Part(table=table, path=str(path), first=first, last=last)
        for path in paths
        for first, last in (_groups(duck, path) if _NUMBER not in columns else [(0, -1)])
    )


def columns_of(duck: Duck, table: str) -> dict[str, str]:
    """Return the columns of all files of a table, with their types in full."""
    if table in duck.unread:
        return {}
    described = duck.query(Statement(text=f"DESCRIBE {duck.dialect.quoted(table)}"))
    return {str(name): str(type_) for name, type_, *_ in described}


def _groups(duck: Duck, path: Path) -> Iterator[tuple[int, int]]:
    """Yield the first and the last record of some row groups at a time."""
    if form_of(path) != ".parquet":
        yield 0, -1
        return
    text = (
        "SELECT any_value(row_group_num_rows)"
        f" FROM parquet_metadata({literal(path)}) GROUP BY row_group_id ORDER BY row_group_id"
    )
    first = end = 0
    for (rows,) in duck.query(Statement(text=text)):
        end += int(str(rows))
        if end - first >= ROWS:
            yield first, end - 1
            first = end
    if end > first:
        yield first, end - 1


def open_part(part: Part, columns: Mapping[str, str], folder: Path, *, seconds: float) -> Duck:
    """Open a part as a table with the columns of all; one that its file has not is empty.

    One processor for each: there are others beside it.
    """
    duck = Duck(locked(duckdb.connect(":memory:", config={"threads": 1}), folder), seconds=seconds)
    duck.is_of_files = True
    quoted, path = duck.dialect.quoted, Path(part.path)
    empty = ", ".join(
        f"CAST(NULL AS {type_}) AS {quoted(name)}" for name, type_ in columns.items()
    )
    rows = f"SELECT * FROM {source_of([path])}"
    if part.last >= 0:
        rows = (
            f"SELECT * EXCLUDE ({_NUMBER}) FROM read_parquet({literal(path)}, {_NUMBER} = true)"
            f" WHERE {_NUMBER} BETWEEN {part.first} AND {part.last}"
        )
    text = f"SELECT {empty} WHERE false UNION ALL BY NAME {rows}"
    try:
        list(duck.query(Statement(text=f"CREATE VIEW {quoted(part.table)} AS {text}")))
    except RefusedError:
        duck.close()
        raise
    return duck
