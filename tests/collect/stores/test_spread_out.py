"""Files in parts, in processes and on a cluster: what one machine sees of the whole."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb
import pytest
from distributed import LocalCluster
from msgspec import structs

from auditor.collect.stores import duck_parts, spread_out
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.counting import Counted, Scan
from auditor.collect.stores.merging import merged_scans
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import RefusedError
from auditor.collect.stores.spread_work import Counting, Job, Refused, answer
from auditor.evidence import Reason, StoreEvidence, TableSeen
from auditor.spread import PROCESSES
from auditor.testing import policy

ROWS = 20_000
MAKE = f"""
COPY (SELECT i AS id,
  CASE WHEN i % 7 > 0 THEN TIMESTAMP '2024-01-01' + to_hours(i % 9000) END AS seen,
  DATE '2020-01-01' + (i % 400)::INTEGER AS made,
  CASE WHEN i % 3 = 0 THEN 'a' || i || '@example.org' END AS mail,
  CASE WHEN i % 4 = 0 THEN TIMESTAMP '2024-02-01' END AS back,
  i % 2 = 0 AS news,
  CASE WHEN i BETWEEN 9000 AND 9100 THEN 'call +33 1 99 00 12 ' || (10 + i % 90) END AS notes,
  {{'ip': '192.0.2.' || (i % 250), 'tags': ['x', 'y']}} AS who
FROM range({ROWS}) t(i)) TO 'TARGET' (FORMAT parquet, ROW_GROUP_SIZE 2048)
"""
POLICY = """
processing_activities:
  - {id: accounts, retention: {period: P12M, anchor: last_used, on_missing_anchor: use_created}}
stores:
  - id: app
    connector: files
    path: exports
    tables:
      - name: users
        activities: [accounts]
        fields: {id: system.operations, mail: user.contact.email}
        anchors: {last_used: seen, created: made, consent_withdrawn: back}
        consent: {activity: accounts, given_at: seen, audience: {field: news, equals: true}}
      - name: logs
        path: "exports/logs-*.csv"
        activities: [accounts]
        anchors: {last_used: day, created: day}
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Start a cluster of two workers, and give its address."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a large file, in parts of some row groups each, and a table of two files."""
    monkeypatch.setattr(duck_parts, "ROWS", 5000)
    exports = tmp_path / "exports"
    exports.mkdir()
    with duckdb.connect() as connection:
        connection.execute(MAKE.replace("TARGET", str(exports / "users.parquet")))
    (exports / "logs-1.csv").write_text("day,ip\n2024-01-01,192.0.2.1\n,\n")
    (exports / "logs-2.csv").write_text("day,mail\n2024-01-01,jo@example.org\nsoon,\n,\n")
    (exports / "few.json").write_text('[{"mail": "jo@example.org"}]')
    (exports / "old.xlsx").write_bytes(b"PK")
    return tmp_path


def seen_of(folder: Path, scheduler: str = "", *, exhaustive: bool = False) -> StoreEvidence:
    """Look at the store."""
    found = policy(POLICY)
    looking = StoreLooking(folder=str(folder), scheduler=scheduler, exhaustive=exhaustive)
    (seen,) = collect_stores(found, found.stores, looking)
    return seen


def counted(table: TableSeen) -> tuple[object, ...]:
    """Return what does not hang on chance: rows, ages, consents, and the counts of fields."""
    fields = [
        (one.name, one.type, one.rows, one.filled, one.looked_at, one.exhaustive)
        for one in table.fields
    ]
    return table.name, table.kind, table.rows, table.ages, table.consents, fields


def categories(seen: StoreEvidence) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return what was found in each field."""
    return {
        (table.name, field.name): [(one.category, one.detector) for one in field.found]
        for table in seen.tables
        for field in table.fields
    }


@pytest.mark.parametrize("where", [PROCESSES, "cluster"])
def test_the_same_is_seen(folder: Path, where: str, request: pytest.FixtureRequest) -> None:
    """Ages, consents, counts, gaps and categories are those of the whole."""
    scheduler = request.getfixturevalue("cluster") if where == "cluster" else where
    whole, spread = seen_of(folder), seen_of(folder, scheduler)
    assert [*map(counted, spread.tables)] == [*map(counted, whole.tables)]
    assert spread.gaps == whole.gaps
    assert {key: found for key, found in categories(spread).items() if key[1] != "notes"} == {
        key: found for key, found in categories(whole).items() if key[1] != "notes"
    }
    users = next(table for table in spread.tables if table.name == "users")
    assert users.ages[0].rows == ROWS
    assert len(users.ages[0].days) > 300
    assert users.consents[0].audience == ROWS // 2


def test_every_value_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scanned in parts, as many have a pattern as in the whole; the rare ones are found."""
    monkeypatch.delattr(spread_out.Spread, "scan")  # nothing comes here as it is
    whole, spread = seen_of(folder, exhaustive=True), seen_of(folder, PROCESSES, exhaustive=True)
    exact = [
        {
            (table.name, field.name, one.category): (one.hits, one.looked_at, one.exhaustive)
            for table in seen.tables
            for field in table.fields
            for one in field.found
        }
        for seen in (whole, spread)
    ]
    assert exact[0] == exact[1]
    assert any(name == "notes" and hits == 101 for (_, name, _), (hits, *_) in exact[1].items())


def test_a_sample_of_all_parts(folder: Path) -> None:
    """It is uniform over the whole; all values are all, and what is nested has its paths."""
    store = policy(POLICY).stores[0]
    reader = open_store(store, folder, {}, seconds=20, scheduler=PROCESSES)
    assert isinstance(reader, spread_out.Spread)
    tables = {table.name: table for table in reader.tables()}
    assert len(reader._parts["users"]) == 4
    found = reader.sample(tables["users"], 400)
    reader.close()
    drawn = [int(value) for value in found["id"].values]
    assert len(drawn) == len(set(drawn)) == 400
    assert abs(sum(drawn) / 400 - ROWS / 2) < 6 * ROWS / 12**0.5 / 400**0.5
    assert [sum(one // 5000 == part for one in drawn) > 50 for part in range(4)] == [True] * 4
    assert (found["notes"].filled, len(found["notes"].values)) == (101, 101)
    assert (found["notes"].is_all, found["id"].is_all) == (True, False)
    assert found["who.tags[]"].values[:1] in {("x",), ("y",)}


def test_from_which_part_how_many() -> None:
    """As many as if all lay in one urn: large parts give more, empty ones nothing."""
    many = [spread_out._urn([900, 0, 100], 100) for _ in range(200)]
    assert all(sum(urn.values()) == 100 and not urn[1] for urn in many)
    assert 8 < sum(urn[2] for urn in many) / 200 < 12
    assert len({urn[2] for urn in many}) > 3
    assert spread_out._urn([2, 1], 100) == {0: 2, 1: 1}
    assert spread_out._urn([0, 0], 5) == {}


def test_a_part_that_breaks(folder: Path) -> None:
    """The question is refused, never answered by the others alone; other tables are seen."""
    path = folder / "exports/users.parquet"
    data = bytearray(path.read_bytes())
    data[2_000:40_000] = b"jo@example" * 3_800
    path.write_bytes(data)
    seen = seen_of(folder, PROCESSES)
    assert {gap.reason for gap in seen.gaps if "users" in gap.what} == {Reason.NOT_VERIFIED}
    assert "jo@" not in str(seen.gaps)
    users, logs = (next(t for t in seen.tables if t.name == name) for name in ("users", "logs"))
    assert (users.ages, users.consents, logs.ages[0].rows) == ((), (), 5)


def test_what_is_sent_back_is_no_exception(folder: Path) -> None:
    """An error can be sent: a file that is gone is refused, and does not end the worker."""
    part = duck_parts.Part(table="t", path=str(folder / "gone.csv"))
    job = Job(
        part=part,
        columns={"a": "VARCHAR"},
        folder=str(folder),
        seconds=5,
        ask=Counting(columns=("a",)),
    )
    assert isinstance(answer(job), Refused)
    broken = answer(structs.replace(job, folder="\0"))
    assert isinstance(broken, Refused)
    assert broken.reason is Reason.CHECK_CRASHED


def test_no_scheduler(folder: Path) -> None:
    """Where none answers, each question is a gap that says so."""
    seen = seen_of(folder, "tcp:/nothing")
    known = {gap.needs for gap in seen.gaps if "users" in gap.what}
    assert known == {"--scheduler tcp:/nothing: no scheduler answers there"}
    assert not next(table for table in seen.tables if table.name == "users").ages


def test_a_worker_that_is_lost(folder: Path) -> None:
    """What it would have answered is refused: never a sum without it. Then others begin."""
    store = policy(POLICY).stores[0]
    reader = open_store(store, folder, {}, seconds=20, scheduler=PROCESSES)
    assert isinstance(reader, spread_out.Spread)
    (table,) = [table for table in reader.tables() if table.name == "users"]
    with suppress(BrokenExecutor):
        reader._pool().submit(os._exit, 9).result()
    with pytest.raises(RefusedError, match=r"one was lost \(BrokenProcessPool\)"):
        reader.sample(table, 5)
    assert len(reader.sample(table, 5)["id"].values) == 5
    reader.close()


def test_files_that_differ(tmp_path: Path) -> None:
    """A part has the columns of the whole table, empty where its file has none."""
    with duckdb.connect() as connection:
        for number, columns in enumerate(("1 AS a", "2 AS a, DATE '2024-05-05' AS day")):
            target = tmp_path / f"t-{number}.parquet"
            connection.execute(f"COPY (SELECT {columns}) TO '{target}' (FORMAT parquet)")
    text = """
stores:
  - {id: app, connector: files, tables: [{name: t, path: "t-*.parquet"}]}
"""
    store = policy(text).stores[0]
    reader = open_store(store, tmp_path, {}, seconds=20, scheduler=PROCESSES)
    (table,) = reader.tables()
    sample = reader.sample(table, 5)
    reader.close()
    assert {name: (one.rows, one.filled, sorted(one.values)) for name, one in sample.items()} == {
        "a": (2, 2, ["1", "2"]),
        "day": (2, 1, [str(date(2024, 5, 5))]),
    }


SETTING = """
from pathlib import Path
from auditor.collect.stores.duck_parts import Part, open_part
from auditor.collect.stores.statements import Statement
part = Part(table="t", path="exports/users.parquet")
duck = open_part(part, {"id": "BIGINT"}, Path.cwd(), seconds=5)
print(*duck.query(Statement(text="SELECT current_setting('enable_progress_bar')")))
"""


def test_nothing_is_printed(folder: Path) -> None:
    """In a process without a script DuckDB shows how far it is: but not into a report."""
    command = [sys.executable, "-c", SETTING]
    said = subprocess.run(  # noqa: S603 -- our own text
        command, cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout == "(False,)\n"


def test_scans_are_put_together() -> None:
    """Hits are summed; of what was tried, a part speaks for as many as it has."""
    exact = Counted(hits=4, tried=4, fits=2, apart=1, alone=2)
    large = Counted(hits=9996, tried=996, fits=0, apart=0, alone=0)
    scans = [
        {"a": Scan(filled=10, counts={"iban": exact}, by_sample=frozenset({"card", "ip", "vat"}))},
        {"a": Scan(filled=10_000, counts={"iban": large, "card": exact, "ip": large})},
    ]
    merged = merged_scans(scans)["a"]
    assert merged.filled == 10_010
    assert merged.by_sample == frozenset({"ip", "vat"})
    assert merged.counts.keys() == {"iban", "card"}
    assert merged.counts["card"] == exact
    iban = merged.counts["iban"]
    assert (iban.hits, iban.tried, iban.fits) == (10_000, 1000, 1)
    assert merged_scans([{"a": Scan(filled=4, counts={"iban": exact})}] * 2)["a"].counts == {
        "iban": Counted(hits=8, tried=8, fits=4, apart=2, alone=4)
    }
