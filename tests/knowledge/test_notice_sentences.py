"""Notices in other languages: what their sentences say is found, and nothing else is."""

from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct, yaml

from auditor.knowledge.notices import faults, finder, fold, words
from auditor.knowledge.notices.data import Group

FOLDER = Path(__file__).parent / "notice_sentences"
LANGUAGES = ("de", "es", "fr", "pt")
ENOUGH, ENOUGH_WITHOUT = 60, 25  # sentences of a language
# Each key of these has a sentence of its own; of some languages those of more.
THROUGH: tuple[Group, ...] = (
    "right",
    "right_named",
    "legal_basis",
    "retention",
    "claim",
    "opt_in",
)
MORE: dict[str, tuple[Group, ...]] = {"es": ("anchor", "topic"), "pt": ("anchor", "topic")}


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences with what must be found in them, and with what must not; headers likewise."""

    found: tuple[tuple[str, str], ...]
    not_found: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    not_columns: tuple[str, ...]


@cache
def sentences(language: str) -> Sentences:
    """Return the sentences of a language."""
    return yaml.decode((FOLDER / f"{language}.yaml").read_bytes(), type=Sentences)


def of_each(part: str) -> list[tuple[str, str, str]]:
    """Return one part of the sentences, language by language."""
    return [(one, *row) for one in LANGUAGES for row in getattr(sentences(one), part)]


def told(language: str, sentence: str) -> set[str]:
    """Return all that is found in a sentence: groups, and groups with keys."""
    hits = list(finder(language).find(fold(sentence)))
    return {hit.group for hit in hits} | {f"{hit.group}.{hit.key}" for hit in hits}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_whole(language: str) -> None:
    """No pattern is broken, no key is one that English does not have, and none is left out."""
    ours, english = words(language), words("en")
    assert list(faults(ours, english)) == []
    missing = {
        f"{group}.{key}"
        for group, phrases in english.phrases.items()
        for key in phrases
        if not ours.phrases[group].get(key)
    }
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_go_through_all_that_matters(language: str) -> None:
    """Every group has its sentence; every right, ground, claim and more has its own."""
    known, ours = sentences(language), words(language).phrases
    assert len(known.found) >= ENOUGH
    assert len(known.not_found) >= ENOUGH_WITHOUT
    shown = {what for what, _ in known.found}
    assert {what.partition(".")[0] for what in shown} == set(ours) - {"column"}
    assert {key for key, _ in known.columns} == set(ours["column"])
    for group in (*THROUGH, *MORE.get(language, ())):
        assert {f"{group}.{key}" for key in ours[group]} <= shown


@pytest.mark.parametrize(("language", "what", "sentence"), of_each("found"))
def test_what_a_person_reads_is_found(language: str, what: str, sentence: str) -> None:
    """A sentence gives the group and key that a reader would give it."""
    assert what in told(language, sentence)


@pytest.mark.parametrize(("language", "what", "sentence"), of_each("not_found"))
def test_what_a_person_does_not_read_is_not_found(language: str, what: str, sentence: str) -> None:
    """A sentence that only sounds alike gives nothing, by its key or by its whole group."""
    assert what not in told(language, sentence)


@pytest.mark.parametrize(("language", "key", "header"), of_each("columns"))
def test_headers_say_what_columns_hold(language: str, key: str, header: str) -> None:
    """Headers of tables of cookies and of processors are known."""
    assert key in finder(language).columns(fold(header))


@pytest.mark.parametrize(
    ("language", "header"),
    [(language, header) for language in LANGUAGES for header in sentences(language).not_columns],
)
def test_other_headers_say_nothing(language: str, header: str) -> None:
    """Headers of other tables are left alone."""
    assert finder(language).columns(fold(header)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_typographic_signs_make_no_difference(language: str) -> None:
    """Capitals, curly apostrophes and no-break spaces change nothing that is found."""
    for what, sentence in sentences(language).found:
        written = sentence.replace("'", "’").replace(" ?", "\u00a0?").upper()  # noqa: RUF001
        if "ß" not in sentence:  # in capitals that is SS
            assert what in told(language, written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_text_loses_nothing(language: str) -> None:
    """What sentences say is also found where many stand together: no automaton gives up."""
    known = sentences(language).found
    for first in range(0, len(known), 20):
        some = known[first : first + 20]
        everything = told(language, " ".join(sentence for _, sentence in some))
        assert {what for what, _ in some} <= everything
