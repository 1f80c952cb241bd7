"""From samples to evidence of fields: their names, counts, and what was found in them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.collect.stores.reader import Column, Sample, TableInfo
from auditor.evidence import Aspect, FieldSeen, Found, Gap, Reason

if TYPE_CHECKING:
    from auditor.collect.stores.counting import Scan

LONGEST_NAME = 1_000  # characters


def fields_of(
    info: TableInfo,
    samples: Mapping[str, Sample],
    scans: "Mapping[str, Scan]",
    rows: int,
    *,
    is_looked_into: bool,
) -> tuple[tuple[FieldSeen, ...], tuple[Gap, ...]]:
    """Return the fields of a table, also those inside of others, and what is not seen of them.

    `samples` and `scans` are by path; a column that has neither is there, and empty.
    """
    columns = {column.name: column for column in info.columns}
    known = dict.fromkeys((*samples, *scans))
    fields: list[FieldSeen] = []
    gaps: list[Gap] = []
    for path in (*known, *(name for name in columns if not is_in(name, known))):
        column = columns.get(path) or Column(name=path, type="nested", kind="text")
        sample = samples.get(path) or Sample(rows=rows, filled=0, values=())
        scanned = scans.get(path)
        gaps += _unseen(info.name, column, sample)
        found = _found(info.name, column, sample, scanned) if is_looked_into else ()
        fields.append(
            FieldSeen(
                name=named(path),
                type=column.type,
                rows=sample.rows,
                filled=max(sample.filled, scanned.filled) if scanned else sample.filled,
                looked_at=scanned.filled if scanned else len(sample.values),
                shortened=0 if scanned else sample.shortened,
                exhaustive=sample.is_all or scanned is not None,
                found=found,
            )
        )
    return tuple(fields), tuple(gaps)


def _unseen(table: str, column: Column, sample: Sample) -> Iterator[Gap]:
    what = f"what {table}.{column.name} holds"
    if sample.is_cut:
        needs = "objects that are less deep, or have fewer fields"
        yield missed(what, Reason.CAP_REACHED, needs, Aspect.FIELDS)
    if sample.filled and not sample.values:
        needs = f"a column that can be looked into; this one is {column.type or 'binary'}"
        yield missed(what, Reason.NOT_VERIFIED, needs, Aspect.FIELDS)


def _found(
    table: str, column: Column, sample: Sample, scanned: "Scan | None"
) -> tuple[Found, ...]:
    from auditor.collect.stores.profiling import profile_column  # noqa: PLC0415 -- takes a while

    return profile_column(table, column, sample, scanned=scanned)


def is_in(name: str, paths: Iterable[str]) -> bool:
    """Say whether one of these paths is a column, or leads into it."""
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for path in paths)


def missed(what: str, reason: Reason, needs: str, aspect: Aspect) -> Gap:
    """Return a gap in one aspect."""
    return Gap(what=named(what), reason=reason, needs=named(needs), aspects=(aspect,))


def named(name: str) -> str:
    """Return a name as evidence takes it: not too long, and text that can be written."""
    return name[:LONGEST_NAME].encode("utf-8", "replace").decode()
