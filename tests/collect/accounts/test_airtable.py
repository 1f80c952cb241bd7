"""Airtable: what its tables hold, how old it is, and how little it may be asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pytest
from fakes.airtable import BASE, GOOD, FakeAirtable, Record
from fakes.running import KEY, ask, gaps, settings, tables, whole_text
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.accounts import airtable
from auditor.collect.accounts.airtable import AIRTABLE
from auditor.collect.accounts.connector import Asking, Part, Trace, Wanted
from auditor.collect.credentials import Secret
from auditor.collect.people import subject_key
from auditor.collect.rest import Api
from auditor.evidence import Ages, Aspect, Reason
from auditor.policy import Account
from auditor.testing import policy

EDGE = date(2025, 1, 14)
FIELDS = {
    "Name": "singleLineText",
    "Mail": "email",
    "Notes": "multilineText",
    "Wants news": "checkbox",
    "Agreed": "date",
    "Last met": "dateTime",
}
DECLARED = policy(
    """
processing_activities: [{id: news}]
accounts:
  - id: base
    connector: airtable
    tables:
      - name: People
        subject_key: Mail
        anchors: {last_used: Last met}
        consent: {activity: news, given_at: Agreed, audience: {field: Wants news, equals: true}}
"""
).accounts[0]
PLAIN = Account(id="base", connector="airtable", base=BASE)


def record(created: str = "2025-06-01", modified: str = "", /, **fields: object) -> Record:
    """Return a record of a day."""
    moments = {"created": f"{created}T12:00:00.000Z"}
    moments["modified"] = modified or moments["created"]
    return {**moments, "fields": fields}


def people(*records: Record, **facts: Any) -> FakeAirtable:  # noqa: ANN401 -- of FakeAirtable
    """Return a base with a table of people."""
    return FakeAirtable({"People": (FIELDS, records)}, **facts)


def asking_at(base: str, account: Account = PLAIN, key: str = GOOD) -> Asking:
    """Return what questions are given, for a stand-in at `base`."""
    secret = Secret(text=key)
    return Asking(
        account=account,
        api=Api(AIRTABLE.service, AIRTABLE.headers(secret), base=base, sleep=lambda _: None),
        secret=secret,
        as_of=date(2026, 1, 15),
        edges=(EDGE,),
        key=subject_key(KEY),
    )


def declared() -> Account:
    """Return the account as it is declared above, with its base."""
    facts = {name: getattr(DECLARED, name) for name in DECLARED.__struct_fields__}
    return Account(**{**facts, "base": BASE})


def seen_by(fake: FakeAirtable, account: Account = PLAIN, key: str = GOOD) -> list[Part]:
    """Return what all questions yield."""
    with fake:
        return ask(asking_at(fake.base, account, key), AIRTABLE.questions)


def by_anchor(parts: Iterable[Part], name: str = "People") -> Mapping[str, Ages]:
    """Return the ages of a table by their anchors."""
    return {ages.anchor: ages for ages in tables(parts)[name].ages}


def test_types_and_values_say_what_is_there() -> None:
    """A field of type e-mail holds addresses; a note may, too. None of them is kept."""
    records = [
        record(Mail=f"ada{n}@example.net", Notes=f"ask ada{n}@planted.net") for n in range(9)
    ]
    parts = seen_by(people(*records))
    found = {field.name: field for field in tables(parts)["People"].fields}
    assert [one.category for one in found["Mail"].found] == ["user.contact.email"]
    assert "user.contact.email" in {one.category for one in found["Notes"].found}
    assert found["Agreed"].filled == 0
    assert len(tables(parts)["People"].subjects[0].hashes) == 9
    assert "ada0" not in whole_text(parts)
    assert "planted" not in whole_text(parts)


def test_ages_by_creation_and_by_the_last_change() -> None:
    """The day after the edge is the first that is still good."""
    old = "2025-01-14T23:59:59.000Z"
    young = "2025-01-15T00:00:00.000Z"
    records = (record("2020-01-01", old), record("2020-01-01", young), record("2021-01-01", young))
    ages = by_anchor(seen_by(people(*records)))
    assert ages["created"].days == {date(2020, 1, 1): 2, date(2021, 1, 1): 1}
    assert ages["last_updated"].days == {EDGE: 1, date(2025, 1, 15): 2}
    assert ages["last_updated"].edges == (EDGE,)


def test_a_date_of_the_policy() -> None:
    """By the field that it names; records without it are counted as such."""
    met = {"Last met": "2024-12-31T10:00:00.000Z"}
    ages = by_anchor(seen_by(people(record(**met), record(), record()), declared()))
    used = ages["last_used"]
    assert (used.rows, used.days, used.undated) == (3, {EDGE: 1}, 2)


def test_consent_on_record() -> None:
    """Of those who get news, how many never agreed."""
    records = (
        record(**{"Wants news": True, "Agreed": "2025-01-01"}),
        record(**{"Wants news": True}),
        record(),
    )
    (counted,) = tables(seen_by(people(*records), declared()))["People"].consents
    assert (counted.activity, counted.audience, counted.without) == ("news", 2, 1)


@pytest.mark.parametrize("facts", [{}, {"is_full": True}, {"busy": 2}])
def test_every_page_is_read(facts: dict[str, Any]) -> None:
    """A last page that is full, and a call too many, too: then it waits 30 seconds."""
    fake = people(*(record() for _ in range(200)), **facts)
    assert tables(seen_by(fake))["People"].rows == 200
    assert AIRTABLE.service.rest == 30


def test_the_calls_of_a_month_are_not_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond some it ends with a gap, and what was counted is told."""
    monkeypatch.setattr(airtable, "MOST_CALLS", 3)
    fake = people(*(record() for _ in range(500)))
    parts = seen_by(fake)
    reasons = [gap.reason for gap in gaps(parts) if Aspect.SUBJECTS not in gap.aspects]
    assert reasons == [Reason.CAP_REACHED, Reason.CAP_REACHED]
    assert tables(parts)["People"].rows == 200
    assert len(fake.asked) == 3


@pytest.mark.parametrize(
    ("facts", "key", "reason"),
    [
        ({}, "pat.bad", Reason.NO_CREDENTIAL),
        ({"scopes": ["data.records:read"]}, GOOD, Reason.FORBIDDEN),
        ({"scopes": ["schema.bases:read"]}, GOOD, Reason.FORBIDDEN),
    ],
)
def test_what_the_token_may_not(facts: dict[str, Any], key: str, reason: Reason) -> None:
    """A gap, and nothing of the text that came with it."""
    parts = seen_by(people(record(), **facts), key=key)
    assert {gap.reason for gap in gaps(parts)} == {reason}
    assert "Planted" not in whole_text(parts)


def test_no_base() -> None:
    """Somebody has to say which."""
    parts = seen_by(people(), Account(id="base", connector="airtable"))
    assert [gap.reason for gap in gaps(parts)] == [Reason.UNDECIDED]


def test_the_bin_is_told() -> None:
    """It is so for every base, by Airtable's own documentation."""
    assert [(one.effect, one.period) for one in settings(seen_by(people()))] == [
        ("outlives_deletion", "P7D"),
        ("outlives_deletion", "P30D"),
    ]


@pytest.mark.parametrize("email", ["ada@example.net", " ADA@Example.net", "o'brien\\@example.net"])
def test_a_person_is_found(email: str) -> None:
    """In any case of the letters, whatever letters there are."""
    held = people(record(Mail=f"{email.strip()} "), record(Mail="bob@example.net"))
    assert AIRTABLE.find
    with held as fake:
        found = list(AIRTABLE.find(asking_at(fake.base), Wanted(keys={"email": email})))
    assert found == [Trace(place="People", number=1)]


@given(st.text(), st.text(min_size=1).filter(lambda name: name.strip()))
def test_a_formula_means_what_it_quotes(text: str, name: str) -> None:
    """Nothing in a text or a name ends it early."""
    made = f"{{{airtable._escaped(name)}}}={airtable._quoted(text)}"
    found = [made.startswith("{"), made.endswith("'")]
    body = made[1 : made.index("}=", len(airtable._escaped(name)) + 1)]
    assert all(found)
    assert body == airtable._escaped(name)


def categories(fields: Mapping[str, str], *records: Record) -> dict[str, set[str]]:
    """Return what is found in each field of a table."""
    table = tables(seen_by(FakeAirtable({"People": (fields, records)})))["People"]
    return {field.name: {one.category for one in field.found} for field in table.fields}


@pytest.mark.parametrize("kind", ["formula", "rollup", "button"])
def test_what_is_computed_is_looked_into(kind: str) -> None:
    """A formula is made of other fields, and shows what is in these."""
    records = (record(Full=f"ada{n}@example.net") for n in range(20))
    assert "user.contact.email" in categories({"Full": kind}, *records)["Full"]


def test_collaborators_have_addresses() -> None:
    """Airtable gives a name and an e-mail address of each."""
    records = (record(Own={"email": f"ada{n}@example.net", "name": "Ada"}) for n in range(20))
    found = categories({"Own": "singleCollaborator"}, *records)
    assert found["Own.email"] == {"user.contact.email"}


def test_names_that_are_somebodys() -> None:
    """A field or a table called after a person is told by its id, and each by its own."""
    name = "ada.planted@example.net"
    held = {name: ({name: "checkbox"}, [record(**{name: True})]), f"b{name}": (FIELDS, [])}
    parts = seen_by(FakeAirtable(held))
    assert list(tables(parts)) == ["tbl0", "tbl1"]
    assert [field.name for field in tables(parts)["tbl0"].fields] == ["fld0"]
    assert "planted" not in whole_text(parts)


def test_records_without_a_person() -> None:
    """They cannot be compared with those of other systems."""
    (gap,) = gaps(seen_by(people(record(Mail="ada@example.net"), record())))
    assert (gap.what, gap.aspects) == ("who is in People", (Aspect.SUBJECTS,))


@pytest.mark.parametrize(
    ("fields", "held", "keys"),
    [
        ({"Notes": "multilineText"}, "Ask Ada@Example.net first", {"email": "ada@example.net"}),
        ({"Name": "singleLineText"}, "o'brien@example.net", {"email": "o'brien@example.net"}),
        ({"Tel": "phoneNumber"}, "+49 (30) 901", {"phone": "+49 30-901"}),
    ],
)
def test_a_person_in_any_text(fields: dict[str, str], held: str, keys: dict[str, str]) -> None:
    """Wherever people may have written an address, and a number with any separators."""
    (name,) = fields
    records = [record(**{name: held}), record(**{name: "somebody else"}), record()]
    assert AIRTABLE.find
    with FakeAirtable({"People": (fields, records)}) as fake:
        found = list(AIRTABLE.find(asking_at(fake.base), Wanted(keys=keys)))
    assert found == [Trace(place="People", number=1)]
