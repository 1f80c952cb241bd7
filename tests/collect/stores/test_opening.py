"""Opening stores: by connector and address, in the policy's folder, for reading only."""

import gzip
import json
import sqlite3
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import RefusedError, TableInfo
from auditor.collect.stores.sql_reader import SqlReader
from auditor.collect.stores.statements import Statement
from auditor.evidence import Reason
from auditor.policy import Env, Store, Table


def tables_of(store: Store, folder: Path) -> dict[str, TableInfo]:
    """Open a store and return its tables by name."""
    reader = open_store(store, folder, {}, seconds=10)
    try:
        return {table.name: table for table in reader.tables()}
    finally:
        reader.close()


def sqlite_store(folder: Path, *statements: str) -> Store:
    """Return a store with these statements done to it."""
    with sqlite3.connect(folder / "a.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return Store(id="s", connector="sql", url="sqlite:///a.db")


def test_tables_views_and_names_of_all_kinds(tmp_path: Path) -> None:
    """Names hold quotes, spaces and pictures; SQLite's own tables are not there."""
    store = sqlite_store(
        tmp_path,
        'CREATE TABLE "a ""b"" \'c\' 🙂; DROP TABLE x" ("x ""y""" TEXT, d DATETIME)',
        "CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB)",
        "CREATE VIEW v AS SELECT * FROM n",
    )
    found = tables_of(store, tmp_path)
    assert sorted((table.name, table.kind) for table in found.values()) == [
        ("a \"b\" 'c' 🙂; DROP TABLE x", "table"),
        ("n", "table"),
        ("v", "view"),
    ]
    odd = found["a \"b\" 'c' 🙂; DROP TABLE x"]
    assert [(c.name, c.kind) for c in odd.columns] == [('x "y"', "text"), ("d", "timestamp")]
    reader = open_store(store, tmp_path, {}, seconds=10)
    reader.tables()
    assert reader.sample(odd, 10)['x "y"'].rows == 0
    reader.close()


def test_files_are_tables(tmp_path: Path) -> None:
    """One for each name, those of a glob together, packed ones too; what is no data is not."""
    (tmp_path / "users-1.csv").write_text("id,mail\n1,a\n")
    (tmp_path / "users-2.csv").write_text("id,mail,name\n2,b,c\n")
    (tmp_path / "more.csv.gz").write_bytes(gzip.compress(b"id\n1\n2\n"))
    (tmp_path / "log.jsonl").write_text('{"a": {"b": 1}}\n')
    (tmp_path / "notes.txt").write_text("Dear all")
    users = Table(name="users", path="users-*.csv")
    found = tables_of(Store(id="s", connector="files", path=".", tables=(users,)), tmp_path)
    assert {name: [c.name for c in table.columns] for name, table in found.items()} == {
        "log": ["a"],
        "more": ["id"],
        "users": ["id", "mail", "name"],
    }
    assert {table.kind for table in found.values()} == {"files"}


@pytest.mark.parametrize(
    ("store", "reason", "needs"),
    [
        (Store(id="s", connector="sql", url="sqlite:///no.db"), "unreachable", "not there"),
        (Store(id="s", connector="sql", url="sqlite:///text.db"), "unreachable", "SQLite file"),
        (Store(id="s", connector="sql", url="duckdb:///text.db"), "unreachable", "DuckDB file"),
        (Store(id="s", connector="sql", url="sqlite:///../a.db"), "forbidden", "in the folder"),
        (Store(id="s", connector="sql", url=Env(env="URL")), "no_credential", "variable URL"),
        (Store(id="s", connector="sql", url="oracle://x"), "not_in_evidence", "has none yet"),
        (Store(id="s", connector="files", path="none*.csv"), "unreachable", "files at none"),
        (Store(id="s", connector="files", path="link.csv"), "forbidden", "in the folder"),
        (Store(id="s", connector="files", path="broken.parquet"), "not_verified", "files of one"),
        (Store(id="s", connector="files", path="mixed*"), "not_verified", "of one form"),
    ],
)
def test_what_does_not_open(tmp_path: Path, store: Store, reason: str, needs: str) -> None:
    """It says why, and nothing of what is in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "text.db").write_text("Dear all, " * 100)
    (folder / "broken.parquet").write_bytes(b"PAR1 and no more")
    (folder / "mixed-1.csv").write_text("id\n1\n")
    (folder / "mixed-2.json").write_text("[]")
    if store.path == "mixed*":
        store = Store(id="s", connector="files", tables=(Table(name="m", path="mixed*"),))
    with pytest.raises(RefusedError) as refused:
        tables_of(store, folder)
    assert refused.value.reason is Reason(reason)
    assert needs in refused.value.needs


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM t",
        "DROP TABLE t",
        "CREATE TABLE u (x)",
        "PRAGMA journal_mode = DELETE; DELETE FROM t",
        "ATTACH DATABASE '/tmp/other.db' AS o",
    ],
)
def test_nothing_is_written_to_sqlite(tmp_path: Path, statement: str) -> None:
    """Whatever is asked, the file stays as it is."""
    store = sqlite_store(tmp_path, "CREATE TABLE t (x)", "INSERT INTO t VALUES (1)")
    before = (tmp_path / "a.db").read_bytes()
    reader = open_store(store, tmp_path, {}, seconds=10)
    assert isinstance(reader, SqlReader)
    with suppress(RefusedError):
        list(reader._engine.query(Statement(text=statement)))
    reader.close()
    assert (tmp_path / "a.db").read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "SELECT * FROM read_csv('../secret.csv')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "ATTACH '../other.db'",
    ],
)
def test_duckdb_is_locked(tmp_path: Path, statement: str) -> None:
    """It reads the folder and nothing else, and nothing unlocks it."""
    folder = tmp_path / "here"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (folder / "t.csv").write_text("id\n1\n")
    reader = open_store(Store(id="s", connector="files", path="t.csv"), folder, {}, seconds=10)
    assert isinstance(reader, SqlReader)
    with pytest.raises(RefusedError):
        list(reader._engine.query(Statement(text=statement.replace("../", f"{tmp_path}/"))))
    reader.close()


def test_a_statement_ends_in_time(tmp_path: Path) -> None:
    """One that would run for hours is ended, in either engine."""
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    )
    sqlite_store(tmp_path, "CREATE TABLE t (x)")
    (tmp_path / "t.csv").write_text("id\n1\n")
    for store in (
        Store(id="s", connector="sql", url="sqlite:///a.db"),
        Store(id="s", connector="files", path="t.csv"),
    ):
        reader = open_store(store, tmp_path, {}, seconds=0.3)
        assert isinstance(reader, SqlReader)
        with pytest.raises(RefusedError) as refused:
            list(reader._engine.query(Statement(text=endless)))
        assert refused.value.reason in {Reason.TIMEOUT, Reason.CAP_REACHED}
        reader.close()


def test_a_row_that_does_not_fit_is_not_passed_over(tmp_path: Path) -> None:
    """A line with too many fields, after thousands that fit, is refused and never dropped."""
    lines = [f"{n},x" for n in range(30_000)]
    (tmp_path / "t.csv").write_text("\n".join(["id,name", *lines, "1,y,jo@example.org,z", ""]))
    reader = open_store(Store(id="s", connector="files", path="t.csv"), tmp_path, {}, seconds=10)
    (table,) = reader.tables()
    with pytest.raises(RefusedError, match="rows that all have the columns"):
        reader.sample(table, 10)
    reader.close()


def test_values_within_values(tmp_path: Path) -> None:
    """Objects, lists, and JSON in a text column are looked into by path."""
    rows = [{"id": n, "who": {"mail": f"a{n}@example.org", "tags": ["x", None]}} for n in range(3)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("CREATE TABLE t (doc VARCHAR)")
        connection.execute("INSERT INTO t VALUES (?), ('[broken')", [json.dumps(rows[0])])
    lines, texts = (
        open_store(store, tmp_path, {}, seconds=10)
        for store in (
            Store(id="s", connector="files", path="t.jsonl"),
            Store(id="s", connector="sql", url="duckdb:///a.duckdb"),
        )
    )
    assert sorted(lines.sample(lines.tables()[0], 10)) == ["id", "who.mail", "who.tags[]"]
    found = texts.sample(texts.tables()[0], 10)
    assert sorted(found) == ["doc", "doc.id", "doc.who.mail", "doc.who.tags[]"]
    assert found["doc"].values == ("[broken",)
    lines.close()
    texts.close()
