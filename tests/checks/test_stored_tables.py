"""Tables that nobody declared: copies, leftovers, and what they hold."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, Gap, Reason, TableSeen
from auditor.example import USERS
from auditor.findings import Result
from auditor.testing import field, found_in, judge, policy, store, table
from auditor_checks.stored_tables import undeclared_table


def run(text: str, *tables: TableSeen, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge a store's tables."""
    return judge(undeclared_table, policy(text), store(*tables, gaps=gaps))


def test_declared_tables_pass() -> None:
    """A declared one that is not there is told by other checks, and keeps this one whole."""
    assert run(USERS, table("users")).outcome.value == "pass"
    assert run(USERS).outcome.value == "pass"
    empty = "stores: [{id: app, connector: sql}]"
    assert run(empty).outcome.value == "pass"
    assert run(empty, table("t")).outcome.value == "fail"


def test_what_is_found_and_what_to_write() -> None:
    """What it holds, and the entry to complete; odd names are quoted."""
    seen = table("old-users", field("e mail", "user.contact.email"), field("n"), rows=1200)
    (found,) = run(USERS, seen).findings
    assert (found.object, found.policy.line) == ("table:old-users", 10)
    assert found.message == snapshot(
        "old-users is there (records: 1,200), and no entry declares it; it holds "
        "user.contact.email"
    )
    assert found.seen[0].detail == snapshot("table old-users: records: 1,200, fields: 2")
    assert found.remedies[1].yaml == snapshot("""\
name: "old-users"
activities: [TODO]
fields:
  "e mail": user.contact.email
  "n": TODO
""")


def test_long_tables_are_cut_in_the_entry() -> None:
    """Nobody completes an entry of a thousand lines."""
    (found,) = run(USERS, table("t", *(field(f"c{n}") for n in range(1000)))).findings
    assert found.remedies[1].yaml.count("TODO") == 51


@pytest.mark.parametrize(
    ("seen", "severity"),
    [
        (table("t", field("a")), "low"),
        (table("t", rows=0), "low"),
        (table("t"), "medium"),
        (table("t", field("a", looked_at=0)), "medium"),
        (table("t", field("a", "user.device.ip_address")), "medium"),
        (table("t", field("a", "user.contact.email"), field("b")), "high"),
        (table("t", field("a", "user.health_and_medical")), "critical"),
        (table("t", field("a", found_in("user.name", confidence="low"))), "low"),
    ],
    ids=range(8),
)
def test_severity_is_by_what_is_in_it(seen: TableSeen, severity: str) -> None:
    """What nobody looked into may be anything; a guess counts for nothing."""
    (found,) = run(USERS, seen, table("users")).findings
    assert found.severity.value == severity


def test_a_shared_store() -> None:
    """Others' tables are not ours to declare."""
    text = USERS.replace("connector: sql", "connector: sql\n    undeclared_tables: ignore")
    assert run(text, table("t")).outcome.value == "not_applicable"


def test_undecided_tables_are_no_finding() -> None:
    """While the list is not written, nobody knows which tables belong there."""
    result = run("stores: [{id: app, connector: sql, tables: TODO}]", table("t"))
    assert (result.outcome.value, result.findings) == ("error", ())


def test_tables_that_could_not_be_listed() -> None:
    """A list that was refused is a gap; what is in the fields is not asked here."""
    for aspect, outcome in ((Aspect.TABLES, "error"), (Aspect.FIELDS, "pass")):
        gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(aspect,))
        assert run(USERS, table("users"), gaps=(gap,)).outcome.value == outcome
