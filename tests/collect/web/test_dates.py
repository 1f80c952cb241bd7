"""Cookie dates are read as browsers read them, time stamps as HAR writes them."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.web.dates import cookie_date, moment

NOON = int(datetime(2026, 1, 15, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 15 Jan 2026 12:00:00 GMT",
        "Thursday, 15-Jan-26 12:00:00 GMT",
        "Thu Jan 15 12:00:00 2026",
        "15 January 2026 12:0:0",
        "2026 jan 15 12:00:00",
        "Thu, 15-Jan-2026 12:00:00 UTC+0100",
        "12:00:00x 15x 2026x Janx",
    ],
)
def test_a_date_has_many_forms(text: str) -> None:
    """The zone is passed over: cookie dates are in UTC."""
    assert cookie_date(text) == NOON


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1 Jan 69 00:00:00", 2069),
        ("1 Jan 70 00:00:00", 1970),
        ("1 Jan 00 00:00:00", 2000),
        ("1 Jan 1601 00:00:00", 1601),
        ("1 Jan 9999 00:00:00", 9999),
    ],
)
def test_years(text: str, year: int) -> None:
    """Two digits are of this century up to 69; deletions use years long before 1970."""
    assert cookie_date(text) == int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "never",
        "Thu, 15 Jan 2026",
        "15 Jan 12:00:00",
        "31 Feb 2026 12:00:00",
        "32 Jan 2026 12:00:00",
        "15 Jan 2026 24:00:00",
        "15 Jan 2026 12:60:00",
        "15 Jan 1600 12:00:00",
        "15 Jan 2026 120:00:00",
    ],
)
def test_what_is_no_date(text: str) -> None:
    """A browser passes over such an attribute."""
    assert cookie_date(text) is None


@given(st.datetimes(datetime(1601, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001 -- made UTC below
def test_dates_of_http_are_read(when: datetime) -> None:
    """Whatever a server writes in the form of HTTP comes back to the second."""
    when = when.replace(microsecond=0, tzinfo=UTC)
    written = f"{when:%a}, {when.day:02} {when:%b} {when.year:04} {when:%H:%M:%S} GMT"
    assert cookie_date(written) == int(when.timestamp())


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Nothing raises."""
    assert cookie_date(text) is None or isinstance(cookie_date(text), int)
    assert moment(text) is None or isinstance(moment(text), datetime)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-15T12:00:00Z",
        "2026-01-15T12:00:00.000Z",
        "2026-01-15T13:00:00.0000000+01:00",
        "2026-01-15T07:00:00-05:00",
        " 2026-01-15T12:00:00 ",
    ],
)
def test_time_stamps(text: str) -> None:
    """They come in UTC; one without a zone is taken for UTC."""
    assert moment(text) == datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs a system with tzset")
def test_time_stamps_do_not_depend_on_where_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without a zone is the same moment on every machine."""
    with monkeypatch.context() as away:
        away.setenv("TZ", "America/New_York")
        time.tzset()
        assert moment("2026-01-15T12:00:00") == datetime(2026, 1, 15, 12, tzinfo=UTC)
    time.tzset()


@pytest.mark.parametrize(
    "value", [None, 0, 1768478400000, "", "today", [], "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_time_stamp(value: object) -> None:
    """Numbers, words and what lies before the calendar are none."""
    assert moment(value) is None
