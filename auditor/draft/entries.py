"""What is drafted: an entry of policy.yaml, and where each part of it comes from."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

from auditor.evidence import Fact

TODO: Final = "TODO"
LONGEST_COMMENT: Final = 110  # characters
LONGEST_ID: Final = 48
_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")

Value = str | bool | list[str] | Mapping[str, "str | Mapping[str, str]"]


class Entry(Struct, frozen=True, kw_only=True):
    """One entry: the section that it belongs to, its keys in order, and where they come from.

    `above` are comments before it, `beside` those on the line of a key. In a section that is one
    mapping (`controller`, `rights`) it holds some of the keys. `same` are values by which an entry
    that is already there is known as the same one.
    """

    section: str
    value: Mapping[str, Value]
    above: tuple[str, ...] = ()
    beside: Mapping[str, str] = {}
    same: Mapping[str, Collection[str]] = {}


def place_of(fact: Fact, notice: str) -> str:
    """Return where a fact stands: `privacy.md:12`, or below which heading of a page."""
    if fact.place.line:
        return comment(f"{notice}:{fact.place.line}")
    return comment(f"{notice}, {fact.place.section or fact.place.selector}".rstrip(" ,"))


def cited(fact: Fact, notice: str) -> str:
    """Return where a fact stands, and its sentence: `privacy.md:12 "We collect …"`."""
    return comment(f'{place_of(fact, notice)} "{fact.sentence}"')


def comment(text: str, longest: int = LONGEST_COMMENT) -> str:
    """Return a text as one line of a comment: what is not seen, and what ends lines, is left out.

    YAML 1.1 ends lines at more characters than people see.
    """
    seen = "".join(
        char if char.isprintable() and unicodedata.category(char) != "Zs" else " " for char in text
    )
    words = " ".join(seen.split())
    if len(words) <= longest:
        return words
    end = '…"' if words.endswith('"') else "…"
    return words[: longest - len(end)].rpartition(" ")[0].rstrip(" ,;:") + end


def slug(text: str, taken: Collection[str] = ()) -> str:
    """Return an id made of a name, which nobody else has."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    base = _NOT_IN_IDS.sub("-", plain).strip("-")[:LONGEST_ID].strip("-") or "entry"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
