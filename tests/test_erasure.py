"""Is a person gone? Looked for in every place, told without their name."""

import io
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.cli import main
from auditor.collect import finding
from auditor.collect.accounts import collecting
from auditor.collect.accounts.connector import Asking, Connector, Question, Trace, Wanted
from auditor.collect.credentials import bearer
from auditor.collect.finding import PersonLooking
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Service
from auditor.collect.stores.reader import TableInfo
from auditor.erasure import Case, examine, read_person
from auditor.errors import UsageError
from auditor.evidence import Aspect, Reason, SettingSeen
from auditor.policy_file import read_policy
from auditor.vocabulary import CHECK_SCOPES

STORE = """
version: 1
controller: {name: Example}
processors: [{id: s, name: Stripe}, {id: x, name: Nobody}]
processing_activities:
  - {id: a, processors: [s], retention: {period: P12M, anchor: created}}
  - id: books
    retention: {period: P10Y, anchor: created, legal_basis: legal_obligation}
stores:
  - id: app
    connector: sql
    url: sqlite:///app.db
    tables:
      - {name: users, activities: [a], subject_key: mail, fields: {mail: user.contact.email}}
      - {name: orders, activities: [books], subject_key: mail, fields: {mail: user.contact.email}}
"""
ACCOUNT = """
accounts: [{id: pay, processor: s, connector: stripe, activities: [a], credentials: {env: KEY}}]
"""
ADA = Wanted(keys={"email": "ada@example.org"})


def case(folder: Path, text: str = STORE, wanted: Wanted = ADA) -> Case:
    """Return the record of a case about the policy and database of a folder."""
    policy = read_policy(text.encode(), "policy.yaml", folder, CHECK_SCOPES)
    return examine("C-1", policy, wanted, PersonLooking(folder=str(folder), secrets={"KEY": "k"}))


def outcomes(made: Case) -> list[str]:
    """Return what came of each place."""
    return [f"{place.subject}/{place.place}: {place.outcome}" for place in made.places]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return an app.db with two tables that hold nobody."""
    connection = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
    connection.executescript("create table users (mail); create table orders (mail)")
    yield connection
    connection.close()


def test_gone_present_and_kept(tmp_path: Path, database: sqlite3.Connection) -> None:
    """An address is the same in any case of its letters; a declared duty is a ground."""
    made = case(tmp_path)
    assert outcomes(made) == ["store:app/orders: gone", "store:app/users: gone"]
    assert made.is_gone
    assert made.is_whole
    database.execute("insert into orders values (' Ada@Example.ORG ')")
    made = case(tmp_path)
    assert outcomes(made)[0] == "store:app/orders: kept"
    assert made.places[0].ground == "books: legal_obligation (P10Y)"
    assert made.is_gone
    database.execute("insert into users values ('ada@example.org')")
    made = case(tmp_path)
    assert outcomes(made)[1] == "store:app/users: present"
    assert not made.is_gone


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: users,", "name: gone,", "store:app/users: not_checkable"),
        ("name: users,", "name: gone,", "store:app/gone: not_checkable"),
        ("subject_key: mail, fields", "fields", "store:app/users: not_checkable"),
        ("user.contact.email", "user.contact.phone_number", "store:app/users: not_checkable"),
        ("app.db", "other.db", "store:app/: not_checkable"),
        ("subject_key: mail", "subject_key: other", "store:app/users: not_checkable"),
        ("    tables:", "  - {id: o, connector: TODO}\n#", "stores[1].connector/: not_checkable"),
    ],
)
def test_what_nobody_could_look_at_is_not_gone(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    """Undeclared and missing tables, no key, another kind of key, no database, a TODO."""
    text = STORE.replace(old, new, 1)
    if new.endswith("#"):
        text = STORE.partition("    tables:")[0] + new[:-1]
    made = case(tmp_path, text)
    assert expected in outcomes(made)
    assert not made.is_whole


def test_nothing_to_look_at_is_not_whole(tmp_path: Path) -> None:
    """A policy without stores and accounts says nothing of anybody."""
    assert not case(tmp_path, "version: 1\ncontroller: {name: x}\n").is_whole


def connect(
    monkeypatch: pytest.MonkeyPatch,
    find: Callable[[Asking, Wanted], Iterator[Trace]] | None,
    *settings: SettingSeen | RefusedError,
) -> None:
    """Let accounts be answered by this function, and be set so."""

    def ask(_: Asking) -> Iterator[SettingSeen]:
        for one in settings:
            if isinstance(one, RefusedError):
                raise one
            yield one

    question = Question(what="w", permission="p", aspects=(Aspect.SETTINGS,), ask=ask)
    made = Connector(
        name="fake",
        service=Service(name="Fake", hosts=("https://fake.example",)),
        questions=(question,),
        credential="",
        headers=bearer,
        find=find,
        finds_by=("email",),
    )
    monkeypatch.setattr(collecting, "connector_for", lambda _: made)


def nobody(_: Asking, wanted: Wanted) -> Iterator[Trace]:
    """Find no records of the one who is looked for."""
    assert wanted == ADA
    yield Trace(place="customers", number=0)


BIN = SettingSeen(name="bin", value="7 days", effect="outlives_deletion", period="P7D")
TEXT = STORE.partition("stores:")[0] + ACCOUNT


def test_what_is_deleted_and_can_be_had_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a day; for ever; or nobody may see how long."""
    connect(monkeypatch, nobody)
    assert outcomes(case(tmp_path, TEXT)) == ["account:pay/customers: gone"]
    connect(monkeypatch, nobody, BIN)
    (place,) = case(tmp_path, TEXT).places
    assert place.outcome == "backup_until"
    assert place.until > "2026"
    longer = msgspec.structs.replace(BIN, period="P30D")
    connect(monkeypatch, nobody, BIN, longer, msgspec.structs.replace(longer, is_on=False))
    assert case(tmp_path, TEXT).places[0].until > place.until
    connect(monkeypatch, nobody, msgspec.structs.replace(BIN, period=""))
    assert case(tmp_path, TEXT).places[0].until == "nobody knows"
    connect(monkeypatch, nobody, RefusedError(Reason.FORBIDDEN, "n"))
    assert outcomes(case(tmp_path, TEXT)) == ["account:pay/customers: not_checkable"]


def test_a_service_that_cannot_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No way to look, another kind of key, a refusal and a crash are not checkable."""
    connect(monkeypatch, None)
    assert outcomes(case(tmp_path, TEXT)) == ["account:pay/: not_checkable"]
    connect(monkeypatch, nobody)
    by_id = Wanted(keys={"id": "7"})
    assert outcomes(case(tmp_path, TEXT, by_id)) == ["account:pay/: not_checkable"]

    def broken(_: Asking, wanted: Wanted) -> Iterator[Trace]:
        yield Trace(place="charges", number=1, at_least=True)
        raise ZeroDivisionError(wanted.keys["email"])

    connect(monkeypatch, broken)
    made = case(tmp_path, TEXT)
    assert outcomes(made) == ["account:pay/charges: present", "account:pay/: not_checkable"]
    assert "ada@" not in str(made)


def test_whoever_was_not_looked_at_is_to_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who have the data by the policy's own words, and no others."""
    connect(monkeypatch, nobody)
    told = [(one.processor, one.told) for one in case(tmp_path, TEXT).recipients]
    assert told == [("s", "looked_at")]
    connect(monkeypatch, None)
    told = [(one.processor, one.told) for one in case(tmp_path, TEXT).recipients]
    assert told == [("s", "to_be_told")]


@pytest.mark.parametrize("text", ["", "ada@example.org", "mail=a", "email=", "id=1\nid=2"])
def test_what_is_no_person(text: str) -> None:
    """The message says what to write, and never what was written."""
    with pytest.raises(UsageError) as caught:
        read_person(text)
    assert "ada" not in str(caught.value)
    assert read_person(" EMAIL = a b \n\n").keys == {"email": "a b"}


@pytest.mark.usefixtures("database")
def test_a_case_has_no_name_of_a_person(tmp_path: Path) -> None:
    """An address is no case."""
    policy = read_policy(STORE.encode(), "policy.yaml", tmp_path, CHECK_SCOPES)
    with pytest.raises(UsageError):
        examine("ada@example.org", policy, ADA, PersonLooking(folder=str(tmp_path)))


def test_the_command(
    tmp_path: Path,
    database: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The person comes from standard input; the record holds nothing of them."""
    database.execute("insert into users values ('ada@example.org')")
    (tmp_path / "policy.yaml").write_text(STORE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("email=ada@example.org"))
    assert main(["erasure", "C-1", "--record", "case.json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == snapshot("""\
where      table    outcome
---------  -------  ---------  ---------
store:app  orders   gone
store:app  users    PRESENT    1 records

to be told (Art. 19): Stripe
C-1: not gone
""")
    record = (tmp_path / "case.json").read_text()
    assert json.loads(record)["case"] == "C-1"
    assert "ada" not in printed.out + printed.err + record


@pytest.mark.parametrize(
    ("category", "key", "stored"),
    [
        ("user.contact.email", "email=ÉMILE@example.org", "émile@Example.org"),
        ("user.contact.phone_number", "phone=+33 1 23 45", "(33) 1-23.45"),
        ("user.name", "name=Zoë Ångström", "ZOË ÅNGSTRÖM "),
        ("user.unique_id", "id=7", 7),
        ("user.contact.email", "email=ada@example.org", '["x@y.org", "Ada@example.org"]'),
    ],
)
def test_a_person_is_the_same_however_they_are_written(
    tmp_path: Path, database: sqlite3.Connection, category: str, key: str, stored: object
) -> None:
    """Letters of any alphabet, separators, numbers and lists: the form of hashes, too."""
    text = STORE.replace("user.contact.email", category)
    assert "store:app/users: gone" in outcomes(case(tmp_path, text, read_person(key)))
    database.execute("insert into users values (?)", [stored])
    assert "store:app/users: present" in outcomes(case(tmp_path, text, read_person(key)))


def test_a_table_about_nobody_is_not_called_gone(
    tmp_path: Path, database: sqlite3.Connection
) -> None:
    """Where the policy says that nobody is in it, nobody looks, and nothing is said."""
    database.execute("create table rates (day)")
    about_nobody = "      - {name: rates, fields: {day: system.operations}}\n"
    made = case(tmp_path, STORE + about_nobody)
    assert {place.place for place in made.places} == {"orders", "users"}


def test_a_store_that_brings_back_what_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an account does: until a day, or nobody may see how long."""

    class Database:
        """A store with settings of its own, in which nobody is."""

        def __init__(self, *, is_seen: bool) -> None:
            self.is_seen = is_seen

        def tables(self) -> tuple[TableInfo, ...]:
            return (TableInfo(name="users"), TableInfo(name="orders"))

        def settings(self) -> Iterator[SettingSeen]:
            if not self.is_seen:
                raise RefusedError(Reason.FORBIDDEN, "n")
            yield BIN

        def scan(self, _table: TableInfo, _column: str) -> Iterator[Sequence[str]]:
            yield ()

        def unread(self) -> tuple[str, ...]:
            return ()

        def close(self) -> None:
            pass

    for is_seen, outcome in ((True, "backup_until"), (False, "not_checkable")):
        database = Database(is_seen=is_seen)
        monkeypatch.setattr(finding, "open_store", lambda *_, it=database, **__: it)
        assert {place.outcome for place in case(tmp_path).places} == {outcome}
