"""French and German notices: what their sentences say is found, and nothing else is."""

from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct, yaml

from auditor.knowledge.notices import faults, finder, fold, words

FOLDER = Path(__file__).parent / "notice_sentences"
LANGUAGES = ("fr", "de")
ENOUGH, ENOUGH_WITHOUT = 60, 25  # sentences of a language


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences with what must be found in them, and with what must not."""

    found: tuple[tuple[str, str], ...]
    not_found: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    not_columns: tuple[str, ...]


@cache
def sentences(language: str) -> Sentences:
    """Return the sentences of a language."""
    return yaml.decode((FOLDER / f"{language}.yaml").read_bytes(), type=Sentences)


def each(part: str) -> list[tuple[str, ...]]:
    """Return one part of the sentences, language by language."""
    parts = {language: getattr(sentences(language), part) for language in LANGUAGES}
    return [(language, *one) for language, of in parts.items() for one in of]


def told(language: str, sentence: str) -> set[str]:
    """Return all that is found in a sentence: groups, and groups with keys."""
    hits = list(finder(language).find(fold(sentence)))
    return {hit.group for hit in hits} | {f"{hit.group}.{hit.key}" for hit in hits}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_whole(language: str) -> None:
    """No pattern is broken, and no group or key that English has is left out."""
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
def test_every_group_has_a_sentence(language: str) -> None:
    """The sentences go through all groups, every right, ground, anchor, and claim."""
    known = sentences(language)
    assert len(known.found) >= ENOUGH
    assert len(known.not_found) >= ENOUGH_WITHOUT
    shown = {what for what, _ in known.found}
    ours = words(language).phrases
    assert {what.partition(".")[0] for what in shown} | {"column"} == set(ours)
    for group in ("right_named", "legal_basis", "claim", "retention", "opt_in"):
        assert {f"{group}.{key}" for key in ours[group]} <= shown


@pytest.mark.parametrize(("language", "what", "sentence"), each("found"))
def test_what_a_sentence_says_is_found(language: str, what: str, sentence: str) -> None:
    """A sentence gives the group and key that a reader would give it."""
    assert what in told(language, sentence)


@pytest.mark.parametrize(("language", "what", "sentence"), each("not_found"))
def test_what_a_sentence_does_not_say_is_not_found(
    language: str, what: str, sentence: str
) -> None:
    """A sentence that only sounds like it gives nothing."""
    assert what not in told(language, sentence)


@pytest.mark.parametrize(("language", "what", "header"), each("columns"))
def test_a_header_says_what_its_column_holds(language: str, what: str, header: str) -> None:
    """Headers of tables of cookies and of processors are known."""
    assert what in finder(language).columns(fold(header))


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
