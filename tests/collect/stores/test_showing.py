"""Showing queries: every statement that would be asked, without a record being read."""

# ruff: noqa: E501 -- a statement is one line

import sqlite3
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.cli.arguments import parse
from auditor.cli.commands import run_command
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.showing import queries
from auditor.collect.stores.sql_reader import SqlReader
from auditor.collect.stores.sqlite import Sqlite
from auditor.policy_file.overrides import with_store_url
from auditor.testing import policy

POLICY = """
processing_activities:
  - {id: accounts, retention: {period: P12M, anchor: last_used}}
stores:
  - id: app
    connector: sql
    url: "sqlite:///app.db"
    tables:
      - name: users
        activities: [accounts]
        fields: {mail: user.contact.email}
        anchors: {last_used: seen}
        consent: {activity: accounts, given_at: gone}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a database, and a copy of it without its second table."""
    for name in ("app.db", "copy.db"):
        with sqlite3.connect(tmp_path / name) as connection:
            connection.execute("CREATE TABLE users (mail TEXT, seen TEXT)")
        connection.close()
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.execute("CREATE TABLE photos (photo BLOB)")
    connection.close()
    return tmp_path


def test_every_statement(folder: Path) -> None:
    """Samples, ages and consents; what cannot be asked says why."""
    promised = policy(POLICY)
    shown = list(queries(promised, promised.stores, StoreLooking(folder=str(folder))))
    assert [(one.about, one.text, one.needs) for one in shown] == snapshot(
        [
            (
                "a sample of each field of photos",
                'SELECT count(*), count(t."photo") FROM "photos" t',
                "",
            ),
            (
                "a sample of each field of users",
                'SELECT count(*), count(t."mail"), count(t."seen") FROM "users" t',
                "",
            ),
            (
                "a sample of each field of users",
                'SELECT * FROM (SELECT CASE WHEN typeof(t."mail") = \'text\' THEN substr(t."mail", 1, 100001) ELSE t."mail" END AS c0, CASE WHEN typeof(t."seen") = \'text\' THEN substr(t."seen", 1, 100001) ELSE t."seen" END AS c1 FROM "users" t) s ORDER BY random() LIMIT 1500',
                "",
            ),
            (
                "a sample of each field of users",
                'SELECT * FROM (SELECT CASE WHEN typeof(t."mail") = \'text\' THEN substr(t."mail", 1, 100001) ELSE t."mail" END AS c0 FROM "users" t WHERE t."mail" IS NOT NULL) s ORDER BY random() LIMIT 1000',
                "",
            ),
            (
                "a sample of each field of users",
                'SELECT * FROM (SELECT CASE WHEN typeof(t."seen") = \'text\' THEN substr(t."seen", 1, 100001) ELSE t."seen" END AS c0 FROM "users" t WHERE t."seen" IS NOT NULL) s ORDER BY random() LIMIT 1000',
                "",
            ),
            (
                "the ages of users by last_used",
                'SELECT coalesce(d, m * -9000000) FROM (SELECT CASE WHEN t."seen" IS NOT NULL THEN CASE WHEN typeof(t."seen") = \'text\' AND t."seen" GLOB \'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*\' AND (substr(t."seen", 9, 2) < \'29\' OR date(substr(t."seen", 1, 10), \'+0 days\') = substr(t."seen", 1, 10)) THEN CAST(julianday(t."seen") + 0.5 AS INTEGER) - 1721425 END END AS d, CASE WHEN t."seen" IS NOT NULL THEN 0 ELSE 1 END AS m FROM "users" t) r',
                "",
            ),
            ("the consents in users", "", "users.gone, which policy.yaml names and is not there"),
        ]
    )


def test_what_is_asked_is_what_was_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking runs the statements that were shown, and no others on tables with records."""
    promised = policy(POLICY)
    how = StoreLooking(folder=str(folder))
    with sqlite3.connect(folder / "app.db") as connection:
        connection.execute("INSERT INTO users VALUES ('x', '2024-01-01')")
    connection.close()
    shown = {one.text for one in queries(promised, promised.stores, how) if one.text}
    asked: list[str] = []
    real = Sqlite.query

    def query(engine: Sqlite, statement: object) -> object:
        asked.append(statement.text)  # type: ignore[attr-defined]
        return real(engine, statement)  # type: ignore[arg-type]

    monkeypatch.setattr(Sqlite, "query", query)
    collect_stores(promised, promised.stores, how)
    records = {text for text in asked if "sqlite_master" not in text and "table_xinfo" not in text}
    assert records
    assert records <= shown


def test_nothing_is_asked_of_records(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints and ends: 0 where all is known, 3 where something cannot be asked."""

    def asked(*_: object) -> None:
        raise AssertionError("a record was asked for")

    for name in ("ages", "consent", "sample", "scan"):
        monkeypatch.setattr(SqlReader, name, asked)
    path = folder / "policy.yaml"
    head = "version: 1\ncontroller: {name: Shop}\n"
    path.write_text(head + POLICY)
    assert run_command(parse(["--policy", str(path), "--scope", "stores", "--show-queries"])) == 3
    assert "-- store:app: the consents in users: cannot be asked" in capsys.readouterr().out
    path.write_text(head + POLICY.replace("given_at: gone", "given_at: seen"))
    assert run_command(parse(["--policy", str(path), "--scope", "stores", "--show-queries"])) == 0
    assert 'FROM "users" t) r;\n' in capsys.readouterr().out


def test_a_store_that_does_not_open(folder: Path) -> None:
    """It says what is missing."""
    (folder / "app.db").unlink()
    promised = policy(POLICY)
    (shown,) = queries(promised, promised.stores, StoreLooking(folder=str(folder)))
    assert shown.needs == "the file app.db: it is not there"


def test_a_copy_that_stands_in(folder: Path) -> None:
    """With another address the copy is asked."""
    promised = with_store_url(policy(POLICY), "app=sqlite:///copy.db")
    shown = list(queries(promised, promised.stores, StoreLooking(folder=str(folder))))
    assert not any("photos" in one.about for one in shown)
