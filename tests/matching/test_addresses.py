"""Addresses are compared as people do, and shown without the names of persons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.matching.addresses import is_same_address, is_written, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("privacy@x.org", "privacy@x.org"),
        ("data-protection.team@x.org", "data-protection.team@x.org"),
        ("Write to Maria.Lopez@x.org!", "Write to …@x.org!"),
        ("hello.maria@x.org", "…@x.org"),
        ("infomaria@x.org", "…@x.org"),
        ("maria (at) x.org", "… (at) x.org"),
        ("meet @ noon", "meet @ noon"),
    ],
)
def test_only_offices_are_shown(text: str, shown: str) -> None:
    """Every word before the `@` is that of an office, or nothing of it is shown."""
    assert masked(text) == shown


@given(st.text(st.characters(categories=("Ll", "Nd")), min_size=3, max_size=40), st.text())
def test_no_name_gets_through(name: str, around: str) -> None:
    """Whatever stands around an address, what is before its `@` is gone."""
    assert f"zz{name}@x.org" not in masked(f"{around} zz{name}@x.org {around}")


def test_addresses_are_compared_as_people_do() -> None:
    """No matter the scheme, case, `www.` or a last slash; a path alone is on the same site."""
    assert is_same_address("HTTP://www.X.org/a/", "https://x.org/a")
    assert is_same_address("/a", "https://x.org/a/")
    assert not is_same_address("/a", "https://x.org/b")
    assert not is_same_address("//y.org/a", "https://x.org/y.org/a")
    assert not is_same_address("b@x.org", "a@x.org")


def test_postal_addresses_are_found_by_their_numbers() -> None:
    """Streets are abbreviated in many ways, numbers are not; without any, all words count."""
    assert is_written("1 Main Street, 75001 Paris", "Write to: 1, Main St., F-75001 PARIS")
    assert not is_written("1 Main Street, 75001 Paris", "Main Street, 75001 Paris")
    assert is_written("The Old Mill, Cork", "at the Old Mill in Cork")
    assert not is_written("The Old Mill, Cork", "at the Old Mill")
    assert not is_written("", "anything")
