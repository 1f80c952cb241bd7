import re

from auditor.vocabulary import ADEQUATE, COUNTRIES, EEA, PARTLY_ADEQUATE


def test_the_eea_has_thirty_members() -> None:
    """The 27 of the European Union, Iceland, Liechtenstein and Norway; not Switzerland."""
    assert len(EEA) == 30
    assert {"IS", "LI", "NO", "DE", "GR"} <= EEA
    assert not EEA & {"CH", "GB"}


def test_the_countries_are_those_of_iso_3166() -> None:
    """All 249 assigned codes, two capital letters each; UK and EU are not among them."""
    assert len(COUNTRIES) == 249
    assert all(re.fullmatch("[A-Z]{2}", code) for code in COUNTRIES)
    assert not COUNTRIES & {"UK", "EU", "EL", "XK"}


def test_every_listed_country_is_a_country() -> None:
    """No list names a code that policy.yaml would refuse."""
    assert EEA | ADEQUATE | set(PARTLY_ADEQUATE) <= COUNTRIES


def test_a_country_is_in_one_list_only() -> None:
    """Inside the EEA nothing is transferred, and half an adequacy decision is not a whole one."""
    assert not EEA & ADEQUATE
    assert not (EEA | ADEQUATE) & set(PARTLY_ADEQUATE)
    assert {"US", "CA"} == set(PARTLY_ADEQUATE)
