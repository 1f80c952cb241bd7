"""The words of each language: all of them are there, and none is a key."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.durations import parse_duration
from auditor.export import LANGUAGES
from auditor.export.words import labels, words
from auditor.export.words.lengths import country, in_words
from auditor.vocabulary import CATEGORIES, COUNTRIES, PURPOSES, TRANSFER_MECHANISMS

GROUPS = ("texts", "kinds", "consents", "roles", "units")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything(language: str) -> None:
    """The same things as English does, with the same gaps to fill in."""
    mine, english = msgspec.to_builtins(words(language)), msgspec.to_builtins(words("en"))
    for group in GROUPS:
        assert mine[group].keys() == english[group].keys()
    for key, text in mine["texts"].items():
        assert ("{" in text) == ("{" in english["texts"][key])


def test_every_key_has_a_label() -> None:
    """A word added to the vocabulary needs its labels here."""
    assert labels().purposes.keys() == PURPOSES.keys()
    assert labels().categories.keys() == CATEGORIES.keys()
    assert labels().mechanisms.keys() == TRANSFER_MECHANISMS.keys()


@pytest.mark.parametrize(
    ("period", "language", "said"),
    [
        ("P12M", "en", "12 months"),
        ("P1Y", "en", "1 year"),
        ("P1Y6M", "de", "1 Jahr und 6 Monate"),
        ("P2W", "fr", "2 semaines"),
        ("P14D", "es", "14 días"),
        ("P1DT2H30M", "pt", "1 dia, 2 horas e 30 minutos"),
        ("P0D", "en", "0 days"),
        ("PT90M", "en", "1 hour and 30 minutes"),
        ("P1W3D", "en", "10 days"),
        ("P1Y18M", "en", "2 years and 6 months"),
    ],
)
def test_periods_in_words(period: str, language: str, said: str) -> None:
    """As it was promised: 12 months stay 12 months, 14 days are not 2 weeks."""
    assert in_words(period, words(language)) == said


@given(st.from_regex(r"\AP(?=[0-9])([0-9]{1,2}Y)?([0-9]{1,2}M)?([0-9]{1,2}W)?([0-9]{1,2}D)?\Z"))
def test_no_part_of_a_period_is_lost(period: str) -> None:
    """What is said adds up to what was promised."""
    said = in_words(period, words("en")).replace(" and ", ", ")
    parts = [part.split(" ") for part in said.split(", ")]
    amounts = {unit.rstrip("s"): int(number) for number, unit in parts}
    duration = parse_duration(period)
    assert 12 * amounts.get("year", 0) + amounts.get("month", 0) == duration.months
    assert 7 * amounts.get("week", 0) + amounts.get("day", 0) == duration.days


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name(language: str) -> None:
    """No code gets into a notice, and no reference of the list that the names come from."""
    nameless = {code for code in COUNTRIES if country(code, language) in {code, ""}}
    assert nameless <= {"AQ", "BV", "GS", "HM", "PN", "TF", "UM"}  # nobody has a telephone there
    assert not any("*" in country(code, language) for code in COUNTRIES)


def test_a_country_in_several_languages() -> None:
    """The names are those of the language."""
    assert [country("DE", one) for one in LANGUAGES] == [
        "Germany", "Allemagne", "Deutschland", "Alemania", "Alemanha",
    ]  # fmt: skip
