"""The data files: read once, of the form that is written down here."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

import msgspec
from msgspec import Struct

_FOLDER: Final = Path(__file__).parent

T = TypeVar("T")

Unit = Literal["D", "W", "M", "Y", "TS", "TM", "TH"]  # as in ISO 8601, those of a day after a T

Phrases = Mapping[str, tuple[str, ...]]

Group = Literal[
    "title",  # words of a notice's title or address, which give its language away
    "heading",  # what a section, list or table is about
    "column",  # what a column of a table holds
    "verb",  # what is done in a sentence
    "lifetime",  # of a cookie, other than a period
    "retention",  # how long, other than by a period
    "anchor",  # from when a period counts
    "right_context",
    "right",  # beside one of these
    "right_named",  # enough by itself
    "right_channel",
    "contact",
    "role",
    "controller_before",
    "controller_after",
    "legal_basis",
    "mechanism",
    "transfer_verb",
    "opt_in",
    "claim",
    "topic",
    "updated",
    "category",
    "purpose",
]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)


class NoticeWordsError(ValueError):
    """A data file is broken: says which, and what is wrong."""


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language: `numbers` up to which periods are written in words, `units` of time, `months`.

    `phrases` are patterns by group and key (see en.yaml for how they are written). `day_first`:
    03/04/2026 is the 3rd of April.
    """

    language: str
    numbers: Mapping[str, int]
    units: Mapping[Unit, tuple[str, ...]]
    months: Mapping[str, int]
    day_first: bool = True
    phrases: Mapping[Group, Phrases]


class Names(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes by no language.

    `ordinary`: services whose names are everyday words, so that the word alone names nobody.
    `called`: further names of services of the catalogue. `pages`: addresses (host, or host and
    the beginning of a path) at which vendors tell of a service. `nobody`: capitalised words in
    lists of recipients that are no firm. `authorities`: those that supervise data protection, with
    their country. `countries`: names of countries by ISO 3166-1 code, in all our languages.
    """

    ordinary: tuple[str, ...]
    called: Mapping[str, tuple[str, ...]]
    pages: Mapping[str, tuple[str, ...]]
    nobody: tuple[str, ...]
    authorities: Mapping[str, tuple[str, ...]]
    countries: Mapping[str, tuple[str, ...]]


LANGUAGES: Final = tuple(
    sorted(path.stem for path in _FOLDER.glob("*.yaml") if path.stem != "names")
)


@cache
def words(language: str) -> Words:
    """Return the words of one of `LANGUAGES`; `NoticeWordsError` if its file is broken."""
    return _read(language, Words)


@cache
def names() -> Names:
    """Return what goes by no language."""
    return _read("names", Names)


def _read(name: str, kind: type[T]) -> T:
    try:
        return msgspec.yaml.decode((_FOLDER / f"{name}.yaml").read_bytes(), type=kind)
    except msgspec.MsgspecError as error:
        raise NoticeWordsError(f"{name}.yaml: {error}") from error
