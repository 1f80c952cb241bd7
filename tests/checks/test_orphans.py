"""Whoever's account is gone is gone everywhere."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, Gap, Reason, SubjectsSeen, TableSeen
from auditor.findings import Result
from auditor.testing import account, judge, policy, store, table
from auditor_checks.orphans import left_over

TEXT = """
stores: [{id: db, connector: sql, tables: [{name: users}]}]
accounts:
  - {id: app, connector: stripe, tables: [{name: customers, people_in: "store:db/users"}]}
"""


def people(name: str, *hashes: str, key: str = "k", field: str = "email:email") -> TableSeen:
    """Return a table in which these people are."""
    return table(name, subjects=(SubjectsSeen(field=field, key=key, hashes=hashes),))


def run(mine: TableSeen, listed: TableSeen | None, *gaps: Gap) -> Result:
    """Judge the account against the store."""
    others = (store(listed, store_id="db"),) if listed else ()
    return judge(left_over, policy(TEXT), account(mine, gaps=gaps), *others)


def test_everybody_has_an_account() -> None:
    """Others may have one and not be here."""
    assert run(people("customers", "a"), people("users", "a", "b")).outcome.value == "pass"


def test_somebody_is_left_over() -> None:
    """How many, and of whom; nobody is named."""
    (found,) = run(people("customers", "a", "c"), people("users", "a", "b")).findings
    assert found.object == "table:customers"
    assert found.message == snapshot(
        "1 of 2 people in customers are not in store:db/users: their account is gone, and this is"
        " left of them"
    )


@pytest.mark.parametrize(
    ("mine", "listed", "needs"),
    [
        (people("customers", "a"), None, "a look at store:db/users"),
        (people("customers", "a"), table("others"), "a look at store:db/users"),
        (people("customers", "a"), people("users", "a", key="x"), "hashes by one key"),
        (people("customers", "a"), people("users", "a", field="id:id"), "the same kind of key"),
        (table("customers"), people("users", "a"), "the same kind of key"),
        (people("else", "a"), people("users", "a"), "a look at account:app/customers"),
    ],
)
def test_what_cannot_be_compared(mine: TableSeen, listed: TableSeen | None, needs: str) -> None:
    """Other keys, other kinds, nobody there: a gap each."""
    result = run(mine, listed)
    assert result.outcome.value == "error"
    assert any(gap.needs.startswith(needs) for gap in result.gaps)


def test_without_a_key() -> None:
    """The account's own gap is one of this check."""
    gap = Gap(what="w", reason=Reason.NO_CREDENTIAL, needs="n", aspects=(Aspect.SUBJECTS,))
    result = run(people("customers", "a"), people("users", "a"), gap)
    assert result.outcome.value == "error"


def test_nobody_says_where_people_are_listed() -> None:
    """Then there is nothing to compare."""
    text = "accounts: [{id: app, connector: stripe, tables: [{name: customers}]}]"
    result = judge(left_over, policy(text), account(people("customers", "a")))
    assert result.outcome.value == "not_applicable"
