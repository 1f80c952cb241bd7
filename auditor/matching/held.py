"""What the policy says of the tables of a store: which there are, and what each field holds."""

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from auditor.evidence import ConsentCounted, FieldSeen, TableSeen
from auditor.policy import NOTHING_PERSONAL, Account, Field, Policy, Store, Table


class Tables(Protocol):
    """Evidence that holds tables: a store's, or that of whatever else has some."""

    @property
    def subject(self) -> str:
        """Return whose tables they are."""

    @property
    def tables(self) -> tuple[TableSeen, ...]:
        """Return those that are there."""


class Held(Struct, frozen=True, kw_only=True):
    """A table that a store or an account is said to hold, and what was seen of it, if anything."""

    table: Table
    seen: TableSeen | None = None


def holder_of(policy: Policy, subject: str) -> Store | Account | None:
    """Return the store or account that a subject names, None if it is not declared."""
    holders: tuple[Store | Account, ...]
    kind, _, name = subject.partition(":")
    holders = policy.stores if kind == "store" else policy.accounts
    return next((holder for holder in holders if holder.id == name), None)


def held_in(policy: Policy, seen: Tables) -> tuple[Held, ...]:
    """Return each declared table of the evidence's store with what was seen of it."""
    holder = holder_of(policy, seen.subject)
    there = {table.name: table for table in seen.tables}
    tables = holder.tables if holder else ()
    return tuple(Held(table=table, seen=there.get(table.name)) for table in tables)


def undeclared_in(policy: Policy, seen: Tables) -> tuple[TableSeen, ...]:
    """Return the tables that are there, and that the policy does not name."""
    named = {held.table.name for held in held_in(policy, seen)}
    return tuple(table for table in seen.tables if table.name not in named)


def category_of(table: Table, field: str) -> str:
    """Return what a declared field holds."""
    declared = table.fields[field]
    return declared.category if isinstance(declared, Field) else declared


def activity_of(table: Table, field: str) -> str:
    """Return the activity that a declared field is for: the table's first, unless it names one."""
    declared = table.fields[field]
    own = declared.activity if isinstance(declared, Field) else ""
    return own or next(iter(table.activities), "")


def consents_in(held: Held) -> tuple[ConsentCounted, ...]:
    """Return the counts of who agreed to what a table's `consent` is for.

    That is the activity it names, else the table's first.
    """
    consent = held.table.consent
    if consent is None or held.seen is None:
        return ()
    names = {consent.activity, consent.activity or next(iter(held.table.activities), "")}
    return tuple(counted for counted in held.seen.consents if counted.activity in names)


def declared_as(table: Table, field: str) -> str | None:
    """Return the key under `fields` that covers a field: its own, or the nearest around it.

    `address` covers `address.city` and `address[].city`; None if no key covers the field.
    """
    return next((name for name in _around(field) if name in table.fields), None)


def meaning_of(table: Table, field: str) -> str | None:
    """Return the category that the policy gives a field, None where it says nothing of it.

    A column that only serves as an anchor, a key or a consent record is said to hold nothing
    personal, and so is what `undeclared_fields: ignore` leaves out: what is in it may contradict.
    """
    if name := declared_as(table, field):
        return category_of(table, name)
    is_left_out = field in serving(table) or table.undeclared_fields == "ignore"
    return NOTHING_PERSONAL if is_left_out else None


def serving(table: Table) -> tuple[str, ...]:
    """Return the columns of a table that its declaration uses: dates, keys, consent records."""
    anchors = (
        anchor if isinstance(anchor, str) else (anchor.key if anchor.table else anchor.field)
        for anchor in table.anchors.values()
    )
    consent = table.consent
    audience = consent.audience if consent else None
    names = (
        *anchors,
        table.subject_key,
        consent.given_at if consent else "",
        audience.field if audience else "",
    )
    return tuple(dict.fromkeys(filter(None, names)))


def is_there(name: str, seen: TableSeen) -> bool:
    """Return whether a table has a field of this name, or fields below it."""
    return any(name in _around(field.name) for field in seen.fields)


def beside(name: str, seen: TableSeen) -> tuple[FieldSeen, ...]:
    """Return what shares the nearest path around a nested field that is not there.

    That is where somebody would have seen it; () for a column, and where nothing is around it.
    """
    _, *around = _around(name)
    found = (tuple(f for f in seen.fields if path in _around(f.name)) for path in around)
    return next(filter(None, found), ())


def _around(field: str) -> Iterator[str]:
    """Yield a field's path, then the paths around it, the nearest first."""
    yield field
    for end in range(len(field) - 1, 0, -1):
        if field[end] in ".[":
            yield field[:end]
