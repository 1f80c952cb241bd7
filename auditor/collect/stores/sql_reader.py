"""One reader for every engine that speaks SQL: the engine runs statements, this knows which."""

import random
from collections import Counter
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
from auditor.collect.stores.searching import Searching
from auditor.collect.stores.statements import (
    UNDATED,
    Dialect,
    Place,
    Statement,
    ages_statement,
    consent_statement,
    counts_statement,
    sample_statement,
)
from auditor.evidence import Ages, ConsentCounted, Gap, Reason

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

    def __init__(self, engine: Engine, *, unread: Sequence[str | Gap] = ()) -> None:
        """Begin with what the engine has; `unread` lies beside it."""
        self._engine, self._unread = engine, tuple(unread)
        self._tables: dict[str, TableInfo] = {}

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there."""
        found = self._engine.tables()
        self._tables = {table.name: table for table in found}
        return found

    def unread(self) -> tuple[str | Gap, ...]:
        """Return what lies beside the tables and is not read."""
        return self._unread

    def can_write(self) -> tuple[str, ...]:
        """Return what the credential could change."""
        return self._engine.can_write()

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.close()

    def ages(self, question: AgesQuestion) -> Ages:
        """Count records by day."""
        counted = question.count()
        for day, missing, number in self._counted(self._ages_statement(question)):
            if missing:
                counted.add_undated(int(str(number)))
            else:
                counted.add_day(_day(day), int(str(number)))
        return question.answer(counted)

    def _counted(self, statement: Statement) -> Iterator[Row]:
        """Yield (day, whether there is none, number of records), as an engine that counts does."""
        rows = self._engine.query(statement)
        if self._engine.dialect.is_counting:
            yield from rows
            return
        for (day, *_), number in Counter(map(tuple, rows)).items():
            yield day or None, day == UNDATED, number

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
            wanted = int(most * SPARE)
            statement = sample_statement(dialect, table.name, readable, wanted, among=rows)
            drawn = list(self._engine.query(statement))
        for place, column in enumerate(readable):
            held = counted[column.name]
            values = [row[place] for row in drawn if row[place] is not None]
            if len(values) < min(most, held):
                again = sample_statement(
                    dialect, table.name, [column], most, filled=True, among=held
                )
                values = [row[0] for row in self._engine.query(again)]
            if most < len(values) < held:
                values = random.sample(values, most)
            del found[column.name]
            found |= samples_of(column.name, values, rows, held)
        return found

    def _one(self, statement: Statement) -> Row:
        return next(iter(self._engine.query(statement)))

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a column, a batch at a time; a very long one in several parts."""
        yield from self.search(table, column).all()

    def search(self, table: TableInfo, column: str) -> Searching:
        """Return all values of a column, to be looked through."""
        one = Column(name=column, type="", kind=self._kind(table.name, column))
        return Searching(self._engine, table.name, one)

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
            if one.name == column and one.needs:
                raise RefusedError(Reason.FORBIDDEN, one.needs)
            if one.name == column:
                return one.kind
        if known and not known.columns:
            raise RefusedError(Reason.NOT_VERIFIED, f"columns of {table} that can be read")
        what = f"{table}.{column}" if known else f"table {table}"
        raise RefusedError(
            Reason.NOT_IN_EVIDENCE, f"{what}, which policy.yaml names and is not there"
        )


def _some(table: TableInfo) -> Iterator[tuple[Column, ...]]:
    """Yield the columns that may be read, some at a time."""
    columns = tuple(column for column in table.columns if not column.needs)
    for start in range(0, len(columns), AT_ONCE):
        yield columns[start : start + AT_ONCE]


def samples_of(name: str, values: Sequence[object], rows: int, held: int) -> dict[str, Sample]:
    """Return the sample of a column, and those of the paths within it."""
    leaves = flattened(name, values)
    return {
        path: Sample(
            rows=rows,
            filled=held if path == name else min(held, len(texts)),
            values=tuple(text[:LONGEST] for text in texts),
            is_all=len(values) == held and not any(len(text) > LONGEST for text in texts),
            is_cut=leaves.is_cut,
            shortened=sum(len(text) > LONGEST for text in texts),
        )
        for path, texts in leaves.texts.items()
    }


def _day(value: object) -> date | None:
    """Return a day that an engine has counted by, None if it is none."""
    try:
        if isinstance(value, int):
            return date.fromordinal(value)
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError):
        return None
