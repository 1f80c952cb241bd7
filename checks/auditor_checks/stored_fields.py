"""Stored data: every field that is there is declared, and every declared one is there."""

import json
from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, DeclaredData, FieldSeen, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Held, beside, held_in, is_there, likely, meaning_of, serving, weight
from auditor.policy import Policy, Table
from auditor.sighting import in_table
from auditor.vocabulary import suggestion

TWO = (example.field("email", "user.contact.email"), example.field("last_seen"))


@check(
    "field-undeclared",
    title="Every field is declared",
    needs=DeclaredData,
    references=["gdpr:30", "gdpr:5-1-c"],
    looks_at=[Aspect.FIELDS],
    passing=Example(policy=example.USERS, seen=(example.table("users", *TWO),)),
    failing=Example(
        policy=example.USERS,
        seen=(example.table("users", *TWO, example.field("iban", "user.financial.bank_account")),),
    ),
)
def undeclared_field(policy: Policy, stored: DeclaredData) -> Iterator[Remark]:
    """Delete the field if nobody needs it: what is not there cannot leak.

    If it is needed, write under `fields` of its table what it holds; `system.operations` means
    nothing personal. A field that is used as an anchor, a key or a consent record needs no entry
    of its own. `undeclared_fields: ignore` counts the rest of a table as nothing personal. Tables
    of an account are looked at if they name any fields: a service's own are known without it.
    """
    tables = [held for held in held_in(policy, stored) if _names_fields(held, stored)]
    if not tables:
        yield NotApplicable(why="the policy names no fields here")
    elif all(held.table.undeclared_fields == "ignore" for held in tables):
        yield NotApplicable(why="undeclared_fields: ignore, in every table")
    for held in tables:
        for field in held.seen.fields if held.seen else ():
            if meaning_of(held.table, field.name) is None and not _is_around(field, held.seen):
                yield _undeclared(held.table, held.seen, field)


def _names_fields(held: Held, stored: DeclaredData) -> bool:
    return bool(held.table.fields) or stored.subject.startswith("store:")


def _is_around(field: FieldSeen, table: TableSeen | None) -> bool:
    """Return whether it only holds other fields, which are judged one by one."""
    inner = (f"{field.name}.", f"{field.name}[")
    return any(other.name.startswith(inner) for other in (table.fields if table else ()))


def _undeclared(table: Table, seen: TableSeen | None, field: FieldSeen) -> Finding:
    found = [item.category for item in likely(field)]
    unread = field.is_unread
    what = f"; it holds {', '.join(found)}" if found else ""
    counts = f"field {field.name}, {field.filled:,} of {field.rows:,} filled"
    return Finding(
        object=f"field:{table.name}.{field.name}",
        keys=("fields",),
        severity=Severity.MEDIUM if unread and not found else weight(found),
        message=f"{table.name}.{field.name} is there, and not under `fields`{what}",
        at=table.at,
        seen=(in_table(seen, counts),) if seen else (),
        remedies=(
            Remedy(kind="remove", text="delete it if nobody needs it"),
            Remedy(
                kind="declare",
                text="write under `fields` what it holds",
                yaml=f"{json.dumps(field.name)}: {found[0] if found else 'TODO'}\n",
            ),
        ),
    )


@check(
    "field-missing",
    title="Everything declared is there",
    needs=DeclaredData,
    references=["gdpr:30", "gdpr:5-1-a"],
    looks_at=[Aspect.TABLES, Aspect.FIELDS],
    passing=Example(policy=example.USERS, seen=(example.table("users", *TWO),)),
    failing=Example(policy=example.USERS, seen=(example.table("users", *TWO[:1]),)),
)
def missing_field(policy: Policy, stored: DeclaredData) -> Iterator[Remark]:
    """Take the entry out, or correct its name: upper and lower case differ.

    What is declared and not there makes the record of processing untrue; a misspelt name leaves
    the real table or field unwatched.
    """
    there = [table.name for table in stored.tables]
    tables = held_in(policy, stored)
    if not tables:
        yield NotApplicable(why="the policy names no tables here")
    for held in tables:
        if held.seen is None and _is_listed(stored):
            name = held.table.name
            yield _missing(f"table:{name}", f"no table {name} is there", name, there, held.table)
        elif held.seen and (held.seen.rows or held.seen.fields):
            yield from _missing_fields(held.table, held.seen)


def _is_listed(stored: DeclaredData) -> bool:
    """Return whether all tables of the store are known: what nobody listed may well be there."""
    return not any(
        gap.what == stored.subject or Aspect.TABLES in gap.aspects for gap in stored.gaps
    )


def _missing_fields(table: Table, seen: TableSeen) -> Iterator[Finding]:
    there = [field.name for field in seen.fields]
    used = serving(table)
    for name in dict.fromkeys((*table.fields, *used)):
        inner = beside(name, seen)
        known = any(field.looked_at or field.documented for field in inner)
        if not is_there(name, seen) and (known or not inner):
            text = f"no field {name} is in {table.name}"
            if not all(field.exhaustive or field.documented for field in inner):
                text += ", as far as a sample shows"
            yield _missing(
                f"field:{table.name}.{name}", text, name, there, table, is_used=name in used
            )


def _missing(  # noqa: PLR0913 -- all of it is told
    of: str, text: str, name: str, there: list[str], table: Table, *, is_used: bool = False
) -> Finding:
    guess = suggestion(name, there, "")
    return Finding(
        object=of,
        severity=Severity.MEDIUM if is_used else Severity.LOW,
        message=f"{text}{', and its records are judged by it' if is_used else ''}"
        f"{f'; {guess}' if guess else ''}",
        at=table.at,
        remedies=(Remedy(kind="remove", text="take it out of policy.yaml, or correct its name"),),
    )
