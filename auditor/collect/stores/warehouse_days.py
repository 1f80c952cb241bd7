"""Dates in warehouses: what a column holds becomes a whole number there, and a day here.

Engines disagree about which texts are dates, and about whose midnight is meant. So no engine is
asked to read a date: it takes the digits out of a text that has the right shape, and computes.
What it answers with is the number of a day (UTC) since 1970; or, of times of a place, twice the
number of their quarter of an hour there, plus one where it is UTC already. Which day that was in
UTC is looked up here. Patterns keep to what every engine agrees on.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import ibis
from ibis.expr.types import BooleanValue, Column, FloatingValue, IntegerValue, StringValue, Value

from auditor.collect.stores.reader import Kind, RefusedError
from auditor.evidence import EARLIEST, LATEST, Reason
from auditor.policy import AnchorField

DAY = 86_400  # seconds
PIECES = ("number", "year", "month", "day", "hour", "minute", "zone")  # taken from a column
QUARTERS = 96  # of an hour, in a day
_FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 -- of any place
_QUARTER = timedelta(minutes=15)
_FARTHEST = 100_000_000_000  # seconds from 1970: beyond every calendar
_EPOCH: Final = {"epoch_s": 1.0, "epoch_ms": 1000.0}  # in one second

_DECIMAL = "^(-?[0-9]{1,15}([.][0-9]{1,9})?)$"
_HOUR, _MINUTE = "([01][0-9]|2[0-3])", "([0-5][0-9])"
_ISO = (
    "^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    f"([ T]{_HOUR}:{_MINUTE}(:[0-5][0-9]([.,][0-9]{{1,9}})?)?(Z|[+-]{_HOUR}(:?[0-5][0-9])?)?)?$"
)
_ISO_GROUPS: Final = {"year": 1, "month": 2, "day": 3, "hour": 5, "minute": 6}
_ISO_ZONE = 9
_DIRECTIVES: Final = {
    "Y": ("year", "([0-9]{4})"),
    "m": ("month", "(1[0-2]|0?[1-9])"),
    "d": ("day", "(3[01]|[12][0-9]|0?[1-9])"),
    "H": ("hour", "(2[0-3]|[01]?[0-9])"),
    "M": ("minute", "([0-5]?[0-9])"),
    "S": ("second", "([0-5]?[0-9])"),
    "f": ("fraction", "([0-9]{1,6})"),
}


def pieces(column: Column, kind: Kind, field: AnchorField) -> dict[str, Value]:
    """Return what is taken out of a column first: the digits of a text, else the number itself."""
    if kind == "text" and field.format not in _EPOCH:
        pattern, groups = (_ISO, _ISO_GROUPS) if field.format == "iso" else _pattern(field.format)
        text = column.strip()
        found = {
            name: _digits(text, pattern, group) for name, group in groups.items() if name in PIECES
        }
        return {**found, "zone": _taken(text, _ISO, _ISO_ZONE)} if field.format == "iso" else found
    return {"number": _number(column, kind, field)}


def day_number(found: Mapping[str, Value], kind: Kind, field: AnchorField) -> IntegerValue:
    """Return the number that stands for a day, NULL where there is none, from its pieces."""
    if kind != "text" or field.format in _EPOCH:
        return found["number"]
    year, month, day = (found[name] for name in ("year", "month", "day"))
    number = ibis.ifelse(_is_real(year, month, day), _civil(year, month, day), ibis.null("int64"))
    nothing = ibis.literal(0, "int64")
    minutes = (found.get("hour", nothing) * 60 + found.get("minute", nothing)).fill_null(0)
    local = number
    if field.timezone:
        local = (number * QUARTERS + (minutes / 15).floor()) * 2
    if "zone" not in found:
        return local
    zone = found["zone"]
    ahead = _digits(zone, f"^[+-]{_HOUR}", 1) * 60
    ahead += _digits(zone, f"^[+-]{_HOUR}:?{_MINUTE}$", 2).fill_null(0)
    ahead = ibis.ifelse(zone.startswith("-"), -ahead, ahead).fill_null(0)
    utc = number + ((minutes - ahead) / 1440).floor()
    return ibis.ifelse(zone.isnull(), local, utc * QUARTERS * 2 + 1) if field.timezone else utc


def day_of(number: object, kind: Kind, field: AnchorField) -> date | None:
    """Return the day (UTC) that a number stands for; None outside the years that are kept."""
    found = None if number is None else int(str(number))
    is_local = kind == "timestamp" or (kind == "text" and field.format not in _EPOCH)
    try:
        if found is None:
            return None
        if not (is_local and field.timezone):
            day = (_FIRST + timedelta(days=found)).date()
        elif found % 2:
            day = (_FIRST + timedelta(days=found // 2 // QUARTERS)).date()
        else:
            local = _FIRST + (found // 2) * _QUARTER
            zone = ZoneInfo(field.timezone)
            ends = (local, local + _QUARTER - timedelta(seconds=1))
            first, last = (end.replace(tzinfo=zone).astimezone(UTC).date() for end in ends)
            if first != last:  # clocks of before 1972: nobody can say which day it was
                return None
            day = first
    except OverflowError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _since_1970(column: Column) -> IntegerValue:
    return column.delta(ibis.date("1970-01-01"), unit="day").cast("int64")


def _of_seconds(seconds: FloatingValue) -> IntegerValue:
    return ibis.ifelse(seconds.abs() < _FARTHEST, (seconds / DAY).floor(), ibis.null("int64"))


def _number(column: Column, kind: Kind, field: AnchorField) -> IntegerValue:
    """Return the number of what needs no reading, NULL where it is no date."""
    if kind == "date" or (kind == "timestamp" and not field.timezone):
        return _since_1970(column.date() if kind == "timestamp" else column)
    if kind == "timestamp":
        quarter = column.hour() * 4 + (column.minute() / 15).floor()
        return (_since_1970(column.date()) * QUARTERS + quarter) * 2
    if kind == "timestamptz":
        return _of_seconds(column.epoch_seconds().cast("float64"))
    if kind in {"integer", "real"} and field.format in _EPOCH:
        return _of_seconds(column.cast("float64") / _EPOCH[field.format])
    if kind == "text":
        number = _taken(column.strip(), _DECIMAL, 1).cast("float64")
        return _of_seconds(number / _EPOCH[field.format])
    return ibis.null("int64")


def _taken(text: StringValue, pattern: str, group: int) -> StringValue:
    """Return a group of a pattern; NULL where it does not fit, or is empty."""
    return text.re_extract(pattern, group).nullif("")


def _digits(text: StringValue, pattern: str, group: int) -> IntegerValue:
    return _taken(text, pattern, group).cast("int64")


def _civil(year: IntegerValue, month: IntegerValue, day: IntegerValue) -> IntegerValue:
    """Count days since 1970; years begin in March, so that the odd day comes last."""
    months = (month + 9) % 12
    years = year - (months / 10).floor()
    leaps = (years / 4).floor() - (years / 100).floor() + (years / 400).floor()
    return years * 365 + leaps + ((months * 153 + 2) / 5).floor() + day - 719_469


def _is_real(year: IntegerValue, month: IntegerValue, day: IntegerValue) -> BooleanValue:
    """Say whether a month has such a day; that it is 1 to 31 is known."""
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_february = (day == 29) & is_leap  # noqa: PLR2004 -- 29 February
    in_most = (day <= 30) & (month != 2)  # noqa: PLR2004
    return (day <= 28) | in_february | in_most | month.isin([1, 3, 5, 7, 8, 10, 12])  # noqa: PLR2004


def _pattern(form: str) -> tuple[str, dict[str, int]]:
    """Return a form such as %d/%m/%Y as a pattern, with the group of each of its parts."""
    groups: dict[str, int] = {}
    parts: list[str] = []
    is_known = not re.search(r"[\[\]\\^]", form)
    for directive, literal in re.findall(r"%(.)|(.)", form, re.DOTALL):
        name, part = _DIRECTIVES.get(directive, ("", ""))
        is_known = is_known and bool(literal or name) and name not in groups
        if name:
            groups[name] = len(groups) + 1
        parts.append(part or (literal if literal.isalnum() else f"[{literal}]"))
    if not is_known or not {"year", "month", "day"} <= groups.keys():
        needs = f"a form of dates with %Y, %m and %d, each once, and no words: not {form}"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    return f"^{''.join(parts)}$", groups
