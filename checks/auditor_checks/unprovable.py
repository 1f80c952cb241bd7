"""Stored data: records of which nobody can tell whether they are kept too long."""

from collections.abc import Iterator
from datetime import date

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Ages, Aspect, StoredData, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import (
    Rule,
    activities_of,
    ages_of,
    category_of,
    held_in,
    is_personal,
    rules_of,
    unruled,
)
from auditor.policy import Policy, Table
from auditor.sighting import in_table

PLANNED = {"contract_end", "event_end", "fiscal_year_end"}  # may well lie ahead
UNDATED = Remedy(kind="remove", text="write the date in, or delete what has none")
READABLE = Remedy(kind="remove", text="store it as a date")
CORRECT = Remedy(kind="remove", text="correct the date, and whatever writes it")


@check(
    "retention-unprovable",
    title="Of each record it can be told how old it is",
    needs=StoredData,
    references=["gdpr:5-2", "gdpr:5-1-e"],
    looks_at=[Aspect.AGES],
    passing=Example(
        policy=example.USERS,
        seen=(example.table("users", example.ages({"2026-01-10": 100})),),
    ),
    failing=Example(
        policy=example.USERS,
        seen=(example.table("users", example.ages({"2026-01-10": 97}, undated=3)),),
    ),
)
def age_not_known(policy: Policy, stored: StoredData) -> Iterator[Remark]:
    """Write the missing date into the records, or delete them.

    A record without a date, or with one that is not a date or lies ahead, stays for ever: no job
    will find it. Where another date may stand in, say so: `on_missing_anchor: use_created`, and
    under `anchors` the column `created`. A table needs `activities`, their `retention` a period
    and an anchor, and `anchors` the column that holds it.
    """
    held_tables = held_in(policy, stored)
    if not any(rules_of(policy, held.table) for held in held_tables):
        yield NotApplicable(why="the policy sets no period for what is in these tables")
    for held in held_tables:
        yield from _promised(policy, held.table)
        for rule in rules_of(policy, held.table):
            if rule.missing:
                yield _unaskable(held.table, rule)
            elif held.seen and (ages := ages_of(rule, held.seen)):
                yield from _judged(stored.as_of, held.seen, rule, ages)


def _promised(policy: Policy, table: Table) -> Iterator[Finding]:
    """Object to personal data for which nothing says how long it is kept."""
    personal = [name for name in table.fields if is_personal(category_of(table, name))]
    if not activities_of(policy, table) and (personal or not table.fields):
        yield Finding(
            object=f"table:{table.name}",
            facet="activities",
            keys=("activities",),
            severity=Severity.MEDIUM,
            message=f"nothing says what {table.name} is for, so nobody can say how long it may"
            " be kept",
            at=table.at,
            remedies=(
                Remedy(kind="remove", text="delete the table if nobody needs it"),
                Remedy(
                    kind="declare",
                    text="name the activities that it is for",
                    yaml="activities: [TODO]\n",
                ),
            ),
        )
    for activity, field in unruled(policy, table):
        yield Finding(
            object=f"field:{table.name}.{field}",
            facet=f"period/{activity.id}",
            keys=("retention",),
            severity=Severity.MEDIUM,
            message=f"no period of {activity.id} is for {category_of(table, field)}, which"
            f" {table.name}.{field} holds",
            at=activity.at,
            remedies=(
                Remedy(kind="remove", text="stop keeping it"),
                Remedy(kind="declare", text="add a period for it, and tell people"),
            ),
        )


def _unaskable(table: Table, rule: Rule) -> Finding:
    at, key = _lacking(table, rule)
    return Finding(
        object=f"table:{table.name}",
        facet=f"{rule.facet}/asked",
        keys=(key,),
        severity=Severity.MEDIUM,
        message=f"how old the records of {table.name} are cannot be asked for {rule.activity}:"
        " the policy does not say enough",
        at=at,
        remedies=(Remedy(kind="declare", text=f"say {rule.missing}"),),
    )


def _lacking(table: Table, rule: Rule) -> tuple[Position, str]:
    """Return the entry and its key in which something is missing."""
    if not rule.retention.period or not rule.anchor:
        return rule.retention.at, "anchor" if rule.retention.period else "period"
    return table.at, "fields" if rule.columns else "anchors"


def _judged(as_of: date, seen: TableSeen, rule: Rule, ages: Ages) -> Iterator[Finding]:
    ahead = [day for day, number in ages.days.items() if number and day > as_of]
    future = sum(ages.days[day] for day in ahead)
    form = Remedy(
        kind="declare", text="name its form, if all have one: anchors: {NAME: {field, format}}"
    )
    doubts: tuple[tuple[str, int, str, tuple[Remedy, ...]], ...] = (
        ("undated", ages.undated, "no date", (UNDATED, *_fallback(rule))),
        ("unreadable", ages.unreadable, "a date that cannot be read", (READABLE, form)),
        ("future", future, f"a date after {as_of}, up to {max(ahead, default='')}", (CORRECT,)),
    )
    for what, number, words, remedies in doubts:
        if number:
            counted = f"{number:,} of {ages.rows:,} records"
            yield Finding(
                object=f"table:{seen.name}",
                facet=f"{rule.facet}/{what}",
                severity=_severity(rule, ages, number, what),
                message=f"{counted} of {seen.name} have {words} ({rule.counted_from}); whether"
                f" {rule.activity} keeps them longer than {rule.retention.period} cannot be told",
                at=rule.retention.at,
                seen=(in_table(seen, f"{counted}, {what}"),),
                remedies=remedies,
            )


def _fallback(rule: Rule) -> Iterator[Remedy]:
    if rule.anchor != "created" and not rule.fallback:
        yield Remedy(
            kind="declare",
            text="let the date of creation stand in, if the record has one",
            yaml="on_missing_anchor: use_created\n",
        )


def _severity(rule: Rule, ages: Ages, number: int, what: str) -> Severity:
    """Rate by how much of the table it is; what is planned may lie ahead."""
    if what == "future" and rule.anchor in PLANNED:
        return Severity.LOW
    return Severity.HIGH if 2 * number > ages.rows else Severity.MEDIUM
