"""What the name of a column says about it: words, word breaks and accents of any spelling."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from auditor.knowledge.columns.data import Entry, Shape, lexicon

_LONGEST: Final = 200  # characters of a header, a table's name
_MOST_WORDS: Final = 24
_TERM_WORDS: Final = 6  # tokens that one term can be spread over
_RUN_ON: Final = 6  # letters from which on a token may be several words in one
_PIECE: Final = 3  # letters of the shortest of these
_BREAKS: Final = re.compile(
    r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
    r"|(?<=[0-9])(?=[^\W0-9_])|(?<=[^\W0-9_])(?=[0-9])|[\W_]+"
)
_LETTERS: Final = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
    }
)
_TWO_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


class Hint(NamedTuple):
    """A category that a name speaks for; `has_person`: it is about people for sure."""

    category: str
    values: Shape
    is_coded: bool
    has_person: bool


class _Words(NamedTuple):
    """The lexicon as it is asked: folded and joined."""

    terms: Mapping[str, tuple[Entry, ...]]
    persons: frozenset[str]
    counts: frozenset[str]
    vetoes: frozenset[str]
    codes: frozenset[str]
    things: frozenset[str]
    modifiers: frozenset[str]
    known: frozenset[str]


def hints(table: str, header: str) -> tuple[Hint, ...]:
    """Return the categories that a header speaks for; mostly one or none.

    The longest term wins: `email_address` is no address. A path into a document is read from its
    last name on: `customer.contact[].email` by `email`, the rest tells whose it is.
    """
    words = lexicon_words()
    above, _, own = header[-_LONGEST:].replace("[]", "").rpartition(".")
    tokens = _tokens(own)
    around = frozenset(_tokens(table[-_LONGEST:]) + _tokens(above))
    for start, end in _spans(tokens):
        rest = tokens[:start] + tokens[end:]
        found = tuple(
            Hint(entry.category, entry.values, entry.is_coded, _is_about_people(rest, around))
            for entry in words.terms.get("".join(tokens[start:end]), ())
            if _counts(entry, rest, around)
        )
        if found:
            return found
        if "".join(tokens[start:end]) in words.terms:
            return ()  # what was named is not meant here; a part of it is not either
    return ()


def fold(text: str) -> str:
    """Return lower-case letters without accents: `Größe` as `grosse`."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in letters if not unicodedata.combining(char))


def _spans(tokens: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where a known term stands, the longest first, the last of equals first."""
    known = lexicon_words().terms
    found = [
        (start, end)
        for start in range(len(tokens))
        for end in range(start + 1, min(start + _TERM_WORDS, len(tokens)) + 1)
        if "".join(tokens[start:end]) in known
    ]
    yield from sorted(found, key=lambda s: (-len("".join(tokens[s[0] : s[1]])), -s[0]))


def _counts(entry: Entry, rest: tuple[str, ...], around: frozenset[str]) -> bool:
    """Say whether a term means a person's data, by the words that stand beside it."""
    words = lexicon_words()
    if not words.counts.isdisjoint(rest):
        return False
    if entry.is_coded:
        return True
    if not words.vetoes.isdisjoint(rest) or not words.codes.isdisjoint((*rest[-1:], *rest[:1])):
        return False
    beside = set(rest) - words.modifiers
    if entry.near == "person" or entry.category.startswith(("user.name", "user.contact.address")):
        if beside & words.things - words.persons:
            return False
        if entry.near == "person" and beside.isdisjoint(words.persons):
            unknown = {token for token in beside if not token.isdigit()}
            return not unknown and not around.isdisjoint(words.persons)
    return True


def _is_about_people(rest: tuple[str, ...], around: frozenset[str]) -> bool:
    return not lexicon_words().persons.isdisjoint((*rest, *around))


def _tokens(name: str) -> tuple[str, ...]:
    """Cut a name into folded words; those written as one are parted if all parts are known."""
    parts = [fold(part) for part in _BREAKS.split(name[:_LONGEST]) if part]
    tokens = [piece for part in parts[:_MOST_WORDS] for piece in _pieces(part)]
    return tuple(tokens[:_MOST_WORDS])


def _pieces(token: str) -> tuple[str, ...]:
    """Return the fewest known words that make up a token, itself if there are none."""
    known = lexicon_words().known
    if len(token) < _RUN_ON or len(token) > _LONGEST or token in known:
        return (token,)
    best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
    for end in range(_PIECE, len(token) + 1):
        for start in range(end - _PIECE + 1):
            before, piece = best[start], token[start:end]
            if before is not None and piece in known:
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = (*before, piece)
    return best[-1] or (token,)


@cache
def lexicon_words() -> _Words:
    """Return the lexicon as it is asked, made once."""
    read = lexicon()
    terms: dict[str, list[Entry]] = {}
    for entry in read.entries:
        for term in _both_ways(entry.words):
            if entry not in terms.setdefault(term, []):
                terms[term].append(entry)
    groups = (read.persons, read.counts, read.vetoes, read.codes, read.things, read.modifiers)
    sets = [frozenset(_both_ways(group)) for group in groups]
    persons, counts, vetoes, codes, things, modifiers = sets
    return _Words(
        terms={term: tuple(found) for term, found in terms.items()},
        persons=persons,
        counts=counts,
        vetoes=vetoes,
        codes=codes,
        things=things,
        modifiers=modifiers,
        known=frozenset(terms).union(*sets),
    )


def _both_ways(words: Mapping[str, str]) -> Iterator[str]:
    """Yield each term joined and folded: `Größe` is written `grosse` and `groesse`."""
    for line in words.values():
        for term in line.replace("_", "").split():
            lower = term.casefold()
            yield fold(lower)
            if (spelled := lower.translate(_TWO_LETTERS)) != lower:
                yield fold(spelled)
