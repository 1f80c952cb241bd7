import re
from itertools import chain

import pytest

from auditor.vocabulary import JURISDICTIONS, REFERENCES, VOCABULARIES, Term, find_terms
from auditor.vocabulary.terms import table, term

EVERY_TERM = list(chain.from_iterable(rows.values() for rows in VOCABULARIES.values()))


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_row_stands_under_its_own_key(name: str) -> None:
    """Whoever looks a key up gets the term of that key."""
    assert all(key == row.key for key, row in VOCABULARIES[name].items())


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_parent_of_a_key_is_a_key(name: str) -> None:
    """No level of a dotted key is left out, so that the wider key can always be declared."""
    rows = VOCABULARIES[name]
    assert [key for key in rows if "." in key and key.rpartition(".")[0] not in rows] == []


def test_keys_hold_only_lower_case_letters_digits_underscores_and_dots() -> None:
    """A key needs no quotes in YAML; the codes of jurisdictions have hyphens by contract."""
    keys = {row.key for row in EVERY_TERM} - set(JURISDICTIONS)
    assert [key for key in keys if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", key)] == []


def test_every_term_says_what_it_is() -> None:
    """A label, one sentence of description, and no synonym that is empty or there twice."""
    for row in EVERY_TERM:
        assert row.label, row.key
        assert re.fullmatch(r"[A-Z][^.]*\.", row.description), row.key
        assert all(row.also), row.key
        assert len(set(row.also)) == len(row.also), row.key


def test_every_cited_article_is_a_reference() -> None:
    """A report can print the title of whatever article a term names."""
    assert {row.article for row in EVERY_TERM if row.article} <= set(REFERENCES)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_an_extension_falls_back_to_a_key_that_is_not_ours(name: str) -> None:
    """An export to fideslang always has a fideslang key to write."""
    rows = VOCABULARIES[name]
    own = [row for row in rows.values() if row.extension]
    assert all(row.fallback in rows and not rows[row.fallback].extension for row in own)
    assert not any(row.fallback for row in rows.values() if not row.extension)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_term_is_found_first_by_its_key(name: str) -> None:
    """`audit terms KEY` answers with the term of that key, before all others."""
    for key, row in VOCABULARIES[name].items():
        exact = [hit for hit in find_terms(key) if hit[1].key == key]
        assert (name, row) in exact
        assert find_terms(key)[: len(exact)] == exact


def test_a_key_that_comes_twice_is_refused() -> None:
    """A table with the same key twice does not load: the second row would hide the first."""
    with pytest.raises(ValueError, match="twice"):
        table(term("user", "User", "One."), term("user", "User", "Two."))


def test_a_row_becomes_a_term() -> None:
    """Synonyms are parted by commas, and a fallback marks the key as ours."""
    assert term("donor", "Donor", "Gives.", "giver, donateur", fallback="customer") == Term(
        key="donor",
        label="Donor",
        description="Gives.",
        also=("giver", "donateur"),
        extension=True,
        fallback="customer",
    )
