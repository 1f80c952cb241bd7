"""Ages: every engine counts as a naive reading of the same values does, and skips nothing."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, RefusedError
from auditor.durations import is_overdue, newest_overdue_day, parse_duration
from auditor.evidence import EARLIEST, LATEST, Ages
from auditor.policy import AnchorField, Store, Table

Values = Sequence[object]
Write = Callable[[Path, Values], Store]
WHEN = AnchorField(field="seen")
TABLE = (Table(name="t"),)


def sqlite_file(folder: Path, values: Values) -> Store:
    """Write a SQLite table whose column holds anything."""
    path = folder / "a.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (id INTEGER, seen)")
        rows = [(n, value) for n, value in enumerate(values)]
        connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    connection.close()
    return Store(id="s", connector="sql", url="sqlite:///a.db", tables=TABLE)


def duckdb_file(folder: Path, values: Values) -> Store:
    """Write a DuckDB table of texts."""
    path = folder / "a.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER, seen VARCHAR)")
        for number, value in enumerate(values):
            connection.execute("INSERT INTO t VALUES (?, ?)", [number, value])
    return Store(id="s", connector="sql", url="duckdb:///a.duckdb", tables=TABLE)


def csv_file(folder: Path, values: Values) -> Store:
    """Write a CSV file; what is missing is an empty field."""
    lines = [f'{n},"{value}"' if value is not None else f"{n}," for n, value in enumerate(values)]
    (folder / "t.csv").write_text("\n".join(["id,seen", *lines, ""]))
    return Store(id="s", connector="files", path="t.csv", tables=TABLE)


def json_lines(folder: Path, values: Values) -> Store:
    """Write a file of JSON lines."""
    lines = [json.dumps({"id": n, "seen": value}) for n, value in enumerate(values)]
    (folder / "t.jsonl").write_text("\n".join([*lines, ""]))
    return Store(id="s", connector="files", path="*.jsonl", tables=TABLE)


def parquet_file(folder: Path, values: Values) -> Store:
    """Write a Parquet file of texts."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (id INTEGER, seen VARCHAR)")
        for number, value in enumerate(values):
            connection.execute("INSERT INTO t VALUES (?, ?)", [number, value])
        connection.execute(f"COPY t TO '{folder / 't.parquet'}' (FORMAT parquet)")
    return Store(id="s", connector="files", path=".", tables=TABLE)


ENGINES: tuple[Write, ...] = (sqlite_file, duckdb_file, csv_file, json_lines, parquet_file)
SERVERS = ("postgres_server", "mariadb_server")


@pytest.fixture(params=[*ENGINES, *SERVERS])
def write(request: pytest.FixtureRequest) -> Write:
    """Return what writes values to one kind of store; on servers it is one table, filled anew."""
    if request.param not in SERVERS:
        found: Write = request.param
        return found
    server: Callable[..., Store] = request.getfixturevalue(request.param)
    made = server("CREATE TABLE t (id INTEGER, seen TEXT)")
    database = str(made.url).rpartition("/")[2]

    def on_server(_folder: Path, values: Values) -> Store:
        rows = [(n, None if value is None else str(value)) for n, value in enumerate(values)]
        return server("DELETE FROM t", rows=rows, database=database)

    return on_server


def counted(store: Store, folder: Path, *columns: AnchorField) -> Ages:
    """Ask a store for ages."""
    reader = open_store(store, folder, {}, seconds=20)
    try:
        reader.tables()
        return reader.ages(AgesQuestion(table="t", anchor="last_used", columns=columns))
    finally:
        reader.close()


def day_of(value: object, zone: str = "") -> date | str | None:
    """Read one ISO text naively: its day in UTC, None if there is none, "?" if it is no date."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return "?"
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    try:
        found = moment.astimezone(UTC).date()
    except OverflowError:
        return "?"
    return found if EARLIEST <= found <= LATEST else "?"


OFFSETS = st.sampled_from(
    [None, UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-11))]
)
MOMENTS = st.datetimes(datetime(1850, 1, 1), datetime(2250, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
TEXTS = st.one_of(
    st.none(),
    st.dates(date(1850, 1, 1), date(2250, 1, 1)).map(date.isoformat),
    st.builds(lambda moment, zone: moment.replace(tzinfo=zone).isoformat(), MOMENTS, OFFSETS),
    st.builds(lambda moment: moment.isoformat(" ") + "Z", MOMENTS),
    st.sampled_from(["2025-02-30", "2023-02-29", "2025-13-01", "now", "31/12/2019", "1700000000"]),
    st.sampled_from(["2024", "10:00", "infinity", "yesterday", "2024-05-05x", "0000-00-00"]),
)


@given(values=st.lists(TEXTS, min_size=1, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
def test_texts_are_read_as_dates_or_counted(tmp_path: Path, write: Write, values: Values) -> None:
    """Days, missing dates and texts that are none: each record is in one of them."""
    folder = tmp_path
    for old in folder.iterdir():
        old.unlink()
    found = counted(write(folder, values), folder, WHEN)
    wanted = Counter(map(day_of, values))
    assert found.undated == wanted.pop(None, 0)
    assert found.unreadable == wanted.pop("?", 0)
    assert found.days == dict(wanted)
    assert found.rows == len(values)


@given(days=st.lists(st.dates(date(2019, 1, 1), date(2026, 12, 31)), min_size=1, max_size=20))
@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
def test_what_is_overdue_follows_from_the_days(tmp_path: Path, days: list[date]) -> None:
    """Counted from the days, as many are overdue as the contract's rule says record by record."""
    as_of, period, grace = date(2026, 3, 31), parse_duration("P13M"), parse_duration("P3D")
    found = counted(sqlite_file(tmp_path, [day.isoformat() for day in days]), tmp_path, WHEN)
    newest = newest_overdue_day(as_of, period, grace)
    assert newest is not None
    overdue = sum(number for day, number in found.days.items() if day <= newest)
    assert overdue == sum(is_overdue(day, as_of, period, grace) for day in days)


def test_a_time_zone_that_the_policy_names(tmp_path: Path, write: Write) -> None:
    """Half past midnight in Paris is the day before in UTC; what names its own zone keeps it."""
    field = AnchorField(field="seen", timezone="Europe/Paris")
    values = ["2025-06-02 00:30:00", "2025-06-02T00:30:00Z"]
    found = counted(write(tmp_path, values), tmp_path, field)
    assert found.days == {date(2025, 6, 1): 1, date(2025, 6, 2): 1}
    assert found.assumed == "dates without a time zone are of Europe/Paris"


def test_a_form_that_the_policy_names(tmp_path: Path, write: Write) -> None:
    """Days before months are read so where the policy says it, and nowhere else."""
    field = AnchorField(field="seen", format="%d/%m/%Y")
    values = ["01/02/2024", "31/12/2019", "2024-01-01", None]
    found = counted(write(tmp_path, values), tmp_path, field)
    assert found.days == {date(2019, 12, 31): 1, date(2024, 2, 1): 1}
    assert (found.unreadable, found.undated) == (1, 1)


@pytest.mark.parametrize(("form", "factor"), [("epoch_s", 1), ("epoch_ms", 1000)])
def test_seconds_and_milliseconds(tmp_path: Path, write: Write, form: str, factor: int) -> None:
    """Numbers are dates where the policy says in which unit; read as ISO they are none."""
    values = [1_700_000_000 * factor, 0]
    store = write(tmp_path, values)
    found = counted(store, tmp_path, AnchorField(field="seen", format=form))
    assert found.days == {date(1970, 1, 1): 1, date(2023, 11, 14): 1}
    assert counted(store, tmp_path, WHEN).unreadable == len(values)


NUMBERS = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3_000_000_000, 8_000_000_000),
    st.integers(-3_000_000_000_000, 8_000_000_000_000),
)


@pytest.mark.parametrize(("form", "factor"), [("epoch_s", 1), ("epoch_ms", 1000)])
@given(values=st.lists(NUMBERS, min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
def test_any_number_is_a_day_or_counted(
    tmp_path: Path, write: Write, form: str, factor: int, values: list[int | None]
) -> None:
    """Before 1970, in milliseconds, or far beyond any calendar: nothing is skipped."""
    found = counted(write(tmp_path, values), tmp_path, AnchorField(field="seen", format=form))
    days = [_of_seconds(value // factor) for value in values if value is not None]
    days = [day for day in days if day is not None]
    assert found.days == dict(Counter(days))
    assert found.undated == values.count(None)
    assert found.rows == len(values)


def _of_seconds(seconds: int) -> date | None:
    first = date(1970, 1, 1).toordinal()
    day = first + seconds // 86_400
    return date.fromordinal(day) if EARLIEST.toordinal() <= day <= LATEST.toordinal() else None


FORM = "%d/%m/%Y %H:%M:%S"
OTHER_YEARS = re.compile("/(1[0-8]..|19[0-6].|1970|203[7-9]|20[4-9].|2[1-9]..)")
WRITTEN = st.one_of(
    st.none(),
    MOMENTS.map(lambda moment: moment.strftime(FORM)),
    st.sampled_from(
        ["31/02/2024 10:00:00", "2024-01-01 10:00:00", "01/01/2024", "x", "13/13/2024 1:1:1"]
    ),
)


@given(values=st.lists(WRITTEN, min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
def test_any_text_of_a_form(
    tmp_path: Path, write: Write, request: pytest.FixtureRequest, values: list[str | None]
) -> None:
    """Texts in the policy's own form are the days that Python reads, in a place's time."""
    if "mariadb" in request.node.name:  # which knows the zones of these years
        values = [value for value in values if value is None or not OTHER_YEARS.search(value)]
    for old in tmp_path.iterdir():
        old.unlink()
    field = AnchorField(field="seen", format=FORM, timezone="Europe/Paris")
    store = write(tmp_path, values)
    found = counted(store, tmp_path, field)
    wanted = Counter(map(_by_form, values))
    assert found.undated == wanted.pop(None, 0)
    assert found.unreadable == wanted.pop("?", 0)
    assert found.days == dict(wanted)


def _by_form(value: str | None) -> date | str | None:
    if value is None:
        return None
    try:
        moment = datetime.strptime(value, FORM).replace(tzinfo=ZoneInfo("Europe/Paris"))
    except ValueError:
        return "?"
    day = moment.astimezone(UTC).date()
    return day if EARLIEST <= day <= LATEST else "?"


def test_real_types_of_duckdb(tmp_path: Path) -> None:
    """Dates, times with and without a zone, and infinity, which is none."""
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("SET TimeZone = 'America/Los_Angeles'")
        connection.execute("CREATE TABLE t (d DATE, n TIMESTAMP, z TIMESTAMPTZ)")
        connection.execute(
            "INSERT INTO t VALUES ('2024-05-05', '2024-05-05 23:30:00', '2024-05-05 23:30:00+00'),"
            " ('infinity', '-infinity', 'infinity'), (NULL, NULL, NULL)"
        )
    store = Store(id="s", connector="sql", url="duckdb:///a.duckdb", tables=TABLE)
    for column in "dnz":
        found = counted(store, tmp_path, AnchorField(field=column))
        assert found.days == {date(2024, 5, 5): 1}, column
        assert (found.undated, found.unreadable) == (1, 1)


def test_a_second_anchor_and_fields_that_are_held(tmp_path: Path) -> None:
    """The second date counts where the first is missing; records without the fields do not."""
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t (seen, made, mail, name)")
        rows = [
            ("2024-01-01", "2020-01-01", "x", None),
            (None, "2020-01-01", None, "y"),
            ("?", "2020-01-01", "x", "y"),
            ("2024-01-01", "2020-01-01", None, None),
        ]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    connection.close()
    store = Store(id="s", connector="sql", url="sqlite:///a.db", tables=TABLE)
    reader = open_store(store, tmp_path, {}, seconds=20)
    reader.tables()
    found = reader.ages(
        AgesQuestion(
            table="t",
            anchor="last_used",
            columns=(WHEN, AnchorField(field="made")),
            fallback="created",
            holding=("mail", "name"),
        )
    )
    reader.close()
    assert found.days == {date(2020, 1, 1): 1, date(2024, 1, 1): 1}
    assert (found.rows, found.unreadable, found.undated) == (3, 1, 0)


def test_an_anchor_in_another_table(tmp_path: Path) -> None:
    """Of several records that the key points to the newest counts; of none there is no date."""
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t (user_id)")
        connection.execute("CREATE TABLE users (id, seen)")
        connection.executemany("INSERT INTO t VALUES (?)", [(1,), (1,), (2,), (None,)])
        users = [(1, "2023-01-01"), (1, "2024-01-01"), (3, "2025-01-01")]
        connection.executemany("INSERT INTO users VALUES (?, ?)", users)
    connection.close()
    store = Store(id="s", connector="sql", url="sqlite:///a.db", tables=TABLE)
    field = AnchorField(field="seen", table="users", key="user_id", references="id")
    found = counted(store, tmp_path, field)
    assert (found.days, found.undated) == ({date(2024, 1, 1): 2}, 2)


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    """It is refused by name: nothing was counted."""
    store = sqlite_file(tmp_path, ["2024-01-01"])
    with pytest.raises(RefusedError, match=r"t\.gone, which policy.yaml names"):
        counted(store, tmp_path, AnchorField(field="gone"))
