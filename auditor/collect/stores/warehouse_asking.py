"""The expressions that warehouses are asked: ages, consents, counts, samples, whole columns."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_

import ibis
from ibis.expr import datatypes
from ibis.expr.types import BooleanValue, Table, Value
from msgspec import Struct

from auditor.collect.stores.reader import (
    AgesQuestion,
    Column,
    ConsentQuestion,
    Kind,
    RefusedError,
)
from auditor.collect.stores.warehouse_days import PIECES, day_number, pieces
from auditor.evidence import Reason
from auditor.policy import AnchorField, Audience

LONGEST = 100_000  # characters of a value that leave the engine
SPARE = 1.5  # as many rows as are wanted: a share is never drawn exactly
COMPARED = frozenset({"timestamp", "timestamptz", "integer", "real"})
_KINDS: tuple[tuple[type[datatypes.DataType], Kind], ...] = (
    (datatypes.String, "text"),
    (datatypes.Integer, "integer"),
    (datatypes.Floating, "real"),
    (datatypes.Decimal, "real"),
    (datatypes.Date, "date"),
    (datatypes.Boolean, "boolean"),
    (datatypes.Struct, "json"),
    (datatypes.Array, "json"),
    (datatypes.Map, "json"),
    (datatypes.JSON, "json"),
    (datatypes.Binary, "blob"),
    (datatypes.UUID, "text"),
)


class Known(Struct, frozen=True, kw_only=True):
    """A table that can be asked, and the kinds of its columns."""

    table: Table
    kinds: Mapping[str, Kind]


Tables = Callable[[str], Known]
Date = tuple[Value, Kind, AnchorField]  # a column, and how it is read


def kind_of(type_: datatypes.DataType) -> Kind:
    """Return what a type of ibis amounts to."""
    if isinstance(type_, datatypes.Timestamp):
        return "timestamptz" if type_.timezone else "timestamp"
    return next((kind for known, kind in _KINDS if isinstance(type_, known)), "other")


def ages_asked(question: AgesQuestion, tables: Tables) -> Table:
    """Ask for (which of the columns has a date, the number of its day, how many records).

    The first is -1 where none has. An anchor in another table is the newest of the records there
    that the key points to.
    """
    known = tables(question.table)
    source = known.table
    if question.holding:
        held = [_held(known, question.table, path) for path in question.holding]
        source = source.filter(reduce(or_, held))
    dates = {
        place: (_column(known, question.table, field.field), known.kinds[field.field], field)
        for place, field in enumerate(question.columns)
        if not field.table
    }
    joins = [(place, field) for place, field in enumerate(question.columns) if field.table]
    keys = {f"k{place}": _column(known, question.table, field.key) for place, field in joins}
    dated = _dated(source, dates, keys)
    for place, field in joins:
        newest = _newest(place, field, tables)
        dated = dated.left_join(newest, dated[f"k{place}"] == newest[f"r{place}"])
    places = range(len(question.columns))
    spoke = ibis.cases(*((dated[f"f{place}"] == 1, place) for place in places), else_=-1)
    number = ibis.cases(*((dated[f"f{place}"] == 1, dated[f"d{place}"]) for place in places))
    asked = dated.select(spoke=spoke, number=number)
    return asked.group_by(["spoke", "number"]).aggregate(records=asked.count())


def _dated(source: Table, dates: Mapping[int, Date], keys: Mapping[str, Value]) -> Table:
    """Ask for the number of each date (`d0`), whether it is there (`f0`), and the keys.

    First the digits are taken, then they are put together: else each would be taken many times.
    """
    taken = {
        f"{name}_{place}": value
        for place, date in dates.items()
        for name, value in pieces(*date).items()
    }
    there = {f"f{place}": date[0].notnull().ifelse(1, 0) for place, date in dates.items()}
    first = source.select(**keys, **there, **taken)
    numbers = {
        f"d{place}": day_number(
            {name: first[f"{name}_{place}"] for name in PIECES if f"{name}_{place}" in taken},
            kind,
            field,
        )
        for place, (_, kind, field) in dates.items()
    }
    return first.select(*keys, *there, **numbers)


def _newest(place: int, field: AnchorField, tables: Tables) -> Table:
    """Ask for the newest day of each key, and whether there is any date."""
    known = tables(field.table)
    key = _column(known, field.table, field.references or field.key)
    column = _column(known, field.table, field.field)
    dated = _dated(known.table, {0: (column, known.kinds[field.field], field)}, {"key": key})
    return dated.group_by(**{f"r{place}": dated.key}).aggregate(
        **{f"d{place}": dated.d0.max(), f"f{place}": dated.f0.max()}
    )


def _column(known: Known, table: str, name: str) -> Value:
    if name not in known.kinds:
        needs = f"{table}.{name}, which policy.yaml names and is not there"
        raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)
    return known.table[name]


def _held(known: Known, table: str, path: str) -> BooleanValue:
    """Ask whether there is a value at a path: a column, or what is within a structure."""
    if path in known.kinds:
        return known.table[path].notnull()
    first, *steps = path.replace("[]", ".[]").split(".")
    value = _column(known, table, first)
    for step in steps:
        type_ = value.type()
        if step == "[]" and isinstance(type_, datatypes.Array) and step is steps[-1]:
            return value.length() > 0
        if isinstance(type_, datatypes.Struct) and step in type_.names:
            value = value[step]
        else:
            needs = f"a column, a field of a structure or a list instead of {path}"
            raise RefusedError(Reason.NOT_VERIFIED, needs)
    return value.notnull()


def consent_asked(question: ConsentQuestion, tables: Tables) -> Table:
    """Ask for one row: who is in the audience, without consent, with one that was taken back.

    As in `statements.consent_statement`; dates of a place are compared there, not in UTC.
    """
    known, given, back = tables(question.table), question.given_at, question.withdrawn_at
    _refuse_apart(question)
    table = known.table
    if question.audience is not None:
        table = table.filter(_is(known, question.table, question.audience))
    fields = [field for field in (given, back) if field is not None]
    columns = [_column(known, question.table, field.field) for field in fields]
    kinds = [known.kinds[field.field] for field in fields]
    later = {"later": ibis.literal(0)}
    if len(set(kinds)) < len(kinds) and kinds[0] in COMPARED:
        later = {"later": (columns[0] > columns[1]).ifelse(1, 0)}
    dates = dict(enumerate(zip(columns, kinds, fields, strict=True)))
    asked = _dated(table, dates, later)
    gone = ibis.literal(0)
    if back is not None:
        again = (asked.d0 > asked.d1) | ((asked.d0 == asked.d1) & (asked.later == 1))
        gone = asked.d0.notnull() & (asked.f1 == 1) & ~again.fill_null(False)  # noqa: FBT003
        gone = gone.ifelse(1, 0)
    asked = asked.select(given=asked.d0, gone=gone)
    return asked.aggregate(
        audience=asked.count(),
        without=asked.count(where=asked.given.isnull()),
        withdrawn=asked.count(where=asked.gone == 1),
    )


def _refuse_apart(question: ConsentQuestion) -> None:
    given, back = question.given_at, question.withdrawn_at
    for field in filter(None, (given, back)):
        if field.table:
            needs = f"the date in {question.table} itself: {field.read_as} is elsewhere"
            raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)
    if back is not None and given.timezone != back.timezone:
        needs = f"one time zone for {given.field} and {back.field}: a warehouse compares them"
        raise RefusedError(Reason.NOT_VERIFIED, needs)


def _is(known: Known, table: str, audience: Audience) -> BooleanValue:
    """Ask for a value; yes and no are written in several ways where the engine has no word."""
    column, wanted = _column(known, table, audience.field), audience.equals
    kind = known.kinds[audience.field]
    if isinstance(wanted, bool) and kind != "boolean":
        words = ["true", "t", "1", "yes"] if wanted else ["false", "f", "0", "no"]
        return column.cast("string").lower().isin(words)
    if kind in {"text", "other"}:
        return column.cast("string") == str(wanted)
    return column == wanted


def counts_asked(table: Table, columns: Sequence[str]) -> Table:
    """Ask for one row: how many records there are, and how many hold each column."""
    filled = {f"c{place}": table[name].count() for place, name in enumerate(columns)}
    return table.aggregate(records=table.count(), **filled)


def sample_asked(
    table: Table, columns: Sequence[Column], most: int, rows: int, *, filled: bool = False
) -> Table:
    """Ask for rows drawn at random of so many; with `filled`, of those with the one column.

    Drawing more than are wanted and then putting them in random order is uniform, and `LIMIT`
    alone is not: it gives the first. Few rows are all put in random order.
    """
    if filled:
        table = table.filter(table[columns[0].name].notnull())
    drawn = table.select(
        **{f"c{place}": _cut(table, column) for place, column in enumerate(columns)}
    )
    share = math.ceil(SPARE * most / rows * 1e6) / 1e6 if rows else 1.0  # no engine reads 1e-9
    if share < 1:
        drawn = drawn.sample(share)
    return drawn.order_by(ibis.random()).limit(most)


def scan_asked(known: Known, column: Column) -> Table:
    """Ask for every value of a column that is there, shortened if it is very long."""
    return known.table.filter(known.table[column.name].notnull()).select(
        c0=_cut(known.table, column)
    )


def _cut(table: Table, column: Column) -> Value:
    """Return a value as text, not too long; what is nested is taken apart here."""
    value = table[column.name]
    if column.kind == "json":
        return value
    return value.cast("string").substr(0, LONGEST + 1)
