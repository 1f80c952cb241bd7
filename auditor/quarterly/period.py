"""A quarter of a calendar year, and the weeks in it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from auditor.errors import UsageError

MONTHS: Final = 3
WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)


class Period(Struct, frozen=True, kw_only=True):
    """From the first day through the last, UTC."""

    label: str
    first: date
    last: date

    @property
    def after(self) -> "Period":
        """Return the quarter that follows."""
        first = self.last + DAY
        return period_of(f"{first.year:04}-Q{first.month // MONTHS + 1}")

    def weeks(self, until: date) -> Iterator[tuple[date, date]]:
        """Yield the first and last day of each week that is over; the last takes what is left."""
        first = self.first
        while first <= self.last:
            last = first + WEEK - DAY
            if last + WEEK > self.last:
                last = self.last
            if last <= until:
                yield first, last
            first = last + DAY

    def __contains__(self, day: date) -> bool:
        """Return whether a day is in it."""
        return self.first <= day <= self.last


def period_of(label: str) -> Period:
    """Read `2026-Q3`."""
    found = re.fullmatch(r"(\d{4})-Q([1-4])", label, re.ASCII)
    if not found or found[1] in {"0000", "9999"}:
        raise UsageError(f"--period {label}: write a quarter such as 2026-Q3")
    year, number = int(found[1]), int(found[2])
    first = date(year, MONTHS * (number - 1) + 1, 1)
    after = date(year + number // 4, MONTHS * number % 12 + 1, 1)
    return Period(label=label, first=first, last=after - DAY)
