"""How facts are made: each rule takes a sentence, and says what it found there."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import convert

from auditor.collect.notices.denying import denied
from auditor.collect.notices.plain import cut
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact, FactKind
from auditor.evidence.notices import LONGEST_SENTENCE
from auditor.knowledge.notices import Hit
from auditor.knowledge.notices.data import Group

LONGEST_NAME = 300  # characters of a name; what is longer is none
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


def affirmed(unit: Unit, group: Group, **how: Any) -> tuple[str, ...]:  # noqa: ANN401 -- of `denied`
    """Return the same as `closest`, without what the sentence says is not so."""
    hits = unit.hits.get(group, ())
    no = denied(unit, [(hit.start, hit.end) for hit in hits], **how)
    kept = {hit.key for hit in hits if (hit.start, hit.end) not in no}
    return tuple(key for key in closest(unit, group) if key in kept)


def _says_more(other: Hit, hit: Hit) -> bool:
    is_below = other.key.startswith(f"{hit.key}.")
    return is_below and other.start < hit.end and hit.start < other.end
