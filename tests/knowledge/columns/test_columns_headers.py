"""What headers say, in the languages and spellings that people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.knowledge.columns import hints


def told(header: str, table: str = "t") -> list[str]:
    """Return the categories that a header speaks for."""
    return [hint.category for hint in hints(table, header)]


@pytest.mark.parametrize(
    ("header", "category"),
    [
        ("EMailAddress", "user.contact.email"),
        ("customerfirstname", "user.name.first"),
        ("KundenVorname", "user.name.first"),
        ("STRASSE", "user.contact.address.street"),
        ("Geburtsdatum", "user.demographic.date_of_birth"),
        ("fodselsdato", "user.demographic.date_of_birth"),
        ("prénom_2", "user.name.first"),
        ("fecha-de-nacimiento", "user.demographic.date_of_birth"),
        ("ΔΙΕΥΘΥΝΣΗ", "user.contact.address"),
        ("имейл", "user.contact.email"),
        ("has_disability", "user.health_and_medical"),
        ("religion_id", "user.demographic.religious_belief"),
        ("owner.contact[].email", "user.contact.email"),
        ("ip_address", "user.device.ip_address"),
        ("national_id", "user.government_id.national_identification_number"),
    ],
)
def test_what_a_header_says(header: str, category: str) -> None:
    """Case, word breaks, accents and paths do not matter; the longest term decides."""
    assert told(header) == [category]


@pytest.mark.parametrize(
    "header",
    ["email_verified", "phone_type", "address_id", "has_phone", "email_count", "storage", "name",
     "percentage", "company_name", "file_name", "religion_count", "max_age", "created_by", ""],
)  # fmt: skip
def test_what_a_header_does_not_say(header: str) -> None:
    """Settings, counts, keys, and names of things are about nobody."""
    assert told(header) == []


def test_a_bare_name_needs_people() -> None:
    """`name` is a person's in a table of people, and a thing's among things."""
    assert told("name", "customers") == ["user.name"]
    assert told("name", "products") == []
    assert told("product_name", "customers") == []


def test_accents_are_folded_both_ways() -> None:
    """German vowels are written with and without their points, and with an e."""
    assert told("körpergröße") == told("koerpergroesse") == told("korpergrosse") != []


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_header_can_be_read(table: str, header: str) -> None:
    """Names are hostile: whatever they hold, reading them ends and gives known hints."""
    assert isinstance(hints(table, header), tuple)
