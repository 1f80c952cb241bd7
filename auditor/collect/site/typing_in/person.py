"""Somebody who does not exist: made up anew for each visit, so that no hit is chance.

Names are made of letters that hardly any language puts together. Addresses are below names that
are reserved for examples (RFC 2606), telephone numbers in ranges that are kept free for fiction
(NANP 555-0100 to 0199; Ofcom 07700 900000 to 900999; ARCEP 06 39 98), the card is one that
payment services publish for tests.
"""

import random

from msgspec import Struct

HEAD = 6  # letters of a made-up word that no other word and no text begins with

_CONSONANTS = "jkqvwxz"
_VOWELS = "aeiou"
_CARDS = ("4000056655665556", "2223003122003222", "5200828282828210")
_AREAS = ("202", "312", "415", "617", "713")


class Datum(Struct, frozen=True, kw_only=True):
    """Something personal: `data` is its kind, `category` its key in the vocabulary.

    `words` are the made-up words in it, in lower case. `digits` are those of a number, as short
    as it is ever written, and `also` other ways in which it is written.
    """

    data: str
    category: str
    value: str
    words: tuple[str, ...] = ()
    digits: str = ""
    also: tuple[str, ...] = ()


def person(seed: str, locale: str = "") -> dict[str, Datum]:
    """Return what somebody types, by kind of data; the same seed is always the same person."""
    chance = random.Random(seed)  # noqa: S311 -- has to differ from visit to visit, not be secret
    words = _words(chance)
    first, last, given, family, street, city, user, company, site, note, more, key = words[:12]
    mail, at = words[12:]
    rows = (
        ("email", "user.contact.email", f"{mail}.{at}@example.com", (mail, at)),
        ("name", "user.name", f"{first.title()} {last.title()}", (first, last)),
        ("given_name", "user.name.first", given.title(), (given,)),
        ("family_name", "user.name.last", family.title(), (family,)),
        ("username", "user.account.username", user, (user,)),
        ("street", "user.contact.address.street", f"{street.title()} Street 47", (street,)),
        ("city", "user.contact.address.city", city.title(), (city,)),
        ("organization", "user.contact.organization", f"{company.title()} Ltd", (company,)),
        ("url", "user.contact.url", f"https://{site}.example.org/", (site,)),
        ("message", "user.content.private", f"{note.title()} {more}", (note, more)),
        ("password", "user.authorization.password", f"{key.title()}-47!", (key,)),
    )
    data = [Datum(data=d, category=c, value=v, words=w) for d, c, v, w in rows]
    card = chance.choice(_CARDS)
    category = "user.financial.credit_card"
    data.append(Datum(data="card", category=category, value=card, digits=card))
    data.append(_phone(chance, locale))
    return {datum.data: datum for datum in data}


def _words(chance: random.Random) -> list[str]:
    """Return fourteen words of ten letters, each with a beginning of its own."""
    words: dict[str, str] = {}
    while len(words) < 14:  # noqa: PLR2004 -- as many as `person` takes
        word = "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(5))
        words.setdefault(word[:HEAD], word)
    return list(words.values())


def _phone(chance: random.Random, locale: str) -> Datum:
    """Return a number of the visitor's country, as people there write it; else of the US."""
    if locale.lower().startswith("fr"):
        country, prefix, digits = "33", "0", f"63998{chance.randrange(10_000):04}"
    elif locale.lower().endswith("-gb"):
        country, prefix, digits = "44", "0", f"7700900{chance.randrange(1000):03}"
    else:
        digits = f"{chance.choice(_AREAS)}555{chance.randrange(100, 200):04}"
        country, prefix = "1", ""
    return Datum(
        data="phone",
        category="user.contact.phone_number",
        value=f"{prefix}{digits}",
        digits=digits,
        also=(f"+{country}{digits}", f"{country}{digits}", f"00{country}{digits}", digits),
    )
