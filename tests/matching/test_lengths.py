from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.durations import add, parse_duration
from auditor.matching.lengths import order

TURNED = {"longer": "shorter", "shorter": "longer"}
parts = st.builds(
    lambda months, days: f"P{months}M{days}D", st.integers(0, 30), st.integers(0, 900)
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("P12M",), ("P1Y",), "equal"),
        (("P30D",), ("P1M",), "depends"),
        (("P28D",), ("P1M",), "longer"),
        (("P365D",), ("P1Y",), "longer"),
        (("P366D",), ("P1Y",), "shorter"),
        (("P1W",), ("P7D",), "equal"),
        (("PT48H",), ("P2D",), "equal"),
        (("P1M",), ("P1M", "P7D"), "longer"),
        ((), ("P1000Y",), "shorter"),
        (("P1D",), (), "longer"),
        ((), (), "equal"),
        (("session",), ("PT1S",), "longer"),
        (("P1Y",), ("session",), "shorter"),
        (("session",), (), "longer"),
        (("P99999Y",), ("P99998Y",), "equal"),
    ],
)
def test_lengths_stand_as_the_calendar_says(
    before: tuple[str, ...], after: tuple[str, ...], expected: str
) -> None:
    """A year is twelve months; a month is longer than 28 days; no end is longer than any."""
    assert order(before, after) == expected
    assert order(after, before) == TURNED.get(expected, expected)


@given(parts, parts, st.dates(date(2023, 1, 1), date(2026, 12, 31)))
def test_no_day_says_otherwise(before: str, after: str, day: date) -> None:
    """What is called longer ends later or at the same time, on whatever day it begins."""
    first, second = (add(day, parse_duration(text)) for text in (before, after))
    said = order((before,), (after,))
    assert said == "depends" or (first == second if said == "equal" else True)
    assert said != "longer" or second >= first
    assert said != "shorter" or second <= first
