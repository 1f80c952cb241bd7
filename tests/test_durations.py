"""Durations count in calendar months and days, and retention agrees with the calendar."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.durations import (
    DATE_DURATION_PATTERN,
    DURATION_PATTERN,
    Duration,
    add,
    humanize_seconds,
    is_overdue,
    newest_overdue_day,
    parse_duration,
)

counts = st.integers(0, 99_999)
durations = st.builds(
    Duration, months=counts, days=counts, seconds=st.integers(0, 400_000_000), text=st.just("")
)
short_durations = st.builds(
    Duration,
    months=st.integers(0, 30),
    days=st.integers(0, 70),
    seconds=st.just(0),
    text=st.just(""),
)
month_ends = st.dates(date(1999, 1, 1), date(2105, 12, 31)).map(
    lambda day: day.replace(day=1) - timedelta(days=1)
)
days = st.one_of(st.dates(), month_ends)


def refusal(text: str) -> str:
    """Parse what is no duration, and return what is said about it."""
    with pytest.raises(ValueError, match="is not an ISO 8601 duration") as caught:
        parse_duration(text)
    return str(caught.value).partition(" is not an ISO 8601 duration")[2]


def test_parts() -> None:
    """Years become months and weeks days; the text stays as it was written."""
    assert parse_duration("P1Y6M2W3DT1H2M3S") == Duration(
        months=18, days=17, seconds=3723, text="P1Y6M2W3DT1H2M3S"
    )


@pytest.mark.parametrize("text", ["P0D", "PT0S", "P99999Y", "P1YT1S", "PT1H", "P2W", "P13M"])
def test_accepted(text: str) -> None:
    """Zero, the largest numbers and parts left out are durations."""
    assert parse_duration(text).text == text


def test_suggestions() -> None:
    """What was plainly meant is suggested, in four languages; what was not is left open."""
    meant = ["13 months", "1 year", "30d", "12 mois", "2 Wochen", "P14m", "p12m", "24h", "30 min"]
    meant += ["1 an et 6 mois", "2 años y 3 meses", "1 Jahr, 6 Monate", "6 months 1 year", " P1Y "]
    unclear = [
        "",
        "P",
        "PT",
        "P1DT",
        "PT5",
        "P1.5Y",
        "-P1D",
        "12 m",
        "P3M1Y",
        "P123456D",
        "P\u0661Y",
    ]
    unclear += [
        "1 year 1 year",
        "12 months or so",
        " " * 60 + "1 year",
        "\u0661 year",
        "banana",
        "1" * 100_000,
    ]
    assert {text: refusal(text) for text in meant} == snapshot(
        {
            "13 months": "; write P13M",
            "1 year": "; write P1Y",
            "30d": "; write P30D",
            "12 mois": "; write P12M",
            "2 Wochen": "; write P2W",
            "P14m": "; write P14M",
            "p12m": "; write P12M",
            "24h": "; write PT24H",
            "30 min": "; write PT30M",
            "1 an et 6 mois": "; write P1Y6M",
            "2 años y 3 meses": "; write P2Y3M",
            "1 Jahr, 6 Monate": "; write P1Y6M",
            "6 months 1 year": "; write P1Y6M",
            " P1Y ": "; write P1Y",
        }
    )
    assert {refusal(text) for text in unclear} == snapshot({" such as P12M, P30D or PT1H"})


@given(st.text())
def test_any_text(text: str) -> None:
    """Any text is a duration or a refusal, and what is suggested is a duration."""
    try:
        parse_duration(text)
    except ValueError as error:
        _, _, suggestion = str(error).partition("; write ")
        assert not suggestion or parse_duration(suggestion).text == suggestion


@given(st.from_regex(DURATION_PATTERN))
def test_pattern(text: str) -> None:
    """What the schema lets through, the parser reads."""
    assert parse_duration(text).text == text


@given(st.from_regex(DATE_DURATION_PATTERN))
def test_date_pattern(text: str) -> None:
    """A retention period has no part of a day."""
    assert parse_duration(text).seconds == 0
    assert re.search(DURATION_PATTERN, text)


def test_date_pattern_refuses_a_time() -> None:
    """Neither hours alone nor hours beside days fit where whole days are wanted."""
    assert not any(re.search(DATE_DURATION_PATTERN, text) for text in ("PT1H", "P1DT1H", "P"))


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2024-02-29", "P12M", "2025-02-28"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2026-01-31", "P1M1D", "2026-03-01"),
        ("2026-12-31", "P2M", "2027-02-28"),
        ("2026-11-22", "P13M", "2027-12-22"),
        ("2026-11-22", "P2W", "2026-12-06"),
        ("2026-11-22", "PT47H", "2026-11-23"),
        ("9999-12-31", "P1D", "9999-12-31"),
        ("2026-11-22", "P99999Y", "9999-12-31"),
    ],
)
def test_add_to_a_date(start: str, length: str, end: str) -> None:
    """Months come first and are clipped to the month's end; the calendar's end is kept."""
    later = add(date.fromisoformat(start), parse_duration(length))
    assert later == date.fromisoformat(end)


def test_add_to_a_moment() -> None:
    """A moment keeps its time zone and gains the seconds, at the calendar's end as well."""
    moment = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
    assert add(moment, parse_duration("P1MT2H")) == datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
    assert add(moment, parse_duration("P9999Y")) == datetime.max.replace(tzinfo=UTC)


@given(st.dates() | st.datetimes(timezones=st.sampled_from([None, UTC])), durations)
def test_add_anything(moment: date | datetime, duration: Duration) -> None:
    """Nothing overflows, and nothing lies in the past."""
    later = add(moment, duration)
    assert type(later) is type(moment)
    assert later >= moment


@pytest.mark.parametrize(
    ("anchor", "period", "grace", "last_day"),
    [
        ("2026-02-28", "P1M", "P0D", "2026-03-28"),
        ("2024-02-29", "P12M", "P0D", "2025-02-28"),
        ("2026-01-31", "P1M", "P7D", "2026-03-07"),
        ("2026-01-30", "P1M", "P1M", "2026-03-28"),  # not 30 March: each is clipped in its turn
        ("2026-01-30", "P1D", "P1M", "2026-02-28"),
    ],
)
def test_is_overdue(anchor: str, period: str, grace: str, last_day: str) -> None:
    """On the last day it may still exist, on the day after it is overdue."""
    end = date.fromisoformat(last_day)
    lengths = parse_duration(period), parse_duration(grace)
    assert not is_overdue(date.fromisoformat(anchor), end, *lengths)
    assert is_overdue(date.fromisoformat(anchor), end + timedelta(days=1), *lengths)


@given(days, short_durations, short_durations)
@example(date(2026, 3, 30), parse_duration("P1M"), parse_duration("P0D"))
@example(date(2024, 2, 29), parse_duration("P12M"), parse_duration("P0D"))
@example(date.min, parse_duration("P0D"), parse_duration("P0D"))
@example(date.max, parse_duration("P0D"), parse_duration("P0D"))
def test_newest_overdue_day(as_of: date, period: Duration, grace: Duration) -> None:
    """Walking back a day at a time finds the same day."""
    day: date | None = as_of
    while day and not is_overdue(day, as_of, period, grace):
        day = day - timedelta(days=1) if day > date.min else None
    assert newest_overdue_day(as_of, period, grace) == day


def test_newest_overdue_day_at_the_beginning() -> None:
    """The first day of the calendar can be overdue, and before it there is none."""
    nothing = parse_duration("P0D")
    first = date.min + timedelta(days=1)
    assert newest_overdue_day(first, nothing, nothing) == date.min
    assert newest_overdue_day(date.min, nothing, nothing) is None


@given(days, days, durations, durations)
def test_each_older_day_is_overdue(
    anchor: date, as_of: date, period: Duration, grace: Duration
) -> None:
    """A day is overdue if and only if it is not newer than the newest one that is."""
    newest = newest_overdue_day(as_of, period, grace)
    assert is_overdue(anchor, as_of, period, grace) == (newest is not None and anchor <= newest)


def test_humanize_seconds() -> None:
    """Each length gets the unit in which people would say it."""
    seconds = (0, 1, 61, 900, 3600, 5400, 86_399, 86_400, -900, 10**5000)
    in_days = (
        7,
        30,
        60,
        90,
        91,
        180,
        183,
        365,
        366,
        367,
        390,
        395,
        396,
        400,
        730,
        1460,
        3650,
        4000,
    )
    assert [humanize_seconds(length) for length in seconds] == snapshot(
        [
            "0 seconds",
            "1 second",
            "61 seconds",
            "15 minutes",
            "1 hour",
            "90 minutes",
            "24 hours",
            "1 day",
            "-15 minutes",
            "over 1000 years",
        ]
    )
    assert {length: humanize_seconds(length * 86_400) for length in in_days} == snapshot(
        {
            7: "7 days",
            30: "30 days",
            60: "60 days",
            90: "90 days",
            91: "3 months",
            180: "180 days",
            183: "6 months",
            365: "1 year",
            366: "1 year",
            367: "367 days",
            390: "390 days",
            395: "13 months",
            396: "13 months",
            400: "400 days",
            730: "2 years",
            1460: "4 years",
            3650: "10 years",
            4000: "11 years",
        }
    )


@given(st.integers(1, 10**9))
def test_humanized_lengths_are_close(seconds: int) -> None:
    """The words are at most a quarter off, and from three months on at most a twentieth."""
    count, unit = humanize_seconds(seconds).split()
    size = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 2_629_800}
    said = int(count) * size.get(unit.removesuffix("s"), 31_557_600)
    assert abs(said - seconds) <= seconds / (20 if seconds > 90 * 86_400 else 4)
