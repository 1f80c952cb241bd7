"""Stripe: who is a customer, when they were last one, and what is left of those that are not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from fakes.running import KEY, ask, gaps, tables, whole_text
from fakes.stripe import GOOD, FakeStripe, Record

from auditor.collect.accounts.connector import Asking, CanWrite, Part, Trace, Wanted
from auditor.collect.accounts.stripe import PAGE, STRIPE
from auditor.collect.credentials import Secret
from auditor.collect.people import subject_key
from auditor.collect.refused import RefusedError
from auditor.collect.rest import Api
from auditor.evidence import Aspect, Reason
from auditor.policy import Account

TODAY = date(2026, 1, 15)
ADA = "Ada.Planted@example.net"


def at(day: str) -> int:
    """Return noon of a day as Stripe writes it."""
    return int(datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(UTC).timestamp())


def customer(name: str, day: str, **facts: object) -> Record:
    """Return a customer of a day."""
    return {"id": name, "created": at(day), "object": "customer", **facts}


def paid(name: str, who: str | None, day: str, **facts: object) -> Record:
    """Return something that a customer did on a day."""
    return {"id": name, "customer": who, "created": at(day), **facts}


def asking_at(base: str, *, key: str = GOOD, base_url: str = "http://localhost/") -> Asking:
    """Return what questions are given, for a stand-in at `base`."""
    secret = Secret(text=key)
    return Asking(
        account=Account(id="pay", connector="stripe", base_url=base_url),
        api=Api(STRIPE.service, STRIPE.headers(secret), base=base, sleep=lambda _: None),
        secret=secret,
        as_of=TODAY,
        key=subject_key(KEY),
    )


def seen_by(fake: FakeStripe, *whats: str, key: str = GOOD) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    wanted = [each for each in STRIPE.questions if each.what in whats or not whats]
    with fake:
        return ask(asking_at(fake.base, key=key), wanted)


def last_used(parts: Sequence[Part]) -> list[str]:
    """Return the days on which customers were last seen."""
    (ages,) = (a for a in tables(parts)["customers"].ages if a.anchor == "last_used")
    return [str(day) for day in ages.days]


CUSTOMERS = [
    customer("new", "2025-12-01", email="new@example.net"),
    customer("old", "2020-01-01", email=ADA),
]


@pytest.mark.parametrize(
    ("path", "record", "day"),
    [
        ("charges", paid("ch", "old", "2025-03-01"), "2025-03-01"),
        ("payment_intents", paid("pi", "old", "2025-03-02"), "2025-03-02"),
        ("invoices", paid("in", "old", "2025-03-03"), "2025-03-03"),
        ("checkout/sessions", paid("cs", "old", "2025-03-04"), "2025-03-04"),
        ("subscriptions", paid("su", "old", "2024-01-01", status="canceled"), "2024-01-01"),
        (
            "subscriptions",
            paid("su", "old", "2024-01-01", status="active", current_period_end=at("2026-02-01")),
            "2026-01-15",
        ),
        ("subscriptions", paid("su", "old", "2024-01-01", status="active"), "2026-01-15"),
        ("subscriptions", paid("su", "old", "2024-01-01", status="unpaid"), "2024-01-01"),
        (
            "subscriptions",
            paid("su", "old", "2024-01-01", status="canceled", ended_at=at("2024-06-01")),
            "2024-06-01",
        ),
    ],
)
def test_everything_that_they_do_is_a_use(path: str, record: Record, day: str) -> None:
    """A subscription that runs is in use today."""
    parts = seen_by(FakeStripe({"customers": CUSTOMERS, path: [record]}), "customers")
    assert last_used(parts) == sorted([day, "2025-12-01"])
    assert not gaps(parts)


def test_the_first_of_a_list_is_not_the_newest() -> None:
    """Whichever way round it comes."""
    charges = [paid("a", "old", "2021-01-01"), paid("b", "old", "2025-06-01")]
    for listed in (charges, charges[::-1]):
        parts = seen_by(FakeStripe({"customers": CUSTOMERS, "charges": listed}), "customers")
        assert last_used(parts) == ["2025-06-01", "2025-12-01"]


def test_what_could_not_be_listed_leaves_the_last_use_open() -> None:
    """Creation is still known; the permission is named, and nothing of Stripe's text."""
    fake = FakeStripe({"customers": CUSTOMERS}, forbidden=["invoices"])
    parts = seen_by(fake, "customers")
    (gap,) = gaps(parts)
    assert (gap.reason, gap.aspects) == (Reason.FORBIDDEN, (Aspect.AGES,))
    assert gap.needs.endswith("the permission Read on invoices")
    assert [ages.anchor for ages in tables(parts)["customers"].ages] == ["created"]
    assert "Planted" not in gap.needs


def test_every_page_is_read() -> None:
    """A full last page, and one that says that it is busy, too."""
    many = [customer(f"c{n}", "2025-01-01") for n in range(2 * PAGE)]
    fake = FakeStripe({"customers": many}, busy=["customers", "charges"])
    assert tables(seen_by(fake, "customers"))["customers"].rows == 2 * PAGE
    asked = [target for target in fake.asked if target.startswith("/v1/customers")]
    assert len(asked) == 3


def test_a_list_that_does_not_end_is_a_gap() -> None:
    """More is promised, and nothing comes."""
    parts = seen_by(FakeStripe({"customers": CUSTOMERS}, turns=True), "customers")
    assert Reason.NOT_VERIFIED in {gap.reason for gap in gaps(parts)}
    assert not tables(parts)


def test_guests_and_deleted_customers_are_still_in_what_they_paid() -> None:
    """By what stands on the bill; none of it is kept."""
    who = {"email": ADA, "name": "Ada Planted", "address": {"city": "Plantedville"}}
    lists: dict[str, Sequence[Record]] = {
        "charges": [paid("ch", None, "2019-01-01", billing_details=who, description=ADA)],
        "invoices": [paid("in", "gone", "2019-01-02", customer_email=ADA)],
        "checkout/sessions": [paid("cs", None, "2019-01-03", customer_details=who)],
    }
    parts = seen_by(FakeStripe(lists))
    found = tables(parts)
    for name in ("charges", "invoices", "checkout sessions"):
        (mail,) = (field for field in found[name].fields if field.name == "email")
        assert mail.found[0].category == "user.contact.email"
        assert found[name].subjects[0].hashes
    assert "Plant" not in whole_text(parts)
    assert "plant" not in whole_text(parts)


def test_what_is_in_metadata_is_looked_into() -> None:
    """People put more there than they think."""
    held = [
        customer(f"c{n}", "2025-01-01", metadata={"contact": f"p{n}@example.org", "plan": "a"})
        for n in range(30)
    ]
    fields = tables(seen_by(FakeStripe({"customers": held}), "customers"))["customers"].fields
    (contact,) = (field for field in fields if field.name == "metadata.contact")
    assert [found.category for found in contact.found] == ["user.contact.email"]


@pytest.mark.parametrize(
    ("key", "base_url", "wanted"),
    [
        ("sk_live_x", "", ["everything: a secret key (sk_)"]),
        ("sk_test_x", "", ["everything: a secret key (sk_)", "the real data"]),
        ("rk_live_x", "", ["what the key may change"]),
        ("rk_test_x", "", ["what the key may change", "the real data"]),
        ("rk_test_x", "http://localhost/", ["what the key may change"]),
    ],
)
def test_what_a_key_says_of_itself(key: str, base_url: str, wanted: list[str]) -> None:
    """Its beginning: everything or chosen rights, real data or none."""
    (question,) = (each for each in STRIPE.questions if each.what == "what the key may change")
    parts = list(question.ask(asking_at("http://127.0.0.1:1", key=key, base_url=base_url)))
    assert [part.what for part in parts if isinstance(part, CanWrite) or part in gaps(parts)] == (
        wanted
    )


def test_another_key_and_none_of_the_rights() -> None:
    """Both are gaps, by their own reasons."""
    assert {gap.reason for gap in gaps(seen_by(FakeStripe({}), "charges", key="rk_live_bad"))} == {
        Reason.NO_CREDENTIAL
    }
    fake = FakeStripe({}, forbidden=["charges"])
    assert [gap.reason for gap in gaps(seen_by(fake, "charges"))] == [Reason.FORBIDDEN]


def test_a_person_is_found_as_customer_and_as_guest() -> None:
    """In any case of the letters; nobody else is."""
    lists: dict[str, Sequence[Record]] = {
        "customers": CUSTOMERS,
        "charges": [
            paid("a", "old", "2021-01-01"),
            paid("b", None, "2021-01-01", billing_details={"email": ADA.upper()}),
            paid("c", "new", "2021-01-01"),
        ],
    }
    assert STRIPE.find
    with FakeStripe(lists) as fake:
        found = list(STRIPE.find(asking_at(fake.base), Wanted(keys={"email": ADA.lower()})))
    assert found == [
        Trace(place="customers", number=1),
        Trace(place="charges", number=2),
        Trace(place="payment intents", number=0),
        Trace(place="invoices", number=0),
        Trace(place="subscriptions", number=0),
        Trace(place="checkout sessions", number=0),
    ]
    with FakeStripe(lists, forbidden=["charges"]) as fake, pytest.raises(RefusedError):
        list(STRIPE.find(asking_at(fake.base), Wanted(keys={"email": ADA})))


@pytest.mark.parametrize("created", [None, -(10**18), 10**18, 10**12])
def test_a_date_that_is_none(created: int | None) -> None:
    """Counted, and never a crash."""
    held = [{"id": "c", "created": created}]
    parts = seen_by(FakeStripe({"customers": held}), "customers")
    (ages, *_) = tables(parts)["customers"].ages
    assert (ages.rows, ages.undated + ages.unreadable) == (1, 1)


NOWHERE = {"city": None, "country": None, "line1": None}
RECEIVER = {"name": "Ada", "phone": "+49", "address": {"city": "x"}}


def fields_of(fake: FakeStripe, name: str) -> dict[str, list[str]]:
    """Return the categories of each field of a table that holds something."""
    table = tables(seen_by(fake, name))[name]
    return {f.name: [one.category for one in f.found] for f in table.fields if f.filled}


def test_an_address_without_parts_is_none() -> None:
    """Stripe sends all the parts as null where nobody gave an address."""
    who = {"email": ADA, "name": None, "phone": None, "address": NOWHERE}
    paying = paid("ch", None, "2025-01-01", billing_details=who)
    assert fields_of(FakeStripe({"charges": [paying]}), "charges") == {
        "email": ["user.contact.email"]
    }


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("customers", {"shipping": RECEIVER}),
        ("charges", {"shipping": RECEIVER}),
        ("invoices", {"customer_shipping": RECEIVER}),
        ("checkout/sessions", {"collected_information": {"shipping_details": RECEIVER}}),
    ],
)
def test_who_gets_what_is_sent(path: str, facts: Record) -> None:
    """A name and a telephone number, beside the address."""
    fake = FakeStripe({path: [paid("x", None, "2025-01-01", **facts)]})
    assert fields_of(fake, path.replace("/", " ")) == {
        "shipping.name": ["user.name"],
        "shipping.phone": ["user.contact.phone_number"],
        "shipping.address": ["user.contact.address"],
    }


def test_what_people_answer_and_pay_with() -> None:
    """Fields of one's own at the checkout; by which means, not its number."""
    answers = [{"key": "mail", "text": {"value": f"p{n}@example.org"}} for n in range(30)]
    held = [paid(f"s{n}", None, "2025-01-01", custom_fields=[a]) for n, a in enumerate(answers)]
    found = fields_of(FakeStripe({"checkout/sessions": held}), "checkout sessions")
    assert ["user.contact.email"] in found.values()
    card = {"type": "card", "card": {"last4": "4242"}}
    charges = [paid("ch", None, "2025-01-01", payment_method_details=card)]
    fake = FakeStripe({"charges": charges})
    assert fields_of(fake, "charges") == {"payment_method_details": ["user.payment"]}


@pytest.mark.parametrize(
    ("path", "facts", "place"),
    [
        ("payment_intents", {"receipt_email": ADA}, "payment intents"),
        (
            "charges",
            {"receipt_email": ADA, "billing_details": {"email": "b@b.example"}},
            "charges",
        ),
    ],
)
def test_every_address_of_a_record_is_looked_at(path: str, facts: Record, place: str) -> None:
    """A receipt goes elsewhere than the bill; what was never paid has an address, too."""
    assert STRIPE.find
    with FakeStripe({path: [paid("x", None, "2025-01-01", **facts)]}) as fake:
        found = list(STRIPE.find(asking_at(fake.base), Wanted(keys={"email": ADA})))
    assert Trace(place=place, number=1) in found


@pytest.mark.parametrize(
    ("who", "facts"), [("gone", {}), (None, {"billing_details": {"name": "Ada"}})]
)
def test_payments_that_say_no_address_are_not_nobodys(who: str | None, facts: Record) -> None:
    """Of a deleted customer, or a guest by name only: nobody can tell whose they are."""
    lists: dict[str, Sequence[Record]] = {
        "customers": CUSTOMERS,
        "charges": [paid("x", who, "2025-01-01", **facts), paid("y", "new", "2025-01-01")],
        "payment_intents": [paid("z", None, "2025-01-01")],
    }
    assert STRIPE.find
    with FakeStripe(lists) as fake, pytest.raises(RefusedError, match="in 1 payments"):
        list(STRIPE.find(asking_at(fake.base), Wanted(keys={"email": "no@example.org"})))
