"""What a sentence says is not so: "we collect no names" names a name, and says the contrary.

What follows a negation is denied, and what is listed after it; where nothing follows, what stands
before it is: "names are not collected". Where there is an exception ("only", "longer than",
"unless") or a condition ("if"), nothing is. In doubt nothing is denied either: then somebody is
asked too much, and nothing goes unseen.
"""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Final

from auditor.collect.notices.sentences import spans
from auditor.collect.notices.units import Unit

Span = tuple[int, int]
NEGATES: Final = "negates"

# Between parts of a sentence that say different things; "and", in our languages; between the
# parts of a list, with an article or a possessive.
_APART = re.compile(r"[;:()]|,? (?:but|mais|aber|sondern|pero|sino|mas|whereas|tandis que) ")
_AND = re.compile(r" (?:and|et|und|y|e) ")
_LISTED = re.compile(
    r"[\s,/&]*(?:\b(?:and|or|nor|et|ou|ni|und|oder|noch|sowie|y|e|o|u|nem)\b)?(?:\s*[\w']+){0,2}\s*"
)


def denied(
    unit: Unit, found: Collection[Span], *, by: str = NEGATES, names: bool = False
) -> frozenset[Span]:
    """Return those of the places in a sentence that it denies; `by` which words (key of `verb`).

    An item of a list is denied by what leads to the list. Of `names` less is: those before a
    negation often do what follows it ("Stripe takes payments, so we never see your card"), and
    those in a part of their own ("..., which Stripe keeps").
    """
    if is_led_to_by_no(unit, by):
        return frozenset(found)
    verbs = unit.hits.get("verb", ())
    if any(verb.key == "supposes" for verb in verbs):
        return frozenset()
    out: set[Span] = set()
    for start, end in _clauses(unit.folded):
        within = sorted(span for span in found if start <= span[0] < end)
        said = [verb for verb in verbs if start <= verb.start < end]
        no = min(((one.start, one.end) for one in said if one.key == by), default=None)
        if no is None or any(one.key == "excepts" and one.start > no[0] for one in said):
            continue
        after = [span for span in within if span[0] >= no[0]]
        if after:
            own = [one.start for one in said if names and no[1] <= one.start < after[0][0]]
            if not own or "," not in unit.folded[no[1] : max(own)]:
                out |= {*_following(unit.folded, no, after)}
        elif not names:
            ands = [one.end() for one in _AND.finditer(unit.folded, start, no[0])]
            out |= {span for span in within if span[0] >= max(ands, default=start)}
    return frozenset(out)


def is_led_to_by_no(unit: Unit, by: str = NEGATES) -> bool:
    """Return whether a list is one of what is not so: "we do not share data with:"."""
    if not unit.lead or unit.form != "item":
        return False
    *_, (start, end) = [(0, 0), *spans(unit.lead)]  # its last sentence
    last = Unit(
        text=unit.lead[start:end], form="prose", place=unit.place, languages=unit.languages
    )
    said = {verb.key for verb in last.hits.get("verb", ())}
    return by in said and said.isdisjoint({"excepts", "supposes"})


def _following(folded: str, no: Span, after: list[Span]) -> Iterator[Span]:
    """Yield the first thing after a negation, if it belongs to it, and what is listed with it."""
    gap = folded[no[1] : max(after[0][0], no[1])]
    if _AND.search(gap) or gap.rstrip().endswith(","):  # "not this, and that is so"
        return
    yield after[0]
    for former, span in pairwise(after):
        if span[0] >= former[1] and not _LISTED.fullmatch(folded, former[1], span[0]):
            return
        yield span


def _clauses(folded: str) -> Iterator[Span]:
    """Yield where the parts of a folded sentence begin and end that say things apart."""
    start = 0
    for found in _APART.finditer(folded):
        yield start, found.start()
        start = found.end()
    yield start, len(folded)
