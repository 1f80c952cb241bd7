"""Durations as people promise them: "13 months" is a count of calendar months, not of seconds.

Source of the notation: ISO 8601 (years, months, weeks, days, hours, minutes, seconds; whole
numbers only). A retention period counts on UTC dates: contract, meaning 6.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import TypeVar

from msgspec import Struct

_DATE_PART = "([0-9]{1,5}Y)?([0-9]{1,5}M)?([0-9]{1,5}W)?([0-9]{1,5}D)?"
_TIME_PART = "(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,5}M)?([0-9]{1,5}S)?)?"

# Regex sources as JSON Schema writes them: they mean the same in ECMAScript and in Python, where
# a $ alone would let a line break follow.
DATE_DURATION_PATTERN = rf"^P(?=[0-9]){_DATE_PART}$(?!\n)"
DURATION_PATTERN = rf"^P(?=[0-9]|T[0-9]){_DATE_PART}{_TIME_PART}$(?!\n)"

_DURATION = re.compile(DURATION_PATTERN)
_SECONDS = {"H": 3600, "M": 60, "S": 1}

# Everyday words for the units, by their ISO letter; hours, minutes and seconds come after the T.
# A lone "m" is not here: it could mean months or minutes.
_WORDS = {
    "Y": "y yr yrs year years an ans année années annee annees j jahr jahre jahren año años",
    "M": "mo mos month months mois monat monate monaten mes meses",
    "W": "w wk wks week weeks semaine semaines woche wochen semana semanas",
    "D": "d day days jour jours tag tage tagen día días dia dias",
    "TH": "h hr hrs hour hours heure heures stunde stunden hora horas",
    "TM": "min mins minute minutes minuten minuto minutos",
    "TS": "s sec secs second seconds seconde secondes sekunde sekunden segundo segundos",
}
_UNITS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_AMOUNT = re.compile(r"([0-9]{1,5})[\s_-]*([^\W\d_]+)(?:\s*,\s*|\s+(?:and|et|und|y)\s+|\s+|$)")
_SAYABLE = 60  # characters: nobody writes a longer duration, so a longer text gets no suggestion
_EXAMPLES = " such as P12M, P30D or PT1H"

_YEAR = 365.25  # days on average; both are exact in binary
_MONTH = 30.4375
_FIRST_MONTHS = 3  # 30 and 60 days are better known as days

Moment = TypeVar("Moment", date, datetime)


class Duration(Struct, frozen=True, kw_only=True):
    """A length of time with the calendar left in: years are 12 months, weeks are 7 days.

    `text` is what stood in the policy, so P1Y and P12M last equally long without being equal.
    """

    months: int
    days: int
    seconds: int
    text: str


def parse_duration(text: str) -> Duration:
    """Read an ISO 8601 duration; ValueError says what to write instead.

    Each part has at most 5 digits, no sign and no fraction; zero is a duration, `P` alone is not.
    """
    found = _DURATION.match(text)
    if found is None:
        shown = repr(text[:_SAYABLE])[1:-1]
        raise ValueError(f'"{shown}" is not an ISO 8601 duration{_advice(text)}')
    years, months, weeks, days, _, *clock = found.groups()
    return Duration(
        months=12 * _number(years) + _number(months),
        days=7 * _number(weeks) + _number(days),
        seconds=sum(_SECONDS[part[-1]] * _number(part) for part in clock if part),
        text=text,
    )


def add(moment: Moment, duration: Duration) -> Moment:
    """Return the moment a duration later: months first (clipped to the month's end), then days.

    Seconds come last; a date moves by the whole days in them. The calendar's end is never passed.
    """
    try:
        return _plus_months(moment, duration.months) + timedelta(
            days=duration.days, seconds=duration.seconds
        )
    except (OverflowError, ValueError):
        if isinstance(moment, datetime):
            return datetime.max.replace(tzinfo=moment.tzinfo)
        return date.max


def is_overdue(anchor: date, as_of: date, period: Duration, grace: Duration) -> bool:
    """Return whether what is anchored on this day is kept too long as of another (both UTC).

    The period is applied whole (months, then days), then the grace whole. On the day that this
    gives it may still exist; it is overdue from the day after.
    """
    return add(add(anchor, period), grace) < as_of


def newest_overdue_day(as_of: date, period: Duration, grace: Duration) -> date | None:
    """Return the newest anchor day that is overdue as of a day, None if no day is.

    Each older day is overdue too, so a store can be asked for anchors before the midnight that
    ends this day. Month ends make `as_of` minus the period wrong, hence the search forwards.
    """
    days = range(1, date.max.toordinal() + 1)
    overdue = bisect_left(
        days, 1, key=lambda day: not is_overdue(date.fromordinal(day), as_of, period, grace)
    )
    return date.fromordinal(overdue) if overdue else None


def humanize_seconds(seconds: int) -> str:
    """Return a length of time in its most natural unit: "15 minutes", "400 days", "13 months".

    Up to two days the largest unit of which there are two, or exactly one; then days. From three
    months on, days that lie less than one day from a whole number of average months or years are
    called that; beyond ten years they are rounded to years. Only for reading: what has to be
    compared is compared in seconds or dates.
    """
    if seconds < 0:
        return f"-{humanize_seconds(-seconds)}"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or seconds == size:
            count = (seconds + size // 2) // size
            return _humanize_days(count) if unit == "day" else _counted(count, unit)
    return _counted(seconds, "second")


def _humanize_days(days: int) -> str:
    if days > 1000 * _YEAR:
        return "over 1000 years"
    years, months = round(days / _YEAR), round(days / _MONTH)
    if days > 10 * _YEAR + 1 or (years and (days % 365 == 0 or abs(days - years * _YEAR) < 1)):
        return _counted(years, "year")
    if months >= _FIRST_MONTHS and abs(days - months * _MONTH) < 1:
        return _counted(months, "month")
    return _counted(days, "day")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _plus_months(moment: Moment, months: int) -> Moment:
    year, month = divmod(12 * moment.year + moment.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _advice(text: str) -> str:
    """Say what was probably meant (in English, French, German or Spanish), else examples."""
    if len(text) > _SAYABLE:
        return _EXAMPLES
    written = text.strip()
    if _DURATION.match(written.upper()):
        return f"; write {written.upper()}"
    amounts = _amounts(written.casefold())
    date_part = "".join(amounts.get(unit, "") for unit in "YMWD")
    time_part = "".join(amounts.get(unit, "") for unit in ("TH", "TM", "TS"))
    suggestion = f"P{date_part}" + (f"T{time_part}" if time_part else "")
    return f"; write {suggestion}" if amounts else _EXAMPLES


def _amounts(words: str) -> dict[str, str]:
    """Return the ISO part of each unit named in everyday words; nothing if any word is left."""
    amounts: dict[str, str] = {}
    end = 0
    while end < len(words):
        found = _AMOUNT.match(words, end)
        unit = _UNITS.get(found[2]) if found else None
        if found is None or unit is None or unit in amounts:
            return {}
        amounts[unit] = f"{int(found[1])}{unit[-1]}"
        end = found.end()
    return amounts


def _number(part: str | None) -> int:
    return int(part[:-1]) if part else 0
