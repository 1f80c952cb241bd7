"""Credentials: an audit reads, so what it reads with must not be able to write (Art. 32)."""

from collections.abc import Iterator

from auditor.check import Example, check
from auditor.evidence import Aspect, Handling
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching import holder_of
from auditor.policy import NOWHERE, Account, Policy, Store

ON_DISK = ("sqlite:", "duckdb:")
MOST_NAMED = 5
SERVER = """
stores: [{id: app, connector: sql, url: {env: DATABASE_URL}}]
"""


@check(
    "credential-privilege",
    title="The credential for the audit can only read",
    needs=Handling,
    references=["gdpr:32", "gdpr:25"],
    looks_at=[Aspect.PRIVILEGES],
    passing=Example(policy=SERVER),
    failing=Example(policy=SERVER, can_write=("INSERT on users", "DELETE on users")),
)
def credential_that_can_write(policy: Policy, handling: Handling) -> Iterator[Remark]:
    """Make a role or token of its own for the audit that may only read, and give it that one.

    A credential lies in a CI system and may leak: one that only reads cannot change or delete
    people's data. The permissions of a file are not looked at: it is opened for reading. For the
    scopes that each connector needs, see docs/accounts.
    """
    holder = holder_of(policy, handling.subject)
    if isinstance(holder, Store) and _is_on_disk(holder):
        yield NotApplicable(why="it is a file, which is opened for reading only")
        return
    if handling.can_write:
        some = ", ".join(handling.can_write[:MOST_NAMED])
        more = len(handling.can_write) - MOST_NAMED
        name = handling.subject.partition(":")[2]
        yield Finding(
            object=f"credential:{name}",
            severity=Severity.MEDIUM,
            message=f"the credential for {name} could change data: {some}"
            f"{f' and {more} more' if more > 0 else ''}",
            at=holder.at if holder else NOWHERE,
            seen=tuple(Sighting(detail=right) for right in handling.can_write),
            remedies=(Remedy(kind="remove", text=_advice(holder)),),
        )


def _advice(holder: Store | Account | None) -> str:
    if isinstance(holder, Account):
        return f"use a token with the scopes that docs/accounts/{holder.connector}.md names"
    return "use a role that may only read (GRANT SELECT)"


def _is_on_disk(store: Store) -> bool:
    is_file = isinstance(store.url, str) and store.url.startswith(ON_DISK)
    return store.connector == "files" or is_file
