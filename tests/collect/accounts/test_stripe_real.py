"""Stripe, on localstripe: a server of somebody else's, whose records can be old."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from fakes import engines
from fakes.running import ask, asking_of, gaps, tables, whole_text

from auditor.collect.accounts.connector import CanWrite, Part, Trace, Wanted
from auditor.collect.accounts.stripe import STRIPE
from auditor.evidence import Aspect, Reason
from auditor.policy import Account

KEY = "sk_test_example"
ACCOUNT = Account(id="pay", connector="stripe", base_url="http://localhost/")
ADA = "ada.planted@example.net"
MANY = 130  # more than a page


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engine]:
    """Start localstripe with a customer of 800 days ago, who paid, and many of today."""
    pytest.importorskip("localstripe", reason="localstripe is not installed")
    with engines.stripe(tmp_path_factory.mktemp("localstripe")) as engine:
        engine.go_back(800)
        ada = make(engine, "customers", {"email": ADA, "name": "Ada Planted", "phone": "+4930901"})
        engine.go_back(400)
        card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "40", "cvc": "123"}
        made = {"type": "card", **{f"card[{name}]": value for name, value in card.items()}}
        method = make(engine, "payment_methods", made)
        make(engine, f"payment_methods/{method}/attach", {"customer": ada})
        paid = {"amount": "500", "currency": "eur", "customer": ada, "source": method}
        make(engine, "charges", paid)
        engine.go_back(0)
        for number in range(MANY):
            make(engine, "customers", {"email": f"p{number}@example.net"})
        yield engine


def make(engine: engines.Engine, path: str, facts: dict[str, str]) -> str:
    """Make something, and return its id."""
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = requests.post(f"{engine.base}/v1/{path}", data=facts, headers=headers, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["id"])


def seen(engine: engines.Engine, *whats: str, key: str = KEY) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    wanted = [each for each in STRIPE.questions if each.what in whats or not whats]
    return ask(asking_of(STRIPE, engine.base, ACCOUNT, credential=key), wanted)


def test_customers_are_counted_by_the_day_of_their_creation(server: engines.Engine) -> None:
    """Every page of them, each in its fields, and as a hash."""
    table = tables(seen(server, "customers"))["customers"]
    assert table.rows == MANY + 1
    days = {datetime.now(UTC).date() - timedelta(days=ago): ago for ago in (799, 800, 801)}
    (created,) = (ages for ages in table.ages if ages.anchor == "created")
    assert sum(number for day, number in created.days.items() if day in days) == 1
    assert sum(created.days.values()) == MANY + 1
    filled = {field.name: field.filled for field in table.fields}
    assert (filled["email"], filled["name"], filled["phone"]) == (MANY + 1, 1, 1)
    assert [len(people.hashes) for people in table.subjects] == [MANY + 1]


def test_charges_are_seen_and_say_of_whom_nothing(server: engines.Engine) -> None:
    """Charges here have no billing details: who paid is a gap, not nobody."""
    parts = seen(server, "charges")
    table = tables(parts)["charges"]
    assert table.rows == 1
    assert sum(table.ages[0].days.values()) == 1
    (gap,) = gaps(parts)
    assert (gap.what, gap.reason) == ("who is in charges", Reason.NOT_VERIFIED)


def test_what_this_server_cannot_do_is_a_gap(server: engines.Engine) -> None:
    """It knows no checkout sessions: so the last use of nobody is known, and they are no pass."""
    parts = seen(server)
    assert "checkout sessions" not in tables(parts)
    missing = {gap.what: gap for gap in gaps(parts)}
    assert missing["checkout sessions"].reason is Reason.NOT_IN_EVIDENCE
    last = missing["when customers last used checkout sessions"]
    assert (last.reason, last.aspects) == (Reason.NOT_IN_EVIDENCE, (Aspect.AGES,))
    assert [ages.anchor for ages in tables(parts)["customers"].ages] == ["created"]


def test_a_key_that_is_none_sees_nothing(server: engines.Engine) -> None:
    """The server refuses it, and that is a gap of every question but the key's own."""
    parts = seen(server, key="nothing")
    assert not tables(parts)
    refused = {gap.what for gap in gaps(parts) if gap.reason is Reason.NO_CREDENTIAL}
    assert {"customers", "charges", "invoices", "checkout sessions"} <= refused


def test_a_secret_key_can_write_and_no_value_is_kept(server: engines.Engine) -> None:
    """The key tells by its beginning; names and addresses are nowhere in what was seen."""
    parts = seen(server)
    assert [part for part in parts if isinstance(part, CanWrite)]
    text = whole_text(parts)
    assert not any(word in text for word in (ADA, "Ada Planted", "4930901", "@example.net", KEY))


def test_a_person_is_found_until_a_list_is_missing(server: engines.Engine) -> None:
    """By the address as a customer, and by the customer in what was paid."""
    assert STRIPE.find
    asking = asking_of(STRIPE, server.base, ACCOUNT, credential=KEY)
    found = STRIPE.find(asking, Wanted(keys={"email": ADA.upper()}))
    assert [next(found), next(found)] == [
        Trace(place="customers", number=1),
        Trace(place="charges", number=1),
    ]
