"""Does a run of letters and digits look made by a machine? Heuristics, told in full here.

A run such as `D8LRHP9HJ8` is cut where the kind of character changes: `D`, `8`, `LRHP`, and so on.
A piece is a word if it has three letters or more, a vowel, and no four consonants in a row. A run
of which words make up about half (`i18nextLng`, `firebaseLocalStorageDb2`) is a name, more of it
the longer the run is; others are random. A run of eight hex digits or more that has a digit is
always random. One of a single kind of character (`qzxkwvjt`) or of fewer than eight characters
never is: there is too little to tell. Of random base62 and base36 more than 9 in 10 are found at
16 characters, 19 in 20 at 22.
"""

import re

_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_WORD = re.compile(r"(?=.*[aeiouy])(?!.*[^aeiouy]{4})[a-z]{3,}", re.IGNORECASE)
_HEX = re.compile(r"(?=[a-fA-F]*[0-9])[0-9a-fA-F]{8,}")
_DIMENSIONS = re.compile(r"[0-9]+(x[0-9]+)+")

_SHORT, _MIDDLE, _LONG = 8, 10, 16  # characters
_CHOPPY = 2.5  # characters in a piece, on average: words are longer
_MANY = 3  # numbers in one run: names have one, seldom two
_KINDS = 3  # of characters: a, A and 1


def looks_random(run: str) -> bool:
    """Return whether ASCII letters and digits, as one run, are more likely an id than a name."""
    if _HEX.fullmatch(run):
        return True
    size = len(run)
    pieces = _PIECE.findall(run)
    numbers = sum(piece.isdigit() for piece in pieces)
    kinds = bool(numbers) + (run.upper() != run) + (run.lower() != run)
    if size < _SHORT or _DIMENSIONS.fullmatch(run):
        return False
    words = sum(len(piece) for piece in pieces if _WORD.fullmatch(piece)) / size
    return words < _least_words(size, kinds, numbers, is_choppy=size < _CHOPPY * len(pieces))


def _least_words(size: int, kinds: int, numbers: int, *, is_choppy: bool) -> float:
    """Return how much of a run has to be words, or it is random."""
    if size < _MIDDLE:
        return 0.5 if kinds == _KINDS and is_choppy else 0
    if not numbers:
        return 0.4 if is_choppy else 0
    if numbers >= _MANY:
        return 0.7
    if size >= _LONG:
        return 0.6
    return 0.55 if is_choppy else 0.4
