"""Ages in warehouses: one expression, and each engine counts as a naive reading does."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor.collect.stores.reader import AgesQuestion, RefusedError
from auditor.evidence import EARLIEST, LATEST, Ages
from auditor.policy import AnchorField

# ibis 12 calls DuckDB by names that go, and Spark leaves sockets to the garbage collector
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Open = Callable[..., Any]
Write = Callable[[Path, Any], None]
Day = date | str | None
WHEN = AnchorField(field="seen")
PARIS = AnchorField(field="seen", timezone="Europe/Paris")
FORM = "%d/%m/%Y %H:%M:%S"


def counted(opened: Open, folder: Path, *columns: AnchorField, **more: Any) -> Ages:  # noqa: ANN401
    """Ask the table `t` for ages."""
    reader = opened(folder)
    reader.tables()
    found: Ages = reader.ages(
        AgesQuestion(table="t", anchor="last_used", columns=columns or (WHEN,), **more)
    )
    return found


def assert_counts(found: Ages, wanted: Sequence[Day]) -> None:
    """Hold what was counted against days read one by one; None is no date, "?" is unreadable."""
    days = Counter(wanted)
    assert found.rows == len(wanted)
    assert found.undated == days.pop(None, 0)
    assert found.unreadable == days.pop("?", 0)
    assert found.days == dict(days)


def kept(moment: datetime) -> Day:
    """Return a moment's day in UTC, "?" where evidence has no place for it."""
    day = moment.astimezone(UTC).date()
    return day if EARLIEST <= day <= LATEST else "?"


def by_iso(value: str | None, zone: str) -> Day:
    """Read an ISO text."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return "?"
    return kept(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)))


def by_form(value: str | None, zone: str) -> Day:
    """Read a text of `FORM`."""
    if value is None:
        return None
    try:
        return kept(datetime.strptime(value, FORM).replace(tzinfo=ZoneInfo(zone)))
    except ValueError:
        return "?"


ZONES = [UTC, *(timezone(timedelta(minutes=m)) for m in (120, -660, 345, -570))]
MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(2198, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
FAR = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001
ISO = st.one_of(
    st.none(),
    st.dates(date(1972, 1, 1), date(2198, 1, 1)).map(date.isoformat),
    st.builds(
        lambda moment, zone: moment.replace(tzinfo=zone).isoformat(),
        MOMENTS,
        st.sampled_from(ZONES),
    ),
    st.builds(
        lambda moment, zone: moment.replace(tzinfo=zone).isoformat(), FAR, st.sampled_from(ZONES)
    ),
    st.builds(lambda moment: moment.isoformat(" ") + "Z", MOMENTS),
    MOMENTS.map(datetime.isoformat),
    st.sampled_from(["2025-02-30", "2023-02-29", "2024-02-29", "1900-02-29", "2000-02-29"]),
    st.sampled_from(["2025-13-01", "now", "31/12/2019", "1700000000", "0000-00-00", "2024-04-31"]),
    st.sampled_from(["2024", "10:00", "infinity", "2024-05-05x", "2024-05-05T24:00:00", ""]),
)
FORMED = st.one_of(
    st.none(),
    MOMENTS.map(lambda moment: moment.strftime(FORM)),
    st.sampled_from(
        ["31/02/2024 10:00:00", "2024-01-01 10:00:00", "01/01/2024", "1/2/2024 3:4:5"]
    ),
)
NUMBERS = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3_000_000_000, 8_000_000_000),
    st.integers(-3_000_000_000_000, 8_000_000_000_000),
)
EXAMPLES = {"duckdb": 25, "spark": 2}


def few(name: str) -> settings:
    """Return how often: Spark takes a second for each, and so gets many values at once."""
    phases = [Phase.explicit, Phase.generate]
    return settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        suppress_health_check=[*HealthCheck],
        phases=phases if name == "spark" else [*phases, Phase.shrink],
        database=None,
    )


@pytest.mark.parametrize("engine", EXAMPLES, indirect=True)
@pytest.mark.parametrize("zone", ["", "Europe/Paris", "Asia/Kathmandu"])
def test_texts_are_read_as_dates_or_counted(
    tmp_path: Path, engine: Open, zone: str, parquet: Write, request: pytest.FixtureRequest
) -> None:
    """Days, missing dates and texts that are none: each record is in one of them."""
    name = request.node.callspec.params["engine"]
    least = 1 if name == "duckdb" else 200
    field = AnchorField(field="seen", timezone=zone)

    @given(values=st.lists(ISO, min_size=least, max_size=least + 20))
    @few(name)
    def holds(values: list[str | None]) -> None:
        parquet(tmp_path, {"t": {"seen": ("VARCHAR", values)}})
        found = counted(engine, tmp_path, field)
        assert_counts(found, [by_iso(value, zone or "UTC") for value in values])

    holds()


@pytest.mark.parametrize("engine", EXAMPLES, indirect=True)
def test_any_text_of_a_form(
    tmp_path: Path, engine: Open, parquet: Write, request: pytest.FixtureRequest
) -> None:
    """Texts in the policy's own form are the days that Python reads, in a place's time."""
    name = request.node.callspec.params["engine"]
    least = 1 if name == "duckdb" else 200
    field = AnchorField(field="seen", format=FORM, timezone="Europe/Paris")

    @given(values=st.lists(FORMED, min_size=least, max_size=least + 20))
    @few(name)
    def holds(values: list[str | None]) -> None:
        parquet(tmp_path, {"t": {"seen": ("VARCHAR", values)}})
        wanted = [by_form(value, "Europe/Paris") for value in values]
        assert_counts(counted(engine, tmp_path, field), wanted)

    holds()


@pytest.mark.parametrize("engine", EXAMPLES, indirect=True)
@pytest.mark.parametrize(("form", "factor"), [("epoch_s", 1), ("epoch_ms", 1000)])
@pytest.mark.parametrize("kind", ["BIGINT", "VARCHAR"])
def test_any_number_is_a_day_or_counted(  # noqa: PLR0913, PLR0917 -- fixtures
    tmp_path: Path,
    engine: Open,
    parquet: Write,
    form: str,
    factor: int,
    kind: str,
    request: pytest.FixtureRequest,
) -> None:
    """Before 1970, in milliseconds, or far beyond any calendar: nothing is skipped."""
    name = request.node.callspec.params["engine"]
    least = 1 if name == "duckdb" else 200

    @given(values=st.lists(NUMBERS, min_size=least, max_size=least + 20))
    @few(name)
    def holds(values: list[int | None]) -> None:
        parquet(tmp_path, {"t": {"seen": (kind, values)}})
        found = counted(engine, tmp_path, AnchorField(field="seen", format=form))
        assert_counts(found, [of_seconds(value, factor) for value in values])

    holds()


def of_seconds(value: int | None, factor: int) -> Day:
    """Read a number of seconds, or of thousandths of them."""
    if value is None:
        return None
    day = date(1970, 1, 1).toordinal() + value // factor // 86_400
    if not EARLIEST.toordinal() <= day <= LATEST.toordinal():
        return "?"
    return date.fromordinal(day)


@pytest.mark.parametrize("engine", EXAMPLES, indirect=True)
def test_real_types(tmp_path: Path, engine: Open, parquet: Write) -> None:
    """Dates, times with and without a zone; midnight is that of UTC, or of the place named."""
    late = datetime(2024, 6, 5, 23, 30)  # noqa: DTZ001
    parquet(
        tmp_path,
        {
            "t": {
                "d": ("DATE", [date(2024, 6, 5), date(1850, 1, 1), None]),
                "n": ("TIMESTAMP", [late, datetime(1, 1, 1), None]),  # noqa: DTZ001
                "z": ("TIMESTAMPTZ", ["2024-06-05 23:30:00-02:00", "1970-01-01 00:00Z", None]),
                "o": ("BOOLEAN", [True, False, None]),
            }
        },
    )
    day, next_day = date(2024, 6, 5), date(2024, 6, 6)
    assert_counts(counted(engine, tmp_path, AnchorField(field="d")), [day, "?", None])
    assert_counts(counted(engine, tmp_path, AnchorField(field="n")), [day, "?", None])
    found = counted(engine, tmp_path, AnchorField(field="z"))
    assert_counts(found, [next_day, date(1970, 1, 1), None])
    assert_counts(counted(engine, tmp_path, AnchorField(field="o")), ["?", "?", None])
    west = AnchorField(field="n", timezone="America/Los_Angeles")
    found = counted(engine, tmp_path, west)
    assert_counts(found, [next_day, "?", None])
    assert found.assumed == "dates without a time zone are of America/Los_Angeles"


def test_clocks_that_did_not_follow_quarters(
    tmp_path: Path, on_duckdb: Open, parquet: Write
) -> None:
    """Amsterdam was 19 minutes and 32 seconds ahead: where that decides, nobody knows the day."""
    field = AnchorField(field="seen", timezone="Europe/Amsterdam")
    texts = ["1930-01-05T00:17:00", "1930-01-05T00:45:00", "1930-01-05T00:05:00"]
    parquet(tmp_path, {"t": {"seen": ("VARCHAR", texts)}})
    wanted: list[Day] = ["?", date(1930, 1, 5), date(1930, 1, 4)]
    assert_counts(counted(on_duckdb, tmp_path, field), wanted)


@pytest.mark.parametrize("engine", EXAMPLES, indirect=True)
def test_a_second_anchor_and_fields_that_are_held(
    tmp_path: Path, engine: Open, parquet: Write
) -> None:
    """The second date counts where the first is missing; records without the fields do not."""
    parquet(
        tmp_path,
        {
            "t": {
                "seen": ("VARCHAR", ["2024-01-01", None, "?", "2024-01-01"]),
                "made": ("DATE", [date(2020, 1, 1)] * 4),
                "mail": ("VARCHAR", ["x", None, "x", None]),
                "who": (
                    "STRUCT(name VARCHAR)",
                    [None, {"name": "y"}, {"name": "y"}, {"name": None}],
                ),
            }
        },
    )
    columns = (WHEN, AnchorField(field="made"))
    found = counted(engine, tmp_path, *columns, fallback="created", holding=("mail", "who.name"))
    assert_counts(found, [date(2024, 1, 1), date(2020, 1, 1), "?"])
    assert (found.fallback, found.holding) == ("created", ("mail", "who.name"))


@pytest.mark.parametrize("engine", EXAMPLES, indirect=True)
def test_an_anchor_in_another_table(tmp_path: Path, engine: Open, parquet: Write) -> None:
    """Of several records that the key points to the newest counts; of none there is no date."""
    seen = ["2023-01-01", "2024-01-01", "2025-01-01", "x"]
    parquet(
        tmp_path,
        {
            "t": {"user_id": ("INTEGER", [1, 1, 2, None, 4])},
            "users": {"id": ("INTEGER", [1, 1, 3, 4]), "seen": ("VARCHAR", seen)},
        },
    )
    field = AnchorField(field="seen", table="users", key="user_id", references="id")
    day = date(2024, 1, 1)
    assert_counts(counted(engine, tmp_path, field), [day, day, None, None, "?"])


def test_what_is_not_there_or_not_understood(
    tmp_path: Path, on_duckdb: Open, parquet: Write
) -> None:
    """It is refused by name: nothing was counted."""
    parquet(tmp_path, {"t": {"seen": ("VARCHAR", ["2024-01-01"])}})
    for field, said in (
        (AnchorField(field="gone"), r"t\.gone, which policy\.yaml names"),
        (AnchorField(field="seen", format="%d %B %Y"), "a form of dates with %Y, %m and %d"),
        (AnchorField(field="seen", format="%d/%m"), "a form of dates with %Y, %m and %d"),
    ):
        with pytest.raises(RefusedError, match=said):
            counted(on_duckdb, tmp_path, field)
    with pytest.raises(RefusedError, match="a column, a field of a structure"):
        counted(on_duckdb, tmp_path, WHEN, holding=("seen.deep",))
