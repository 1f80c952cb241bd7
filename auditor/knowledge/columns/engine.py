"""Which detectors fit a value: one pass of RE2 for all, then the validators of those that hit.

`union()` is the same in one pattern, for engines to say where anything is at all.
"""

import re
from collections.abc import Collection
from functools import cache
from typing import Final, NamedTuple

import re2

from auditor.knowledge.columns.data import ColumnsError, Detector, detectors
from auditor.knowledge.columns.validators import Validator, validator

LONGEST: Final = 4_096  # bytes of a value that are looked at
_COUNTED: Final = re.compile(r"\{(\d+),(\d*)\}")
_SPACED: Final = r"^\s*({})\s*$"
_FENCED: Final = "(^|[^A-Za-z0-9])({})([^A-Za-z0-9]|$)"
_OPEN: Final = "(^|[^A-Za-z0-9])({})"
_PIECE: Final = 65_536  # bytes that are searched at once
_COUNTS_TO: Final = 5  # repeats up to which a coarse pattern still counts
_CANDIDATES: Final = 20  # in one value; each goes to the validator
_MEMORY: Final = 64 << 20  # bytes that RE2 may take for its automata


class Rule(NamedTuple):
    """A detector, ready: `pattern` finds it within longer text."""

    detector: Detector
    pattern: "re2._Regexp"
    is_one: Validator | None

    def fits(self, value: bytes, *, apart: bool, most: int = _CANDIDATES) -> bool:
        """Say whether a value really has it; `apart`: the pattern is known to be all of it.

        Of longer text so many places are tried.
        """
        if apart:
            return self._passes(value)
        at = 0
        for _ in range(most):
            found = self.pattern.search(value, at)
            if found is None:
                return False
            if self._passes(found[2]):
                return True
            at = max(at + 1, found.end(2))  # what ends one may begin the next
        return False

    def _passes(self, value: bytes) -> bool:
        return self.is_one is None or self.is_one(value.decode("utf-8", "replace"))


class Engine(NamedTuple):
    """Detectors: one set says which may fit, the other which are the whole value."""

    likely: "re2.Set"
    apart: "re2.Set"
    rules: tuple[Rule, ...]

    def candidates(self, value: bytes) -> list[tuple[int, bool]]:
        """Return the numbers of the rules that a prepared value may fit, and whether apart."""
        likely = self.likely.Match(value)
        if not likely:
            return []
        apart = frozenset(self.apart.Match(value) or ())
        return [
            (number, number in apart)
            for number in sorted(likely)
            if number in apart or not self.rules[number].detector.whole
        ]

    def within(self, value: bytes) -> list[tuple[int, bool]]:
        """Return the same for one of several pieces of a value: none of them is the whole."""
        return [
            (number, False)
            for number in sorted(self.likely.Match(value) or ())
            if not self.rules[number].detector.whole
        ]


def pieces(value: str) -> list[bytes]:
    """Return a value as it is, trimmed; one that is long in pieces that overlap by 4,096 bytes."""
    data = value.strip().encode("utf-8", "surrogatepass")
    if len(data) <= _PIECE:
        return [data]
    return [data[start : start + _PIECE + LONGEST] for start in range(0, len(data), _PIECE)]


def prepare(value: str) -> bytes:
    """Return a value as the engine takes it: trimmed, and its first 4,096 bytes."""
    return value[:LONGEST].strip().encode("utf-8", "surrogatepass")[:LONGEST]


def which(value: str) -> tuple[str, ...]:
    """Return the ids of the detectors that fit a value, in their order."""
    ready, data = engine(), prepare(value)
    return tuple(
        ready.rules[number].detector.id
        for number, apart in sorted(ready.candidates(data))
        if ready.rules[number].fits(data, apart=apart)
    )


@cache
def union() -> str:
    """Return one portable pattern that is found in every value that a detector may fit.

    It says less than `which`: validators are not in it, so what it finds has to be asked again.
    Names of people are not in it at all (`is_loose`): no pattern tells them from other words.
    """
    return "|".join(f"({coarse(fenced(one))})" for one in detectors() if not one.is_loose)


def searching(ids: Collection[str]) -> str:
    """Return one pattern for an engine that reads RE2: it finds all that these detectors may fit.

    A whole value may have blanks around it there.
    """
    chosen = [one for one in detectors() if one.id in ids]
    parts = (
        (_SPACED, [one.regex for one in chosen if one.whole]),
        (_FENCED, [one.regex for one in chosen if not one.whole and not one.open_end]),
        (_OPEN, [one.regex for one in chosen if not one.whole and one.open_end]),
    )
    return "|".join(
        coarse(around.format("|".join(patterns))) for around, patterns in parts if patterns
    )


def fenced(detector: Detector) -> str:
    """Return a detector's pattern as it is searched; group 2 is what it found."""
    if detector.whole:
        return f"(^)({detector.regex})($)"
    return (_OPEN if detector.open_end else _FENCED).format(detector.regex)


def coarse(pattern: str) -> str:
    """Return a pattern that finds all that this one finds, and sometimes more: no upper ends.

    Where many patterns count to many at once, automata grow beyond their memory: together in
    DuckDB those that count took a thousand times as long as these.
    """
    return _COUNTED.sub(_uncounted, pattern)


def _uncounted(found: re.Match[str]) -> str:
    least, most = found.groups()
    if most and int(most) <= _COUNTS_TO:
        return found[0]
    return {"0": "*", "1": "+"}.get(least, f"{{{least},}}")


@cache
def engine(*, is_loose: bool = True) -> Engine:
    """Compile all detectors: some 20 ms, once. Or those that only what they are after has."""
    likely, apart = re2.Set.SearchSet(_options()), re2.Set.FullMatchSet(_options())
    rules = []
    for detector in detectors():
        if detector.is_loose and not is_loose:
            continue
        likely.Add(coarse(fenced(detector)))
        apart.Add(detector.regex)
        rules.append(rule_of(detector))
    likely.Compile()
    apart.Compile()
    ready = Engine(likely, apart, tuple(rules))
    # A set answers None to everything when it has not compiled, and says so only in a log.
    if (0, True) not in ready.candidates(prepare(detectors()[0].examples[0])):
        raise ColumnsError("the detectors do not compile into one set: too many, or too large")
    return ready


def rule_of(detector: Detector) -> Rule:
    """Return a detector, ready; `ColumnsError` if there is no such validator."""
    is_one = validator(detector.validator) if detector.validator else None
    return Rule(detector, re2.compile(fenced(detector), _options()), is_one)


def _options() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options
