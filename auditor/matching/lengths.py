"""Which of two lengths of time is the longer, by the calendar."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from auditor.durations import Duration, add, parse_duration

Order = Literal["equal", "longer", "shorter", "depends"]
SESSION: Final = "session"

# Every day of four years: months and leap years begin on all that there are.
_DAYS = tuple(datetime(2023, 1, 1) + timedelta(days=day) for day in range(1461))  # noqa: DTZ001


@lru_cache(maxsize=10_000)
def order(before: tuple[str, ...], after: tuple[str, ...]) -> Order:
    """Say how the second length stands to the first: each is the sum of ISO 8601 durations.

    () is without end, `session` shorter than any. It `depends` where the day decides on which it
    begins: 30 days are longer than a month in February only.
    """
    if before == after:
        return "equal"
    if not before or not after:
        return "shorter" if after else "longer"
    if SESSION in {*before, *after}:
        return "longer" if SESSION in before else "shorter"
    first, second = ([parse_duration(text) for text in texts] for texts in (before, after))
    (shortest, longest), (low, high) = _bounds(first), _bounds(second)
    if low > longest or high < shortest:
        return "longer" if low > longest else "shorter"
    ends = [(_end(day, first), _end(day, second)) for day in _DAYS]
    longer = any(b < a for b, a in ends)
    shorter = any(b > a for b, a in ends)
    if longer and shorter:
        return "depends"
    return "longer" if longer else "shorter" if shorter else "equal"


def written(*texts: str) -> tuple[str, ...]:
    """Return those lengths that somebody wrote."""
    return tuple(filter(None, texts))


def _bounds(durations: list[Duration]) -> tuple[int, int]:
    """Return how many seconds it takes at least, and at most: a month has 28 to 31 days."""
    months = sum(duration.months for duration in durations)
    rest = sum(86_400 * duration.days + duration.seconds for duration in durations)
    return 28 * 86_400 * months + rest, 31 * 86_400 * months + rest


def _end(day: datetime, durations: list[Duration]) -> datetime:
    for duration in durations:
        day = add(day, duration)
    return day
