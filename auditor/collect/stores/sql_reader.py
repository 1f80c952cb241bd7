"""One reader for every engine that speaks SQL: the engine runs statements, this knows which."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from auditor.collect.stores.nested import flattened
from auditor.collect.stores.reader import (
    AgesQuestion,
    ConsentQuestion,
    Kind,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.collect.stores.statements import (
    Dialect,
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

    def __init__(self, engine: Engine) -> None:
        """Begin with what the engine has."""
        self._engine = engine
        self._tables: dict[str, TableInfo] = {}

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there."""
        found = self._engine.tables()
        self._tables = {table.name: table for table in found}
        return found

    def can_write(self) -> tuple[str, ...]:
        """Return what the credential could change."""
        return self._engine.can_write()

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.close()

    def ages(self, question: AgesQuestion) -> Ages:
        """Count records by day."""
        statement = ages_statement(self._engine.dialect, question, self._kind)
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

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""
        statement = consent_statement(self._engine.dialect, question)
        audience, without, withdrawn = next(iter(self._engine.query(statement)))
        return ConsentCounted(
            activity=question.activity,
            audience=int(str(audience)),
            without=int(str(without)),
            withdrawn=int(str(withdrawn)),
        )

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return random values of each column, nested ones under their paths."""
        names = [column.name for column in table.columns if column.kind != "blob"]
        if not names:
            return {}
        dialect = self._engine.dialect
        rows, *filled = next(
            iter(self._engine.query(counts_statement(dialect, table.name, names)))
        )
        wanted = int(most * SPARE)
        drawn = list(self._engine.query(sample_statement(dialect, table.name, names, wanted)))
        found: dict[str, Sample] = {}
        for place, (name, held) in enumerate(zip(names, filled, strict=True)):
            values = [row[place] for row in drawn if row[place] is not None]
            number = int(str(held))
            if len(values) < min(most, number):
                again = sample_statement(dialect, table.name, [name], most, filled=True)
                values = [row[0] for row in self._engine.query(again)]
            for path, texts in flattened(name, values[:most]).items():
                found[path] = Sample(
                    rows=int(str(rows)),
                    filled=number if path == name else min(number, len(texts)),
                    values=tuple(text[:LONGEST] for text in texts),
                    is_all=len(values) == number,
                )
        return found

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a column, a batch at a time."""
        statement = scan_statement(self._engine.dialect, table.name, column)
        batch: list[str] = []
        for row in self._engine.query(statement):
            batch.append(str(row[0])[:LONGEST])
            if len(batch) == LONGEST:
                yield batch
                batch = []
        yield batch

    def _kind(self, table: str, column: str) -> Kind:
        known = self._tables.get(table)
        for one in known.columns if known else ():
            if one.name == column:
                return one.kind
        what = f"{table}.{column}" if known else f"table {table}"
        raise RefusedError(
            Reason.NOT_IN_EVIDENCE, f"{what}, which policy.yaml names and is not there"
        )


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
