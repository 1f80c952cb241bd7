"""What is easily passed over, or easily kept: lines, keys, schemas, long values, names."""

import json
import os
import sqlite3
from pathlib import Path

import duckdb
import pytest

from auditor import evidence
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.nested import flattened
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, ConsentQuestion, RefusedError, Sample
from auditor.evidence import Aspect, ConsentCounted, Evidence, Reason, StoreEvidence, Tool
from auditor.policy import AnchorField, Audience, Store, Table
from auditor.testing import policy

ADDRESS = "jo.doe@example.org"
FILES = Store(id="s", connector="files", path=".")


def samples(store: Store, folder: Path, most: int = 1000) -> dict[str, dict[str, Sample]]:
    """Return samples of each table of a store."""
    reader = open_store(store, folder, {}, seconds=20)
    try:
        return {table.name: reader.sample(table, most) for table in reader.tables()}
    finally:
        reader.close()


def sqlite_store(folder: Path, *statements: str) -> Store:
    """Return a SQLite store with these statements done to it."""
    with sqlite3.connect(folder / "a.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return Store(id="s", connector="sql", url="sqlite:///a.db")


def collected(store: Store, folder: Path) -> tuple[StoreEvidence, str]:
    """Return the evidence of a store, and its text."""
    (found,) = collect_stores(policy(""), [store], StoreLooking(folder=str(folder)))
    written = Evidence(tool=Tool(name="x", version="1"), stores=(found,))
    return found, evidence.encode(written).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"# {ADDRESS}\nid,mail\n1,a\n2,b\n",
        f"id,mail\n1,a\n# {ADDRESS}\n2,b\n#3,c\n",
        f"Report of {ADDRESS}\n\nid,mail,x\n1,a,2\n2,b,3\n3,c,4\n",
    ],
)
def test_no_line_of_a_file_is_taken_for_something_else(tmp_path: Path, text: str) -> None:
    """What looks like a comment, or stands before the header, is looked at, or it is refused."""
    (tmp_path / "t.csv").write_text(text)
    (tmp_path / "other.csv").write_text("id\n1\n")
    found = samples(FILES, tmp_path)["t"]
    values = [value for sample in found.values() for value in sample.values]
    assert not found or any(ADDRESS in value for value in values)


def test_a_file_without_a_header_names_nobody(tmp_path: Path) -> None:
    """Its first record is no list of names: the table is a gap, and the record is not kept."""
    (tmp_path / "t.csv").write_text(f"{ADDRESS},Hanna\nmax@example.org,Max\n")
    (tmp_path / "other.csv").write_text("id\n1\n")
    found, text = collected(FILES, tmp_path)
    assert "example.org" not in text
    assert [gap.what for gap in found.gaps] == ["the fields of t"]
    assert {table.name: table.rows for table in found.tables} == {"other": 1, "t": 0}


def test_a_broken_file_is_one_tables_gap(tmp_path: Path) -> None:
    """The other files are looked at; what is broken quotes nothing."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + ADDRESS.encode())
    (tmp_path / "b.csv").write_bytes(b"id,mail\n1,\xff\xfe\n")
    (tmp_path / "c.jsonl").write_text("[" * 100_000)
    (tmp_path / "d.csv").write_text("id,mail\n1,a\x00b\n")
    (tmp_path / "e.csv").write_text("")
    found, text = collected(FILES, tmp_path)
    assert found.is_looked_at
    assert ADDRESS not in text
    missed = {gap.what for gap in found.gaps}
    assert {f"the fields of {name}" for name in "abc"} <= missed
    assert {table.name: table.rows for table in found.tables}["d"] == 1


def test_a_key_that_comes_late_is_a_column(tmp_path: Path) -> None:
    """However many records were without it."""
    lines = [*(f'{{"id": {n}}}' for n in range(30_000)), json.dumps({"id": 1, "mail": ADDRESS})]
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    assert samples(FILES, tmp_path)["t"]["mail"].values == (ADDRESS,)


def test_keys_that_are_values(tmp_path: Path) -> None:
    """An object by address is looked into, and no address is the name of a field or a type."""
    rows = [{"by": {ADDRESS: {"n": 1}, f"x{ADDRESS}": {"n": 2}}}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute(f"CREATE TYPE who AS ENUM ('{ADDRESS}')")
        connection.execute("CREATE TABLE t (mail who)")
    assert sorted(samples(FILES, tmp_path)["t"]) == ["by.*", "by.*.n"]
    found, text = collected(FILES, tmp_path)
    assert ADDRESS not in text
    found, text = collected(Store(id="s", connector="sql", url="duckdb:///a.duckdb"), tmp_path)
    assert ADDRESS not in text
    assert found.tables[0].fields[0].type == "ENUM"


def test_what_is_too_deep_or_too_wide_is_told() -> None:
    """Nothing is left out in silence; a key that is there twice holds two values."""
    deep = "[" * 12 + '"x"' + "]" * 12
    assert flattened("c", [deep]).is_cut
    wide = json.dumps({f"k_{chr(97 + n % 26)}_{chr(97 + n // 26)}": n for n in range(600)})
    assert flattened("c", [wide]).is_cut
    twice = flattened("c", ['{"a": "x", "a": "y"}'])
    assert (twice.texts, twice.is_cut) == ({"c.a": ["x", "y"]}, False)


def test_every_schema_is_looked_at(tmp_path: Path) -> None:
    """A table is not passed over for being in another schema; its name says where it is."""
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute('CREATE SCHEMA "old ""one"""')
        connection.execute('CREATE TABLE "old ""one""".users (mail VARCHAR)')
        connection.execute('INSERT INTO "old ""one""".users VALUES (?)', [ADDRESS])
    store = Store(id="s", connector="sql", url="duckdb:///a.duckdb")
    assert samples(store, tmp_path)['old "one".users']["mail"].values == (ADDRESS,)


def test_a_struct_with_a_date_is_looked_into(tmp_path: Path) -> None:
    """A type is what it begins with, whatever is in it; nanoseconds are times, too."""
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {{'mail': '{ADDRESS}', 'at': TIMESTAMPTZ '2024-01-01'}} AS who,"
            " TIMESTAMP_NS '2024-05-05 01:02:03' AS seen)"
            f" TO '{tmp_path / 't.parquet'}' (FORMAT parquet)"
        )
    assert samples(FILES, tmp_path)["t"]["who.mail"].values == (ADDRESS,)
    reader = open_store(FILES, tmp_path, {}, seconds=20)
    columns = {column.name: column.kind for column in reader.tables()[0].columns}
    assert columns == {"who": "json", "seen": "timestamp"}
    question = AgesQuestion(table="t", anchor="created", columns=(AnchorField(field="seen"),))
    assert [day.isoformat() for day in reader.ages(question).days] == ["2024-05-05"]
    reader.close()


@pytest.mark.parametrize("rows", [900, 1200, 1600])
def test_all_means_all(tmp_path: Path, rows: int) -> None:
    """A sample says that it is all only if every value, and the whole of it, is there."""
    store = sqlite_store(tmp_path, "CREATE TABLE t (x, long)")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        values = [(f"v{n}", "y" * 5000) for n in range(rows)]
        connection.executemany("INSERT INTO t VALUES (?, ?)", values)
    connection.close()
    found = samples(store, tmp_path)["t"]
    assert found["x"].is_all == (len(set(found["x"].values)) == rows)
    assert found["x"].is_all == (rows < 1500)
    assert not found["long"].is_all


def test_binary_columns_are_counted(tmp_path: Path) -> None:
    """A table of nothing else has its rows, and a gap; an empty one has none."""
    store = sqlite_store(
        tmp_path,
        "CREATE TABLE full (photo BLOB)",
        "CREATE TABLE none (photo BLOB)",
        "INSERT INTO full VALUES (x'00')",
    )
    found, _ = collected(store, tmp_path)
    assert [(table.name, table.rows) for table in found.tables] == [("full", 1), ("none", 0)]
    assert [gap.what for gap in found.gaps] == ["what full.photo holds"]


def test_views_of_what_is_gone(tmp_path: Path) -> None:
    """A view that no longer works is a gap, and the other tables are looked at."""
    store = sqlite_store(
        tmp_path,
        "CREATE TABLE t (x)",
        "CREATE TABLE u (x)",
        "CREATE VIEW v AS SELECT * FROM u",
        "DROP TABLE u",
    )
    found, _ = collected(store, tmp_path)
    assert [table.name for table in found.tables] == ["t", "v"]
    assert [gap.what for gap in found.gaps] == ["the fields of v"]


def test_more_columns_than_are_looked_at(tmp_path: Path) -> None:
    """The first two thousand are, and the rest is a gap."""
    header = ",".join(f"c{chr(97 + n % 26)}{n}" for n in range(2010))
    (tmp_path / "t.csv").write_text(f"{header}\n{','.join('x' * 2010)}\n")
    found, _ = collected(FILES, tmp_path)
    assert len(found.tables[0].fields) == 2000
    assert [(gap.what, gap.reason) for gap in found.gaps] == [
        ("the fields of t", Reason.CAP_REACHED)
    ]


def test_names_that_are_patterns_or_no_text(tmp_path: Path) -> None:
    """A file called like a pattern is itself; one whose name is no text is a gap."""
    (tmp_path / "[x].csv").write_text("mine\n1\n")
    (tmp_path / "x.csv").write_text("other\n1\n")
    (tmp_path / os.fsdecode(b"\xff.csv")).write_text("id\n1\n")
    found, _ = collected(FILES, tmp_path)
    names = {table.name: [field.name for field in table.fields] for table in found.tables}
    assert names == {"[x]": ["mine"], "x": ["other"], "?": []}


def test_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    """A SQLite file that keeps a log of changes is read without a file being made beside it."""
    sqlite_store(tmp_path, "PRAGMA journal_mode = wal")
    store = sqlite_store(tmp_path, "CREATE TABLE t (x)", "INSERT INTO t VALUES (1)")
    assert samples(store, tmp_path)["t"]["x"].values == ("1",)
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


def test_an_address_is_not_repeated(tmp_path: Path) -> None:
    """What is no address may be a password: the gap does not say it."""
    for address in ("postgresql:secret@host/db", "secret", "secret://x"):
        with pytest.raises(RefusedError) as refused:
            open_store(Store(id="s", connector="sql", url=address), tmp_path, {}, seconds=1)
        assert "secret" not in refused.value.needs


CONSENTS = """
1,2024-01-01 10:00:00,,true
2,2024-01-01 10:00:00,2024-01-01 09:00:00,true
3,2024-01-01 10:00:00,2024-01-02 00:00:00,true
4,2024-01-03 10:00:00,2024-01-02T23:00:00Z,true
5,yes,,true
6,,,true
7,2024-01-01 10:00:00,perhaps,true
8,,,false
9,2024-02-03,2024-01-02 09:00:00,true
"""


def _consents(store: Store, folder: Path, *, given: str = "given") -> ConsentCounted:
    reader = open_store(store, folder, {}, seconds=20)
    try:
        reader.tables()
        return reader.consent(
            ConsentQuestion(
                table="t",
                activity="news",
                given_at=AnchorField(field=given),
                withdrawn_at=AnchorField(field="back"),
                audience=Audience(field="news", equals=True),
            )
        )
    finally:
        reader.close()


def _consent_stores(folder: Path) -> tuple[Store, Store]:
    (folder / "t.csv").write_text(f"id,given,back,news{CONSENTS}")
    store = sqlite_store(folder, "CREATE TABLE t (id, given TEXT, back TEXT, news TEXT)")
    rows = [[value or None for value in line.split(",")] for line in CONSENTS.strip().split("\n")]
    with sqlite3.connect(folder / "a.db") as connection:
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return store, Store(id="s", connector="files", path="t.csv", tables=(Table(name="t"),))


def test_consents_are_compared_as_days(tmp_path: Path) -> None:
    """However dates are written; a consent without a date that can be read is none."""
    for store in _consent_stores(tmp_path):
        found = _consents(store, tmp_path)
        # texts of one day say nothing safe about which came first: 2 counts as withdrawn
        assert (found.audience, found.without, found.withdrawn) == (8, 2, 3)


def test_consents_of_one_day_are_compared_as_times(tmp_path: Path) -> None:
    """Where the engine knows times, a consent given again later that day stands."""
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("CREATE TABLE t (given TIMESTAMP, back TIMESTAMP, news BOOLEAN)")
        connection.execute(
            "INSERT INTO t VALUES ('2024-01-01 10:00:00', '2024-01-01 09:00:00', true),"
            " ('2024-01-01 09:00:00', '2024-01-01 10:00:00', true),"
            " ('2024-01-01 09:00:00', '2024-01-01 09:00:00', true), (NULL, NULL, false)"
        )
    found = _consents(Store(id="s", connector="sql", url="duckdb:///a.duckdb"), tmp_path)
    assert (found.audience, found.without, found.withdrawn) == (3, 0, 2)


def test_a_consent_column_that_is_not_there(tmp_path: Path) -> None:
    """SQLite would take its name for a text that everybody has: it is refused."""
    for store in _consent_stores(tmp_path):
        with pytest.raises(RefusedError, match=r"t\.gone, which policy.yaml names"):
            _consents(store, tmp_path, given="gone")


def test_fields_within_documents_are_held(tmp_path: Path) -> None:
    """Only records whose nested field has a value are counted, in either engine."""
    docs = [{"who": {"mail": "x"}}, {"who": {"mail": None}}, {"who": {}}, {}]
    store = sqlite_store(tmp_path, "CREATE TABLE t (doc TEXT, seen TEXT)")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        texts = [*map(json.dumps, docs), "{broken"]
        connection.executemany("INSERT INTO t VALUES (?, '2024-01-01')", [(t,) for t in texts])
    connection.close()
    lines = [{"doc": doc, "seen": "2024-01-01", "items": [{"price": 1}]} for doc in docs]
    lines[0]["items"] = [{"price": None}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, lines)))
    files = Store(id="s", connector="files", path="t.jsonl")
    for one, path, rows in (
        (store, "doc.who.mail", 1),
        (files, "doc.who.mail", 1),
        (files, "items[].price", 3),
    ):
        reader = open_store(one, tmp_path, {}, seconds=20)
        reader.tables()
        columns = (AnchorField(field="seen"),)
        asked = AgesQuestion(table="t", anchor="created", columns=columns, holding=(path,))
        assert reader.ages(asked).rows == rows, path
        reader.close()


def test_a_file_in_a_form_that_is_not_read_is_a_gap(tmp_path: Path) -> None:
    """In a folder of exports it is named, unless a glob or the policy leaves it out."""
    (tmp_path / "t.csv").write_text("id\n1\n")
    (tmp_path / "members.xlsx").write_bytes(b"PK")
    found, _ = collected(FILES, tmp_path)
    assert [(gap.what, gap.aspects) for gap in found.gaps] == [
        ("the file members.xlsx", (Aspect.TABLES,))
    ]
    some, _ = collected(Store(id="s", connector="files", path="*.csv"), tmp_path)
    assert not some.gaps
    left_out = Store(id="s", connector="files", path=".", undeclared_tables="ignore")
    assert not collected(left_out, tmp_path)[0].gaps
