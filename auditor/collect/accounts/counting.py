"""From a service's records to what evidence holds: ages by day, fields by what they hold."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from auditor.collect.stores.fields import fields_of
from auditor.collect.stores.reader import VALUES, Column, TableInfo
from auditor.collect.stores.sql_reader import samples_of
from auditor.evidence import EARLIEST, Ages, FieldSeen, Found, Gap


class FieldCount:
    """Looks into records field by field: those that are known by name, and a sample of the rest.

    `known` gives the category of fields whose meaning the service documents ("" for nothing
    personal), by path; what is below a path is covered by it. Values of other fields are kept in
    memory, a thousand of each drawn at random, until `fields` has looked at them: then `gaps` says
    what could not be looked into.
    """

    def __init__(
        self, table: str, known: Mapping[str, str], types: Mapping[str, str] = {}
    ) -> None:
        """Begin with no records; `types` are the service's own words for types, by path."""
        self._table, self._known, self._types = table, known, types or {}
        self._rows = 0
        self._filled: dict[str, int] = {}
        self._kept: dict[str, list[object]] = {}
        self.gaps: list[Gap] = []

    def add(self, record: Mapping[str, object]) -> None:
        """Look at a record."""
        self._rows += 1
        for name, value in record.items():
            if value is None or value in ("", [], {}):
                continue
            number = self._filled[name] = self._filled.get(name, 0) + 1
            kept = self._kept.setdefault(name, [])
            if name in self._known:
                continue
            if len(kept) < VALUES:
                kept.append(value)
            elif (place := random.randrange(number)) < VALUES:  # noqa: S311 -- Vitter's reservoir
                kept[place] = value

    @property
    def rows(self) -> int:
        """Return how many records were looked at."""
        return self._rows

    def fields(self, names: Iterable[str] = ()) -> tuple[FieldSeen, ...]:
        """Return what was seen; `names` are fields that are there even where all are empty."""
        found: list[FieldSeen] = []
        for name in sorted({*self._filled, *names}):
            filled = self._filled.get(name, 0)
            if name in self._known:
                found.append(known_field(name, self._known[name], self._rows, filled))
            else:
                column = Column(name=name, type=self._types.get(name, ""), kind="text")
                samples = samples_of(name, self._kept.get(name, []), self._rows, filled)
                info = TableInfo(name=self._table, columns=(column,))
                fields, gaps = fields_of(info, samples, {}, self._rows, is_looked_into=True)
                found += fields
                self.gaps += gaps
        return tuple(found)


def known_field(name: str, category: str, rows: int, filled: int) -> FieldSeen:
    """Return a field whose meaning the service documents: no value of it was looked at."""
    found = (Found(category=category, by_name=True, confidence="high"),) if category else ()
    return FieldSeen(
        name=name,
        rows=rows,
        filled=filled,
        documented=True,
        found=found if filled else (),
    )


def older_than(
    anchor: str,
    basis: str,
    counts: Sequence[tuple[date, int]],
    rows: int,
    *,
    at_least: bool = False,
) -> Ages:
    """Return ages where a service only counts what is older than a day: one count for each edge.

    `counts` are the records of an edge's day or before, in the order of the days; `rows` all.
    """
    days: dict[date, int] = {}
    before = 0
    for edge, number in counts:
        days[edge] = max(0, number - before)
        before = max(before, number)
    if rest := max(0, rows - before):
        days[(counts[-1][0] if counts else EARLIEST) + timedelta(days=1)] = rest
    return Ages(
        anchor=anchor,
        rows=sum(days.values()),
        days=days,
        assumed=basis,
        edges=tuple(edge for edge, _ in counts),
        at_least=at_least,
    )
