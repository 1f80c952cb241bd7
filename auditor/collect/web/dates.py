"""Moments in recordings: cookie dates as browsers read them, and the time stamps of HAR."""

import re
from datetime import UTC, datetime

_SEPARATORS = re.compile(r"[\t -/;-@\[-`{-~]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?")
_DAY = re.compile(r"([0-9]{1,2})(?:[^0-9].*)?")
_YEAR = re.compile(r"([0-9]{2,4})(?:[^0-9].*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 1024  # characters; a browser reads no more of a cookie's attribute
_EARLIEST = 1601


def cookie_date(text: str) -> int | None:
    """Return seconds since 1970 for a date as cookies write it (RFC 6265bis §5.1.1), else None.

    Far more forms are dates there than in HTTP: `Sat, 23-Dec-17 00:45:29 GMT` is one.
    """
    clock = day = month = year = None
    for token in _SEPARATORS.split(text[:_LONGEST]):
        if clock is None and (found := _TIME.fullmatch(token)):
            clock = (int(found[1]), int(found[2]), int(found[3]))
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = 1 + _MONTHS.index(token[:3].lower())
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = int(found[1])
    if clock is None or day is None or month is None or year is None:
        return None
    year += 1900 if 70 <= year <= 99 else 2000 if year < 70 else 0  # noqa: PLR2004 -- of the RFC
    if year < _EARLIEST:
        return None
    try:
        return int(datetime(year, month, day, *clock, tzinfo=UTC).timestamp())
    except ValueError:
        return None


def moment(text: object) -> datetime | None:
    """Return a time stamp of ISO 8601 in UTC (one without a zone is taken for UTC), else None."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
