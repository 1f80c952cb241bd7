"""Addresses in what people are told, compared, and shown without the names of persons."""

import re
from typing import Final

# Bounded, so that a hostile text costs no more than its length; `(at)` is how some hide them.
_MAIL: Final = re.compile(
    r"([\w.%+-]{1,64})(\s?(?:@|\(at\)|\[at\])\s?)(?=\w[\w-]{0,62}\s?(?:\.|\(|\[))"
)
_PARTS: Final = re.compile(r"[\W_\d]+")
# An address of an office has nothing but such words before its `@`.
_OFFICES: Final = frozenset(
    "abuse accounts admin ask audit bureau care compliance confidentialite contact contacto "
    "contato cookies customer dados data datenschutz datos de dpd dpo dsb dsgvo email "
    "encarregado enquiries feedback gdpr hello help helpdesk hilfe hola info informatique "
    "inquiries kontakt legal lgpd mail mailbox member members membership moderation no "
    "noreply office officer opt optout out post press privacidad privacidade privacy privee "
    "protecao proteccion protection questions reply request requests rgpd rights security "
    "service services subject support team unsubscribe us vie volunteer volunteers".split()
)
_SCHEME: Final = re.compile(r"^(https?://)?(www\.)?", re.IGNORECASE)


def plain_address(address: str) -> str:
    """Return an address as one compares it: no case, scheme, `www.` or last slash."""
    return _SCHEME.sub("", address.strip().casefold()).rstrip("/")


def is_same_address(told: str, wanted: str) -> bool:
    """Return whether two addresses lead to one place; `/erase` is on the site that tells it."""
    if told.startswith("/") and not told.startswith("//"):
        return plain_address(wanted).partition("/")[2] == plain_address(told).lstrip("/")
    return plain_address(told) == plain_address(wanted)


def masked(text: str) -> str:
    """Return a text without the names in e-mail addresses: `…@x.org`, but `privacy@x.org`.

    An organisation's address is no personal data; one that holds a person's name is.
    """
    return _MAIL.sub(lambda found: f"{_office(found[1])}{found[2]}", text)


def _office(local: str) -> str:
    words = [word for word in _PARTS.split(local.casefold()) if word]
    return local if words and all(word in _OFFICES for word in words) else "…"


def is_written(address: str, text: str) -> bool:
    """Return whether a text holds a postal address: its numbers, or its words if it has none.

    Streets and countries are abbreviated in many ways; house numbers and postcodes are not.
    """
    words = {word for word in re.split(r"\W+", address.casefold()) if word}
    numbers = {word for word in words if any(sign.isdigit() for sign in word)}
    return bool(words) and (numbers or words) <= set(re.split(r"\W+", text.casefold()))
