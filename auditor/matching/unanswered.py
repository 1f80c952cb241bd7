"""What the policy wants to be known of a store, and its evidence does not show.

Asked again whenever evidence is judged: the policy may have changed since it was collected.
"""

import re
from collections.abc import Iterator

from auditor.evidence import Ages, Aspect, Gap, Reason, StoreEvidence, TableSeen
from auditor.matching.held import Held, consents_in, held_in
from auditor.matching.stored import ages_of, rules_of
from auditor.policy import Policy

_AGAIN = "collect the evidence again with this policy.yaml"


def unanswered(policy: Policy, seen: StoreEvidence) -> Iterator[Gap]:
    """Yield a gap for each thing that the policy asks for and the evidence does not show.

    What the evidence itself tells as a gap of the same table is not told twice.
    """
    yield from _namesakes(seen)
    for held in held_in(policy, seen):
        for gap in _of_table(policy, seen, held):
            if not _is_told(gap, held.table.name, seen):
                yield gap


def _is_told(gap: Gap, table: str, seen: StoreEvidence) -> bool:
    """Return whether a gap leaves open no less than another, and names the table or the store."""
    name = re.compile(rf"(?<!\w){re.escape(table)}(?!\w)")
    return any(
        (not one.aspects or set(one.aspects).issuperset(gap.aspects))
        and (one.what == seen.subject or name.search(one.what))
        for one in seen.gaps
    )


def _namesakes(store: StoreEvidence) -> Iterator[Gap]:
    """Yield a gap for tables of one name: it cannot be told which of them the policy means."""
    names = [table.name for table in store.tables]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield _gap(f"table:{name}, {names.count(name)} of them", "names that tell them apart")


def _of_table(policy: Policy, store: StoreEvidence, held: Held) -> Iterator[Gap]:
    table, seen = held.table, held.seen
    if seen is None:
        needs = f"a table {table.name} in {store.subject}: it has none, or shows none to this role"
        yield _gap(f"table:{table.name}", needs, Aspect.FIELDS, Aspect.AGES, Aspect.CONSENTS)
        return
    yield from _fields(seen)
    for rule in rules_of(policy, table):
        ages = ages_of(rule, seen)
        what = f"table:{table.name}, ages by {rule.anchor}"
        if ages is None and not rule.missing:
            yield _gap(what, f"ages by what {rule.activity} says now: {_AGAIN}", Aspect.AGES)
        elif ages is not None and ages.rows != _counted(ages):
            needs = f"counts that agree: {ages.rows} records, {_counted(ages)} of them by age"
            yield _gap(what, f"{needs}; {_AGAIN}", Aspect.AGES)
        elif ages is not None and not ages.rows and _has_records(ages, seen):
            needs = f"counts that agree: {table.name} has records, and no age was counted"
            yield _gap(what, f"{needs}; {_AGAIN}", Aspect.AGES)
    if table.consent and table.consent.given_at and not consents_in(held):
        what = f"table:{table.name}, who agreed"
        yield _gap(what, f"a count of them: {_AGAIN}", Aspect.CONSENTS)


def _fields(table: TableSeen) -> Iterator[Gap]:
    if table.rows and not table.fields:
        needs = "the names of its columns: a role that may read them"
        yield _gap(f"table:{table.name}", needs, Aspect.FIELDS)
    unread = [f"`{field.name}`" for field in table.fields if field.is_unread]
    if unread:
        needs = f"a look at what is in {', '.join(unread[:5])}{' ...' if unread[5:] else ''}"
        yield _gap(f"table:{table.name}, {len(unread)} fields", needs, Aspect.FIELDS)


def _counted(ages: Ages) -> int:
    return sum(ages.days.values()) + ages.undated + ages.unreadable


def _has_records(ages: Ages, table: TableSeen) -> bool:
    """Return whether there are records of the kind whose ages were to be counted."""
    if not ages.holding:
        return table.rows > 0
    return any(field.filled for field in table.fields if field.name in ages.holding)


def _gap(what: str, needs: str, *aspects: Aspect) -> Gap:
    return Gap(what=what, reason=Reason.NOT_IN_EVIDENCE, needs=needs, aspects=aspects)
