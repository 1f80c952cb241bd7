"""Lengths of time and countries in people's words."""

from auditor.durations import parse_duration
from auditor.export.words import Words


def in_words(period: str, words: Words) -> str:
    """Return an ISO 8601 duration as people say it: "13 months", "1 year and 6 months"."""
    parts = [_counted(number, unit, words) for number, unit in _parts(period) if number]
    if not parts:
        return _counted(0, "days", words)
    *first, last = parts
    return words.texts["and"].format(first=", ".join(first), last=last) if first else last


def country(code: str, language: str) -> str:
    """Return a country's name, by the names that come with `phonenumbers` (from CLDR)."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # noqa: PLC0415 -- large

    names = LOCALE_DATA.get(code, {})
    name = names.get(language, "")
    while name.startswith("*"):  # "*en": as in English
        name = names.get(name[1:], "")
    return name or code


def _parts(period: str) -> tuple[tuple[int, str], ...]:
    """Split as it was written: 12 months stay 12 months, 14 days are not 2 weeks."""
    duration = parse_duration(period)
    years, months = divmod(duration.months, 12) if "Y" in period else (0, duration.months)
    is_weeks = "W" in period and duration.days % 7 == 0
    weeks, days = divmod(duration.days, 7) if is_weeks else (0, duration.days)
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    numbers = (years, months, weeks, days, hours, minutes, seconds)
    units = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
    return tuple(zip(numbers, units, strict=True))


def _counted(number: int, unit: str, words: Words) -> str:
    one, many = words.units[unit]
    return f"{number} {one if number == 1 else many}"
