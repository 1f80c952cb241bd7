"""What asking for ages costs: a Parquet file of many records, beside the engine's own count.

    python benchmarks/stores.py                 10 million records
    python benchmarks/stores.py --rows 1000000

The file is made once, and kept in the folder for temporary files. `plain` is DuckDB alone, asked
how many records are older than a day; `audit` is our reader, which counts them by day so that any
period can be judged later. They take turns, and the median is told, with the most memory that this
process has held until then. What is judged afterwards costs as much as there are days, however
many records there are.
"""

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion
from auditor.policy import AnchorField, Store

ROWS = 10_000_000
ROUNDS = 5
MAKE = """
COPY (SELECT i AS id,
  TIMESTAMP '2019-01-01' + to_days((hash(i) % 2500)::INTEGER) AS created_at,
  CASE WHEN hash(i + 1) % 5 > 0
    THEN TIMESTAMP '2020-01-01' + to_seconds((hash(i + 2) % 180000000)::INTEGER) END
    AS last_used_at,
  'a' || i || '@example.org' AS email, md5(i::VARCHAR) AS digest,
  'country ' || (i % 40) AS country, 'note ' || i AS note
FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet)
"""


def made(rows: int) -> Path:
    """Return the file, made if it is not there yet."""
    folder = Path(tempfile.gettempdir()) / "audit-benchmark"
    folder.mkdir(exist_ok=True)
    path = folder / f"users-{rows}.parquet"
    if not path.exists():
        with duckdb.connect() as connection:
            connection.execute(MAKE.format(rows=rows, path=path))
    return path


def plain(path: Path) -> int:
    """Count what is older than a day with nothing but DuckDB."""
    with duckdb.connect() as connection:
        text = (  # our own file
            "SELECT count(*) FILTER (coalesce(last_used_at, created_at) < TIMESTAMP '2025-01-01')"
            f" FROM read_parquet('{path}')"
        )
        found = connection.execute(text).fetchone()
    return int(found[0]) if found else 0


def ours(path: Path) -> int:
    """Count by day with our reader, and sum the same up from the days."""
    store = Store(id="s", connector="files", path=path.name)
    reader = open_store(store, path.parent, {}, seconds=600)
    reader.tables()
    columns = (AnchorField(field="last_used_at"), AnchorField(field="created_at"))
    name = path.name.partition(".")[0]
    found = reader.ages(
        AgesQuestion(table=name, anchor="last_used", columns=columns, fallback="created")
    )
    reader.close()
    return sum(number for day, number in found.days.items() if day.year < 2025)  # noqa: PLR2004


def main() -> None:
    """Take turns, and tell medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    path = made(parser.parse_args().rows)
    ways = {"plain": plain, "audit": ours}
    took: dict[str, list[float]] = {name: [] for name in ways}
    counts: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            counts[name] = way(path)
            took[name].append(time.perf_counter() - began)
    for name, seconds in took.items():
        print(f"{name:6} {statistics.median(seconds):6.2f} s  {counts[name]:,} records overdue")
    print(
        f"{statistics.median(took['audit']) / statistics.median(took['plain']):.2f} times as long"
    )
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{path.stat().st_size / 2**20:,.0f} MiB of Parquet, at most {most:,.0f} MiB of memory")


if __name__ == "__main__":
    main()
