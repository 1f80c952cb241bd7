"""Lengths of time and dates, as people write them."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Final, NamedTuple

import re2

from auditor.knowledge.notices import fold, words

_NEXT: Final = re.compile(r"[ ,]*(?:and|et|und|y|e|,)? ?")
_ISO_DATE: Final = re.compile(r"\b([12][0-9]{3})[-/.]([01]?[0-9])[-/.]([0-3]?[0-9])\b")
_NUMERIC: Final = re.compile(r"\b([0-3]?[0-9])[./-]([01]?[0-9])[./-]([12][0-9]{3})\b")
_CUT: Final = re.compile(r"(?:[0-9]+[.,])+$")  # what stands before the last digits of a number
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_AND_A_HALF: Final = re.compile(r" (?:and a half|et demie?|y medio|e meio)\b")
_ORDER: Final = "YMWD"


class Period(NamedTuple):
    """A length of time (ISO 8601), and where it stands."""

    iso: str
    start: int
    end: int


def periods_in(folded: str, languages: Sequence[str]) -> tuple[Period, ...]:
    """Return the lengths of time in a folded text, in order.

    "1 year and 6 months" is one of them: P1Y6M.
    """
    parts: dict[int, tuple[int, int, str]] = {}
    for language in languages:
        known = words(language)
        units = {fold(word): unit for unit, of in known.units.items() for word in of}
        numbers = {fold(word): number for word, number in known.numbers.items()}
        for found in _amount(language).finditer(folded):
            text, unit = found[1], units[found[2]]
            start = found.start(1)
            if text.isdecimal() and (whole := _CUT.search(folded, max(start - 12, 0), start)):
                read = _number(folded[whole.start() : start] + text, unit)
                if read is not None:
                    parts[whole.start()] = (found.end(), *read)
                continue
            number = int(text) if text.isdecimal() else numbers[text]
            if number == 1 and folded.endswith("half ", 0, start):
                if unit == "Y":
                    parts[start] = (found.end(), 6, "M")
                continue
            if half := _AND_A_HALF.match(folded, found.end()):
                if unit == "Y":
                    parts[start] = (half.end(), 12 * number + 6, "M")
                continue
            parts[start] = (found.end(), number, unit)
    return tuple(_joined(folded, sorted(parts.items())))


def _number(text: str, unit: str) -> tuple[int, str] | None:
    """Return a number with marks in it, and its unit: 1,000 D; 1.5 Y is 18 M. None: not whole."""
    if _THOUSANDS.fullmatch(text):
        return int(re.sub(r"[.,]", "", text)), unit
    try:
        months = 12 * float(text.replace(",", "."))
    except ValueError:
        return None
    return (int(months), "M") if unit == "Y" and months.is_integer() else None


def iso(number: int, unit: str) -> str:
    """Return a number of units as ISO 8601 has it."""
    return f"PT{number}{unit[1]}" if unit.startswith("T") else f"P{number}{unit}"


def dates_in(folded: str, languages: Sequence[str]) -> tuple[date, ...]:
    """Return the dates in a folded text; 03/04/2026 in English may be either, and is left out."""
    found: dict[int, date] = {}
    for one in _ISO_DATE.finditer(folded):
        _keep(found, one.start(), int(one[1]), int(one[2]), int(one[3]))
    day_first = bool(languages) and all(words(one).day_first for one in languages)
    for one in _NUMERIC.finditer(folded):
        first, second = int(one[1]), int(one[2])
        if day_first or first > 12 or first == second:  # noqa: PLR2004 -- months
            _keep(found, one.start(), int(one[3]), second, first)
    for language in languages:
        months = {fold(name): number for name, number in words(language).months.items()}
        for one in _written(language).finditer(folded):
            day = one[1] or one[4] or "1"
            _keep(found, one.start(), int(one[5]), months[one[2] or one[3]], int(day))
    return tuple(found[start] for start in sorted(found))


def _keep(found: dict[int, date], start: int, year: int, month: int, day: int) -> None:
    with suppress(ValueError):
        found.setdefault(start, date(year, month, day))


def _joined(folded: str, parts: list[tuple[int, tuple[int, int, str]]]) -> list[Period]:
    done: list[Period] = []
    last: tuple[int, int, str, str] | None = None  # start, end, ISO, unit
    for start, (end, number, unit) in parts:
        if last is not None and _follows(folded, last, start, unit):
            text = last[2] + f"{number}{unit}"
            last = (last[0], end, text, unit)
            done[-1] = Period(text, last[0], end)
            continue
        last = (start, end, iso(number, unit), unit)
        done.append(Period(last[2], start, end))
    return done


def _follows(folded: str, last: tuple[int, int, str, str], start: int, unit: str) -> bool:
    before = last[3]
    if unit not in _ORDER or before not in _ORDER or _ORDER.index(before) >= _ORDER.index(unit):
        return False
    between = folded[last[1] : start]
    return bool(between) and bool(_NEXT.fullmatch(between))


@cache
def _amount(language: str) -> "re2._Regexp":
    known = words(language)
    numbers = _either(known.numbers)
    units = _either(word for of in known.units.values() for word in of)
    return re2.compile(
        rf"\b([0-9]{{1,4}}|{numbers})(?: ?\([0-9\w-]{{1,20}}\))?[ -]{{0,2}}({units})\b"
    )


@cache
def _written(language: str) -> "re2._Regexp":
    months = _either(words(language).months)
    day = r"([0-3]?[0-9])(?:st|nd|rd|th|er|\.|º|o)?"
    return re2.compile(
        rf"(?:\b{day},? (?:de |of )?({months})\.?|\b({months})\.?(?: {day})?),?"
        r" (?:de |del )?([12][0-9]{3})\b"
    )


def _either(texts: Iterable[str]) -> str:
    found = sorted({fold(text) for text in texts}, key=len, reverse=True)
    return "|".join(re.escape(text) for text in found)
