"""What a column holds: by its name and its values together, never more than they say."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.collect.stores.profiling import profile_column
from auditor.collect.stores.reader import Column, Kind, Sample
from auditor.evidence import Found

NAMES = ["Anna Adams", "Ben Bauer", "Carla Costa", "Dora Dupont", "Emil Evers"]


def profiled(
    name: str, values: Sequence[str], *, table: str = "users", kind: Kind = "text"
) -> tuple[Found, ...]:
    """Profile a column of which these are all values."""
    sample = Sample(rows=len(values), filled=len(values), values=tuple(values), is_all=True)
    return profile_column(table, Column(name=name, type=kind, kind=kind), sample)


def categories(name: str, values: Sequence[str], **more: str) -> list[str]:
    """Return the categories that a column is said to hold."""
    return [found.category for found in profiled(name, values, **more)]  # type: ignore[arg-type]


MAILS = [f"person{n}@example.org" for n in range(20)]


@pytest.mark.parametrize(
    ("name", "values", "category"),
    [
        ("email", MAILS, "user.contact.email"),
        ("x7", MAILS, "user.contact.email"),
        ("Vorname", ["Anna", "Ben", "Carla", "Dora"], "user.name.first"),
        ("nom_complet", NAMES, "user.name"),
        ("name", NAMES, "user.name"),
        (
            "geburtsdatum",
            ["1980-02-03", "1991-12-01", "1975-05-05"],
            "user.demographic.date_of_birth",
        ),
        (
            "konto",
            ["DE89370400440532013000", "GB82WEST12345698765432"],
            "user.financial.bank_account",
        ),
        ("telefono", ["+34 612 345 678", "+34 911 23 45 67"], "user.contact.phone_number"),
        ("Diagnose", ["Asthma", "Diabetes", "Migräne"], "user.health_and_medical"),
        ("religion", ["catholic", "none", "muslim"], "user.demographic.religious_belief"),
    ],
)
def test_what_is_recognised(name: str, values: list[str], category: str) -> None:
    """In several languages, by the name, by the values, or by both."""
    assert category in categories(name, values)


@pytest.mark.parametrize(
    ("name", "values", "table"),
    [
        ("name", ["Chai", "Tofu", "Ikura", "Konbu"], "products"),
        ("price", ["1.50", "12.00", "199.99"], "products"),
        ("created_at", ["2024-01-01", "2024-05-06"], "orders"),
        ("order_id", ["10248", "10249", "10250"], "orders"),
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"] * 3, "jobs"),
        ("email_verified", ["true", "false", "true"], "users"),
        ("color", ["red", "green", "blue"], "things"),
        ("version", ["1.2.3.4", "1.2.3", "10.0"], "releases"),
    ],
)
def test_what_is_nobodys(name: str, values: list[str], table: str) -> None:
    """Products, prices, dates and numbers of orders say nothing of a person."""
    assert categories(name, values, table=table) == []


def test_a_little_in_long_texts() -> None:
    """An address in one note of many is found, with its share, and said to be inside of text."""
    notes = ["called twice, nobody answered the telephone that day"] * 95
    notes += ["please write to jo.doe@mail.example.org before Friday noon"] * 5
    found = {one.category: one for one in profiled("remarks", notes, table="calls")}
    mail = found["user.contact.email"]
    assert (mail.hits, mail.looked_at, mail.embedded) == (5, 100, True)
    assert mail.low == mail.high == pytest.approx(0.05)


def test_a_sample_has_bounds() -> None:
    """Of a part of the values the share in all is only bounded."""
    sample = Sample(rows=10_000, filled=10_000, values=tuple(MAILS))
    (found,) = profile_column("users", Column(name="mail", type="text", kind="text"), sample)
    assert found.low < 1.0 <= found.high + 1e-9
    assert not found.exhaustive


def test_no_value_is_in_what_is_found() -> None:
    """What is said of a column does not quote it."""
    assert "person3" not in repr(profiled("email", MAILS))


@given(st.text(max_size=20), st.lists(st.text(max_size=60), max_size=20))
@settings(deadline=None)
def test_anything_can_be_profiled(name: str, values: list[str]) -> None:
    """Whatever a column is called and holds, shares lie between nothing and all."""
    for found in profiled(name, values):
        assert 0 <= found.low <= found.high <= 1
        assert found.hits <= found.looked_at
