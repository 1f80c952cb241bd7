"""Files larger than a machine: each question is asked of their parts, in processes or on Dask.

Every part is read as a table of its own by the reader that reads whole files, and the answers are
put together: counts and days are summed. A sample is drawn as from one urn: how many values come
from which part is drawn first, and then these values in each part.
"""

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from auditor.collect.stores.counting import Scan
from auditor.collect.stores.duck import Duck
from auditor.collect.stores.duck_parts import Part, columns_of, parts_of
from auditor.collect.stores.merging import merged_scans
from auditor.collect.stores.reader import (
    AgesQuestion,
    Column,
    ConsentQuestion,
    RefusedError,
    Sample,
    TableInfo,
)
from auditor.collect.stores.spread_work import (
    Ask,
    Counting,
    Drawing,
    Drawn,
    Job,
    Refused,
    Scanning,
    answer,
)
from auditor.collect.stores.sql_reader import SqlReader, samples_of
from auditor.errors import UsageError
from auditor.evidence import Ages, ConsentCounted, Gap, Reason
from auditor.knowledge.columns.data import beside
from auditor.spread import spread, workplace

Answered = TypeVar("Answered")


class Spread:
    """Asks the parts of files (`Reader`, `ScansItself`); what has none, as a whole in here."""

    def __init__(
        self,
        duck: Duck,
        files: Mapping[str, Sequence[Path]],
        folder: Path,
        *,
        scheduler: str,
        unread: Sequence[str] = (),
    ) -> None:
        """Begin with open files; `scheduler` is `processes`, or the address of a cluster's.

        What is `unread` lies beside them.
        """
        self._duck, self._files, self._scheduler = duck, files, scheduler
        self._folder = str(folder.resolve())
        self._whole = SqlReader(duck, unread=unread)
        self._parts: dict[str, tuple[Part, ...]] = {}
        self._columns: dict[str, dict[str, str]] = {}
        self._missing = ""
        self._workers = ExitStack()
        self._open: Executor | None = None

    def tables(self) -> tuple[TableInfo, ...]:
        """Return what is there, and find out in which parts."""
        found = self._whole.tables()
        for table in found:
            self._columns[table.name] = columns_of(self._duck, table.name)
            parts = parts_of(self._duck, table.name, self._files[table.name])
            self._parts[table.name] = parts if len(parts) > 1 else ()
        return found

    def unread(self) -> tuple[str | Gap, ...]:
        """Return what lies beside the tables and is not read."""
        return self._whole.unread()

    def can_write(self) -> tuple[str, ...]:
        """Return nothing: a file has permissions, no roles."""
        return ()

    def close(self) -> None:
        """Let go of the files and the workers."""
        self._workers.close()
        self._whole.close()

    def statements(self, question: AgesQuestion | ConsentQuestion | TableInfo) -> Iterator[str]:
        """Yield what is asked of the whole; parts are asked the same."""
        return self._whole.statements(question)

    def scan(self, table: TableInfo, column: str) -> Iterator[Sequence[str]]:
        """Yield every value of a column, in here."""
        return self._whole.scan(table, column)

    def ages(self, question: AgesQuestion) -> Ages:
        """Count records by day; an anchor in another table needs the whole of that one."""
        is_apart = any(field.table for field in question.columns)
        if is_apart or not self._parts.get(question.table):
            return self._whole.ages(question)
        found = self._asked(question.table, question, Ages)
        days = Counter[date]()
        for one in found:
            days.update(one.days)
        return structs.replace(
            found[0],
            rows=sum(one.rows for one in found),
            days=dict(sorted(days.items())),
            undated=sum(one.undated for one in found),
            unreadable=sum(one.unreadable for one in found),
        )

    def consent(self, question: ConsentQuestion) -> ConsentCounted:
        """Count who is in the audience, and who of these has consented."""
        if not self._parts.get(question.table):
            return self._whole.consent(question)
        found = self._asked(question.table, question, ConsentCounted)
        return ConsentCounted(
            activity=question.activity,
            audience=sum(one.audience for one in found),
            without=sum(one.without for one in found),
            withdrawn=sum(one.withdrawn for one in found),
        )

    def sample(self, table: TableInfo, most: int) -> dict[str, Sample]:
        """Return random values of each column, nested ones under their paths."""
        if not self._parts.get(table.name):
            return self._whole.sample(table, most)
        names = tuple(column.name for column in table.columns)
        counts: Sequence[tuple[int, ...]] = self._asked(table.name, Counting(columns=names), tuple)
        rows, *filled = map(sum, zip(*counts, strict=True))
        held = dict(zip(names, filled, strict=True))
        found = {name: Sample(rows=rows, filled=held[name], values=()) for name in names}
        readable = [column for column in table.columns if column.kind != "blob"]
        for column, values in self._drawn(table.name, readable, names, counts, most):
            del found[column.name]
            found |= samples_of(column.name, values, rows, held[column.name])
        return found

    def _drawn(
        self,
        table: str,
        columns: Sequence[Column],
        names: Sequence[str],
        counts: Sequence[tuple[int, ...]],
        most: int,
    ) -> Iterator[tuple[Column, list[object]]]:
        """Yield columns with values out of all parts."""
        places = [names.index(column.name) + 1 for column in columns]
        urns = [_urn([count[place] for count in counts], most) for place in places]
        asks = [
            Drawing(columns=tuple(columns), numbers=tuple(urn[part] for urn in urns))
            for part in range(len(counts))
        ]
        drawn: Sequence[Drawn] = self._asked(table, asks, tuple)
        for place, column in enumerate(columns):
            yield column, [value for part in drawn for value in part[place]]

    def scanned(self, table: TableInfo, column: Column, seconds: float) -> dict[str, Scan]:
        """Look at every value of a column, part by part; {} where there are no parts."""
        if not self._parts.get(table.name):
            return {}
        own = tuple(one for extension in beside for one in extension.detectors)
        ask = Scanning(column=column, seconds=seconds, own=own)
        found: Sequence[dict[str, Scan]] = self._asked(table.name, ask, dict)
        return merged_scans(found)

    def _pool(self) -> Executor:
        """Return who does the work, the same until the end; one that was lost is replaced."""
        if self._open is None:
            self._open = self._workers.enter_context(workplace(self._scheduler))
            self._workers.callback(setattr, self, "_open", None)
        return self._open

    def _asked(self, table: str, ask: Ask | Sequence[Ask], kind: type[Answered]) -> list[Answered]:
        """Return the answers of all parts in their order; what one refuses, all do."""
        if self._missing:  # nobody waits for a scheduler twice
            raise RefusedError(Reason.UNREACHABLE, self._missing)
        parts = self._parts[table]
        asks = ask if isinstance(ask, list) else [ask] * len(parts)
        jobs = [
            Job(
                part=part,
                columns=self._columns[table],
                folder=self._folder,
                seconds=self._duck.seconds,
                ask=one,
            )
            for part, one in zip(parts, asks, strict=True)
        ]
        found: dict[int, Answered] = {}
        try:
            for place, said in spread(answer, jobs, self._pool()):
                if isinstance(said, Refused):
                    raise RefusedError(said.reason, said.needs)
                if not isinstance(said, kind):
                    self._workers.close()  # who asks next begins with others
                    needs = f"workers that last: one was lost ({type(said).__name__})"
                    raise RefusedError(Reason.UNREACHABLE, needs)
                found[place] = said
        except UsageError as error:
            self._missing = str(error)
            raise RefusedError(Reason.UNREACHABLE, self._missing) from None
        return [found[place] for place in range(len(parts))]


def _urn(counts: Sequence[int], most: int) -> Counter[int]:
    """Draw from which part how many come, as if all lay in one urn: none is put back."""
    ends = list(accumulate(counts))
    drawn = random.sample(range(ends[-1]), min(most, ends[-1]))
    return Counter(bisect_right(ends, place) for place in drawn)
