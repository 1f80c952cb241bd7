"""Which subjects a cell is about, and whether a finding there is about it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from auditor.durations import add, parse_duration
from auditor.export.ropa.rules import Where
from auditor.findings import JudgedFinding
from auditor.matching import activities_at, activities_of, holder_of, periods_at, rules_of
from auditor.policy import (
    Account,
    Entry,
    Notice,
    Policy,
    ProcessingActivity,
    Retention,
    Site,
    Store,
    Table,
)

Holder = Store | Account

_KINDS: Final[dict[type[Entry], str]] = {
    Store: "store",
    Account: "account",
    Site: "site",
    Notice: "notice",
}
_SOME_DAY: Final = date(2025, 7, 1)  # any will do to tell which of two periods ends later


def subjects(
    where: Where, policy: Policy, activity: ProcessingActivity, rule: Retention | None
) -> tuple[str, ...]:
    """Return the subjects of a kind for an activity and one of its periods."""
    holding: dict[Where, Callable[[], Iterable[Holder | Site | Notice]]] = {
        Where.STORES: lambda: _holding(policy, policy.stores, activity),
        Where.ACCOUNTS: lambda: _holding(policy, policy.accounts, activity),
        Where.KEPT_IN_STORES: lambda: _keeping(policy, activity, rule),
        Where.KEPT_AT_PROCESSORS: lambda: _holding(policy, policy.accounts, activity),
        Where.CONSENTS: lambda: _asking(policy, activity),
        Where.SITES: lambda: policy.sites if _is_visible(policy, activity) else (),
        Where.EVERY_SITE: lambda: policy.sites,
        Where.NOTICES: lambda: policy.notices,
    }
    if where is Where.POLICY:
        return ("policy",)
    if where is Where.CODE:
        return ("code",) if policy.code and _is_visible(policy, activity) else ()
    return tuple(f"{_KINDS[type(entry)]}:{entry.id}" for entry in holding[where]())


def holds(policy: Policy, holder: Holder, activity: ProcessingActivity) -> bool:
    """Return whether a store or an account is said to hold data of an activity."""
    by_table = {one.id for table in holder.tables for one in activities_of(policy, table)}
    return activity.id in {*activities_at(holder), *by_table}


def unwatched_recipients(policy: Policy, activity: ProcessingActivity) -> tuple[str, ...]:
    """Return the processors that have the data, and of which nothing can be looked at.

    Who decides alone about them (`independent_controller`) keeps promises of its own.
    """
    holders: tuple[Holder, ...] = (*policy.stores, *policy.accounts)
    watched = {one.processor for one in holders if holds(policy, one, activity)}
    named = [policy.processor(name) for name in activity.processors]
    return tuple(
        one.id
        for one in named
        if one and one.role != "independent_controller" and one.id not in watched
    )


def outlived_by(policy: Policy, subject: str, rule: Retention | None) -> str:
    """Return the activity that lets records at a processor stay longer, "" if none does.

    A record that serves several activities may stay as long as the longest of them, so a check
    that passes there says nothing of the shorter ones.
    """
    if rule is None or not rule.period or not subject.startswith("account:"):
        return ""
    mine = _ends(rule)
    longer = [
        activity.id
        for activity, other in periods_at(policy, holder_of(policy, subject))
        if _ends(other) > mine
    ]
    return next(iter(longer), "")


def concerns(
    policy: Policy,
    activity: ProcessingActivity,
    rule: Retention | None,
    subject: str,
    finding: JudgedFinding,
) -> bool:
    """Return whether a finding speaks against a row; where nobody can tell, it does."""
    at = (finding.policy.line, finding.policy.column)
    owners = [
        one
        for one in policy.processing_activities
        if at in {_at(one), *map(_at, one.retention_rules)}
    ]
    if owners:
        others = [one for one in activity.retention_rules if rule and one.at != rule.at]
        is_of_another = at != _at(activity) and at in set(map(_at, others))
        return activity in owners and not is_of_another
    kind, _, name = finding.object.partition(":")
    if kind == "activity":
        return name == activity.id
    if kind == "processor" and policy.processor(name):
        return name in activity.processors
    table = _table(policy, subject, kind, name)
    return table is None or activity in activities_of(policy, table) or not table.activities


def _table(policy: Policy, subject: str, kind: str, name: str) -> Table | None:
    """Return the declared table that an object names, with its longest possible name."""
    holder = holder_of(policy, subject) if ":" in subject else None
    tables = holder.tables if holder and kind in {"table", "field"} else ()
    fitting = [
        table
        for table in tables
        if name == table.name or (kind == "field" and name.startswith(f"{table.name}."))
    ]
    return max(fitting, key=lambda table: len(table.name), default=None)


def _at(entry: Entry) -> tuple[int, int]:
    return entry.at.line, entry.at.column


def _holding(
    policy: Policy, holders: Iterable[Holder], activity: ProcessingActivity
) -> list[Holder]:
    return [holder for holder in holders if holds(policy, holder, activity)]


def _keeping(policy: Policy, activity: ProcessingActivity, rule: Retention | None) -> list[Holder]:
    """Return the stores with a table that this very period is for."""
    return [
        store
        for store in _holding(policy, policy.stores, activity)
        if rule
        and any(
            one.retention.at == rule.at
            for table in store.tables
            for one in rules_of(policy, table)
        )
    ]


def _asking(policy: Policy, activity: ProcessingActivity) -> list[Holder]:
    """Return where it is recorded that people agreed, if that is what it rests on."""
    holders: tuple[Holder, ...] = (*policy.stores, *policy.accounts)
    return [
        holder
        for holder in holders
        if activity.legal_basis == "consent"
        and any(
            table.consent
            and (table.consent.activity or next(iter(table.activities), "")) == activity.id
            for table in holder.tables
        )
    ]


def _is_visible(policy: Policy, activity: ProcessingActivity) -> bool:
    """Return whether each recipient has hosts by which a page or code would show it."""
    found = [policy.processor(name) for name in activity.processors]
    return bool(found) and all(processor and processor.domains for processor in found)


def _ends(rule: Retention) -> date:
    end = add(_SOME_DAY, parse_duration(rule.period))
    return add(end, parse_duration(rule.grace)) if rule.grace else end
