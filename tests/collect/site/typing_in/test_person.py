"""Somebody who cannot exist, and is another one in each visit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from auditor.collect.site.typing_in.person import HEAD, person
from auditor.vocabulary import CATEGORIES

SEEDS = st.text(max_size=16)


@given(SEEDS, st.sampled_from(["", "fr-FR", "en-GB", "de"]))
def test_nobody_real(seed: str, locale: str) -> None:
    """Reserved names, numbers for fiction, a card for tests; categories of the vocabulary."""
    data = person(seed, locale)
    assert data["email"].value.endswith("@example.com")
    assert data["url"].value.endswith(".example.org/")
    assert luhn.is_valid(data["card"].value)
    assert {datum.category for datum in data.values()} <= CATEGORIES.keys()
    assert all(len(datum.value) >= 8 for datum in data.values())


@given(SEEDS)
def test_each_word_begins_in_its_own_way(seed: str) -> None:
    """So one beginning tells whose it is."""
    words = [word for datum in person(seed).values() for word in datum.words]
    assert len({word[:HEAD] for word in words}) == len(words)


def test_the_same_seed_is_the_same_person() -> None:
    """A visit that begins again goes on as the same; another visit is somebody else."""
    assert person("a") == person("a")
    mine, others = person("a"), person("b")
    same = {data for data in mine if mine[data].value == others[data].value}
    assert same <= {"card", "phone"}


@pytest.mark.parametrize(
    ("locale", "begins"), [("fr-FR", "063998"), ("en-GB", "07700900"), ("", "")]
)
def test_numbers_of_the_visitors_country(locale: str, begins: str) -> None:
    """As people there write them."""
    value = person("a", locale)["phone"].value
    assert value.startswith(begins)
    assert begins or value[3:8] == "55501"
