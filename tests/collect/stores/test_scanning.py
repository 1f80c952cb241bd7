"""`--exhaustive`: one among many is found, wherever it is and however long its value."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iban import is_valid

from auditor.collect.stores import scanning
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.duck import Duck
from auditor.collect.stores.reader import Column, Reader, RefusedError, Sample, TableInfo
from auditor.collect.stores.scanning import scan
from auditor.collect.stores.showing import queries
from auditor.collect.stores.sql_reader import SqlReader
from auditor.collect.stores.sqlite import Sqlite
from auditor.evidence import FieldSeen, Found, Reason, StoreEvidence
from auditor.testing import policy

MAIL = "please write to jo.doe@mail.example.org before Friday"
PLAIN = "called again, nobody answered the telephone"
MANY = 2_500
Make = Callable[[Path, Sequence[object]], str]


def sqlite_of(folder: Path, values: Sequence[object]) -> str:
    """Write a table of notes into a SQLite file."""
    with closing(sqlite3.connect(folder / "app.db")) as connection, connection:
        connection.execute("CREATE TABLE notes (note TEXT)")
        connection.executemany("INSERT INTO notes VALUES (?)", [(value,) for value in values])
    return 'connector: sql, url: "sqlite:///app.db"'


def duckdb_of(folder: Path, values: Sequence[object]) -> str:
    """Write the same into a DuckDB file."""
    with duckdb.connect(str(folder / "app.duckdb")) as connection:
        connection.execute("CREATE TABLE notes (note VARCHAR)")
        connection.execute("INSERT INTO notes SELECT unnest(?)", [list(values)])
    return 'connector: sql, url: "duckdb:///app.duckdb"'


ENGINES = pytest.mark.parametrize("make", [sqlite_of, duckdb_of])


def looked(folder: Path, store: str, **more: object) -> StoreEvidence:
    """Look at every value of a store."""
    how = StoreLooking(**{"folder": str(folder), "exhaustive": True, **more})  # type: ignore[arg-type]
    promised = policy(f"stores:\n  - {{id: app, {store}}}\n")
    (seen,) = collect_stores(promised, promised.stores, how)
    return seen


def field(seen: StoreEvidence, name: str = "note") -> FieldSeen:
    """Return the one field of that name."""
    return next(one for table in seen.tables for one in table.fields if one.name == name)


def only(seen: StoreEvidence, name: str = "note") -> Found:
    """Return the one category of a field."""
    (found,) = field(seen, name).found
    return found


@ENGINES
def test_one_among_thousands(tmp_path: Path, make: Make) -> None:
    """A single address is found, counted exactly, and the field is said to be seen whole."""
    seen = looked(tmp_path, make(tmp_path, [PLAIN] * MANY + [MAIL]))
    found = only(seen)
    assert (found.category, found.hits, found.exhaustive) == ("user.contact.email", 1, True)
    assert found.low == found.high == pytest.approx(1 / (MANY + 1), rel=1e-4)
    assert (field(seen).looked_at, field(seen).exhaustive) == (MANY + 1, True)
    assert seen.gaps == ()


@ENGINES
def test_a_sample_does_not_say_it_saw_all(tmp_path: Path, make: Make) -> None:
    """Without the option the field is not said to be seen whole."""
    seen = looked(tmp_path, make(tmp_path, [PLAIN] * MANY + [MAIL]), exhaustive=False)
    assert not field(seen).exhaustive


@ENGINES
def test_one_behind_many_of_another_kind(tmp_path: Path, make: Make) -> None:
    """What is frequent does not hide what is rare."""
    numbers = [f"order {n}, call +49 30 {9_000_000 + n}" for n in range(MANY)]
    seen = looked(tmp_path, make(tmp_path, [*numbers, MAIL]))
    assert {found.category: found.hits for found in field(seen).found} == {
        "user.contact.email": 1,
        "user.contact.phone_number": MANY,
    }


@ENGINES
def test_a_right_one_among_wrong_ones(tmp_path: Path, make: Make) -> None:
    """Thousands of account numbers with a wrong checksum do not hide a right one."""
    numbers = (f"DE89{n:018d}" for n in range(MANY))
    wrong = [f"paid from {number} today" for number in numbers if not is_valid(number)]
    right = "paid from DE89370400440532013000 today"
    found = only(looked(tmp_path, make(tmp_path, [*wrong, right])))
    assert found.category == "user.financial.bank_account"
    assert 0 < found.low <= 1 / (len(wrong) + 1) <= found.high
    assert looked_for_nothing(tmp_path / "other", make, wrong)


def looked_for_nothing(folder: Path, make: Make, values: Sequence[object]) -> bool:
    """Return whether nothing is found in these values."""
    folder.mkdir()
    return field(looked(folder, make(folder, values))).found == ()


@ENGINES
@pytest.mark.parametrize("before", [3_000, 5_000, 65_530, 99_990, 250_000])
def test_at_the_end_of_a_long_value(tmp_path: Path, make: Make, before: int) -> None:
    """An address after the first 4,096 bytes is found, also where a value is cut into parts."""
    long = "x " * (before // 2) + MAIL
    seen = looked(tmp_path, make(tmp_path, [PLAIN] * MANY + [long]))
    assert only(seen).hits == 1
    assert field(seen).shortened == 0


@ENGINES
def test_what_a_sample_does_not_read_is_told(tmp_path: Path, make: Make) -> None:
    """Of values that are too long for a sample it is said how many."""
    long = "x " * 4_000 + MAIL
    seen = field(looked(tmp_path, make(tmp_path, [long] * 3), exhaustive=False))
    assert (seen.shortened, seen.looked_at, seen.exhaustive) == (3, 3, False)


@ENGINES
def test_inside_of_objects(tmp_path: Path, make: Make) -> None:
    """A name of a field that only one of many objects has is a field, too."""
    values = ['{"who": {"mail": "-"}}'] * MANY + ['{"who": {"mail": "-", "alt": "a@b.example"}}']
    seen = looked(tmp_path, make(tmp_path, values))
    assert only(seen, "note.who.alt").category == "user.contact.email"
    assert field(seen, "note.who.mail").looked_at == MANY + 1


def test_a_date_column_that_holds_something_else(tmp_path: Path) -> None:
    """SQLite takes any text into a column of dates."""
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, connection:
        connection.execute("CREATE TABLE users (seen DATE)")
        rows = [("2024-01-01",)] * MANY + [("ask ada@example.org",)]
        connection.executemany("INSERT INTO users VALUES (?)", rows)
    seen = looked(tmp_path, 'connector: sql, url: "sqlite:///app.db"')
    assert only(seen, "seen").category == "user.contact.email"


def test_what_is_frequent_in_one_corner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many values come back, what leads them is counted and the rest is asked anew."""
    monkeypatch.setattr(scanning, "MOST_BROUGHT", 50)
    monkeypatch.setattr(scanning, "FREQUENT", 2.0)
    values = [f"a{n}@example.org, call +49 30 {9_000_000 + n}" for n in range(1_500)]
    values += ["paid from DE89370400440532013000 today"]
    seen = looked(tmp_path, duckdb_of(tmp_path, values))
    assert {found.category: found.hits for found in field(seen).found} == {
        "user.contact.email": 1_500,
        "user.contact.phone_number": 1_500,
        "user.financial.bank_account": 1,
    }


class Slow:
    """A reader whose values never end."""

    def scan(self, _table: TableInfo, _column: str) -> Iterator[Sequence[str]]:
        """Yield the same for ever."""
        while True:
            yield ["nothing"]


def test_the_time_is_limited() -> None:
    """A column that takes too long is refused, and not half seen."""
    column = Column(name="note", type="text", kind="text")
    reader: Reader = Slow()  # type: ignore[assignment]
    with pytest.raises(RefusedError) as refused:
        scan(reader, TableInfo(name="t", columns=(column,)), column, {}, 0.05)
    assert refused.value.reason is Reason.TIMEOUT


def test_a_column_that_is_not_read_to_its_end_is_a_gap(tmp_path: Path) -> None:
    """The gap names the column, and the field is not said to be seen whole."""
    store = sqlite_of(tmp_path, [PLAIN] * MANY)
    seen = looked(tmp_path, store, seconds_for_all=1e-9)
    assert {gap.reason for gap in seen.gaps} == {Reason.TIMEOUT}
    assert not any(one.exhaustive for table in seen.tables for one in table.fields)


def test_progress_names_columns(tmp_path: Path) -> None:
    """Who waits sees which column is looked at."""
    promised = policy(f"stores:\n  - {{id: app, {sqlite_of(tmp_path, [PLAIN])}}}\n")
    told: list[str] = []
    how = StoreLooking(folder=str(tmp_path), exhaustive=True)
    collect_stores(promised, promised.stores, how, lambda what, _done: told.append(what))
    assert "app: notes.note" in told


@ENGINES
def test_what_is_asked_is_what_was_shown(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement about records is among those that are shown beforehand."""
    store = make(tmp_path, [*(f"a{n}@example.org" for n in range(MANY)), "x " * 60_000])
    promised = policy(f"stores:\n  - {{id: app, {store}}}\n")
    how = StoreLooking(folder=str(tmp_path), exhaustive=True)
    shown = {one.text for one in queries(promised, promised.stores, how)}
    asked: list[str] = []
    for engine in (Duck, Sqlite):
        real = engine.query

        def query(self: object, statement: object, real: Callable[..., object] = real) -> object:
            asked.append(statement.text)  # type: ignore[attr-defined]
            return real(self, statement)

        monkeypatch.setattr(engine, "query", query)
    collect_stores(promised, promised.stores, how)
    about = {text for text in asked if '"notes"' in text and "xinfo" not in text}
    assert len(about) > 3
    assert about <= shown


words = st.sampled_from(
    [PLAIN, MAIL, "+49 30 901820", "DE89370400440532013000", "192.0.2.17", " "]
)


@given(st.lists(words, max_size=40))
@settings(max_examples=25, deadline=None)
def test_both_ways_count_alike(values: list[str]) -> None:
    """What the engine looks for and what is looked at here gives the same counts."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (v VARCHAR)")
        connection.execute("INSERT INTO t SELECT unnest(?::VARCHAR[])", [values])
        reader = SqlReader(Duck(connection, seconds=60))
        (info,) = reader.tables()
        (column,) = info.columns
        sample = Sample(rows=len(values), filled=len(values), values=tuple(values[:5]))
        here = Streaming(reader)
        assert counts(reader, info, column, sample) == counts(here, info, column, sample)


class Streaming:
    """A reader of which only the values are known."""

    def __init__(self, reader: Reader) -> None:
        """Begin with another."""
        self.scan = reader.scan


def counts(
    reader: object, info: TableInfo, column: Column, sample: Sample
) -> dict[str, tuple[int, int]]:
    """Return hits and fitting values by detector, of what can be told at all."""
    (found,) = scan(reader, info, column, {column.name: sample}, 60).values()  # type: ignore[arg-type]
    return {
        name: (one.hits, one.estimate(one.fits)) for name, one in found.counts.items() if one.fits
    }
