"""Warehouses under test: ibis on DuckDB, as a stand-in, and a Spark that is really run.

Both take extras that `make test` does not install: there these tests are skipped, and say so.
`make test-engines` runs them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from auditor.collect.stores.warehouse import Warehouse

Columns = Mapping[str, tuple[str, Sequence[object]]]  # a type of DuckDB, and values
Open = Callable[..., "Warehouse"]

NO_IBIS = "ibis is not installed: make test-engines"
NO_SPARK = "pyspark is not installed: make test-engines"


@pytest.fixture(scope="session")
def parquet() -> Callable[[Path, Mapping[str, Columns]], None]:
    """Return what writes tables into a folder, each with its columns."""
    return _written


def _written(folder: Path, tables: Mapping[str, Columns]) -> None:
    for name, columns in tables.items():
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            said = ", ".join(f'"{column}" {type_}' for column, (type_, _) in columns.items())
            connection.execute(f"CREATE TABLE t ({said})")
            rows = list(zip(*(values for _, values in columns.values()), strict=True))
            if rows:
                marks = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
            connection.execute(f"COPY t TO '{folder / name}.parquet' (FORMAT parquet)")


@pytest.fixture(scope="session")
def on_duckdb() -> Open:
    """Return what opens a folder of Parquet files through ibis on DuckDB."""
    ibis = pytest.importorskip("ibis", reason=NO_IBIS)
    from auditor.collect.stores.warehouse import Warehouse  # noqa: PLC0415 -- an extra
    from auditor.collect.stores.warehouse_opened import Opened  # noqa: PLC0415

    def opened(folder: Path, seconds: float = 20) -> Warehouse:
        backend = ibis.duckdb.connect()
        backend.raw_sql("SET TimeZone = 'UTC'")
        names = [path.stem for path in sorted(folder.glob("*.parquet"))]
        for name in names:
            view = f"CREATE VIEW \"{name}\" AS SELECT * FROM '{folder / name}.parquet'"
            backend.raw_sql(view)
        return Warehouse(
            Opened(
                backend=backend,
                seconds=seconds,
                names=lambda: names,
                rows=lambda asked: iter(
                    backend.con.cursor().execute(backend.compile(asked)).fetchall()
                ),
                cancel=backend.con.interrupt,
                close=backend.con.close,
                can_write=(),
            )
        )

    return opened


@pytest.fixture(scope="session")
def on_spark() -> Iterator[Open]:
    """Return what opens a folder of files with Spark; one virtual machine serves all tests."""
    pytest.importorskip("pyspark", reason=NO_SPARK)
    from auditor.collect.stores import spark  # noqa: PLC0415 -- an extra
    from auditor.collect.stores.warehouse import Warehouse  # noqa: PLC0415

    opened = []

    def connect(folder: Path, seconds: float = 120) -> Warehouse:
        found = spark.connect("spark:///", folder, seconds=seconds)
        opened.append(found)
        return Warehouse(found)

    yield connect
    for one in opened[-1:]:
        one.close()


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Open:
    """Return one engine after the other."""
    found: Open = request.getfixturevalue(f"on_{request.param}")
    return found
