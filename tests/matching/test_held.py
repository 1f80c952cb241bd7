"""Which declaration covers a table and a field."""

import pytest

from auditor.evidence import ConsentCounted
from auditor.matching import (
    beside,
    consents_in,
    declared_as,
    held_in,
    holder_of,
    is_there,
    meaning_of,
    serving,
    undeclared_in,
)
from auditor.policy import Policy
from auditor.testing import field, policy, store, table

TEXT = """
processing_activities: [{id: letters}, {id: news}]
stores:
  - id: app
    connector: sql
    tables:
      - name: users
        activities: [letters]
        subject_key: uid
        fields: {address: user.contact.address, address.country: system.operations, a: user}
        anchors:
          created: made
          transaction: {field: paid_at, table: payments, key: payment, references: id}
        consent: {given_at: agreed, audience: {field: subscribed}}
      - {name: rest, undeclared_fields: ignore}
accounts: [{id: app, connector: slack, tables: [{name: people}]}]
"""


@pytest.fixture(scope="module")
def promised() -> Policy:
    """Return a policy with two tables."""
    return policy(TEXT)


def test_tables_by_name(promised: Policy) -> None:
    """Each declared table with what was seen of it; the others are undeclared."""
    seen = store(table("users"), table("copies"))
    assert [(held.table.name, held.seen is not None) for held in held_in(promised, seen)] == [
        ("users", True),
        ("rest", False),
    ]
    assert [one.name for one in undeclared_in(promised, seen)] == ["copies"]
    assert held_in(promised, store(store_id="other")) == ()


def test_holders_by_subject(promised: Policy) -> None:
    """A store and an account of one id are two."""
    assert holder_of(promised, "store:app") is promised.stores[0]
    assert holder_of(promised, "account:app") is promised.accounts[0]
    assert holder_of(promised, "store:none") is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("address", "address"),
        ("address.city", "address"),
        ("address[].city", "address"),
        ("address.country.code", "address.country"),
        ("addresses", None),
        ("addresses.city", None),
        ("a[0]", "a"),
        ("home.address", None),
        ("", None),
    ],
)
def test_a_declared_field_covers_what_is_in_it(
    promised: Policy, name: str, key: str | None
) -> None:
    """The nearest key around it counts; a name that only begins alike is another."""
    assert declared_as(promised.stores[0].tables[0], name) == key


def test_what_the_policy_says_of_a_field(promised: Policy) -> None:
    """Its key's category; what only serves is nothing personal; of the rest it says nothing."""
    users, rest = promised.stores[0].tables
    said = ("address.city", "uid", "made", "payment", "agreed", "subscribed")
    assert [meaning_of(users, name) for name in said] == [
        "user.contact.address",
        *["system.operations"] * 5,
    ]
    assert meaning_of(users, "paid_at") is None
    assert meaning_of(users, "other") is None
    assert meaning_of(rest, "other") == "system.operations"
    assert serving(users) == ("made", "payment", "uid", "agreed", "subscribed")
    assert serving(rest) == ()


def test_a_field_is_there_with_its_parts() -> None:
    """Of nested documents only the innermost paths may be seen."""
    seen = table("users", field("address.city"), field("items[].price"))
    names = ("address", "items", "items[]", "item", "city")
    assert [name for name in names if is_there(name, seen)] == ["address", "items", "items[]"]


@pytest.mark.parametrize(("activity", "number"), [("", 1), ("letters", 1), ("news", 0)])
def test_consents_by_activity(promised: Policy, activity: str, number: int) -> None:
    """The first activity is meant where none is named; another's counts say nothing."""
    seen = store(table("users", ConsentCounted(activity=activity, audience=3)))
    held, empty = held_in(promised, seen)
    assert len(consents_in(held)) == number
    assert consents_in(empty) == ()


def test_what_lies_beside_a_nested_field() -> None:
    """The nearest object around it that is there, itself or by its parts; a column has none."""
    seen = table("users", field("a"), field("b.c.d"), field("b.e"), field("bc"))
    for name, found in (
        ("a.x", ["a"]),
        ("b.c.x", ["b.c.d"]),
        ("b.x", ["b.c.d", "b.e"]),
        ("b[].x", ["b.c.d", "b.e"]),
        ("x", []),
        ("x.y", []),
    ):
        assert [one.name for one in beside(name, seen)] == found
