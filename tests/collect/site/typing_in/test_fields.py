"""Which field wants what."""

import pytest

from auditor.collect.site.typing_in.fields import Field, wanted


def field(words: str = "", kind: str = "text", token: str = "", **facts: object) -> Field:
    """Return a field of a form with nothing else to know."""
    common = {"name": "", "visible": True, "filled": False, "locked": False, "search": False}
    given = {**common, "form": 0, "passwords": 1, **facts}
    return Field(type=kind, token=token, words=words, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "data"),
    [
        ("firstName", "given_name"),
        ("Vorname*", "given_name"),
        ("Prénom", "given_name"),
        ("user[last_name]", "family_name"),
        ("Apellidos", "family_name"),
        ("Nom de famille", "family_name"),
        ("Ihre E-Mail-Adresse", "email"),
        ("Correo electrónico", "email"),
        ("Adresse e-mail", "email"),
        ("Endereço", "street"),
        ("Straße", "street"),
        ("Téléphone portable", "phone"),
        ("Rufnummer", "phone"),
        ("Company name", "organization"),
        ("Ville", "city"),
        ("Kartennummer", "card"),
        ("Nombre", "name"),
        ("Nom", "name"),
        ("Benutzername", "username"),
        ("colour", ""),
        ("Gutschein-Code", ""),
        ("Code postal / Ville", ""),
        ("Suchbegriff", ""),
        ("q", ""),
    ],
)
def test_words_in_five_languages(words: str, data: str) -> None:
    """English, German, French, Spanish and Portuguese, with accents and humps."""
    assert wanted(field(words)) == data


@pytest.mark.parametrize(
    ("token", "data"),
    [
        ("email", "email"),
        ("section-a shipping street-address", "street"),
        ("username webauthn", "username"),
        ("one-time-code", ""),
        ("postal-code", ""),
        ("off", "email"),
    ],
)
def test_the_token_says_more_than_words(token: str, data: str) -> None:
    """The last one that says what is meant; `off` says nothing."""
    assert wanted(field("Email", token=token)) == data


@pytest.mark.parametrize(
    ("kind", "words", "data"),
    [
        ("email", "", "email"),
        ("tel", "", "phone"),
        ("url", "", "url"),
        ("textarea", "Captcha", "message"),
        ("editable", "", "message"),
        ("search", "name", ""),
        ("number", "name", ""),
        ("number", "Handynummer", "phone"),
    ],
)
def test_types(kind: str, words: str, data: str) -> None:
    """Where there is no token, the type decides before the words."""
    assert wanted(field(words, kind)) == data


@pytest.mark.parametrize(
    ("token", "passwords", "data"),
    [
        ("new-password", 1, "password"),
        ("", 2, "password"),
        ("", 1, ""),
        ("current-password", 2, ""),
        ("off", 1, ""),
    ],
)
def test_no_password_of_a_login(token: str, passwords: int, data: str) -> None:
    """Only one that is being chosen: it is said, or has to be repeated."""
    assert wanted(field("password", "password", token, passwords=passwords)) == data


def test_what_is_searched_for_is_nobodys_data() -> None:
    """A field in a search form, whatever its words."""
    assert wanted(field("name", search=True)) == ""


def test_what_is_told_of_a_field() -> None:
    """Its type, token and name, without what may be personal in it."""
    assert field(kind="email", name="mail").label == "email::mail"
    assert "jane" not in field(name="for_jane@example.org").label
