"""How long data may be at a processor, and what is really there: accounts against promises.

A service gives its own dates by their names; the policy need not say where they are. A record that
serves several activities may stay as long as the longest of them.
"""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct, structs

from auditor.durations import newest_overdue_day, parse_duration
from auditor.evidence import AccountEvidence, Ages, Aspect, Gap, Reason, TableSeen
from auditor.matching.held import consents_in, held_in, holder_of
from auditor.matching.stored import activities_of
from auditor.policy import Account, Policy, ProcessingActivity, Retention, Store, Table
from auditor.vocabulary import covers

_NO_TIME = parse_duration("P0D")
_EARLIEST = ("created", "collected")  # no other date of a record is before these


class Kept(Struct, frozen=True, kw_only=True):
    """One period for the records of a table, and what the service shows of their ages.

    `ages` are by the promise's own anchor, or by an earlier one by which nothing is too old; None
    where no date says anything. `overdue` counts the records that are too old, `unclear` those of
    which the evidence cannot tell.
    """

    table: Table
    activity: str
    retention: Retention
    cut_off: date | None
    ages: Ages | None = None
    overdue: int = 0
    unclear: int = 0


def tables_at(policy: Policy, seen_at: str, seen: tuple[TableSeen, ...]) -> Iterator[Table]:
    """Yield each table that was seen as it is declared, else as what the account is for."""
    holder = holder_of(policy, seen_at)
    declared = {table.name: table for table in holder.tables} if holder else {}
    for table in seen:
        if table.name in declared:
            known = declared[table.name]
            own = known.activities or _own(holder)
            yield structs.replace(known, activities=own)
        elif holder:
            yield Table(name=table.name, activities=_own(holder), at=holder.at)


def unseen_tables(policy: Policy, seen: AccountEvidence) -> Iterator[Gap]:
    """Yield a gap for each table that an account is said to have and did not show.

    So too for consents that were to be counted in it.
    """
    for held in held_in(policy, seen):
        name = held.table.name
        if held.seen is None:
            needs = f"a table {name} in {seen.subject}: it has none, or shows none to this key"
            yield Gap(what=f"table:{name}", reason=Reason.NOT_IN_EVIDENCE, needs=needs)
        elif held.table.consent and held.table.consent.given_at and not consents_in(held):
            yield Gap(
                what=f"table:{name}, who agreed",
                reason=Reason.NOT_IN_EVIDENCE,
                needs=f"a count of them: {seen.connector} gave none",
                aspects=(Aspect.CONSENTS,),
            )


def activities_at(holder: Store | Account | None) -> tuple[str, ...]:
    """Return what a store or an account is for: its own activities, and those of its tables."""
    own = holder.activities if isinstance(holder, Account) else ()
    tables = holder.tables if holder else ()
    named = (name for table in tables for name in table.activities)
    return tuple(dict.fromkeys((*own, *named)))


def periods_at(
    policy: Policy, holder: Store | Account | None
) -> tuple[tuple[ProcessingActivity, Retention], ...]:
    """Return every period that is promised for what a store or an account is for."""
    names = activities_at(holder)
    return tuple(
        (activity, rule)
        for activity in policy.processing_activities
        if activity.id in names
        for rule in activity.retention_rules
        if rule.period
    )


def longest_kept(policy: Policy, table: Table, seen: TableSeen, as_of: date) -> Kept | None:
    """Return the period by which the fewest records are too old, None if there is no period.

    A record is kept too long only if each of its activities is over: where one of them says so of
    nothing, nothing is; and where one cannot be told, none can.
    """
    found = [
        _kept(table, seen, activity, rule, as_of)
        for activity in activities_of(policy, table)
        for rule in activity.retention_rules
        if rule.period and _concerns(rule, seen)
    ]
    clear = [one for one in found if one.ages and not one.overdue and not one.unclear]
    unknown = [one for one in found if one.ages is None]
    counted = sorted(found, key=lambda one: (one.overdue, one.unclear))
    return next(iter((*clear, *unknown, *counted)), None)


def _kept(
    table: Table, seen: TableSeen, activity: ProcessingActivity, rule: Retention, as_of: date
) -> Kept:
    grace = parse_duration(rule.grace) if rule.grace else _NO_TIME
    cut_off = newest_overdue_day(as_of, parse_duration(rule.period or "P0D"), grace)
    plain = Kept(table=table, activity=activity.id, retention=rule, cut_off=cut_off)
    anchors = {ages.anchor: ages for ages in seen.ages}
    if own := anchors.get(rule.anchor or ""):
        return _counted(plain, own)
    first = next((anchors[name] for name in _EARLIEST if name in anchors), None)
    if first and rule.anchor not in _EARLIEST:
        counted = _counted(plain, first)
        if not counted.overdue and not counted.unclear:
            return counted  # what is not too old by its first day is not by a later one
    return plain


def _counted(kept: Kept, ages: Ages) -> Kept:
    overdue, unclear = too_old(ages, kept.cut_off)
    return structs.replace(kept, ages=ages, overdue=overdue, unclear=unclear)


def too_old(ages: Ages, cut_off: date | None) -> tuple[int, int]:
    """Return how many records are of a day or before, and of how many that cannot be told.

    The latter only where a service was asked about other days (`Ages.edges`).
    """
    if cut_off is None:
        return 0, 0
    is_sure = ages.edges or ages.days
    overdue = sum(n for day, n in ages.days.items() if day <= cut_off and day in is_sure)
    if not ages.edges or cut_off in ages.edges:
        return overdue, 0
    following = next((edge for edge in ages.edges if edge > cut_off), None)
    rest = sum(number for day, number in ages.days.items() if day > ages.edges[-1])
    return overdue, ages.days.get(following, 0) if following else rest


def _own(holder: Store | Account | None) -> tuple[str, ...]:
    """Return what a table is for that does not say so itself."""
    named = holder.activities if isinstance(holder, Account) else ()
    return named or activities_at(holder)


def _concerns(rule: Retention, seen: TableSeen) -> bool:
    """Return whether a period for some categories is about what a table holds."""
    held = {found.category for field in seen.fields for found in field.found}
    return not rule.data_categories or any(
        covers(key, category) or covers(category, key)
        for key in rule.data_categories
        for category in held
    )
