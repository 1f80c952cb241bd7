"""Warehouses and Spark, asked through ibis: each question is one expression, compiled for each.

The same expression goes to BigQuery, Snowflake, Trino, Spark and DuckDB, and is always one SELECT.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from ibis.expr.types import Table, Value

from auditor.collect.stores.reader import (
    VALUES,
    AgesQuestion,
    Column,
    ConsentQuestion,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.collect.stores.sql_reader import AT_ONCE, SPARE, samples_of
from auditor.collect.stores.warehouse_asking import (
    LONGEST,
    Known,
    ages_asked,
    consent_asked,
    counts_asked,
    kind_of,
    sample_asked,
    scan_asked,
)
from auditor.collect.stores.warehouse_days import day_of
from auditor.collect.stores.warehouse_opened import BATCH, Opened, Rows, within_time
from auditor.evidence import Ages, ConsentCounted, Reason

MOST_TABLES = 2_000

Answer = TypeVar("Answer")


class Warehouse:
    """Answers questions by expressions (`Reader`)."""

    def __init__(self, opened: Opened) -> None:
        """Begin with a connection."""
        self._opened = opened
        self._known: dict[str, Known] = {}

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there; a table whose columns nobody may read has none."""
        backend = self._opened.backend
        names = sorted(self._within(self._opened.names))
        if len(names) > MOST_TABLES:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_TABLES:,} tables")
        found = []
        for name in names:
            columns: tuple[Column, ...] = ()
            try:
                table = self._within(partial(backend.table, name))
            except RefusedError as error:
                if error.reason is Reason.TIMEOUT:
                    raise
            else:
                columns = tuple(
                    Column(name=column, type=type(type_).__name__.lower(), kind=kind_of(type_))
                    for column, type_ in table.schema().items()
                )
                self._known[name] = Known(table=table, kinds={c.name: c.kind for c in columns})
            found.append(
                TableInfo(
                    name=name,
                    kind="files" if self._opened.is_of_files else "table",
                    columns=columns,
                )
            )
        return tuple(found)

    def unread(self) -> tuple[str, ...]:
        """Return the names of what lies beside the tables in a form that is not read."""
        return self._opened.unread

    def can_write(self) -> tuple[str, ...]:
        """Return nothing for files; a warehouse has no one way to ask it, and that is a gap."""
        if self._opened.can_write is None:
            needs = "a look at the credential's grants by its owner: it should only read"
            raise RefusedError(Reason.CANNOT_BE_SHOWN, needs)
        return self._opened.can_write

    def close(self) -> None:
        """Let go of the connection."""
        self._opened.close()

    def ages(self, question: AgesQuestion) -> Ages:
        """Count records by day; how dates are read is `warehouse_days`."""
        kinds = [self._of(f.table or question.table).kinds.get(f.field) for f in question.columns]
        counted = question.count()
        for place, number, records in self._rows(ages_asked(question, self._of)):
            spoke, count = int(str(place)), int(str(records))
            field, kind = question.columns[spoke], kinds[spoke]
            if spoke < 0:
                counted.add_undated(count)
            else:
                counted.add_day(day_of(number, kind, field) if kind else None, count)
        return question.answer(counted)

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""
        (row,) = self._rows(consent_asked(question, self._of))
        audience, without, withdrawn = (int(str(number)) for number in row)
        return ConsentCounted(
            activity=question.activity, audience=audience, without=without, withdrawn=withdrawn
        )

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return random values of each column, nested ones under their paths.

        What is binary is counted, and not looked into.
        """
        found: dict[str, Sample] = {}
        for start in range(0, len(table.columns), AT_ONCE):
            found |= self._sample(table, table.columns[start : start + AT_ONCE], most)
        return found

    def _sample(self, info: TableInfo, columns: Sequence[Column], most: int) -> dict[str, Sample]:
        table = self._of(info.name).table
        names = [column.name for column in columns]
        rows, *filled = map(int, map(str, next(self._rows(counts_asked(table, names)))))
        counted = dict(zip(names, filled, strict=True))
        found = {name: Sample(rows=rows, filled=held, values=()) for name, held in counted.items()}
        readable = [column for column in columns if column.kind != "blob"]
        drawn: list[Sequence[object]] = []
        if readable and rows:
            drawn = list(self._rows(sample_asked(table, readable, int(most * SPARE), rows)))
        for place, column in enumerate(readable):
            held = counted[column.name]
            values = [row[place] for row in drawn if row[place] is not None][:most]
            if len(values) < min(most, held):
                again = sample_asked(table, [column], most, held, filled=True)
                values = [row[0] for row in self._rows(again)]
            del found[column.name]
            found |= samples_of(column.name, values, rows, held)
        return found

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a column, a batch at a time; one that is very long is refused."""
        batch: list[str] = []
        (one,) = (known for known in table.columns if known.name == column)
        for row in self._rows(scan_asked(self._of(table.name), one)):
            batch.append(_text(row[0]))
            if len(batch[-1]) > LONGEST:
                needs = (
                    f"values of {column} with at most {LONGEST:,} characters, to see them whole"
                )
                raise RefusedError(Reason.CAP_REACHED, needs)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    def statements(self, question: AgesQuestion | ConsentQuestion | TableInfo) -> Iterator[str]:
        """Yield the statements by which a question is asked, or a table is sampled (`Reader`).

        Of a large table a share is drawn first; how large, its count decides.
        """
        if isinstance(question, AgesQuestion):
            yield self._text(ages_asked(question, self._of))
        elif isinstance(question, ConsentQuestion):
            yield self._text(consent_asked(question, self._of))
        else:
            table = self._of(question.name).table
            yield self._text(counts_asked(table, [column.name for column in question.columns]))
            readable = [column for column in question.columns if column.kind != "blob"]
            if readable:
                yield self._text(sample_asked(table, readable, int(VALUES * SPARE), 0))
            for column in readable:  # asked where too many of those rows lack it
                yield self._text(sample_asked(table, [column], VALUES, 0, filled=True))

    def _text(self, expression: Value | Table) -> str:
        return str(self._opened.backend.compile(expression))

    def _of(self, name: str) -> Known:
        if name not in self._known:
            needs = f"table {name}, which policy.yaml names and is not there"
            raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)
        return self._known[name]

    def _rows(self, expression: Table) -> Rows:
        with within_time(self._opened):
            yield from self._opened.rows(expression)

    def _within(self, ask: Callable[[], Answer]) -> Answer:
        with within_time(self._opened):
            return ask()


def _text(value: object) -> str:
    """Return a value as text: what is nested as JSON, so that it can be taken apart."""
    return json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)
