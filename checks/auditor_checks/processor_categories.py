"""Accounts: at a processor is what people were told, and nothing else (GDPR Art. 5(1)(c), 30)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import AccountData, Aspect, FieldSeen, Found, SettingSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching import (
    activities_at,
    activities_of,
    holder_of,
    is_personal,
    is_sensitive,
    likely,
    meaning_of,
    tables_at,
    weight,
    weight_of,
)
from auditor.policy import NOWHERE, Policy, Table
from auditor.vocabulary import covers

ACCOUNT = """
processing_activities: [{id: accounts, data_categories: [user.contact]}]
accounts: [{id: app, connector: firebase_auth, project: example, activities: [accounts]}]
"""


@check(
    "processor-category",
    title="At a processor is only what the policy says",
    needs=AccountData,
    references=["gdpr:5-1-c", "gdpr:28", "gdpr:30", "gdpr:9"],
    looks_at=[Aspect.FIELDS, Aspect.TABLES],
    passing=Example(
        policy=ACCOUNT,
        seen=(example.table("people", example.field("email", "user.contact.email")),),
    ),
    failing=Example(
        policy=ACCOUNT,
        seen=(example.table("people", example.field("birthday", "user.demographic")),),
    ),
)
def category_at_processor(policy: Policy, account: AccountData) -> Iterator[Remark]:
    """Take the data out, see that nothing sends it there again, or say that it is there.

    What an account holds is listed by the activities that it is for, in `data_categories`. Where
    one table serves other activities than the rest, declare it under the account's `tables`.
    """
    holder = holder_of(policy, account.subject)
    tables = {table.name: table for table in tables_at(policy, account.subject, account.tables)}
    if holder is None or not (account.tables or account.settings or account.gaps):
        yield NotApplicable(why="the service shows no records and no settings of what it collects")
    for seen in account.tables:
        for field in seen.fields:
            for found in likely(field):
                if seen.name in tables and not _is_told(policy, tables[seen.name], field, found):
                    yield _undeclared(policy, tables[seen.name], field, found, account.subject)
    told = set(_listed(policy, Table(name="all", activities=activities_at(holder))))
    for setting in account.settings:
        is_collected = setting.effect == "collects" and setting.is_on and setting.category
        if is_collected and not _covered(told, setting.category):
            yield _collected(policy, setting, account.subject)


def _is_told(policy: Policy, table: Table, field: FieldSeen, found: Found) -> bool:
    """Return whether the policy lists a category for a field, or for what the table is for."""
    declared = meaning_of(table, field.name)
    if declared is not None and is_personal(declared):
        return _covered({declared}, found.category)
    return _covered(set(_listed(policy, table)), found.category)


def _listed(policy: Policy, table: Table) -> tuple[str, ...]:
    return tuple(
        category
        for activity in activities_of(policy, table)
        for category in activity.data_categories
    )


def _covered(listed: set[str], category: str) -> bool:
    """Return whether a category is listed: special ones by their own key only (Art. 9)."""
    return any(
        (covers(key, category) or covers(category, key))
        and (is_sensitive(key) or not is_sensitive(category))
        for key in listed
    )


def _undeclared(
    policy: Policy, table: Table, field: FieldSeen, found: Found, subject: str
) -> Finding:
    how = "by the service's own description" if not found.looked_at else "by its values"
    if found.by_name and found.looked_at:
        how = "by its name and values"
    activities = ", ".join(activity.id for activity in activities_of(policy, table))
    return Finding(
        object=f"field:{table.name}.{field.name}",
        facet=found.category,
        severity=weight_of(found),
        message=f"{table.name}.{field.name} at {subject} holds {found.category} ({how}), which"
        f" {activities or 'no activity of this account'} does not list",
        at=table.at,
        seen=(_where(field, table, found),),
        remedies=_remedies(found.category, activities),
    )


def _where(field: FieldSeen, table: Table, found: Found) -> Sighting:
    counted = f"{field.filled:,} of {field.rows:,} records have it"
    return Sighting(detail=f"table {table.name}, field {field.name}: {found.category}; {counted}")


def _collected(policy: Policy, setting: SettingSeen, subject: str) -> Finding:
    holder = holder_of(policy, subject)
    activities = ", ".join(activities_at(holder))
    return Finding(
        object=f"setting:{setting.name}",
        facet=setting.category,
        severity=max(Severity.MEDIUM, weight([setting.category]), key=lambda s: s.rank),
        message=f"{subject} is set to collect {setting.category} ({setting.name} ="
        f" {setting.value}), which {activities or 'no activity of this account'} does not list",
        at=holder.at if holder else NOWHERE,
        seen=(Sighting(detail=f"setting {setting.name} = {setting.value}"),),
        remedies=_remedies(setting.category, activities),
    )


def _remedies(category: str, activities: str) -> tuple[Remedy, ...]:
    return (
        Remedy(kind="remove", text="switch it off or take it out, and see that it stays so"),
        Remedy(
            kind="declare",
            text=f"add {category} to the data_categories of {activities or 'an activity'}, and"
            " tell people",
        ),
    )
