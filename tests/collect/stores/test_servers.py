"""Databases on servers: read only, within bounds, and as their addresses say."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import trustme

from auditor.collect import stores
from auditor.collect.stores import mysql, postgres
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, Reader, RefusedError, TableInfo
from auditor.collect.stores.statements import Statement
from auditor.evidence import Reason
from auditor.policy import AnchorField, Store

Server = Callable[..., Store]
HOSTILE = "a \"b\" 'c' `d` \\ %s % %% {0} $1 ü; DROP TABLE t; --"


@pytest.fixture(params=["postgres_server", "mariadb_server"])
def server(request: pytest.FixtureRequest) -> Server:
    """Return what makes a database on a server that runs."""
    found: Server = request.getfixturevalue(request.param)
    return found


@contextmanager
def opened(store: Store, seconds: float = 20) -> Iterator[tuple[Reader, dict[str, TableInfo]]]:
    """Open a store, with its tables."""
    reader = open_store(store, Path(), {}, seconds=seconds)
    try:
        yield reader, {table.name: table for table in reader.tables()}
    finally:
        reader.close()


def refused(store: Store, seconds: float = 20) -> RefusedError:
    """Return why a store does not open."""
    with pytest.raises(RefusedError) as caught, opened(store, seconds):
        pass
    return caught.value


def quoted(store: Store, name: str) -> str:
    """Return a name as a server's SQL has it."""
    mark = "`" if "mariadb" in str(store.url) else '"'
    return mark + name.replace(mark, mark * 2) + mark


def test_names_of_all_kinds(server: Server) -> None:
    """Quotes, percent signs and backslashes are part of a name, in every statement."""
    store = server()
    table, column = quoted(store, HOSTILE[:40]), quoted(store, HOSTILE)
    store = server(
        f"CREATE TABLE {table} ({column} TEXT, d DATE)",
        f"INSERT INTO {table} VALUES ('x@example.org', '2024-05-05'), (NULL, '2023-05-05')",
        database=str(store.url).rpartition("/")[2],
    )
    with opened(store) as (reader, tables):
        found = tables[HOSTILE[:40]]
        sample = reader.sample(found, 1)
        assert sample[HOSTILE].values == ("x@example.org",)
        assert [list(batch) for batch in reader.scan(found, HOSTILE)] == [["x@example.org"]]
        question = AgesQuestion(
            table=HOSTILE[:40],
            anchor="last_used",
            columns=(AnchorField(field="d"),),
            holding=(HOSTILE,),
        )
        assert reader.ages(question).days == {date(2024, 5, 5): 1}
        form = AnchorField(field=HOSTILE, format="%d%%%m'\"%Y", timezone="Europe/Paris")
        other = AgesQuestion(table=HOSTILE[:40], anchor="last_used", columns=(form,))
        assert (reader.ages(other).unreadable, reader.ages(other).undated) == (1, 1)
        assert len(list(reader.statements(found))) == 4


def test_nothing_is_written(server: Server) -> None:
    """What would write is refused by the server, though the role may do anything."""
    store = server("CREATE TABLE t (id INTEGER)", rows=[(1,)])
    engine = (mysql if "mariadb" in str(store.url) else postgres).connect(
        str(store.url), seconds=5
    )
    for text in ("DELETE FROM t", "CREATE TABLE u (id INTEGER)", "DROP TABLE t"):
        qualified = text.replace("FROM t", f"FROM {engine.dialect.table('t')}")
        with pytest.raises(RefusedError, match="error"):
            list(engine.query(Statement(text=qualified)))
    engine.close()
    with opened(store) as (reader, tables):
        assert list(tables) == ["t"]
        assert reader.sample(tables["t"], 5)["id"].rows == 1


@pytest.mark.parametrize(
    ("part", "other", "reason"),
    [
        ("boss:secret", "boss:hunter2", Reason.NO_CREDENTIAL),
        ("boss:secret", "nobody:hunter2", Reason.NO_CREDENTIAL),
        (":[0-9]+/", ":1/", Reason.UNREACHABLE),
        (":[0-9]+/", ":hunter2/", Reason.UNREACHABLE),
        ("/d[0-9]+$", "/hunter2", Reason.UNREACHABLE),
    ],
)
def test_what_does_not_connect(server: Server, part: str, other: str, reason: Reason) -> None:
    """It says why; nothing of the address is told."""
    url = re.sub(part, other, str(server().url))
    error = refused(Store(id="s", connector="sql", url=url))
    assert error.reason is reason
    assert "hunter2" not in error.needs
    assert error.__cause__ is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "mysql", "mariadb"])
def test_a_server_that_says_nothing(scheme: str) -> None:
    """It is left after the time that the address gives for connecting."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        url = f"{scheme}://boss:secret@127.0.0.1:{line.getsockname()[1]}/d?connect_timeout=2"
        assert refused(Store(id="s", connector="sql", url=url)).reason is Reason.TIMEOUT


def test_certificates_as_the_address_demands(server: Server, tmp_path: Path) -> None:
    """A server whose certificate is of somebody else is not talked to."""
    store = server("CREATE TABLE t (id INTEGER)")
    database = str(store.url).rpartition("/")[2]
    is_maria = "mariadb" in str(store.url)
    more = "?ssl_mode=VERIFY_CA&ssl_ca={}" if is_maria else "?sslmode=verify-ca&sslrootcert={}"
    with opened(server(database=database, more=more.format("{authority}"))) as (_, tables):
        assert list(tables) == ["t"]
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    error = refused(server(database=database, more=more.format(other)))
    assert error.reason is Reason.UNREACHABLE
    assert "certificate" in error.needs


def test_a_statement_that_takes_too_long(server: Server) -> None:
    """The server ends it; what else is asked is answered."""
    store = server("CREATE TABLE t (id INTEGER)", rows=[(1,)])
    nap = "SLEEP(30)" if "mariadb" in str(store.url) else "CAST(pg_sleep(30) AS text)"
    database = str(store.url).rpartition("/")[2]
    store = server(f"CREATE VIEW slow AS SELECT {nap} AS x FROM t", database=database)
    with opened(store, seconds=1) as (reader, tables):
        with pytest.raises(RefusedError) as caught:
            reader.sample(tables["slow"], 5)
        assert caught.value.reason is Reason.TIMEOUT
        assert reader.sample(tables["t"], 5)["id"].values == ("1",)


def test_many_rows_come_in_batches(server: Server) -> None:
    """All are seen; who stops in between can ask the next question; a sample is of all rows."""
    rows = [(number, f"v{number}") for number in range(9000)]
    with opened(server("CREATE TABLE t (id INTEGER, word TEXT)", rows=rows)) as (reader, tables):
        found = [text for batch in reader.scan(tables["t"], "word") for text in batch]
        assert sorted(found) == sorted(word for _, word in rows)
        next(iter(reader.scan(tables["t"], "word")))
        sample = reader.sample(tables["t"], 200)["word"]
        assert (sample.rows, sample.filled, len(sample.values)) == (9000, 9000, 200)
        assert {int(value[1:]) // 3000 for value in sample.values} == {0, 1, 2}


def test_who_wants_no_more_is_not_kept_waiting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends a statement whose answer nobody reads to its end."""
    monkeypatch.setattr(mysql, "BATCH", 5)
    monkeypatch.setattr(postgres, "BATCH", 5)
    rows = [(number,) for number in range(5000)]
    url = str(server("CREATE TABLE t (id INTEGER)", rows=rows).url)
    module, nap = (mysql, "SLEEP") if "mariadb" in url else (postgres, "pg_sleep")
    engine = module.connect(url, seconds=20)
    text = f"SELECT repeat('x', 9000), {nap}(0.003) FROM {engine.dialect.table('t')}"
    began = time.monotonic()
    answer = engine.query(Statement(text=text))
    next(answer)
    answer.close()
    assert list(engine.query(Statement(text="SELECT 1"))) == [(1,)]
    assert time.monotonic() - began < 8  # seconds; all of it takes 15
    engine.close()


@pytest.mark.parametrize(("scheme", "library"), [("postgres", "psycopg"), ("mysql", "pymysql")])
def test_a_library_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, scheme: str, library: str
) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"auditor.collect.stores.{scheme}")
    monkeypatch.delattr(stores, scheme)
    error = refused(Store(id="s", connector="sql", url=f"{scheme}://a:b@127.0.0.1:1/c"))
    assert error.needs.startswith(f"pip install 'policy-auditor[{scheme}]'")


POLICY = """
version: 1
controller: {name: Example}
processing_activities:
  - id: accounts
    purpose: essential.service
    data_subjects: [customer]
    data_categories: [user.name]
    legal_basis: contract
    retention: {period: P12M, anchor: last_used}
stores:
  - id: app
    connector: sql
    url: {env: DATABASE_URL}
    tables:
      - name: users
        activities: [accounts]
        fields: {id: system.operations, full_name: user.name, seen: system.operations,
                 remark: system.operations}
        anchors: {last_used: seen}
"""


def test_what_audit_finds(server: Server, tmp_path: Path) -> None:
    """A record that is kept too long, and addresses in a column that is declared as harmless."""
    store = server(
        "CREATE TABLE users (id INTEGER, full_name VARCHAR(50), seen DATE, remark TEXT)",
        "INSERT INTO users VALUES (1, 'Ada Lovelace', '2024-01-01', 'ada@example.org'),"
        " (2, 'Grace Hopper', '2026-05-05', 'grace@example.org')",
    )
    (tmp_path / "policy.yaml").write_text(POLICY)
    command = [str(Path(sys.executable).parent / "audit"), "--scope", "stores", "--no-progress"]
    options = ["--as-of", "2026-06-01", "--format", "json"]
    ran = subprocess.run(  # noqa: S603 -- our own command
        [*command, *options],
        cwd=tmp_path,
        env={**os.environ, "DATABASE_URL": str(store.url)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    report = json.loads(ran.stdout)
    found = {result["check"]: result for result in report["results"]}
    assert found["retention-overdue"]["outcome"] == "fail"
    assert "1" in found["retention-overdue"]["findings"][0]["message"]
    objects = [one["object"] for one in found["category-undeclared"]["findings"]]
    assert "field:users.remark" in objects
    assert found["credential-privilege"]["outcome"] == "fail"
    assert "secret" not in ran.stdout + ran.stderr
    assert "example.org" not in ran.stdout + ran.stderr
