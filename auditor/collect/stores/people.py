"""Who is in a table of a store, as keyed hashes, where another table is compared with it."""

from collections.abc import Mapping
from typing import Final

from auditor.collect.people import SHORTEST, VARIABLE, PeopleCount, kind_of, subject_key
from auditor.collect.stores.reader import Reader, RefusedError, TableInfo
from auditor.evidence import Reason, SubjectsSeen
from auditor.policy import Policy, Store, Table

MOST: Final = 5_000_000  # people of a table: some 100 bytes each, while they are hashed


def is_compared(policy: Policy, store: Store, table: Table) -> bool:
    """Return whether a table is compared with another: it says so, or another names it."""
    name = f"store:{store.id}/{table.name}"
    return bool(table.people_in) or any(other.people_in == name for _, other in policy.tables())


def people_in(
    reader: Reader, info: TableInfo, table: Table, secrets: Mapping[str, str]
) -> SubjectsSeen:
    """Return who is in a table; `RefusedError` without a key, or a column that names people."""
    key = subject_key(secrets.get(VARIABLE, ""))
    if key is None:
        needs = f"a secret of {SHORTEST} characters or more in the variable {VARIABLE}"
        raise RefusedError(Reason.NO_CREDENTIAL, needs)
    if not table.subject_key:
        needs = f"`subject_key` of {table.name}: the column that names the person"
        raise RefusedError(Reason.UNDECIDED, needs)
    count = PeopleCount(key, table.subject_key, kind_of(table))
    for values in reader.scan(info, table.subject_key):
        for value in values:
            count.add(value)
        if count.number > MOST:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST:,} people in {table.name}")
    return count.seen()[0]
