"""How facts are made: each rule takes a sentence, and says what it found there."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from msgspec import convert

from auditor.collect.notices.plain import cut
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact, FactKind
from auditor.evidence.notices import LONGEST_SENTENCE
from auditor.knowledge.notices import Hit
from auditor.knowledge.notices.data import Group

LONGEST_NAME = 300  # characters of a name; what is longer is none
# Between parts of a sentence that say different things; "and", in our languages.
_APART = re.compile(r"[;:()]|,? (?:but|mais|aber|sondern|pero|sino|mas|whereas|tandis que) ")
_AND = re.compile(r" (?:and|et|und|y|e) ")
Rule = Callable[[Unit], Iterator[Fact]]


def said(unit: Unit, rule: str, kind: FactKind, key: str = "", **facts: Any) -> Fact:  # noqa: ANN401
    """Return what a rule found in a sentence; `facts` are the other fields of `Fact`."""
    common = {"sentence": cut(unit.text, LONGEST_SENTENCE), "place": unit.place, "rule": rule}
    return convert({"kind": kind, "key": key, **common, **facts}, Fact, from_attributes=True)


def purposes_in(unit: Unit, text: str) -> tuple[str, ...]:
    """Return the purposes that some words of a sentence name."""
    found = Unit(text=text, form="prose", place=unit.place, languages=unit.languages)
    return closest(found, "purpose")


def closest(unit: Unit, group: Group) -> tuple[str, ...]:
    """Return the keys of a group that are in a sentence, without those that say less.

    Of two phrases in one place that is the shorter key: `user.contact` where `user.contact.email`
    was found in the same words.
    """
    hits = unit.hits.get(group, ())
    return tuple(
        key
        for key in unit.keys(group)
        if any(not any(_says_more(other, hit) for other in hits) for hit in hits if hit.key == key)
    )


def affirmed(unit: Unit, group: Group) -> tuple[str, ...]:
    """Return the same as `closest`, without what the sentence says is not so.

    "We collect no names" names a name, and says the contrary of "we collect names". What follows a
    negation is denied; where nothing follows, what stands before it: "names are not collected".
    Where there is an exception ("only", "longer than", "unless"), or a condition, nothing is.
    """
    hits = unit.hits.get(group, ())
    denied = {hit for hit in hits if _is_denied(unit, hit, hits)}
    kept = {hit.key for hit in hits if hit not in denied}
    return tuple(key for key in closest(unit, group) if key in kept)


def _is_denied(unit: Unit, hit: Hit, hits: Collection[Hit]) -> bool:
    verbs = unit.hits.get("verb", ())
    if any(verb.key == "supposes" for verb in verbs):
        return False
    for start, end in clauses(unit.folded):
        within = [verb for verb in verbs if start <= verb.start < end]
        no = min((verb.start for verb in within if verb.key == "negates"), default=None)
        if no is None or not start <= hit.start < end:
            continue
        if any(verb.key == "excepts" and verb.start > no for verb in within):
            continue
        if any(no <= other.start < end for other in hits):
            return hit.start >= no
        ands = [found.end() for found in _AND.finditer(unit.folded, start, no)]
        return hit.start >= max(ands, default=start)
    return False


def clauses(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a folded sentence begin and end that say things apart."""
    start = 0
    for found in _APART.finditer(folded):
        yield start, found.start()
        start = found.end()
    yield start, len(folded)


def _says_more(other: Hit, hit: Hit) -> bool:
    is_below = other.key.startswith(f"{hit.key}.")
    return is_below and other.start < hit.end and hit.start < other.end
