"""What is done with one part of a table, wherever that is: in this process, another, or on Dask.

A part is opened, asked and closed. Values of a sample go back to who asked, in memory; nothing
else of what a record holds does.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from auditor.collect.stores.counting import Scan
from auditor.collect.stores.duck import Duck
from auditor.collect.stores.duck_parts import Part, open_part
from auditor.collect.stores.reader import (
    VALUES,
    AgesQuestion,
    Column,
    ConsentQuestion,
    RefusedError,
    TableInfo,
)
from auditor.collect.stores.sql_reader import AT_ONCE, SPARE, SqlReader
from auditor.collect.stores.statements import counts_statement, sample_statement
from auditor.evidence import Ages, ConsentCounted, Reason
from auditor.knowledge.columns.data import Detector, Extension, detectors


class Counting(Struct, frozen=True, kw_only=True):
    """Ask how many records there are, and how many hold each of these columns."""

    columns: tuple[str, ...]


class Drawing(Struct, frozen=True, kw_only=True):
    """Ask for so many values of each of these columns, at random; 0 is possible."""

    columns: tuple[Column, ...]
    numbers: tuple[int, ...]


class Scanning(Struct, frozen=True, kw_only=True):
    """Ask what every value of a column shows to the detectors, within `seconds`.

    `own` are those of the policy, which nobody else knows.
    """

    column: Column
    seconds: float
    own: tuple[Detector, ...] = ()


class Refused(Struct, frozen=True, kw_only=True):
    """What a part did not answer: an error that can be sent."""

    reason: Reason
    needs: str


Ask = AgesQuestion | ConsentQuestion | Counting | Drawing | Scanning
Drawn = tuple[tuple[object, ...], ...]
Answer = Ages | ConsentCounted | tuple[int, ...] | Drawn | dict[str, Scan] | Refused


class Job(Struct, frozen=True, kw_only=True):
    """A question to a part; `columns` are those of the whole table, `folder` that of the policy.

    A statement may take `seconds`. Where the job is done, the file is at the same path.
    """

    part: Part
    columns: Mapping[str, str]
    folder: str
    seconds: float
    ask: Ask


def answer(job: Job) -> Answer:
    """Ask a part; never raises for what the file is."""
    try:
        duck = open_part(job.part, job.columns, Path(job.folder), seconds=job.seconds)
        try:
            return _asked(duck, job.ask)
        finally:
            duck.close()
    except RefusedError as error:
        return Refused(reason=error.reason, needs=error.needs)
    except Exception as error:  # noqa: BLE001 -- its text may hold a value, and must not be sent
        needs = f"a reader that does not raise {type(error).__name__}"
        return Refused(reason=Reason.CHECK_CRASHED, needs=needs)


def _asked(duck: Duck, ask: Ask) -> Answer:
    reader = SqlReader(duck)
    (table,) = reader.tables()
    if isinstance(ask, AgesQuestion):
        return reader.ages(ask)
    if isinstance(ask, ConsentQuestion):
        return reader.consent(ask)
    if isinstance(ask, Counting):
        return tuple(_counts(duck, table.name, ask.columns))
    if isinstance(ask, Drawing):
        return tuple(_drawn(duck, table.name, ask))
    return _scanned(reader, table, ask)


def _counts(duck: Duck, table: str, names: Sequence[str]) -> Iterator[int]:
    """Yield how many records there are, and how many hold each column."""
    for start in range(0, max(1, len(names)), AT_ONCE):
        some = names[start : start + AT_ONCE]
        rows, *filled = next(iter(duck.query(counts_statement(duck.dialect, table, some))))
        yield from [int(str(rows))] if not start else []
        yield from (int(str(number)) for number in filled)


def _drawn(duck: Duck, table: str, ask: Drawing) -> Iterator[tuple[object, ...]]:
    """Yield values of each column: out of some rows, or of its own where too many lack it."""
    for start in range(0, len(ask.columns), AT_ONCE):
        some = ask.columns[start : start + AT_ONCE]
        numbers = ask.numbers[start : start + AT_ONCE]
        rows = _rows(duck, table, some, int(max(numbers) * SPARE))
        for place, (column, number) in enumerate(zip(some, numbers, strict=True)):
            values = [row[place] for row in rows if row[place] is not None]
            if len(values) < number:
                values = [row[0] for row in _rows(duck, table, [column], number, filled=True)]
            yield tuple(random.sample(values, number))


def _rows(
    duck: Duck, table: str, columns: Sequence[Column], most: int, *, filled: bool = False
) -> list[Sequence[object]]:
    if not most:
        return []
    return list(duck.query(sample_statement(duck.dialect, table, columns, most, filled=filled)))


def _scanned(reader: SqlReader, table: TableInfo, ask: Scanning) -> dict[str, Scan]:
    from auditor.collect.stores.scanning import scan  # noqa: PLC0415 -- takes a while
    from auditor.knowledge.columns.own import also  # noqa: PLC0415

    one = TableInfo(name=table.name, kind="files", columns=(ask.column,))
    samples = reader.sample(one, VALUES)
    if not any(sample.filled for sample in samples.values()):
        return {}
    here = tuple(one for one in ask.own if one not in detectors())  # in this process it is known
    with also(Extension(detectors=here)):
        return scan(reader, table, ask.column, samples, ask.seconds)
