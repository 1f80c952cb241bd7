"""Firestore, on Google's own emulator where the machine has it; its settings on a stand-in."""

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from fakes.google_documents import google
from fakes.openapi import GOOD, Fake, Said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.collect import finding
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.firestore import Firestore
from auditor.collect.stores.reader import AgesQuestion, ConsentQuestion, RefusedError
from auditor.evidence import Ages, Aspect, Reason, StoreEvidence
from auditor.policy import AnchorField, Audience
from auditor.policy_file.overrides import with_store_url
from auditor.testing import policy

JARS = (
    os.environ.get("FIRESTORE_EMULATOR_JAR", ""),
    "/usr/lib/google-cloud-sdk/platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
    "/opt/google-cloud-sdk/platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
)
MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
Fill = Callable[..., Firestore]


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    """Return the address of an emulator of our own."""
    jar = next((path for path in JARS if path and Path(path).is_file()), "")
    java = shutil.which("java")
    if not (jar and java):
        pytest.skip(
            "no Firestore emulator: FIRESTORE_EMULATOR_JAR names its jar, and java runs it"
        )
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [java, "-Duser.language=en", "-cp", jar, MAIN, "start", "--host=127.0.0.1"]
    command += [f"--port={port}", "--database-mode=firestore-native"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 -- our own
    try:
        for _ in range(300):
            try:
                requests.get(f"http://127.0.0.1:{port}/", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def fill(emulator: str) -> Iterator[Fill]:
    """Return what writes documents, by their paths, into a project of their own."""
    readers: list[Firestore] = []

    def write(**documents: dict[str, Any]) -> Firestore:
        project = f"demo-{uuid4().hex[:12]}"
        root = f"projects/{project}/databases/(default)/documents"
        writes = [
            {"update": {"name": f"{root}/{path.replace('__', '/')}", "fields": fields}}
            for path, fields in documents.items()
        ]
        for start in range(0, len(writes), 400):
            requests.post(
                f"{emulator}/v1/{root}:commit",
                json={"writes": writes[start : start + 400]},
                headers={"Authorization": "Bearer owner"},
                timeout=30,
            ).raise_for_status()
        readers.append(Firestore(project, "", "owner", base=emulator, seconds=30))
        return readers[-1]

    yield write
    for reader in readers:
        reader.close()


def text(value: str) -> dict[str, object]:
    """Return a text as REST writes it."""
    return {"stringValue": value}


def when(day: str) -> dict[str, object]:
    """Return a moment as REST writes it."""
    return {"timestampValue": f"{day}T12:00:00Z"}


def ages(reader: Firestore, *columns: AnchorField, holding: tuple[str, ...] = ()) -> Ages:
    """Return the ages of the users."""
    question = AgesQuestion(
        table="users", anchor="last_used", columns=columns, fallback="", holding=holding
    )
    return reader.ages(question)


SEEN = AnchorField(field="seen")


def test_collections_wherever_they_hang(fill: Fill) -> None:
    """Below documents, also below one that is not there; each name is one table."""
    reader = fill(
        users__a={"email": text("a@example.org")},
        users__a__orders__1={"total": {"integerValue": "3"}},
        users__gone__notes__1={"body": text("hidden")},
        users__a__orders__1__lines__x={"what": text("y")},
    )
    tables = {table.name: table for table in reader.tables()}
    assert {name: table.rows for name, table in tables.items()} == {
        "users": 1,
        "orders": 1,
        "notes": 1,
        "lines": 1,
    }
    assert [column.name for column in tables["notes"].columns] == ["body"]
    assert reader.unread() == ()


def test_documents_without_a_date_are_counted(fill: Fill) -> None:
    """Nor is one left out whose date is of another kind."""
    reader = fill(
        users__a={"seen": when("2020-01-02")},
        users__b={"seen": when("2020-01-02")},
        users__c={},
        users__d={"seen": {"nullValue": None}},
        users__e={"seen": text("soon")},
        users__f={"seen": text("2021-03-04")},
        users__g={"seen": {"integerValue": "1600000000"}},
    )
    found = ages(reader, SEEN)
    assert found.days == {date(2020, 1, 2): 2, date(2021, 3, 4): 1}
    assert (found.rows, found.undated, found.unreadable) == (7, 2, 2)
    epoch = ages(reader, AnchorField(field="seen", format="epoch_s"))
    assert epoch.days[date(2020, 9, 13)] == 1


def test_the_servers_own_dates(fill: Fill) -> None:
    """Every document has one of creation and one of its last change."""
    reader = fill(users__a={}, users__b={})
    today = datetime.now(UTC).date()
    for name in ("__create_time__", "__update_time__"):
        days = ages(reader, AnchorField(field=name)).days
        assert sum(days.values()) == 2
        assert abs((max(days) - today).days) <= 1


def test_a_fallback_and_a_field_that_must_be_there(fill: Fill) -> None:
    """As in every other store."""
    reader = fill(
        users__a={
            "made": when("2019-01-01"),
            "profile": {"mapValue": {"fields": {"m": text("x")}}},
        },
        users__b={"seen": when("2020-01-01"), "made": when("2019-01-01")},
    )
    both = ages(reader, SEEN, AnchorField(field="made"))
    assert both.days == {date(2019, 1, 1): 1, date(2020, 1, 1): 1}
    held = ages(reader, SEEN, AnchorField(field="made"), holding=("profile.m",))
    assert held.days == {date(2019, 1, 1): 1}


def test_more_than_a_page(fill: Fill) -> None:
    """Every document is counted once, and a sample is drawn from all over."""
    many = {
        f"users__u{n:05}": {"seen": when("2020-01-01"), "n": text(f"v{n}")} for n in range(2100)
    }
    reader = fill(**many)
    (info,) = reader.tables()
    assert ages(reader, SEEN).rows == info.rows == 2100
    sample = reader.sample(info, 100)["n"]
    assert sample.rows == 2100
    assert len(sample.values) == 100
    assert not sample.is_all
    assert len({value[1:-2] for value in sample.values}) > 5  # from all over


DATES = st.one_of(
    st.none(),
    st.just("?"),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(DATES, max_size=12))
def test_it_counts_as_a_naive_reading_does(fill: Fill, values: list[date | str | None]) -> None:
    """Whatever the values are."""

    def written(value: date | str | None) -> dict[str, Any]:
        if value is None:
            return {}
        return {"seen": when(value.isoformat()) if isinstance(value, date) else text(value)}

    reader = fill(users__zero={}, **{f"users__{n}": written(v) for n, v in enumerate(values)})
    found = ages(reader, SEEN)
    dated = [value for value in values if isinstance(value, date)]
    assert found.days == {day: dated.count(day) for day in dated}
    assert found.undated == 1 + values.count(None)
    assert found.unreadable == values.count("?")


def test_consent(fill: Fill) -> None:
    """Of those who get letters, who never agreed, and who took it back."""
    yes = {"letters": {"booleanValue": True}}
    reader = fill(
        users__a={**yes, "agreed": when("2020-01-01")},
        users__b=yes,
        users__c={**yes, "agreed": when("2020-01-01"), "left": when("2021-01-01")},
        users__d={**yes, "agreed": when("2022-01-01"), "left": when("2021-01-01")},
        users__e={"letters": text("true")},
        users__f={},
    )
    counted = reader.consent(
        ConsentQuestion(
            table="users",
            activity="news",
            given_at=AnchorField(field="agreed"),
            withdrawn_at=AnchorField(field="left"),
            audience=Audience(field="letters", equals=True),
        )
    )
    assert (counted.audience, counted.without, counted.withdrawn) == (4, 1, 1)


def count(reader: Firestore, table: str, field: str, person: str) -> int:
    """Count the records of a person, as `audit erasure` does."""
    info = next(one for one in reader.tables() if one.name == table)
    return finding._count(reader, info, field, "email", person)


def test_a_person_is_counted(fill: Fill) -> None:
    """In a field with any name, as it is written."""
    ada, bob = ({"e mail`": text(f"{name}@example.org")} for name in ("ada", "bob"))
    reader = fill(users__a=ada, users__b=bob, users__a__copies__x=ada)
    assert count(reader, "users", "e mail`", " ADA@example.org") == 1
    assert count(reader, "copies", "e mail`", "ada@example.org") == 1


def mail(name: str) -> dict[str, Any]:
    """Return a document with an address."""
    return {"contact": text(f"{name}@planted.example")}


def of(**fields: dict[str, Any]) -> dict[str, Any]:
    """Return a map as REST writes it."""
    return {"mapValue": {"fields": fields}}


def test_below_what_is_gone_at_any_depth(fill: Fill) -> None:
    """An order that is deleted may have lines: the server's count tells that they are there."""
    reader = fill(users__a={}, users__a__orders__gone__lines__1={"what": text("x")})
    assert {table.name: table.rows for table in reader.tables()} == {"lines": 1, "users": 1}
    assert reader.unread() == ()


def test_one_document_of_many_has_more_below_it(fill: Fill) -> None:
    """What only the last of a thousand has is found; and where nothing is hidden, no gap."""
    many = {f"users__u{n:04}": {"n": text("v")} for n in range(700)}
    plain = fill(**many)
    assert [table.name for table in plain.tables()] == ["users"]
    assert plain.unread() == ()
    deep = fill(**many, users__u0699__diary__1={"body": text("x")})
    assert {table.name: table.rows for table in deep.tables()} == {"diary": 1, "users": 700}
    assert deep.unread() == ()


def test_a_sample_is_of_every_parent(fill: Fill) -> None:
    """The first tenant's customers are not drawn for those of all."""
    people = {
        f"tenants__{tenant}__customers__{uuid4().hex}": {"t": text(tenant)}
        for tenant in ("first", "second", "third")
        for _ in range(1600)
    }
    reader = fill(**people)
    (info,) = [table for table in reader.tables() if table.name == "customers"]
    drawn = Counter(reader.sample(info, 600)["t"].values)
    assert set(drawn) == {"first", "second", "third"}
    assert min(drawn.values()) > 100


def test_a_field_of_several_kinds(fill: Fill, emulator: str) -> None:
    """An address is found where other documents have a number, a moment or yes and no."""
    reader = fill(
        users__a={"contact": {"booleanValue": False}},
        users__b={"contact": when("2020-01-01")},
        users__c={"contact": {"bytesValue": "/w=="}},
        **{f"users__d{n}": mail(f"p{n}") for n in range(9)},
    )
    (table,) = seen_at(reader, emulator).tables
    (field,) = table.fields
    assert field.type == "booleanValue, timestampValue, bytesValue, stringValue"
    assert [one.category for one in field.found] == ["user.contact.email"]


def test_keys_that_are_people(fill: Fill, emulator: str) -> None:
    """Where addresses are the names of fields or collections, they are values: none is kept."""
    reader = fill(
        chats__one={"ada@planted.example": text("hello"), "bob@planted.example": text("hi")},
        **{"mail_ada@planted.example__1": {"n": text("x")}},
    )
    seen = seen_at(reader, emulator)
    assert "planted" not in str(seen)
    (chats,) = [table for table in seen.tables if table.name == "chats"]
    assert "user.contact.email" in {one.category for field in chats.fields for one in field.found}
    assert {table.name: table.rows for table in seen.tables} == {"chats": 1, "mail_*": 1}


def test_every_value_by_its_path(fill: Fill, emulator: str) -> None:
    """Looked through whole, nested values stay where they are, as in a sample."""
    reader = fill(
        **{f"users__u{n}": {"profile": of(mail=text(f"p{n}@planted.example"))} for n in range(9)}
    )
    (table,) = seen_at(reader, emulator, exhaustive=True).tables
    (field,) = table.fields
    assert (field.name, field.looked_at, field.exhaustive) == ("profile.mail", 9, True)
    assert [one.category for one in field.found] == ["user.contact.email"]


def test_a_person_in_any_form(fill: Fill) -> None:
    """In any case of letters, as a number, in a list, as the document's own id."""
    reader = fill(
        users__7={"mail": text("Ada@Planted.example"), "id": {"integerValue": "7"}},
        users__8={
            "mail": text(" ada@planted.EXAMPLE"),
            "all": {"arrayValue": {"values": [text("ada@planted.example")]}},
        },
    )
    assert count(reader, "users", "mail", "ada@planted.example") == 2
    assert count(reader, "users", "id", "7") == 1
    assert count(reader, "users", "all", "ada@planted.example") == 1
    assert count(reader, "users", "__name__", "7") == 1
    with pytest.raises(RefusedError, match=r"users\.gone, which policy\.yaml names"):
        count(reader, "users", "gone", "7")


def test_consent_that_was_given_again_on_the_same_day(fill: Fill) -> None:
    """Times are compared, where both are moments."""
    noon, later = when("2020-01-01"), {"timestampValue": "2020-01-01T13:00:00Z"}
    reader = fill(
        users__a={"agreed": later, "left": noon}, users__b={"agreed": noon, "left": later}
    )
    counted = reader.consent(
        ConsentQuestion(
            table="users",
            activity="news",
            given_at=AnchorField(field="agreed"),
            withdrawn_at=AnchorField(field="left"),
        )
    )
    assert (counted.audience, counted.without, counted.withdrawn) == (2, 0, 1)


def test_large_documents(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is too large is asked for again in smaller ones, and every document counts."""
    monkeypatch.setattr("auditor.collect.rest.LARGEST", 2**16)
    reader = fill(**{f"users__u{n}": {"body": text("x" * 9_000)} for n in range(40)})
    (info,) = reader.tables()
    assert len(reader.sample(info, 100)["body"].values) == 40
    assert sum(map(len, reader.scan(info, "body"))) == 40


def seen_at(reader: Firestore, at: str, *, exhaustive: bool = False) -> StoreEvidence:
    """Return what is seen of the project that a reader reads."""
    project = reader.root.split("/")[5]
    promised = with_store_url(policy(BARE.format(project=project)), f"app={at}")
    looking = StoreLooking(secrets={"TOKEN": "owner"}, exhaustive=exhaustive)
    (seen,) = collect_stores(promised, promised.stores, looking)
    return seen


BARE = """
stores: [{{id: app, connector: firestore, project: {project}, credentials: {{env: TOKEN}}}}]
"""


def look(store: str, **secrets: str) -> StoreEvidence:
    """Return what is seen of a store of policy.yaml."""
    promised = policy(store)
    (seen,) = collect_stores(promised, promised.stores, StoreLooking(secrets=secrets))
    return seen


SECRETS = {"TOKEN": "x"}
TEXT = """
stores:
  - id: app
    connector: firestore
    project: {project}
    credentials: {{env: TOKEN}}
    tables: [{{name: users, activities: [a], anchors: {{last_used: seen}}}}]
processing_activities: [{{id: a, retention: {{period: P12M, anchor: last_used}}}}]
"""


def test_from_the_policy_to_evidence(fill: Fill, emulator: str) -> None:
    """By --store-url; nested values are looked into, and none of them is kept."""
    reader = fill(
        users__a={
            "seen": when("2020-01-01"),
            "profile": {"mapValue": {"fields": {"mail": text("ada@planted.example")}}},
        }
    )
    project = reader.root.split("/")[5]
    promised = with_store_url(policy(TEXT.format(project=project)), f"app={emulator}")
    looking = StoreLooking(secrets={"TOKEN": "owner"})
    (seen,) = collect_stores(promised, promised.stores, looking)
    (table,) = seen.tables
    assert {field.name for field in table.fields} == {"profile.mail", "seen"}
    assert table.ages[0].days == {date(2020, 1, 1): 1}
    assert "planted" not in str(seen)
    told = {gap.aspects: gap.reason for gap in seen.gaps}
    assert told == {
        (Aspect.PRIVILEGES,): Reason.CANNOT_BE_SHOWN,
        (Aspect.SETTINGS,): Reason.NOT_IN_EVIDENCE,  # the emulator has none
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("project: demo", ""), Reason.UNDECIDED),
        (("credentials: {env: TOKEN}", ""), Reason.NO_CREDENTIAL),
        (("TOKEN", "OTHER"), Reason.NO_CREDENTIAL),
    ],
)
def test_what_is_missing(change: tuple[str, str], reason: Reason) -> None:
    """Is told before anything is asked."""
    (gap, *_) = look(TEXT.format(project="demo").replace(*change), **SECRETS).gaps
    assert gap.reason is reason


DOCUMENT = google("firestore.v1")
DATABASE = "/v1/projects/demo/databases/(default)"
SCOPES = ("https://www.googleapis.com/auth/datastore",)


def fake(*says: Said) -> Fake:
    """Return a stand-in for a database with every setting."""
    field = "projects/demo/databases/(default)/collectionGroups/sessions/fields/ends"
    held: dict[str, Any] = {
        DATABASE: {
            "versionRetentionPeriod": "604800s",
            "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED",
        },
        f"{DATABASE}/backupSchedules": {"backupSchedules": [{"retention": "8467200s"}]},
        f"{DATABASE}/collectionGroups/-/fields": {
            "fields": [{"name": field, "ttlConfig": {"state": "ACTIVE"}}]
        },
    }
    return Fake(DOCUMENT, held, scopes=SCOPES, says=says)


def test_how_a_database_is_set() -> None:
    """What expires, and how long deleted documents can be had back."""
    with fake() as served:
        reader = Firestore("demo", "", GOOD, base=served.base, seconds=5)
        found = [(one.effect, one.of, one.period) for one in reader.settings()]
    assert found == [
        ("outlives_deletion", "deleted and changed documents", "P7D"),
        ("outlives_deletion", "backups", "P98D"),
        ("deletes_at", "sessions/ends", ""),
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said("backupSchedules", 403), Reason.FORBIDDEN),
        (
            Said("backupSchedules", 200, b'{"backupSchedules": [{"retention": "long"}]}'),
            Reason.NOT_VERIFIED,
        ),
    ],
)
def test_settings_that_nobody_sees(said: Said, reason: Reason) -> None:
    """Are refused, by their reason."""
    with fake(said) as served:
        reader = Firestore("demo", "", GOOD, base=served.base, seconds=5)
        with pytest.raises(RefusedError) as caught:
            list(reader.settings())
    assert caught.value.reason is reason
