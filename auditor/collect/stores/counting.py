"""Every value of a column put to every detector: how many have its pattern, which really fit.

A pattern is looked for in all values. What a pattern cannot say, a validator is asked about up to
1,000 of those that have it, drawn at random: about all of them, where there are no more. Names of
people have no pattern (`is_loose`): a sample of the column tells of them.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from auditor.collect.stores.shares import bounds
from auditor.knowledge.columns.engine import Engine, Rule, engine, pieces

KEPT: Final = 1_000  # values that have a pattern, about which the validator is asked
_PLACES: Final = 1_000  # in one value


class Counted(Struct, frozen=True, kw_only=True):
    """How many values have a detector's pattern, and what its validator said of some of them.

    Of `hits` values `tried` were drawn at random (all, where they are as many): `fits` are right,
    of these `apart` are nothing else, and `alone` may not be something else as a whole. A long
    value may have been counted twice, `twice` times at most. `is_rare`: none of those drawn was
    right, but at least one of the others is.
    """

    hits: int
    tried: int
    fits: int
    apart: int
    alone: int
    twice: int = 0
    is_rare: bool = False

    def estimate(self, part: int) -> int:
        """Return to how many of all hits a part of those tried amounts, at least that many."""
        if self.is_rare or not self.tried:
            return part
        return max(part, round(self.hits * part / self.tried))

    def within(self, filled: int) -> tuple[float, float]:
        """Return the least and the largest share of all values, 95 % sure, exact if all tried."""
        low, high = bounds(self.fits, self.tried, is_all=self.tried == self.hits)
        least = self.fits if self.is_rare else max(0.0, low * self.hits - self.twice)
        return round(least / filled, 9), round(min(1.0, high * self.hits / filled), 9)


class Scan(Struct, frozen=True, kw_only=True):
    """What all values of a field showed, by detector; there are `filled` of them.

    `by_sample` are detectors of which a sample shows already that the values are something else.
    """

    filled: int
    counts: Mapping[str, Counted]
    by_sample: frozenset[str] = frozenset()


class _Said(NamedTuple):
    """What the validator said of one value."""

    fits: bool
    is_apart: bool
    is_alone: bool


class _Tally:
    """Counts of one detector: mutable, one for each that hit."""

    __slots__ = ("has_fit", "hits", "late", "said")

    def __init__(self) -> None:
        self.hits = 0
        self.has_fit = False
        self.said: list[_Said] = []
        self.late: _Said | None = None  # the first that fits, beside those drawn

    def place(self) -> int:
        """Count a hit; return its place among those kept, drawn at random, or -1 for none."""
        self.hits += 1
        if self.hits <= KEPT:
            self.said.append(_Said(fits=False, is_apart=False, is_alone=False))
            return self.hits - 1
        drawn = int(random.random() * self.hits)  # noqa: S311 -- no secret
        return drawn if drawn < KEPT else -1

    def keep(self, place: int, said: _Said) -> None:
        """Keep what was said of a value, at its place."""
        if place >= 0:
            self.said[place] = said
        elif said.fits:
            self.late = said
        self.has_fit = self.has_fit or said.fits

    def counted(self, filled: int, twice: int) -> Counted:
        """Return the counts. What fits is told, even if it is not among those drawn any more."""
        fits = [said for said in self.said if said.fits]
        is_rare = self.has_fit and not fits
        if is_rare:
            fits = [self.late or _Said(fits=True, is_apart=False, is_alone=True)]
        return Counted(
            hits=min(filled, self.hits),
            tried=min(filled, len(self.said)),
            fits=min(filled, len(fits)),
            apart=sum(said.is_apart for said in fits),
            alone=sum(said.is_alone for said in fits),
            twice=twice,
            is_rare=is_rare,
        )


class Tallies:
    """What was found in the values added until now. Holds counts, and no value."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.looked_at = 0
        self._tallies: dict[int, _Tally] = {}

    def add(self, values: Iterable[str]) -> None:
        """Look at values, whole, however long they are."""
        ready = patterns()
        match = ready.likely.Match
        for value in values:
            self.looked_at += 1
            parts = pieces(value)
            if len(parts) > 1:
                self._add_pieces(ready, parts)
            elif match(parts[0]):
                self._add_whole(ready, parts[0])

    def _add_whole(self, ready: Engine, data: bytes) -> None:
        found = ready.candidates(data)
        wholes = [number for number, is_apart in found if is_apart]
        for number, is_apart in found:
            tally, rule = self._tallies.setdefault(number, _Tally()), ready.rules[number]
            if (place := tally.place()) >= 0 or _is_sought(tally, rule):
                fits = rule.fits(data, apart=is_apart, most=_PLACES)
                is_alone = fits and not any(
                    other != number and ready.rules[other].fits(data, apart=True)
                    for other in wholes
                )
                tally.keep(place, _Said(fits, is_apart, is_alone))

    def _add_pieces(self, ready: Engine, parts: Sequence[bytes]) -> None:
        for number in {number for part in parts for number, _ in ready.within(part)}:
            tally, rule = self._tallies.setdefault(number, _Tally()), ready.rules[number]
            if (place := tally.place()) >= 0 or _is_sought(tally, rule):
                fits = any(rule.fits(part, apart=False, most=_PLACES) for part in parts)
                tally.keep(place, _Said(fits, is_apart=False, is_alone=fits))

    def counted(self, filled: int) -> dict[str, Counted]:
        """Return what was counted, by detector; there are `filled` values, some in parts."""
        rules, twice = patterns().rules, max(0, self.looked_at - filled)
        return {
            rules[number].detector.id: tally.counted(filled, twice)
            for number, tally in sorted(self._tallies.items())
        }


def counted(batches: Iterable[Iterable[str]]) -> dict[str, Counted]:
    """Return what is in all of these values, by detector."""
    tallies = Tallies()
    for batch in batches:
        tallies.add(batch)
    return tallies.counted(tallies.looked_at)


def _is_sought(tally: _Tally, rule: Rule) -> bool:
    """Say whether one hit is enough, and none was right yet: then every other is tried."""
    return not tally.has_fit and rule.detector.inside > 0


def patterns() -> Engine:
    """Return the detectors that a scan knows."""
    return engine(is_loose=False)
