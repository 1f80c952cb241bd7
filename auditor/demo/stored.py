"""The demonstration's stores: people who do not exist, the same ones on the same day."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random

from auditor.policy import Policy
from auditor.policy_file import read_policy

PEOPLE, REQUESTS = 240, 120
KEPT, TOO_LONG = 330, 900  # days ago, at most: those who may be kept, those who may not
OVERDUE, UNDATED = 9, 1  # people; the others were seen lately
ADDRESSES = ("volunteers=sqlite:///volunteers.db", "export=export")  # as of `--store-url`
ALLERGIES = ("hay fever", "none", "penicillin", "peanuts", "asthma")
NOTES = ("drives at weekends", "speaks French", "prefers mornings", "can carry heavy bags")
LEAK = "call back, or write to her daughter: marthe.exemple@mail.example.org"
UNDECIDED, SAID_BELOW = b"\nstores: TODO", b"\n# stores: at the end"


def promise(path: Path, known_checks: Collection[str], *, section: Path) -> Policy:
    """Return a policy with another section `stores` in the place of `stores: TODO`.

    It is read as if it stood at the end, so that all other lines keep their numbers.
    """
    data = path.read_bytes().replace(UNDECIDED, SAID_BELOW, 1) + b"\n" + section.read_bytes()
    return read_policy(data, str(path), path.parent, known_checks)


def write_stores(folder: Path, today: date) -> None:
    """Write both into a folder: a SQLite file, and a Parquet file in `export`."""
    _write_volunteers(folder / "volunteers.db", today)
    (folder / "export").mkdir()
    _write_requests(folder / "export" / "requests.parquet", today)


def _write_volunteers(path: Path, today: date) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE volunteers (id INTEGER, email TEXT, last_seen TEXT, notes TEXT)"
        )
        people = list(_volunteers(today))
        connection.executemany("INSERT INTO volunteers VALUES (?, ?, ?, ?)", people)


def _volunteers(today: date) -> Iterator[tuple[int, str, str | None, str]]:
    chance = Random(PEOPLE)  # noqa: S311 -- the same people each time
    for number in range(PEOPLE):
        is_late = number < OVERDUE
        ago = chance.randint(KEPT + 120, TOO_LONG) if is_late else chance.randint(0, KEPT)
        seen = None if number >= PEOPLE - UNDATED else f"{today - timedelta(days=ago)}T10:00:00Z"
        note = LEAK if number == PEOPLE // 2 else chance.choice(NOTES)
        yield number, f"volunteer{number}@example.org", seen, note


def _write_requests(path: Path, today: date) -> None:
    import duckdb  # noqa: PLC0415 -- it takes a while

    chance = Random(REQUESTS)  # noqa: S311 -- the same requests each time
    rows = [
        (
            number,
            f"person{number}@example.org",
            today - timedelta(days=chance.randint(0, KEPT)),
            chance.choice(ALLERGIES),
        )
        for number in range(REQUESTS)
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE requests (id INTEGER, email VARCHAR, asked_on DATE, allergies VARCHAR)"
        )
        connection.executemany("INSERT INTO requests VALUES (?, ?, ?, ?)", rows)
        target = str(path).replace("'", "''")
        connection.execute(f"COPY requests TO '{target}' (FORMAT parquet)")
