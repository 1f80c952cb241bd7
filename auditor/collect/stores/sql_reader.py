"""One reader for every engine that speaks SQL: the engine runs statements, this knows which."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from auditor.collect.stores.nested import flattened
from auditor.collect.stores.reader import (
    VALUES,
    AgesQuestion,
    Column,
    ConsentQuestion,
    Kind,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.collect.stores.statements import (
    Dialect,
    Place,
    Statement,
    ages_statement,
    consent_statement,
    counts_statement,
    sample_statement,
    scan_statement,
)
from auditor.evidence import EARLIEST, LATEST, Ages, ConsentCounted, Reason

SPARE = 1.5  # as many rows as values are wanted of each column, since some are empty
LONGEST = 4096  # characters of a value that are looked into
AT_ONCE = 100  # columns of one statement: engines take some 2,000 at most
BATCH = 4096  # values
NESTED = frozenset({"json", "text", "other"})

Row = Sequence[object]


class Engine(Protocol):
    """A connection that only reads. Statements raise `RefusedError`, and end by themselves."""

    dialect: Dialect

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there, sorted by name."""

    def query(self, statement: Statement) -> Iterator[Row]:
        """Run a statement, and yield its rows."""

    def can_write(self) -> tuple[str, ...]:
        """Return what the credential could change."""

    def close(self) -> None:
        """Let go of the connection."""


class SqlReader:
    """Answers questions by statements (`Reader`)."""

    def __init__(self, engine: Engine, *, unread: Sequence[str] = ()) -> None:
        """Begin with what the engine has; `unread` lies beside it."""
        self._engine, self._unread = engine, tuple(unread)
        self._tables: dict[str, TableInfo] = {}

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there."""
        found = self._engine.tables()
        self._tables = {table.name: table for table in found}
        return found

    def unread(self) -> tuple[str, ...]:
        """Return the names of what lies beside the tables in a form that is not read."""
        return self._unread

    def can_write(self) -> tuple[str, ...]:
        """Return what the credential could change."""
        return self._engine.can_write()

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.close()

    def ages(self, question: AgesQuestion) -> Ages:
        """Count records by day."""
        statement = self._ages_statement(question)
        days: dict[date, int] = {}
        undated = unreadable = 0
        for day, missing, number in self._engine.query(statement):
            count, found = int(str(number)), _day(day)
            if missing:
                undated += count
            elif found is None:
                unreadable += count
            else:
                days[found] = days.get(found, 0) + count
        return Ages(
            anchor=question.anchor,
            columns=tuple(field.read_as for field in question.columns),
            fallback=question.fallback,
            holding=question.holding,
            rows=sum(days.values()) + undated + unreadable,
            days=dict(sorted(days.items())),
            undated=undated,
            unreadable=unreadable,
            assumed=self._assumed(question),
        )

    def _assumed(self, question: AgesQuestion) -> str:
        zones = sorted({field.timezone for field in question.columns if field.timezone})
        return f"dates without a time zone are of {', '.join(zones) or 'UTC'}"

    def _ages_statement(self, question: AgesQuestion) -> Statement:
        for field in question.columns:
            if field.table:
                self._kind(question.table, field.key)
                self._kind(field.table, field.references or field.key)
        held = [self._place(question.table, name) for name in question.holding]
        return ages_statement(self._engine.dialect, question, self._kind, held)

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""
        statement = self._consent_statement(question)
        audience, without, withdrawn = next(iter(self._engine.query(statement)))
        return ConsentCounted(
            activity=question.activity,
            audience=int(str(audience)),
            without=int(str(without)),
            withdrawn=int(str(withdrawn)),
        )

    def _consent_statement(self, question: ConsentQuestion) -> Statement:
        for field in filter(None, (question.given_at, question.withdrawn_at)):
            if field.table:
                needs = f"the date in {question.table} itself: {field.read_as} is elsewhere"
                raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)
        return consent_statement(self._engine.dialect, question, self._kind)

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return random values of each column, nested ones under their paths.

        What is binary is counted, and not looked into.
        """
        found: dict[str, Sample] = {}
        for some in _some(table):
            found |= self._sample(table, some, most)
        return found

    def _sample(self, table: TableInfo, columns: Sequence[Column], most: int) -> dict[str, Sample]:
        dialect = self._engine.dialect
        names = [column.name for column in columns]
        rows, *filled = map(int, map(str, self._one(counts_statement(dialect, table.name, names))))
        readable = [column for column in columns if column.kind != "blob"]
        counted = dict(zip(names, filled, strict=True))
        found = {name: Sample(rows=rows, filled=held, values=()) for name, held in counted.items()}
        drawn: list[Row] = []
        if readable and rows:
            statement = sample_statement(dialect, table.name, readable, int(most * SPARE))
            drawn = list(self._engine.query(statement))
        for place, column in enumerate(readable):
            held = counted[column.name]
            values = [row[place] for row in drawn if row[place] is not None]
            if len(values) < min(most, held):
                again = sample_statement(dialect, table.name, [column], most, filled=True)
                values = [row[0] for row in self._engine.query(again)]
            if most < len(values) < held:
                values = random.sample(values, most)
            del found[column.name]
            found |= _samples(column.name, values, rows, held)
        return found

    def _one(self, statement: Statement) -> Row:
        return next(iter(self._engine.query(statement)))

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a column, a batch at a time."""
        kind = self._kind(table.name, column)
        one = Column(name=column, type="", kind=kind)
        statement = scan_statement(self._engine.dialect, table.name, one)
        batch: list[str] = []
        for row in self._engine.query(statement):
            batch.append(str(row[0]))
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    def statements(self, question: AgesQuestion | ConsentQuestion | TableInfo) -> Iterator[str]:
        """Yield the statements by which a question is asked, or a table is sampled (`Reader`)."""
        if isinstance(question, AgesQuestion):
            yield self._ages_statement(question).text
        elif isinstance(question, ConsentQuestion):
            yield self._consent_statement(question).text
        else:
            dialect, name = self._engine.dialect, question.name
            for some in _some(question):
                yield counts_statement(dialect, name, [column.name for column in some]).text
                readable = [column for column in some if column.kind != "blob"]
                if readable:
                    yield sample_statement(dialect, name, readable, int(VALUES * SPARE)).text
                for column in readable:  # asked where too many of those rows lack it
                    yield sample_statement(dialect, name, [column], VALUES, filled=True).text

    def _place(self, table: str, path: str) -> Place:
        """Return the column that a path begins with, and what is left of it."""
        known = self._tables.get(table)
        for one in known.columns if known else ():
            if path.startswith((f"{one.name}.", f"{one.name}[")) and one.kind in NESTED:
                return one.name, one.kind, path.removeprefix(one.name)
        return path, self._kind(table, path), ""

    def _kind(self, table: str, column: str) -> Kind:
        known = self._tables.get(table)
        for one in known.columns if known else ():
            if one.name == column:
                return one.kind
        if known and not known.columns:
            raise RefusedError(Reason.NOT_VERIFIED, f"columns of {table} that can be read")
        what = f"{table}.{column}" if known else f"table {table}"
        raise RefusedError(
            Reason.NOT_IN_EVIDENCE, f"{what}, which policy.yaml names and is not there"
        )


def _some(table: TableInfo) -> Iterator[tuple[Column, ...]]:
    for start in range(0, len(table.columns), AT_ONCE):
        yield table.columns[start : start + AT_ONCE]


def _samples(name: str, values: Sequence[object], rows: int, held: int) -> dict[str, Sample]:
    """Return the sample of a column, and those of the paths within it."""
    leaves = flattened(name, values)
    return {
        path: Sample(
            rows=rows,
            filled=held if path == name else min(held, len(texts)),
            values=tuple(text[:LONGEST] for text in texts),
            is_all=len(values) == held and not any(len(text) > LONGEST for text in texts),
            is_cut=leaves.is_cut,
        )
        for path, texts in leaves.texts.items()
    }


def _day(value: object) -> date | None:
    """Return a day that an engine has counted by; None outside the years that are kept."""
    try:
        if isinstance(value, datetime):
            found = value.date()
        else:
            found = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
