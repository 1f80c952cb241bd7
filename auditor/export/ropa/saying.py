"""How the record says things: labels of keys, and what nobody has decided or declared."""

from collections.abc import Iterator, Mapping
from typing import Final

from auditor.export.undecided import is_undecided
from auditor.export.words import words
from auditor.policy import Entry, Policy
from auditor.vocabulary import Term

EN: Final = words("en")
TODO: Final = EN.texts["undecided"]
NO_CONTRACT: Final = "none declared"
NO_SAFEGUARD: Final = "no safeguard is declared"
NONE_NEEDED: Final = "none needed: the data stay in the EEA"
OPEN: Final = (TODO, NO_CONTRACT, NO_SAFEGUARD)


def is_open(line: str) -> bool:
    """Return whether a line says that something is not decided, or not there."""
    return any(text in line for text in OPEN)


def label(key: str, terms: Mapping[str, Term]) -> str:
    """Return what a key is called."""
    return terms[key].label if key in terms else key


def todo(policy: Policy, entry: Entry, key: str) -> Iterator[str]:
    """Yield `TODO` if the value of a key is."""
    if is_undecided(policy, entry, key):
        yield TODO
