"""All values of one column: as they come, or those that have a pattern, if the engine can tell.

An engine that reads RE2's patterns (`Dialect.matches`) says where there is anything at all faster
than values leave it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from auditor.collect.stores.reader import VALUES, Column
from auditor.collect.stores.statements import Dialect, Statement, scan_statement

BATCH: Final = 4_096  # values
MOST: Final = 4_000_000  # characters of a batch
LONG: Final = 100_000  # characters of a value that `Dialect.cut` lets pass, and one more
AGAIN: Final = 4_096  # of these are in the next part, too: what lies across is found


class Queries(Protocol):
    """What runs statements, and how it wants them written."""

    dialect: Dialect

    def query(self, statement: Statement) -> Iterator[Sequence[object]]:
        """Run a statement, and yield its rows."""


class Searching:
    """One column of a table. A very long value comes in several parts."""

    def __init__(self, engine: Queries, table: str, column: Column) -> None:
        """Begin with a column that is there."""
        self._engine, self._table, self._column = engine, table, column
        self._is_long = False

    @property
    def is_pushed_down(self) -> bool:
        """Return whether the engine looks for patterns itself."""
        return self._engine.dialect.matches is not None

    def all(self) -> Iterator[Sequence[str]]:
        """Yield every value, a batch at a time."""
        dialect, after = self._engine.dialect, LONG
        yield from self._batches(scan_statement(dialect, self._table, self._column))
        while self._is_long and self._column.kind != "json":
            yield from self._batches(self._rest(after))
            after += LONG

    def count(self, pattern: str) -> int:
        """Count the values that have a pattern."""
        return int(str(next(iter(self._engine.query(self._count(pattern))))[0]))

    def matching(self, pattern: str, *, few: bool = False) -> Iterator[Sequence[str]]:
        """Yield the values that have a pattern; or 1,000 of them, drawn at random."""
        yield from self._batches(self._some(pattern) if few else self._hits(pattern))

    def texts(self) -> Iterator[str]:
        """Yield the statements by which all of this may be asked."""
        if self.is_pushed_down:
            yield from (ask("").text for ask in (self._count, self._hits, self._some))
        yield scan_statement(self._engine.dialect, self._table, self._column).text
        if self._column.kind != "json":
            yield self._rest(LONG).text

    def _batches(self, statement: Statement) -> Iterator[Sequence[str]]:
        self._is_long = False
        batch: list[str] = []
        size = 0
        for value, *_ in self._engine.query(statement):
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            self._is_long = self._is_long or len(text) > LONG
            batch.append(text)
            size += len(text)
            if len(batch) == BATCH or size > MOST:
                yield batch
                batch, size = [], 0
        yield batch

    def _rest(self, after: int) -> Statement:
        """Ask for what long values go on with, and some of what was before."""
        name = self._engine.dialect.column(self._column.name)
        mark = self._engine.dialect.mark
        return Statement(
            text=f"SELECT substr({name}, {mark}, {mark})"
            f" FROM {self._engine.dialect.table(self._table)} t WHERE length({name}) > {mark}",
            bound=(after - AGAIN + 1, LONG + AGAIN, after),
        )

    def _count(self, pattern: str) -> Statement:
        return Statement(text=f"SELECT count(*){self._where()}", bound=(pattern,))

    def _hits(self, pattern: str) -> Statement:
        dialect = self._engine.dialect
        value = dialect.cut(dialect.column(self._column.name), self._column.kind)
        return Statement(text=f"SELECT {value} AS v{self._where()}", bound=(pattern,))

    def _some(self, pattern: str) -> Statement:
        source = f"({self._hits(pattern).text}) s"
        text = self._engine.dialect.random_rows.format(columns="v", table=source, most=VALUES)
        return Statement(text=text, bound=(pattern,))

    def _where(self) -> str:
        dialect = self._engine.dialect
        name = dialect.column(self._column.name)
        found = dialect.matches(name, self._column.kind) if dialect.matches else "false"
        return f" FROM {dialect.table(self._table)} t WHERE {found}"
