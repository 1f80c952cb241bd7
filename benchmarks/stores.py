"""What looking at a store costs: a Parquet file of many records, beside the engine's own work.

    python benchmarks/stores.py                 10 million records: how old are they?
    python benchmarks/stores.py --scan          and every value of nine columns of text
    python benchmarks/stores.py --rows 1000000

The files are made once, and kept in the folder for temporary files. `plain` is DuckDB alone, asked
how many records are older than a day, or how many values of each column have any pattern at all
(the union of all detectors). `audit` is our reader: it counts records by day, so that any period
can be judged later, and says which patterns there are, how many values have each, and whether
checksums are right. They take turns, and the median is told, with the most memory that this
process has held until then. What is judged afterwards costs as much as there are days, however
many records there are. SQLite counts the same records by day, from ISO texts.
"""

import argparse
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, Reader, TableInfo
from auditor.collect.stores.scanning import scan
from auditor.knowledge.columns import union
from auditor.policy import AnchorField, Store

ROWS = 10_000_000
ROUNDS = 5
CUT = 2025  # the year before which a record is overdue
TEXTS = ("email", "name", "phone", "iban", "ip", "country", "digest", "note", "status")
MAKE = """
COPY (SELECT i AS id,
  TIMESTAMP '2019-01-01' + to_days((hash(i) % 2500)::INTEGER) AS created_at,
  CASE WHEN hash(i + 1) % 5 > 0
    THEN TIMESTAMP '2020-01-01' + to_seconds((hash(i + 2) % 180000000)::INTEGER) END
    AS last_used_at,
  'a' || i || '@example.org' AS email,
  ['Anna', 'Ben', 'Carla', 'Dora'][1 + (hash(i + 3) % 4)::INTEGER] || ' '
    || ['Adams', 'Bauer', 'Costa'][1 + (hash(i + 4) % 3)::INTEGER] AS name,
  CASE WHEN hash(i + 5) % 5 > 1 THEN '+49 30 ' || (1000000 + hash(i + 6) % 9000000) END AS phone,
  'DE' || lpad((98 - ((n::HUGEINT) * 1000000 + 131400) % 97)::VARCHAR, 2, '0')
    || lpad(n::VARCHAR, 18, '0') AS iban,
  concat_ws('.', 192, hash(i + 8) % 250, hash(i + 9) % 250, hash(i + 10) % 250) AS ip,
  ['France', 'Germany', 'Spain', 'Italy'][1 + (hash(i + 11) % 4)::INTEGER] AS country,
  md5(i::VARCHAR) AS digest,
  'the customer called about order ' || i || ' and wants to hear from us before the end of the'
    || ' month, nobody answered the telephone in the office that day'
    || CASE WHEN hash(i + 12) % 100 = 0 THEN ', write to b' || i || '@example.org' ELSE '' END
    AS note,
  ['active', 'gone', 'new'][1 + (hash(i + 13) % 3)::INTEGER] AS status
FROM (SELECT i, hash(i + 7) % 1000000000000000 AS n FROM range({rows}) t(i)))
TO '{path}' (FORMAT parquet)
"""


def made(rows: int) -> Path:
    """Return the file, made if it is not there yet."""
    folder = Path(tempfile.gettempdir()) / "audit-benchmark"
    folder.mkdir(exist_ok=True)
    path = folder / f"people-{rows}.parquet"
    if not path.exists():
        with duckdb.connect() as connection:
            connection.execute(MAKE.format(rows=rows, path=path))
    return path


def made_sqlite(parquet: Path) -> Path:
    """Return the same as a SQLite file, with ISO texts for dates; without most columns."""
    path = parquet.with_suffix(".db")
    if not path.exists():
        text = f"SELECT id, created_at::VARCHAR, last_used_at::VARCHAR, note FROM '{parquet}'"
        with duckdb.connect() as source, sqlite3.connect(path) as target:
            target.execute(f'CREATE TABLE "{path.stem}" (id, created_at, last_used_at, note)')
            found = source.execute(text)
            while rows := found.fetchmany(10_000):
                target.executemany(f'INSERT INTO "{path.stem}" VALUES (?, ?, ?, ?)', rows)
        target.close()
    return path


def plain_ages(path: Path) -> int:
    """Count what is older than a day with nothing but DuckDB."""
    with duckdb.connect() as connection:
        text = (  # our own file
            "SELECT count(*) FILTER"
            f" (coalesce(last_used_at, created_at) < TIMESTAMP '{CUT}-01-01') FROM '{path}'"
        )
        found = connection.execute(text).fetchone()
    return int(found[0]) if found else 0


def plain_sqlite(path: Path) -> int:
    """Count the same with nothing but SQLite."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        text = (
            f"SELECT sum(unixepoch(coalesce(last_used_at, created_at)) < unixepoch('{CUT}-01-01'))"
            f' FROM "{path.stem}"'
        )
        found = connection.execute(text).fetchone()
    connection.close()
    return int(found[0])


def our_ages(path: Path) -> int:
    """Count by day with our reader, and sum the same up from the days."""
    reader, _ = opened(path)
    columns = (AnchorField(field="last_used_at"), AnchorField(field="created_at"))
    found = reader.ages(
        AgesQuestion(table=path.stem, anchor="last_used", columns=columns, fallback="created")
    )
    reader.close()
    return sum(number for day, number in found.days.items() if day.year < CUT)


def plain_scan(path: Path) -> int:
    """Count in DuckDB how many values of each column have any pattern: not which."""
    counts = ", ".join(f"count(*) FILTER (regexp_matches({one}, $1))" for one in TEXTS)
    with duckdb.connect() as connection:
        text = f"SELECT {counts} FROM read_parquet('{path}')"
        found = connection.execute(text, [union()]).fetchone()
    return sum(found or ())


def our_scan(path: Path) -> int:
    """Say of every value which patterns it has; count all hits that are right."""
    reader, info = opened(path)
    samples = reader.sample(info, 1_000)
    hits = 0
    for column in info.columns:
        if column.name in TEXTS:
            mine = {column.name: samples[column.name]}
            (found,) = scan(reader, info, column, mine, 600).values()
            hits += sum(one.estimate(one.fits) for one in found.counts.values())
    reader.close()
    return hits


def opened(path: Path) -> tuple[Reader, TableInfo]:
    """Return our reader of a file, and its one table."""
    store = Store(id="s", connector="files", path=path.name)
    if path.suffix == ".db":
        store = Store(id="s", connector="sql", url=f"sqlite:///{path.name}")
    reader = open_store(store, path.parent, {}, seconds=600)
    (info,) = reader.tables()
    return reader, info


def compare(what: str, path: Path, ways: Mapping[str, Callable[[Path], int]], rounds: int) -> None:
    """Take turns, and tell medians."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    counts: dict[str, int] = {}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            counts[name] = way(path)
            took[name].append(time.perf_counter() - began)
    print(f"{what} ({path.stat().st_size / 2**20:,.0f} MiB)")
    for name, seconds in took.items():
        print(f"  {name:6} {statistics.median(seconds):7.2f} s  {counts[name]:,}")
    ratio = statistics.median(a / b for a, b in zip(took["audit"], took["plain"], strict=True))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {ratio:.2f} times as long; at most {most:,.0f} MiB of memory until now")


def main() -> None:
    """Compare what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--scan", action="store_true", help="also every value of nine columns")
    asked = parser.parse_args()
    path = made(asked.rows)
    compare("ages, Parquet", path, {"plain": plain_ages, "audit": our_ages}, asked.rounds)
    if asked.scan:
        compare("every value", path, {"plain": plain_scan, "audit": our_scan}, asked.rounds)
    ways = {"plain": plain_sqlite, "audit": our_ages}
    compare("ages, SQLite", made_sqlite(path), ways, asked.rounds)


if __name__ == "__main__":
    main()
