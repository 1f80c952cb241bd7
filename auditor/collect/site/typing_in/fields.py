"""Which field wants what: by its autocomplete token (HTML §4.10.18.7), its type, then its words.

Words of its name, id, label and placeholder, in English, German, French, Spanish and Portuguese.
"""

import re
from unicodedata import combining, normalize

from msgspec import Struct

from auditor.names import template

_BY_TOKEN = {
    "email": "email",
    "tel": "phone",
    "tel-national": "phone",
    "name": "name",
    "cc-name": "name",
    "given-name": "given_name",
    "family-name": "family_name",
    "nickname": "username",
    "username": "username",
    "organization": "organization",
    "street-address": "street",
    "address-line1": "street",
    "address-level2": "city",
    "url": "url",
    "cc-number": "card",
    "new-password": "password",
}
_SAYS_NOTHING = {"", "on", "off", "webauthn"}
_BY_TYPE = {"email": "email", "tel": "phone", "url": "url"}
_NUMBERS = {"phone", "card"}

# Too short to be found again, or nobody's data: codes, dates, what is searched for.
_NOT = (
    "search|suche|suchen|suchbegriff|recherche|rechercher|buscar|busqueda|busca|pesquisa|pesquisar"
    "|q|query|captcha|code|otp|pin|plz|zip|postleitzahl|coupon|promo|gutschein|cvc|cvv|iban"
    "|birthday|birthdate|date|datum|fecha|data de nascimento|expiry"
)
_WORDS = {
    "email": "e mail|email|mail|courriel|correo|correio",
    "card": "card number|cardnumber|ccnumber|cc number|credit card|kartennummer|kreditkarte"
    "|numero de (?:la )?carte|numero de (?:la )?tarjeta|numero do cartao",
    "phone": "phone|tel|telephone|telefon|telefonnummer|telefono|telefone|mobile|mobil|handy"
    "|handynummer|rufnummer|portable|movil|celular|telemovel|whatsapp",
    "given_name": "first name|firstname|fname|given name|forename|vorname|prenom|nombre de pila"
    "|primeiro nome",
    "family_name": "last name|lastname|lname|surname|family name|nachname|familienname"
    "|nom de famille|apellidos?|sobrenome|apelido",
    "username": "user name|username|user|login|nickname|benutzername|identifiant|pseudo"
    "|nom d utilisateur|usuario",
    "organization": "company|organi[sz]ation|firma|unternehmen|verein|societe|entreprise"
    "|association|empresa|organizacion|organizacao",
    "street": "street|address|address1|address line|strasse|anschrift|adresse|rue|direccion|calle"
    "|endereco|rua|morada",
    "city": "city|town|ort|wohnort|stadt|ville|ciudad|localidad|cidade",
    "url": "website|web site|homepage|webseite|site web|sitio web",
    "name": "name|full name|fullname|ihr name|nom|nombre|nome",
    "message": "message|nachricht|anliegen|comment|comments|kommentar|commentaire|mensaje|mensagem"
    "|comentario|question|frage|bemerkung",
}


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")


_IS_NOT = _compiled(_NOT)
_IS = {data: _compiled(words) for data, words in _WORDS.items()}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


class Field(Struct, frozen=True, kw_only=True):
    """A field as `fields.js` describes it: `words` is all that is written at it.

    `form` tells forms apart, `passwords` is how many of them the form asks for.
    """

    type: str
    token: str
    name: str
    words: str
    visible: bool
    filled: bool
    locked: bool
    search: bool
    form: int
    passwords: int

    @property
    def label(self) -> str:
        """Return what is told of it: its type, token and name, without what is personal."""
        return template(f"{self.type}:{self.token}:{self.name}")


def wanted(field: Field) -> str:
    """Return the kind of data that a field wants, "" for none that is typed in.

    A password is typed only where one is chosen, never where somebody logs in.
    """
    token = next((t for t in reversed(field.token.split()) if t not in _SAYS_NOTHING), "")
    if field.type == "password":
        is_new = token == "new-password" or (not token and field.passwords > 1)
        return "password" if is_new else ""
    if token:
        data = _BY_TOKEN.get(token, "")
    elif field.search or field.type == "search":
        data = ""
    else:
        data = _BY_TYPE.get(field.type) or _by_words(field)
    return data if field.type != "number" or data in _NUMBERS else ""


def _by_words(field: Field) -> str:
    words = _plain(field.words)
    if _IS_NOT.search(words) and field.type not in {"textarea", "editable"}:
        return ""
    found = next((data for data, pattern in _IS.items() if pattern.search(words)), "")
    return "message" if field.type in {"textarea", "editable"} else found


def _plain(text: str) -> str:
    """Return a text in lower-case ASCII, words parted by a space: `firstName` as `first name`."""
    apart = normalize("NFKD", _HUMP.sub(" ", text)).casefold()
    kept = "".join(mark for mark in apart if not combining(mark))
    return _NO_LETTER.sub(" ", kept).strip()
