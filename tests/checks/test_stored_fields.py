"""Fields that nobody declared, and declared ones that are not there."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, FieldSeen, Gap, Reason, TableSeen
from auditor.example import USERS
from auditor.findings import Result
from auditor.testing import account, field, found_in, judge, policy, store, table
from auditor_checks.stored_fields import missing_field, undeclared_field

EMAIL, LAST = field("email", "user.contact.email"), field("last_seen")
IGNORED = USERS.replace("        anchors:", "        undeclared_fields: ignore\n        anchors:")


def seen(*fields: FieldSeen, text: str = USERS, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge the fields of `users` for what is undeclared."""
    return judge(undeclared_field, policy(text), store(table("users", *fields), gaps=gaps))


def missing(*tables: TableSeen, text: str = USERS) -> list[tuple[str, str, str]]:
    """Judge a store for what is missing: object, severity, message."""
    result = judge(missing_field, policy(text), store(*tables))
    return [(f.object, f.severity.value, f.message) for f in result.findings]


def test_what_is_declared_passes() -> None:
    """Fields under `fields`, what is in them, and columns that serve as anchor or key."""
    assert seen(EMAIL, LAST).outcome.value == "pass"
    assert seen(EMAIL, field("email.domain"), LAST).outcome.value == "pass"
    served = USERS.replace(", last_seen: system.operations", "")
    assert seen(EMAIL, LAST, text=served).outcome.value == "pass"


def test_a_field_that_is_not_declared() -> None:
    """With what it holds, and the line to write."""
    (found,) = seen(EMAIL, LAST, field("iban", "user.financial.bank_account")).findings
    assert (found.object, found.severity.value) == ("field:users.iban", "high")
    assert found.message == snapshot(
        "users.iban is there, and not under `fields`; it holds user.financial.bank_account"
    )
    assert found.seen[0].detail == snapshot("table users: field iban, 100 of 100 filled")
    assert found.remedies[1].yaml == '"iban": user.financial.bank_account\n'


@pytest.mark.parametrize(
    ("extra", "severity"),
    [
        (field("x"), "low"),
        (field("x", looked_at=0), "medium"),
        (field("x", filled=0, looked_at=0), "low"),
        (field("x", "user.device"), "medium"),
        (field("x", "user.biometric"), "critical"),
        (field("x", found_in("user.biometric", confidence="low")), "low"),
    ],
    ids=range(6),
)
def test_severity_is_by_what_is_in_it(extra: FieldSeen, severity: str) -> None:
    """What nobody looked into may be anything."""
    assert [found.severity.value for found in seen(EMAIL, extra).findings] == [severity]


def test_what_only_holds_other_fields_is_judged_by_them() -> None:
    """Of a document its innermost paths are declared."""
    text = USERS.replace("fields: {", "fields: {home.city: user.contact.address.city, ")
    result = seen(field("home"), field("home.city"), field("home.zip"), text=text)
    assert [found.object for found in result.findings] == ["field:users.home.zip"]


def test_ignored_fields() -> None:
    """They count as nothing personal, which another check compares with what is in them."""
    assert seen(EMAIL, field("x"), text=IGNORED).outcome.value == "not_applicable"


def test_fields_nobody_could_read() -> None:
    """A refused look, a table that is not there, and a list nobody has written yet."""
    refused = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.FIELDS,))
    assert seen(EMAIL, gaps=(refused,)).outcome.value == "error"
    assert judge(undeclared_field, policy(USERS), store()).outcome.value == "error"
    undecided = USERS.replace("{email: user.contact.email, last_seen: system.operations}", "TODO")
    result = seen(EMAIL, text=undecided)
    assert (result.outcome.value, result.findings) == ("error", ())


def test_a_declared_field_that_is_not_there() -> None:
    """An unused entry is low; a column by which records are judged is more."""
    assert missing(table("users", field("Email"))) == snapshot(
        [
            (
                "field:users.last_seen",
                "medium",
                "no field last_seen is in users, and its records are judged by it",
            ),
            ("field:users.email", "low", "no field email is in users; did you mean Email?"),
        ]
    )
    assert missing(table("users", field("email.local"), LAST)) == []


def test_a_declared_table_that_is_not_there() -> None:
    """Nothing was seen of it, so the check has a gap as well."""
    assert missing(table("user")) == snapshot(
        [("table:users", "low", "no table users is there; did you mean user?")]
    )
    assert judge(missing_field, policy(USERS), store()).gaps


def test_an_empty_collection_has_no_fields() -> None:
    """A document store knows no columns: without documents nothing can be missing."""
    assert missing(table("users", rows=0)) == []


@pytest.mark.parametrize(
    "gap",
    [
        Gap(what="store:app", reason=Reason.CHECK_CRASHED, needs="n"),
        Gap(what="tables", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.TABLES,)),
    ],
    ids=["the store", "its tables"],
)
def test_a_table_that_nobody_listed_may_be_there(gap: Gap) -> None:
    """Where the tables are not known, nobody says that one is missing."""
    result = judge(missing_field, policy(USERS), store(gaps=(gap,)))
    assert (result.outcome.value, result.findings) == ("error", ())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (field("address.zip"), ["no field address.city is in users"]),
        (
            field("address.zip", exhaustive=False),
            ["no field address.city is in users, as far as a sample shows"],
        ),
        (field("address", looked_at=0, exhaustive=False), []),
    ],
    ids=["all seen", "sampled", "not looked into"],
)
def test_a_nested_field_is_missing_only_where_somebody_looked(
    address: FieldSeen, words: list[str]
) -> None:
    """What is in an object shows in its values alone."""
    text = USERS.replace("{email:", "{address.city: user.contact.address.city, email:")
    found = missing(table("users", EMAIL, LAST, address), text=text)
    assert [message.partition(";")[0] for _, _, message in found] == words


def test_without_declared_tables_no_field_is_promised() -> None:
    """What is there is then told of tables; of fields nothing was compared."""
    promised = policy("stores: [{id: app, connector: sql, undeclared_tables: ignore}]")
    for check in (undeclared_field, missing_field):
        result = judge(check, promised, store(table("users", EMAIL)))
        assert result.outcome.value == "not_applicable"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [("", "not_applicable"), (", fields: {name: user.name}", "fail")],
)
def test_a_table_of_an_account_that_names_no_fields(fields: str, outcome: str) -> None:
    """A service's own fields are known: another check asks whether they may be there."""
    text = f"accounts: [{{id: app, connector: stripe, tables: [{{name: customers{fields}}}]}}]"
    seen = account(table("customers", field("email", "user.contact.email")))
    assert judge(undeclared_field, policy(text), seen).outcome.value == outcome
