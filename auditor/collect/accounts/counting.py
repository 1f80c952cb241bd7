"""From a service's records to what evidence holds: ages by day, fields by what they hold."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from auditor.collect.people import SubjectKey
from auditor.collect.stores.nested import flattened
from auditor.collect.stores.reader import VALUES, Column, Sample
from auditor.evidence import EARLIEST, LATEST, Ages, FieldSeen, Found, SubjectsSeen

_LONGEST: Final = 4096  # characters of a value that are looked into


class AgeCount:
    """Counts records by day, one after the other, in constant memory."""

    def __init__(self, anchor: str, basis: str) -> None:
        """Count by an anchor; `basis` says what the service's date is: which field, or of what."""
        self._anchor, self._basis = anchor, basis
        self._days: dict[date, int] = {}
        self._undated = self._unreadable = 0

    def add(self, moment: datetime | None, number: int = 1) -> None:
        """Count records of a moment; None is no date."""
        if moment is None:
            self._undated += number
            return
        try:
            day = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
        except OverflowError:
            day = date.min
        if EARLIEST <= day <= LATEST:
            self._days[day] = self._days.get(day, 0) + number
        else:
            self._unreadable += number

    def add_text(self, text: object) -> None:
        """Count a record by a date as services write it (RFC 3339); None and "" are no date."""
        if text is None or text == "":
            self.add(None)
            return
        try:
            self.add(datetime.fromisoformat(text if isinstance(text, str) else ""))
        except ValueError:
            self.add_unreadable()

    def add_unreadable(self) -> None:
        """Count a record whose date is none."""
        self._unreadable += 1

    def ages(self) -> Ages:
        """Return what was counted."""
        return Ages(
            anchor=self._anchor,
            rows=sum(self._days.values()) + self._undated + self._unreadable,
            days=dict(sorted(self._days.items())),
            undated=self._undated,
            unreadable=self._unreadable,
            assumed=self._basis,
        )


class FieldCount:
    """Looks into records field by field: those that are known by name, and a sample of the rest.

    `known` gives the category of fields whose meaning the service documents ("" for nothing
    personal), by path; what is below a path is covered by it. Values of other fields are kept in
    memory, a thousand of each drawn at random, until `fields` has looked at them.
    """

    def __init__(
        self, table: str, known: Mapping[str, str], types: Mapping[str, str] = {}
    ) -> None:
        """Begin with no records; `types` are the service's own words for types, by path."""
        self._table, self._known, self._types = table, known, types or {}
        self._rows = 0
        self._filled: dict[str, int] = {}
        self._kept: dict[str, list[object]] = {}

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
                found += self._profiled(name, filled)
        return tuple(found)

    def _profiled(self, name: str, filled: int) -> Sequence[FieldSeen]:
        from auditor.collect.stores.profiling import profile_column  # noqa: PLC0415 -- takes a while

        values = self._kept.get(name, [])
        leaves = flattened(name, values)
        found = []
        for path, texts in leaves.texts.items() or ((name, ()),):
            sample = Sample(
                rows=self._rows,
                filled=filled if path == name else min(filled, len(texts)),
                values=tuple(text[:_LONGEST] for text in texts),
                is_all=len(values) == filled and all(len(text) <= _LONGEST for text in texts),
                is_cut=leaves.is_cut,
            )
            column = Column(name=path, type=self._types.get(name, ""), kind="text")
            found.append(
                FieldSeen(
                    name=path[:1000],
                    type=column.type,
                    rows=sample.rows,
                    filled=sample.filled,
                    looked_at=len(sample.values),
                    exhaustive=sample.is_all,
                    found=profile_column(self._table, column, sample),
                )
            )
        return found


class PeopleCount:
    """Hashes the people of a table; keeps nothing where no key was given."""

    def __init__(self, key: SubjectKey | None, field: str, kind: str) -> None:
        """Begin with nobody; `kind` is `email`, `id` or `phone`, as for `SubjectKey.hash`."""
        self._key, self._field, self._kind = key, field, kind
        self._hashes: set[str] = set()

    def add(self, value: str) -> None:
        """Add a person; "" is nobody."""
        if self._key and value:
            self._hashes.add(self._key.hash(self._kind, value))

    def seen(self) -> tuple[SubjectsSeen, ...]:
        """Return who was seen, () without a key."""
        if self._key is None:
            return ()
        hashes = tuple(sorted(self._hashes))
        return (
            SubjectsSeen(field=f"{self._kind}:{self._field}", key=self._key.id, hashes=hashes),
        )


def known_field(name: str, category: str, rows: int, filled: int) -> FieldSeen:
    """Return a field whose meaning the service documents: no value of it was looked at."""
    found = (Found(category=category, by_name=True, confidence="high"),) if category else ()
    return FieldSeen(
        name=name,
        rows=rows,
        filled=filled,
        looked_at=filled,
        exhaustive=True,
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
