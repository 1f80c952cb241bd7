"""Looking at every value: whatever has a pattern in a column is found, however rare it is.

Two ways to the same counts. Where the engine reads the patterns itself (`Searching`), it is asked
for the values that have any of them, but for what a sample shows to be frequent: that is counted
in the engine. If too many come back, what leads them is counted as well, and the rest is asked
for anew, until nothing is left. Elsewhere all values come here, a batch at a time.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from msgspec import structs

from auditor.collect.stores.counting import Counted, Scan, Tallies, counted, patterns
from auditor.collect.stores.nested import flattened
from auditor.collect.stores.reader import Column, Reader, RefusedError, Sample, TableInfo
from auditor.collect.stores.searching import LONG, Searching
from auditor.collect.stores.sql_reader import SqlReader
from auditor.evidence import Reason
from auditor.knowledge.columns.data import Detector
from auditor.knowledge.columns.engine import searching

FREQUENT: Final = 0.05  # of a sample: what is rarer is brought here and looked at, value by value
MOST_BROUGHT: Final = 500_000  # values; more of one kind are counted by the engine
MOST_PATHS: Final = 500  # within one column
TYPED: Final = frozenset({"date", "timestamp", "timestamptz", "boolean"})


@runtime_checkable
class ScansItself(Protocol):
    """A reader that looks at all values its own way, such as part by part."""

    def scanned(self, table: TableInfo, column: Column, seconds: float) -> Mapping[str, Scan]:
        """Return what every value of a column shows, by path; {} if it has no way of its own."""


def scan(
    reader: Reader, info: TableInfo, column: Column, samples: Mapping[str, Sample], seconds: float
) -> dict[str, Scan]:
    """Look at every value of a column, and return what each path within it holds.

    `samples` are those of its paths. `RefusedError` if it takes longer than `seconds`, or cannot
    be read to its end.
    """
    own, end = samples.get(column.name), time.monotonic() + seconds
    if own is not None and own.is_all and not own.is_cut and len(samples) == 1:
        return {column.name: Scan(filled=own.filled, counts=counted([own.values]))}
    if isinstance(reader, ScansItself) and (all_of := reader.scanned(info, column, seconds)):
        return dict(all_of)
    if isinstance(reader, SqlReader) and own is not None and _is_plain(column, samples):
        search = reader.search(info, column.name)
        if search.is_pushed_down:
            if column.kind in TYPED:  # nothing but dates
                return {column.name: Scan(filled=own.filled, counts={})}
            if (found := _search(search, own, end)) is not None:
                return {column.name: found}
    return _stream(reader.scan(info, column.name), column.name, own, end)


def _is_plain(column: Column, samples: Mapping[str, Sample]) -> bool:
    return len(samples) == 1 and column.kind != "json"


def _stream(
    batches: Iterator[Sequence[str]], name: str, own: Sample | None, end: float
) -> dict[str, Scan]:
    """Look at values as they come; objects and lists are opened."""
    found: dict[str, Tallies] = {name: Tallies()}
    values = 0
    for batch in batches:
        _in_time(end)
        values += len(batch)
        plain = [value for value in batch if value.lstrip()[:1] not in {"{", "["}]
        found[name].add(plain)
        if len(plain) < len(batch):
            _open(name, [value for value in batch if value.lstrip()[:1] in {"{", "["}], found)
    if len(found) > 1 and not found[name].looked_at:
        found.pop(name)
    filled = min(values, own.filled) if own else values
    return {
        path: Scan(
            filled=(one_filled := filled if path == name else tallies.looked_at),
            counts=tallies.counted(one_filled),
        )
        for path, tallies in found.items()
    }


def _open(name: str, values: Sequence[str], found: dict[str, Tallies]) -> None:
    leaves = flattened(name, values)
    if leaves.is_cut or len(found.keys() | leaves.texts.keys()) > MOST_PATHS:
        needs = "objects that are less deep, or have fewer fields"
        raise RefusedError(Reason.CAP_REACHED, needs)
    for path, texts in leaves.texts.items():
        found.setdefault(path, Tallies()).add(texts)


def _search(search: Searching, own: Sample, end: float) -> Scan | None:
    """Let the engine look; None if a value is too long for what it brings here."""
    shown = counted([own.values])
    known = {rule.detector.id: rule.detector for rule in patterns().rules}
    frequent = [one for one in shown if shown[one].hits > FREQUENT * len(own.values)]
    counts: dict[str, Counted] | None = None
    while counts is None:
        rest = known.keys() - set(frequent)
        tallies = Tallies()
        for batch in search.matching(searching(rest)) if rest else ():
            _in_time(end)
            if any(len(value) > LONG for value in batch):
                return None
            tallies.add(batch)
            if tallies.looked_at > MOST_BROUGHT and (leading := _leading(tallies, rest)):
                frequent.append(leading)
                break
        else:
            counts = {k: v for k, v in tallies.counted(own.filled).items() if k in rest}
    by_sample = frozenset(one for one in frequent if _is_something_else(known[one], shown))
    for one in frequent:
        if one not in by_sample:
            _in_time(end)
            counts[one] = _frequent(search, known[one], shown.get(one), end)
    return Scan(filled=own.filled, counts=counts, by_sample=by_sample)


def _leading(tallies: Tallies, among: Collection[str]) -> str:
    found = tallies.counted(tallies.looked_at)
    return max((one for one in found if one in among), key=lambda one: found[one].hits, default="")


def _is_something_else(detector: Detector, shown: Mapping[str, Counted]) -> bool:
    """Say whether a sample shows that a column is not of a kind that only whole columns are."""
    one = shown.get(detector.id)
    return one is not None and not detector.inside and not one.fits


def _frequent(search: Searching, detector: Detector, shown: Counted | None, end: float) -> Counted:
    """Count what is frequent in the engine; whether it is right, some of it show."""
    pattern = searching({detector.id})
    if shown is None:  # the sample has none of it
        shown = counted(search.matching(pattern, few=True)).get(detector.id)
    if shown is None or (not shown.fits and detector.inside):
        every = counted(_until(search.matching(pattern), end))
        return every.get(detector.id) or Counted(hits=0, tried=0, fits=0, apart=0, alone=0)
    hits = search.count(pattern)
    if shown.hits == shown.fits and not detector.validator:
        apart, alone = (round(hits * part / shown.tried) for part in (shown.apart, shown.alone))
        return Counted(hits=hits, tried=hits, fits=hits, apart=apart, alone=alone)
    return structs.replace(shown, hits=max(hits, shown.tried))


def _until(batches: Iterable[Sequence[str]], end: float) -> Iterator[Sequence[str]]:
    for batch in batches:
        _in_time(end)
        yield batch


def _in_time(end: float) -> None:
    if time.monotonic() > end:
        raise RefusedError(Reason.TIMEOUT, "more time, or a smaller table, to see every value")
