"""From stores to evidence: counts and names, never a value, and a gap for what was not seen."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from auditor import evidence
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import RefusedError
from auditor.collect.stores.sql_reader import SqlReader
from auditor.evidence import Ages, Aspect, Evidence, Reason, StoreEvidence, Tool
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
        fields: {id: system.operations, mail: user.contact.email}
        anchors: {last_used: seen, consent_withdrawn: back}
        consent: {activity: accounts, given_at: given, audience: {field: news, equals: 1}}
"""
SECRETS = ("jo.doe@example.org", "Hanna Example", "+33 1 99 00 12 34")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a database with people in it."""
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.execute(
            "CREATE TABLE users (id INTEGER, mail TEXT, seen TEXT, given, back, news, photo BLOB)"
        )
        rows = [
            (1, SECRETS[0], "2024-01-01", "2023-01-01", None, 1, b"x"),
            (2, SECRETS[1], None, None, None, 1, None),
            (3, SECRETS[2], "soon", "2023-01-01", "2024-01-01", 1, None),
            (4, None, "2025-01-01", None, None, 0, None),
        ]
        connection.executemany("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("CREATE TABLE forgotten (who TEXT)")
    connection.close()
    return tmp_path


def collected(folder: Path, text: str = POLICY) -> StoreEvidence:
    """Collect the one store of a policy."""
    promised = policy(text)
    looking = StoreLooking(folder=str(folder))
    return collect_stores(promised, promised.stores, looking)[0]


def test_what_is_there(folder: Path) -> None:
    """Tables, fields, ages and consents are counted, those of undeclared tables too."""
    found = collected(folder)
    assert found.is_looked_at
    assert [(table.name, table.rows) for table in found.tables] == [("forgotten", 0), ("users", 4)]
    users = found.tables[1]
    fields = {
        field.name: (field.filled, field.looked_at, field.exhaustive) for field in users.fields
    }
    assert fields["mail"] == (3, 3, True)
    assert fields["photo"] == (1, 0, False)
    assert users.ages == (
        Ages(
            anchor="last_used",
            columns=("seen, iso",),
            rows=4,
            days={date(2024, 1, 1): 1, date(2025, 1, 1): 1},
            undated=1,
            unreadable=1,
            assumed="dates without a time zone are of UTC",
        ),
    )
    (consent,) = users.consents
    assert (consent.audience, consent.without, consent.withdrawn) == (3, 1, 1)
    assert [(gap.what, gap.aspects) for gap in found.gaps] == [
        ("what users.photo holds", (Aspect.FIELDS,))
    ]


def test_no_value_is_kept(folder: Path) -> None:
    """Nothing that a record holds is in the evidence."""
    data = evidence.encode(
        Evidence(tool=Tool(name="x", version="1"), stores=(collected(folder),))
    ).decode()
    assert not any(secret in data for secret in SECRETS)
    assert evidence.decode(data.encode(), "x").stores == (collected_again(data),)


def collected_again(data: str) -> StoreEvidence:
    """Read the evidence back."""
    return evidence.decode(data.encode(), "x").stores[0]


def test_a_store_that_does_not_open(folder: Path) -> None:
    """It is a gap, and nothing was looked at."""
    (folder / "app.db").unlink()
    found = collected(folder)
    assert not found.is_looked_at
    assert [(gap.what, gap.reason) for gap in found.gaps] == [("store:app", Reason.UNREACHABLE)]


def test_an_anchor_that_is_not_there(folder: Path) -> None:
    """Then nobody knows how old records are; the rest was looked at."""
    found = collected(folder, POLICY.replace("last_used: seen", "last_used: last_seen"))
    assert found.tables[1].ages == ()
    gap = next(gap for gap in found.gaps if gap.aspects == (Aspect.AGES,))
    assert gap.what == "the ages of users by last_used"
    assert "users.last_seen, which policy.yaml names" in gap.needs


def test_what_breaks_in_one_question_stays_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out of one question is a gap in its aspect alone."""

    def refuse(*_: object) -> None:
        raise RefusedError(Reason.TIMEOUT, "a statement that ends")

    monkeypatch.setattr(SqlReader, "sample", refuse)
    found = collected(folder)
    assert found.is_looked_at
    assert {gap.aspects for gap in found.gaps} == {(Aspect.FIELDS,)}
    assert found.tables[1].ages


def test_a_crash_is_one_stores_gap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours in one store does not keep the others from being looked at."""
    text = POLICY + "  - {id: other, connector: sql, url: 'sqlite:///app.db'}\n"
    promised = policy(text)

    def breaks(store: object, *given: object, **more: object) -> object:
        if store == promised.stores[0]:
            raise KeyError(SECRETS[0])
        return open_store(store, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("auditor.collect.stores.collecting.open_store", breaks)
    first, second = collect_stores(promised, promised.stores, StoreLooking(folder=str(folder)))
    assert not first.is_looked_at
    assert first.gaps[0].needs == "a reader that does not raise KeyError"
    assert second.is_looked_at


def test_undeclared_tables_that_do_not_count(folder: Path) -> None:
    """Where the policy ignores them, nobody looks into them; they are listed."""
    with sqlite3.connect(folder / "app.db") as connection:
        connection.execute("INSERT INTO forgotten VALUES ('x')")
    connection.close()
    text = POLICY.replace("    tables:\n", "    undeclared_tables: ignore\n    tables:\n")
    found = collected(folder, text)
    assert found.tables[0].name == "forgotten"
    assert all(field.looked_at == 0 for field in found.tables[0].fields)
