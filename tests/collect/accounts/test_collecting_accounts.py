"""Accounts: every question is asked, and each that is not answered is a gap."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from auditor.collect.accounts import collecting
from auditor.collect.accounts.collecting import (
    AccountLooking,
    collect_accounts,
    edges_of,
    try_accounts,
)
from auditor.collect.accounts.connector import Asking, CanWrite, Connector, Part, Question
from auditor.collect.accounts.counting import FieldCount, older_than
from auditor.collect.accounts.plugins import connector_for
from auditor.collect.ages import AgeCount
from auditor.collect.credentials import bearer
from auditor.collect.people import PeopleCount, SubjectKey, subject_key
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Service
from auditor.evidence import (
    AccountEvidence,
    Aspect,
    Evidence,
    Gap,
    Reason,
    SettingSeen,
    TableSeen,
    Tool,
    decode,
    encode,
)
from auditor.testing import policy

TEXT = """
processing_activities:
  - {id: a, retention: {period: P12M, anchor: created, grace: P7D}}
  - {id: b, retention: [{period: P1M, anchor: created, data_categories: [user.name]}]}
  - {id: other, retention: {period: P5Y, anchor: created}}
accounts:
  - id: app
    connector: stripe
    activities: [a]
    credentials: {env: TOKEN}
    tables: [{name: people, activities: [b]}]
"""
PROMISED = policy(TEXT)
NO_TOKEN = {"TOKEN": " "}
SECRETS = {"TOKEN": "secret-token", "AUDIT_SUBJECT_KEY": "a long enough secret"}
FIRST, LAST = (day.replace(tzinfo=UTC) for day in (datetime.min, datetime.max))  # noqa: DTZ901
FORBIDDEN = RefusedError(Reason.FORBIDDEN, "a 403")


def example(*questions: Question) -> Connector:
    """Return a connector that asks these questions."""
    return Connector(
        name="example",
        service=Service(name="Example", hosts=("https://api.example.com",)),
        questions=questions,
        credential="Make one.",
        headers=bearer,
        cannot_show=(
            Gap(what="its own setting", reason=Reason.CANNOT_BE_SHOWN, needs="an attestation"),
        ),
    )


def question(what: str, *parts: Part, error: Exception | None = None) -> Question:
    """Return a question that is answered by parts, and then breaks if there is an error."""

    def ask(_: Asking) -> Iterator[Part]:
        yield from parts
        if error:
            raise error

    return Question(what=what, permission="the right to read", aspects=(Aspect.AGES,), ask=ask)


def collected(
    monkeypatch: pytest.MonkeyPatch, *questions: Question, **secrets: str
) -> AccountEvidence:
    """Return what the account shows to a connector with these questions."""
    monkeypatch.setattr(collecting, "connector_for", lambda _: example(*questions))
    looking = AccountLooking(secrets={**SECRETS, **secrets}, as_of=date(2026, 1, 15))
    return collect_accounts(PROMISED, PROMISED.accounts, looking)[0]


def test_what_was_seen_before_it_broke_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next question is asked all the same."""
    table, setting = (
        TableSeen(name="people"),
        SettingSeen(name="s", value="v", effect="exposes"),
    )
    seen = collected(
        monkeypatch,
        question("people", table, error=FORBIDDEN),
        question("settings", setting, CanWrite(what="everything")),
        question("crash", error=ZeroDivisionError("Ada")),
    )
    assert (seen.tables, seen.settings, seen.can_write) == ((table,), (setting,), ("everything",))
    assert [(gap.what, gap.reason, gap.needs) for gap in seen.gaps] == [
        ("people", Reason.FORBIDDEN, "a 403. It takes the right to read"),
        ("crash", Reason.CHECK_CRASHED, "a connector that does not raise ZeroDivisionError"),
        ("its own setting", Reason.CANNOT_BE_SHOWN, "an attestation"),
    ]
    assert seen.gaps[0].aspects == (Aspect.AGES,)
    assert seen.is_looked_at


def test_an_account_that_answers_nothing_was_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One refusal of everything is no look."""
    assert not collected(monkeypatch, question("people", error=FORBIDDEN)).is_looked_at


def test_without_a_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked, and the variable is named."""
    seen = collected(monkeypatch, question("people"), **NO_TOKEN)
    (gap,) = seen.gaps
    assert (gap.reason, gap.needs) == (Reason.NO_CREDENTIAL, "the variable TOKEN. Make one.")
    assert not seen.is_looked_at
    seen = collected(monkeypatch, question("people"), **{**NO_TOKEN, "TOKEN": "two words"})
    assert seen.gaps[0].reason is Reason.NO_CREDENTIAL


def test_without_a_key_nobody_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short key would protect nobody: it counts as none."""
    seen = collected(monkeypatch, question("people"), AUDIT_SUBJECT_KEY="short")
    assert [gap.aspects for gap in seen.gaps] == [(), (Aspect.SUBJECTS,)]


def test_offline_asks_only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential does not leave it."""
    monkeypatch.setattr(collecting, "connector_for", pytest.fail)
    looking = AccountLooking(secrets=SECRETS, is_offline=True)
    (seen,) = collect_accounts(PROMISED, PROMISED.accounts, looking)
    assert seen.gaps[0].needs == "a run without --offline"


def test_the_days_that_are_asked_about() -> None:
    """One for each period of what the account and its tables are for."""
    assert edges_of(PROMISED, PROMISED.accounts[0], date(2026, 1, 15)) == (
        date(2025, 1, 7),
        date(2025, 12, 14),
    )


def test_each_permission_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the first answer; a question that breaks later is answered."""
    questions = (
        question("a", TableSeen(name="t"), error=FORBIDDEN),
        question("b", error=FORBIDDEN),
    )
    monkeypatch.setattr(collecting, "connector_for", lambda _: example(*questions))
    tried = list(try_accounts(PROMISED, PROMISED.accounts, AccountLooking(secrets=SECRETS)))
    assert [(one.what, one.ok, one.needs) for one in tried] == [
        ("a", True, ""),
        ("b", False, "a 403"),
    ]


def test_evidence_survives_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages by day, hashes and settings, too."""
    count = AgeCount("created", "its field created")
    count.add(datetime(2026, 1, 1, tzinfo=UTC))
    people = PeopleCount(subject_key("a long enough secret"), "email", "email")
    people.add("Ada@example.org")
    table = TableSeen(name="people", ages=(count.ages(),), subjects=people.seen())
    seen = collected(monkeypatch, question("people", table))
    bundle = Evidence(tool=Tool(name="t", version="1"), accounts=(seen,))
    assert decode(encode(bundle), "e.json") == bundle
    assert b"example.org" not in encode(bundle)


def test_a_plug_in_is_a_connector() -> None:
    """Two of a name, one that breaks and one that is something else are refused."""
    point = EntryPoint("algolia", "auditor.collect.rest:SERVICE", "auditor.connectors")
    good = SimpleNamespace(name="algolia", load=example)
    assert connector_for("algolia", [good]).name == "example"  # type: ignore[list-item]
    for points in ([], [good, good], [point], [SimpleNamespace(name="algolia", load=lambda: 1)]):
        with pytest.raises(RefusedError):
            connector_for("algolia", points)  # type: ignore[arg-type]


def test_the_same_person_is_known_again() -> None:
    """Under one key, in any spelling that means the same; under another, not at all."""
    key, other = subject_key("k" * 16), subject_key("o" * 16)
    assert key
    assert other
    assert key.hash("email", " Ada@Example.org") == key.hash("email", "ada@example.org")
    assert key.hash("phone", "+33 1 23") == key.hash("phone", "33-123")
    assert key.hash("id", "Ada") != key.hash("id", "ada")
    assert key.hash("id", "a") != key.hash("email", "a")
    assert key.hash("id", "a") != other.hash("id", "a")
    assert key.id != other.id
    assert "k" * 16 not in repr(key)
    assert subject_key("k" * 15) is None
    assert SubjectKey(secret=b"k" * 16) == key


def test_records_without_a_date_are_counted() -> None:
    """And so are those of days that no calendar of ours has."""
    count = AgeCount("created", "b")
    for moment in (None, LAST, FIRST, datetime(2026, 1, 1, 23, tzinfo=UTC)):
        count.add(moment)
    count.add_day(None)
    ages = count.ages()
    assert (ages.rows, ages.undated, ages.unreadable) == (5, 1, 3)
    assert ages.days == {date(2026, 1, 1): 1}


def test_fields_that_are_known_and_fields_that_are_looked_into() -> None:
    """What the service documents is believed; the rest is sampled, and nothing is kept of it."""
    count = FieldCount("customers", {"email": "user.contact.email", "object": ""})
    for number in range(50):
        count.add({"email": f"p{number}@example.org", "object": "customer", "none": None})
        count.add({"metadata": {"mail": f"p{number}@example.net"}, "object": "customer"})
    found = {field.name: field for field in count.fields(["phone"])}
    assert sorted(found) == ["email", "metadata.mail", "object", "phone"]
    assert [f.category for f in found["email"].found] == ["user.contact.email"]
    assert [f.category for f in found["metadata.mail"].found] == ["user.contact.email"]
    assert (found["metadata.mail"].filled, found["metadata.mail"].rows) == (50, 100)
    assert found["object"].found == ()
    assert found["phone"].filled == 0
    assert "example." not in str(found)


def test_counts_by_edge_become_ages() -> None:
    """A record stands on the first edge that is not before it; what is newer, after the last."""
    first, last = date(2025, 1, 1), date(2025, 6, 1)
    ages = older_than("created", "b", [(first, 3), (last, 10)], 12)
    assert ages.days == {first: 3, last: 7, date(2025, 6, 2): 2}
    assert (ages.rows, ages.edges) == (12, (first, last))
