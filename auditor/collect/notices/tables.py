"""Rows of tables: cookies with their lifetimes, recipients with what they do, periods by data."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from auditor.collect.notices.document import Cell
from auditor.collect.notices.periods import periods_in
from auditor.collect.notices.plain import plain
from auditor.collect.notices.recipients import recipient, resolved
from auditor.collect.notices.saying import LONGEST_NAME, closest, purposes_in, said
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact
from auditor.knowledge.notices import finder, fold
from auditor.knowledge.notices.naming import countries_in

_COOKIE: Final = re.compile(r"[\w.$:*<>\[\]{}#@%+~-]{1,120}")
_BETWEEN: Final = re.compile(r"[,;/\n]| (?:and|et|und|y|e) | ")
PROVIDER: Final = "provider of a cookie"
_MOST_NAMES: Final = 40  # in one cell


def rows(unit: Unit) -> Iterator[Fact]:
    """Find what a row says: one of a cookie table, of a list of recipients, or of periods."""
    if unit.form != "row":
        return
    cells = _by_column(unit)
    if "lifetime" in cells and ("name" in cells or "provider" in cells) and _has_names(cells):
        yield from _cookies(unit, cells)
    elif "recipient" in cells or (
        "name" in cells and unit.is_about("recipients", "sub_processors")
    ):
        yield from _recipient(unit, cells)
    elif "name" in cells and unit.is_about("cookies") and _has_names(cells):
        yield from _cookies(unit, cells)
    elif "lifetime" in cells:
        yield from _kept(unit, cells)


def _by_column(unit: Unit) -> Mapping[str, Cell]:
    """Return the cells by what their column holds, the first of each."""
    found: dict[str, Cell] = {}
    for cell in unit.cells:
        head = fold(cell.head).strip(" *:.?")
        for language in unit.languages:
            for key in finder(language).columns(head):
                found.setdefault(key, cell)
    return found


def _has_names(cells: Mapping[str, Cell]) -> bool:
    """Return whether a cell holds what may be names of cookies, and no sentence."""
    return "name" in cells and bool(_names(cells["name"].text))


def _names(text: str) -> list[str]:
    parts = [part.strip(" `'\"") for part in _BETWEEN.split(text)]
    parts = [part for part in parts if part]
    return parts if len(parts) <= _MOST_NAMES and all(map(_COOKIE.fullmatch, parts)) else []


def _cookies(unit: Unit, cells: Mapping[str, Cell]) -> Iterator[Fact]:
    wording = _text(cells, "wording")
    owner = _text(cells, "provider") or _text(cells, "recipient")
    for name in _names(cells["name"].text):
        yield said(
            unit,
            "cookie table",
            "cookie",
            name=name,
            owner=owner,
            wording=wording,
            about=purposes_in(unit, wording),
            period=_lifetime(unit, cells),
            confidence="high",
        )
    provider = cells.get("provider")
    if provider is not None and owner:
        who = resolved(owner, provider.links[0] if provider.links else None)
        if who.service or who.firm or who.link:
            yield recipient(unit, who, PROVIDER, wording, confidence="medium")


def _lifetime(unit: Unit, cells: Mapping[str, Cell]) -> str:
    """Return how long a cookie lives (ISO 8601, or `session`), "" where it cannot be read."""
    text = fold(_text(cells, "lifetime"))
    if periods := periods_in(text, unit.languages):
        return periods[0].iso
    for language in unit.languages:
        if any(finder(language).find(text, ("lifetime",))):
            return "session"
    return ""


def _recipient(unit: Unit, cells: Mapping[str, Cell]) -> Iterator[Fact]:
    cell = cells.get("recipient") or cells["name"]
    name = plain(cell.text)
    if not name or len(name) > LONGEST_NAME:
        return
    who = resolved(name, cell.links[0] if cell.links else None)
    facts: dict[str, object] = {"is_listed": True, "confidence": "high"}
    if where := countries_in(_text(cells, "location")):
        facts["countries"] = where
    yield recipient(unit, who, "table of recipients", _text(cells, "wording"), **facts)


def _kept(unit: Unit, cells: Mapping[str, Cell]) -> Iterator[Fact]:
    """Find a period beside the data that it is about."""
    lifetime = _text(cells, "lifetime")
    about = Unit(
        text=_text(cells, "data") or unit.text.replace(lifetime, ""),
        form="prose",
        place=unit.place,
        languages=unit.languages,
    )
    where = Unit(text=lifetime, form="prose", place=unit.place, languages=unit.languages)
    for period in periods_in(where.folded, unit.languages)[:1]:
        yield said(
            unit,
            "table of periods",
            "retention",
            "fixed",
            period=period.iso,
            anchor=next(iter(where.keys("anchor")), ""),
            about=closest(about, "category"),
            confidence="high",
        )


def _text(cells: Mapping[str, Cell], key: str) -> str:
    return plain(cells[key].text) if key in cells else ""
