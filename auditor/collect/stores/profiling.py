"""Which personal data a column holds: its name against its values. Never returns a value.

A name alone is a guess, values alone are one too; together they are sure. What the header says is
believed if the values could be that, and what the values say if enough of them say it.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from auditor.collect.stores.counting import Scan
from auditor.collect.stores.entities import people_in
from auditor.collect.stores.reader import Column, Sample
from auditor.collect.stores.shares import bounds
from auditor.evidence.stores import Found
from auditor.knowledge.columns.data import Detector
from auditor.knowledge.columns.engine import engine, prepare
from auditor.knowledge.columns.headers import Hint, hints
from auditor.knowledge.columns.shapes import PRECISE, fitting
from auditor.knowledge.columns.validators import is_dear

_NO_TEXT: Final = frozenset({"date", "timestamp", "timestamptz", "boolean", "blob"})
_DEAR_CALLS: Final = 200  # of one dear validator on one column
_FIRST_CALLS: Final = 40  # after these a detector that hardly ever fits is given up
_FEWEST: Final = 2  # hits inside longer text, of a column that has more values than that

Confidence = Literal["high", "medium", "low"]


class _Seen(NamedTuple):
    """How often one detector fitted: `apart`, that was the whole value; `alone`, no other was.

    `span` has the least and the largest share, where every value was looked at.
    """

    detector: Detector
    hits: int
    apart: int
    alone: int
    looked_at: int
    is_exact: bool = False
    span: tuple[float, float] | None = None

    @property
    def share(self) -> float:
        return self.hits / self.looked_at if self.looked_at else 0.0


def profile_column(
    table: str, column: Column, sample: Sample, *, scanned: Scan | None = None
) -> tuple[Found, ...]:
    """Return the categories that a column holds, by category; () if none was found.

    `scanned` is what all of its values showed: it counts instead of the sample, but for names of
    people. Without values a header is believed at low confidence, and nothing is said of the
    share.
    """
    values = tuple(value for value in sample.values if value.strip())
    seen = () if column.kind in _NO_TEXT else _look(values, is_all=sample.is_all)
    if scanned is not None:
        is_text = column.kind not in _NO_TEXT
        seen = tuple(_with_scan(seen, scanned, _held(sample, values, scanned), is_text=is_text))
    found: dict[str, Found] = {}
    confirmed: set[str] = set()
    for hint in _believable(table, column, values):
        mine = [one for one in seen if hint.category in _homes(one.detector)]
        confirmed.update(one.detector.id for one in mine)
        if (said := _by_name(hint, mine, values, is_all=sample.is_all)) is not None:
            found[hint.category] = said
    for one in sorted(seen, key=lambda one: (-one.share, one.detector.id)):
        category = one.detector.category
        if category not in found and one.detector.id not in confirmed and _is_enough(one):
            found[category] = _by_values(one)
    if not found and column.kind == "text" and (people := people_in(values)):
        return (people,)
    return tuple(found[category] for category in sorted(found))


def _homes(detector: Detector) -> tuple[str, ...]:
    return (detector.category, *detector.confirms)


def _look(values: tuple[str, ...], *, is_all: bool) -> tuple[_Seen, ...]:
    """Put every value to the detectors; dear validators see a bounded number of values."""
    ready = engine()
    tallies = [_Tally(is_dear(rule.detector.validator)) for rule in ready.rules]
    until = 0
    for value, times in Counter(values).items():  # in the order in which they came
        until += times
        data = prepare(value)
        fitted = []
        for index, apart in ready.candidates(data):
            tally = tallies[index]
            if tally.is_open:
                fits = ready.rules[index].fits(data, apart=apart)
                tally.add(times if fits else 0, until, apart=apart)
                if fits:
                    fitted.append((tally, apart))
        wholes = sum(is_apart for _, is_apart in fitted)
        for tally, is_apart in fitted:
            tally.alone += times if wholes == int(is_apart) else 0
    return tuple(
        _Seen(
            rule.detector,
            tally.hits,
            tally.apart,
            tally.alone,
            looked_at := len(values) if tally.is_open else tally.until,
            is_all and looked_at == len(values),
        )
        for rule, tally in zip(ready.rules, tallies, strict=True)
        if tally.hits
    )


class _Tally:
    """Counts of one detector on one column: mutable, one for each of up to a hundred."""

    __slots__ = ("alone", "apart", "calls", "fits", "hits", "is_dear", "is_open", "until")

    def __init__(self, is_dear: bool) -> None:  # noqa: FBT001 -- one of a kind
        self.is_dear, self.is_open = is_dear, True
        self.hits = self.apart = self.alone = self.fits = self.calls = self.until = 0

    def add(self, times: int, until: int, *, apart: bool) -> None:
        """Count a value that is there so often, 0 if it does not fit; `until` were looked at."""
        self.calls += 1
        self.hits += times
        self.apart += times if apart else 0
        self.fits += times > 0
        if self.is_dear:
            is_hopeless = self.calls == _FIRST_CALLS and 4 * self.fits < self.calls
            if is_hopeless or self.calls == _DEAR_CALLS:
                self.is_open, self.until = False, until


def _held(sample: Sample, values: tuple[str, ...], scanned: Scan) -> int:
    """Return how many values are more than blanks, as far as the sample shows."""
    part = len(values) / len(sample.values) if sample.values else 1.0
    most = max((one.hits for one in scanned.counts.values()), default=0)
    return max(most, round(part * scanned.filled))


def _with_scan(
    seen: tuple[_Seen, ...], scanned: Scan, held: int, *, is_text: bool
) -> Iterator[_Seen]:
    """Put the counts of all values in the place of those of the sample, where there are any.

    In a column for dates only what is found inside of longer text is none.
    """
    sampled = {one.detector.id: one for one in seen}
    for detector in (rule.detector for rule in engine().rules):
        if detector.is_loose or detector.id in scanned.by_sample:
            yield from filter(None, [sampled.get(detector.id)])
            continue
        one = scanned.counts.get(detector.id)
        if one and one.fits and (is_text or detector.inside):
            hits, apart, alone = map(one.estimate, (one.fits, one.apart, one.alone))
            span = one.within(held)
            yield _Seen(detector, hits, apart, alone, held, is_exact=True, span=span)


def _believable(table: str, column: Column, values: tuple[str, ...]) -> tuple[Hint, ...]:
    """Return what the header says, as far as the values and their type could be that."""
    found = hints(table, column.name)
    if column.kind == "boolean":
        return tuple(hint for hint in found if hint.is_coded)
    return tuple(hint for hint in found if fitting(hint.values, values) is not None)


def _by_name(
    hint: Hint, seen: list[_Seen], values: tuple[str, ...], *, is_all: bool
) -> Found | None:
    """Return what a header and its values say together."""
    best = max(seen, key=lambda one: (one.share, one.detector.id), default=None)
    if best is not None and best.share >= best.detector.share / 2:
        return _found(best, hint.category, by_name=True, confidence="high")
    if best is not None and (hint.values not in PRECISE or not values):
        return _found(best, hint.category, by_name=True, confidence="medium")
    if hint.values == "email" and values:  # names of users are kept under such headers, too
        nothing = bounds(0, len(values), is_all=is_all)
        return Found(
            category=hint.category,
            detector="email",
            by_name=True,
            looked_at=len(values),
            high=nothing[1],
            exhaustive=is_all,
            confidence="low",
        )
    if hint.values not in PRECISE or not values:
        # What no pattern knows: the share of it stays unknown, from 0 to 1.
        confidence: Confidence = "medium" if values and hint.has_person else "low"
        return Found(category=hint.category, by_name=True, high=1.0, confidence=confidence)
    fits = fitting(hint.values, values) or 0
    low, high = bounds(fits, len(values), is_all=is_all)
    return Found(
        category=hint.category,
        by_name=True,
        hits=fits,
        looked_at=len(values),
        low=low,
        high=high,
        exhaustive=is_all,
        confidence="high",
    )


def _is_enough(one: _Seen) -> bool:
    """Say whether values alone speak for a category: many do, or some longer text holds it."""
    if one.share >= one.detector.share:
        return True
    fewest = 1 if one.is_exact or one.detector.is_proof else _FEWEST
    least = 0.0 if one.span else one.detector.inside  # one among millions is told
    # What may be something else as a whole, such as a phone number with dots, says too little.
    return one.detector.inside > 0 and one.share >= least and one.alone >= fewest


def _by_values(one: _Seen) -> Found:
    is_many = one.share >= one.detector.share
    is_sure = is_many or bool(one.detector.validator)
    confidence: Confidence = "medium" if is_sure else "low"
    if one.detector.is_proof:
        confidence = "high" if is_many else "medium"
    return _found(one, one.detector.category, by_name=False, confidence=confidence)


def _found(one: _Seen, category: str, *, by_name: bool, confidence: Confidence) -> Found:
    low, high = one.span or bounds(one.hits, one.looked_at, is_all=one.is_exact)
    return Found(
        category=category,
        detector=one.detector.id,
        by_name=by_name,
        hits=one.hits,
        looked_at=one.looked_at,
        low=low,
        high=high,
        embedded=2 * one.apart < one.hits,
        exhaustive=one.is_exact,
        confidence=confidence,
    )
