"""What asking a PostgreSQL server costs: ages, and every value of nine columns, beside psql.

    python benchmarks/servers.py postgresql://role:password@127.0.0.1/scratch
    python benchmarks/servers.py ADDRESS --rows 200000

The table `audit_people` is made once, in a database where the role may do so. `psql` asks how many
records are older than a day, and copies the nine columns out; `audit` is our reader, which counts
by day, and streams one column after the other. They take turns, and the median is told.
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, Reader, TableInfo
from auditor.policy import AnchorField, Store

ROWS = 2_000_000
ROUNDS = 3
CUT = 2025
NAME = "audit_people"
TEXTS = ("email", "name", "phone", "iban", "ip", "country", "digest", "note", "status")
MAKE = f"""
CREATE TABLE {NAME} AS SELECT i AS id,
  timestamptz '2019-01-01 00:00+00' + (random() * 2500) * interval '1 day' AS created_at,
  CASE WHEN random() > 0.2 THEN
    timestamptz '2020-01-01 00:00+00' + (random() * 2100) * interval '1 day' END AS last_used_at,
  'a' || i || '@example.org' AS email, 'Name ' || i AS name,
  CASE WHEN random() > 0.4 THEN '+49 30 ' || (1000000 + i % 9000000) END AS phone,
  'DE' || lpad(i::text, 20, '0') AS iban, '192.168.' || i % 250 || '.' || i % 199 AS ip,
  'country ' || i % 40 AS country, md5(i::text) AS digest,
  repeat('the customer called about an order, ', 4)
    || CASE WHEN random() < 0.01 THEN 'b' || i || '@example.org' ELSE '' END AS note,
  'status ' || i % 5 AS status
FROM generate_series(1, %s) i
"""


def make(address: str, rows: int) -> None:
    """Make the table, unless it is there with as many rows."""
    with psycopg.connect(address, autocommit=True) as connection:
        there = connection.execute("SELECT to_regclass(%s)", (NAME,)).fetchone()
        if there and there[0]:
            found = connection.execute(f"SELECT count(*) FROM {NAME}".encode()).fetchone()
            if found and found[0] == rows:
                return
            connection.execute(f"DROP TABLE {NAME}".encode())
        psycopg.ClientCursor(connection).execute(MAKE.replace("%s", str(rows)).encode())
        connection.execute(f"VACUUM ANALYZE {NAME}".encode())


def psql(address: str, text: str) -> str:
    """Let psql run a statement, and return what it prints."""
    found = shutil.which("psql") or "psql"
    command = [found, address, "-X", "-q", "-A", "-t", "-c", text]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return ran.stdout


def plain_ages(address: str) -> int:
    """Count what is older than a day with psql."""
    text = f"SELECT count(*) FROM {NAME} WHERE coalesce(last_used_at, created_at) < '{CUT}-01-01Z'"
    return int(psql(address, text))


def our_ages(address: str) -> int:
    """Count by day with our reader, and sum the same up from the days."""
    reader, _ = opened(address)
    columns = (AnchorField(field="last_used_at"), AnchorField(field="created_at"))
    question = AgesQuestion(table=NAME, anchor="last_used", columns=columns, fallback="created")
    found = reader.ages(question)
    reader.close()
    return sum(number for day, number in found.days.items() if day.year < CUT)


def plain_copy(address: str) -> int:
    """Have psql copy the nine columns to nowhere; return how many values there are."""
    psql(address, f"\\copy {NAME} ({', '.join(TEXTS)}) TO '/dev/null'")
    return int(psql(address, f"SELECT {'+'.join(f'count({one})' for one in TEXTS)} FROM {NAME}"))


def our_scan(address: str) -> int:
    """Stream the nine columns, one after the other; return how many values came."""
    reader, info = opened(address)
    values = sum(len(batch) for column in TEXTS for batch in reader.scan(info, column))
    reader.close()
    return values


def opened(address: str) -> tuple[Reader, TableInfo]:
    """Return our reader of the database, and the table."""
    reader = open_store(Store(id="s", connector="sql", url=address), Path(), {}, seconds=600)
    return reader, next(table for table in reader.tables() if table.name == NAME)


def compare(what: str, address: str, ways: Mapping[str, Callable[[str], int]]) -> None:
    """Take turns, and tell medians."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    counts: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            counts[name] = way(address)
            took[name].append(time.perf_counter() - began)
    print(what)
    for name, seconds in took.items():
        print(f"  {name:6} {statistics.median(seconds):7.2f} s  {counts[name]:,}")
    ratio = statistics.median(a / b for a, b in zip(took["audit"], took["psql"], strict=True))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {ratio:.2f} times as long; at most {most:,.0f} MiB of memory until now")


def main() -> None:
    """Compare both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    make(asked.address, asked.rows)
    compare("ages", asked.address, {"psql": plain_ages, "audit": our_ages})
    compare("every value", asked.address, {"psql": plain_copy, "audit": our_scan})


if __name__ == "__main__":
    main()
