"""Questions that the vocabularies answer: what covers what, and what was meant by a word."""

import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Final

from auditor.vocabulary.categories import CATEGORIES
from auditor.vocabulary.law import (
    JURISDICTIONS,
    LEGAL_BASES,
    RIGHTS,
    SPECIAL_CATEGORY_BASES,
    TRANSFER_MECHANISMS,
)
from auditor.vocabulary.subjects import SUBJECTS
from auditor.vocabulary.terms import Term
from auditor.vocabulary.uses import PURPOSES

# Each vocabulary under the key of policy.yaml that takes its words.
VOCABULARIES: Final[dict[str, dict[str, Term]]] = {
    "data_categories": CATEGORIES,
    "purpose": PURPOSES,
    "data_subjects": SUBJECTS,
    "legal_basis": LEGAL_BASES,
    "special_category_basis": SPECIAL_CATEGORY_BASES,
    "transfer.mechanism": TRANSFER_MECHANISMS,
    "rights": RIGHTS,
    "jurisdictions": JURISDICTIONS,
}

_SPECIAL = tuple(key for key, row in CATEGORIES.items() if row.article == "gdpr:9")

# Words come from files that anybody may have written: more than this is not worth comparing.
_MAX_LETTERS = 64
_MAX_OPTIONS = 1000
_SIMILAR = 0.6  # of 1; difflib's own default: one slip in a short word still passes
_WORD_BREAKS = str.maketrans("", "", "-_ ")


def covers(declared: str, seen: str) -> bool:
    """Say whether a declared key allows a seen one: itself and every key below it.

    ``user.contact`` covers ``user.contact.email``; never the reverse, nor ``user.contactless``.
    """
    return seen == declared or seen.startswith(f"{declared}.")


def is_special_category(key: str) -> bool:
    """Say whether a data category is one of GDPR Art. 9, or stands below one.

    Biometric data belong there only when used to tell who someone is: say so where it matters.
    """
    return any(covers(special, key) for special in _SPECIAL)


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Find the option that was probably meant by a mistyped word, or None if none is like it.

    The last part of a dotted key is enough where only one option ends so: ``user.email`` finds
    ``user.contact.email``. Only the first 64 letters and the first 1000 options are compared.
    """
    wanted = _bare(word)
    by_bare: dict[str, str] = {}
    for option in islice(options, _MAX_OPTIONS):
        by_bare.setdefault(_bare(option), option)
    if wanted in by_bare:
        return by_bare[wanted]
    last = wanted.rpartition(".")[2]
    endings = [bare for bare in by_bare if last and bare.endswith(f".{last}")]
    return by_bare[endings[0]] if len(endings) == 1 else _most_similar(wanted, by_bare)


def suggestion(word: str, options: Iterable[str], otherwise: str) -> str:
    """Return the end of an error message: the option that was probably meant, or other advice."""
    guess = nearest(word, options)
    return f"did you mean {guess}?" if guess else otherwise


def _bare(word: str) -> str:
    """Take away what people write one way or the other: ``Postal-Code`` as ``postal_code``."""
    return word[:_MAX_LETTERS].casefold().translate(_WORD_BREAKS)


def _most_similar(wanted: str, by_bare: dict[str, str]) -> str | None:
    import difflib  # noqa: PLC0415 -- only a mistyped word needs it

    found = difflib.get_close_matches(wanted, by_bare, n=1, cutoff=_SIMILAR)
    return by_bare[found[0]] if found else None


def find_terms(word: str) -> list[tuple[str, Term]]:
    """Find the terms that an everyday word may mean, best first, each with its vocabulary.

    The order: the word is the key, a part of the key, a synonym, starts a word of the label or
    of a synonym, starts a word of the description. Case and accents do not matter. The
    vocabulary is named as in policy.yaml (``data_categories``, ``purpose`` ...).
    """
    wanted = _plain(word[:_MAX_LETTERS])
    if not wanted:
        return []
    ranked = [
        (rank, name, row)
        for name, vocabulary in VOCABULARIES.items()
        for row in vocabulary.values()
        if (rank := _rank(wanted, row)) is not None
    ]
    ranked.sort(key=lambda hit: hit[0])  # stable: equals stay in the order of the vocabularies
    return [(name, row) for _, name, row in ranked]


def _rank(wanted: str, row: Term) -> int | None:
    """Say how well a term answers a plain word: 0 is best, None is not at all."""
    key = _plain(row.key)
    synonyms = [_plain(word) for word in row.also]
    matches = (
        key == wanted,
        f" {wanted} " in f" {key} ",
        wanted in synonyms,
        any(f" {wanted}" in f" {text}" for text in (_plain(row.label), *synonyms)),
        f" {wanted}" in f" {_plain(row.description)}",
    )
    return next((rank for rank, match in enumerate(matches) if match), None)


def _plain(text: str) -> str:
    """Reduce a text to lower-case letters and digits without accents, words parted by a space."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    kept = (char for char in letters if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in kept).split())
