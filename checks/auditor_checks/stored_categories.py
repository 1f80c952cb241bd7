"""Stored data: each field holds what it is said to hold (GDPR Art. 5(1)(c), 9, 30)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Aspect, FieldSeen, Found, StoredData, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import (
    activity_of,
    category_of,
    declared_as,
    held_in,
    is_personal,
    is_sensitive,
    meaning_of,
    weight_of,
)
from auditor.policy import Field, Policy, ProcessingActivity, Table
from auditor.sighting import in_table
from auditor.vocabulary import covers

NOTES = example.USERS.replace("fields: {", "fields: {notes: system.operations, ")
CONTENT = "user.content"  # what people write themselves


@check(
    "category-undeclared",
    title="Each field holds what it is said to hold",
    needs=StoredData,
    references=["gdpr:5-1-c", "gdpr:30", "gdpr:9"],
    looks_at=[Aspect.FIELDS],
    passing=Example(
        policy=example.USERS,
        seen=(example.table("users", example.field("email", "user.contact.email")),),
    ),
    failing=Example(
        policy=NOTES,
        seen=(
            example.table(
                "users",
                example.field(
                    "notes",
                    example.found_in(
                        "user.contact.email", by_name=False, hits=3, low=0.01, high=0.08
                    ),
                ),
            ),
        ),
    ),
)
def undeclared_category(policy: Policy, stored: StoredData) -> Iterator[Remark]:
    """Take the data out of the field, and see that nothing writes it there again.

    If it belongs there, correct its key under `fields`, list the category with the activity, and
    tell people. Special categories (Art. 9) are named by their own key, never by a wider one;
    biometric data are one only where they are used to tell who somebody is. A pass after a
    sample means that nothing else was in the sample: the report says how much may be unseen.
    An exhaustive look sees every value; what has no pattern, such as a name in a text, can be
    overlooked even then.
    """
    if not held_in(policy, stored):
        yield NotApplicable(why="the policy names no tables here")
    activities = {activity.id: activity for activity in policy.processing_activities}
    for held in held_in(policy, stored):
        yield from _unlisted(held.table, activities)
        for field in held.seen.fields if held.seen else ():
            for found in field.found:
                objection = _objection(held.table, field, found, activities)
                if objection and held.seen:
                    yield _contradicted(held.table, held.seen, field, found, objection)


def _unlisted(table: Table, activities: dict[str, ProcessingActivity]) -> Iterator[Finding]:
    """Object to a declared field whose activity does not list what it holds."""
    for name in table.fields:
        category, activity = category_of(table, name), activities.get(activity_of(table, name))
        if activity is None or not activity.data_categories:
            continue  # that it lists nothing is told by another check
        if is_personal(category) and not _lists(activity, category):
            yield Finding(
                object=f"field:{table.name}.{name}",
                facet=f"activity/{activity.id}",
                keys=("data_categories",),
                severity=Severity.CRITICAL if is_sensitive(category) else Severity.MEDIUM,
                message=f"{table.name}.{name} is declared as {category}, which {activity.id} does"
                " not list",
                at=activity.at,
                remedies=(
                    Remedy(kind="remove", text="stop keeping it for this activity"),
                    Remedy(
                        kind="declare",
                        text=f"add {category} to the data_categories of {activity.id}, and tell"
                        " people",
                    ),
                ),
            )


def _objection(
    table: Table, field: FieldSeen, found: Found, activities: dict[str, ProcessingActivity]
) -> str:
    """Say what is wrong with a category being in a field, "" if nothing is."""
    declared = meaning_of(table, field.name)
    if declared is None or not is_personal(found.category):
        return ""  # that it is not declared at all is told by another check
    name = declared_as(table, field.name)
    if name is None:
        return "counts as nothing personal: it is not under `fields`"
    activity = activities.get(activity_of(table, name))
    if why := _mismatch(declared, found.category):
        return f"is declared as {declared}{why}"
    if activity and _lists(activity, declared) and not _lists(activity, found.category):
        return f"is for {activity.id}, which does not list that"
    return ""


def _mismatch(declared: str, found: str) -> str | None:
    """Say how a declaration falls short of what was found, None if it does not."""
    if not is_personal(declared):
        return ": nothing personal"
    if not _agree(declared, found):
        return ", which is something else"
    if is_sensitive(found) and not is_sensitive(declared):
        return ", which does not say that"
    return None


def _agree(declared: str, found: str) -> bool:
    """Return whether one of the two is the other, only wider."""
    return covers(declared, found) or covers(found, declared)


def _lists(activity: ProcessingActivity, category: str) -> bool:
    return any(_agree(listed, category) for listed in activity.data_categories)


def _contradicted(
    table: Table, seen: TableSeen, field: FieldSeen, found: Found, objection: str
) -> Finding:
    share = _share(found)
    return Finding(
        object=f"field:{table.name}.{field.name}",
        facet=found.category,
        keys=("fields",),
        severity=_severity(table, field, found),
        message=f"{table.name}.{field.name} holds {found.category} ({share}) and {objection}",
        at=_place(table, field),
        seen=(in_table(seen, f"field {field.name}: {found.category}, {share}"),),
        remedies=(
            Remedy(kind="remove", text="take it out, and see that nothing writes it there again"),
            Remedy(
                kind="declare",
                text=f"declare it as {found.category}, list that with the activity, and tell"
                " people",
            ),
        ),
    )


def _severity(table: Table, field: FieldSeen, found: Found) -> Severity:
    """Rate what was found; of what people write themselves, addresses in it are to be expected."""
    severity = weight_of(found)
    declared = meaning_of(table, field.name) or ""
    if found.embedded and covers(CONTENT, declared) and severity is Severity.HIGH:
        return Severity.MEDIUM
    return severity


def _share(found: Found) -> str:
    """Say in how many of the values it was found, and what that says of all of them."""
    by = "by its name" if found.by_name else ""
    if not found.hits:
        return by or "by its values"
    counted = f"{found.hits:,} of {found.looked_at:,} values"
    if not found.exhaustive:
        counted = f"{counted} of a sample: {found.low:.1%} to {found.high:.1%} of all"
    elif found.low < found.high:  # of so many not each was put to the validator
        counted = f"about {counted}: {found.low:.1%} to {found.high:.1%}"
    inside = ", inside longer text" if found.embedded else ""
    return f"{counted}{inside}{f', and {by}' if by else ''}"


def _place(table: Table, field: FieldSeen) -> Position:
    name = declared_as(table, field.name)
    declared = table.fields[name] if name else None
    return declared.at if isinstance(declared, Field) else table.at
