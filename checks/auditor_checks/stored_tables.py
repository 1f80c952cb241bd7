"""Stored data: every table that is there is declared (GDPR Art. 30)."""

import json
from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, StoredData, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import holder_of, likely, undeclared_in, weight
from auditor.policy import NOWHERE, Policy, Store
from auditor.sighting import in_table

MOST_FIELDS = 50


@check(
    "table-undeclared",
    title="Every table is declared",
    needs=StoredData,
    references=["gdpr:30", "gdpr:5-2"],
    looks_at=[Aspect.TABLES],
    passing=Example(policy=example.USERS, seen=(example.table("users"),)),
    failing=Example(
        policy=example.USERS,
        seen=(
            example.table("users"),
            example.table("old_users", example.field("email", "user.contact.email")),
        ),
    ),
)
def undeclared_table(policy: Policy, stored: StoredData) -> Iterator[Remark]:
    """Delete the table if nobody needs it: copies and leftovers are kept for ever.

    If it is needed, declare it under `tables` of its store, with its activities and what each
    field holds. `undeclared_tables: ignore` is for a store that you share with others: then
    nobody looks at what is in their tables.
    """
    holder = holder_of(policy, stored.subject)
    if isinstance(holder, Store) and holder.undeclared_tables == "ignore":
        yield NotApplicable(why="undeclared_tables: ignore")
        return
    at = holder.at if holder else NOWHERE
    for table in undeclared_in(policy, stored):
        found = list(dict.fromkeys(f.category for field in table.fields for f in likely(field)))
        what = f"; it holds {', '.join(sorted(found))}" if found else ""
        yield Finding(
            object=f"table:{table.name}",
            keys=("tables",),
            severity=_severity(table, found),
            message=f"{table.name} is there (records: {table.rows:,}), and no entry declares it"
            f"{what}",
            at=at,
            seen=(in_table(table, f"records: {table.rows:,}, fields: {len(table.fields)}"),),
            remedies=(
                Remedy(kind="remove", text="delete it if nobody needs it"),
                Remedy(kind="declare", text="add it to the store's tables", yaml=_stanza(table)),
            ),
        )


def _severity(table: TableSeen, found: list[str]) -> Severity:
    """Rate by what is in it; where nobody looked inside, it may be anything."""
    is_unread = any(field.is_unread for field in table.fields)
    unknown = is_unread or (table.rows > 0 and not table.fields)
    least = Severity.MEDIUM if unknown else Severity.LOW
    return max(least, weight(found), key=lambda severity: severity.rank)


def _stanza(table: TableSeen) -> str:
    lines = [f"name: {json.dumps(table.name)}", "activities: [TODO]", "fields:"]
    for field in table.fields[:MOST_FIELDS]:
        category = next((found.category for found in likely(field)), "TODO")
        lines.append(f"  {json.dumps(field.name)}: {category}")
    return "\n".join([*lines, ""])
