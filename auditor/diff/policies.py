"""Two policies side by side: what the second says otherwise. Order, comments, ids do not count."""

from collections.abc import Iterable, Iterator, Mapping

from auditor.diff.facts import Fact, Key
from auditor.diff.places import alike_rows, place_facts
from auditor.diff.processing import processing_facts
from auditor.diff.renaming import with_ids_of
from auditor.diff.retention import of_activities
from auditor.diff.topics import TOPICS
from auditor.errors import Position
from auditor.evidence import Change, Gap, Reason
from auditor.policy import Policy
from auditor.vocabulary import covers

Facts = Mapping[Key, Fact]
_WEIGHTS = ("widens", "neutral", "narrows")


def policy_changes(base: Policy, head: Policy) -> tuple[Change, ...]:
    """Return what changed from one policy to another, what widens first.

    An entry under another id is the same if it says the same. A category that another one covers
    adds nothing. Cost: linear in the policies, but for the calendar that each length is tried on.
    """
    renamed = with_ids_of(base, head)
    alike = alike_rows(base, renamed)
    before, after = _facts(base, alike), _facts(renamed, alike)
    found = [
        *_compared(before, after, renamed),
        *of_activities(base.processing_activities, renamed.processing_activities),
    ]
    return tuple(sorted(found, key=_by_weight))


def newly_undecided(base: Policy, head: Policy) -> tuple[Gap, ...]:
    """Return what says TODO in the newer policy, and did not in the older one."""
    known = {todo.where for todo in base.origin.undecided}
    return tuple(
        Gap(what=todo.where, reason=Reason.UNDECIDED, needs=todo.needs)
        for todo in head.origin.undecided
        if todo.where not in known
    )


def _facts(policy: Policy, alike: frozenset[str]) -> Facts:
    facts = (*processing_facts(policy), *place_facts(policy, alike))
    return {fact.key: fact for fact in facts}


def _compared(before: Facts, after: Facts, head: Policy) -> Iterable[Change]:
    covered = {*_covered(before, after), *_covered(after, before)}
    for key in dict.fromkeys((*before, *after)):
        first, second = before.get(key), after.get(key)
        kind = _kind(first, second)
        fact = second or first
        if not kind or fact is None or key in covered:
            continue
        if any((around in before) != (around in after) for around in fact.within):
            continue
        yield Change(
            kind=kind,
            what=_what(fact),
            before=first.value if first else "",
            after=second.value if second else "",
            at=_place(fact, after, head),
            keys=fact.keys,
        )


def _kind(first: Fact | None, second: Fact | None) -> str:
    """Return the kind of change between two facts of one key, "" for none."""
    fact = second or first
    topic = TOPICS[fact.topic] if fact else None
    if topic is None:
        return ""
    if topic.new and first is None:
        return topic.new
    if topic.gone and second is None:
        return topic.gone
    was, now = (found.value if found else "" for found in (first, second))
    return topic.turn(was, now) if topic.turn and was != now else ""


def _covered(facts: Facts, others: Facts) -> Iterator[Key]:
    """Yield the data categories that another policy has for the same activity, or a wider one."""
    known: dict[str, list[str]] = {}
    for topic, what, name in others:
        if topic == "category":
            known.setdefault(what, []).append(name)
    for topic, what, name in facts:
        if topic == "category" and any(covers(other, name) for other in known.get(what, ())):
            yield topic, what, name


def _what(fact: Fact) -> str:
    """Return what a change is about; members of a list stand in its values."""
    return f"{fact.what} ({fact.name})" if fact.name and fact.name != fact.value else fact.what


def _place(fact: Fact, after: Facts, head: Policy) -> Position:
    """Return where it is written, else the entry where it would be, else the section."""
    if fact.key in after:
        return after[fact.key].at if after[fact.key].at.line > 1 else head.section(fact.section)
    around = (after[key].at for key in fact.within if key in after)
    return next(around, head.section(fact.section))


def _by_weight(change: Change) -> tuple[int, str, str, str, str]:
    rank = _WEIGHTS.index(change.weight)
    return rank, change.kind, change.what, change.before, change.after
