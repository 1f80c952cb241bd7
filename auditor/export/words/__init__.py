"""The words of the exports in each language: labels, durations, countries. No key gets out."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from auditor.vocabulary import CATEGORIES, PURPOSES, TRANSFER_MECHANISMS, Term

_FOLDER: Final = Path(__file__).parent
_ORDER: Final = ("fr", "de", "es", "pt")  # of the labels in labels.yaml


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said around the labels in one language; `units`: one of it, several of it."""

    texts: Mapping[str, str]
    kinds: Mapping[str, str]
    consents: Mapping[str, str]
    roles: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    language: str = "en"

    def purpose(self, key: str) -> str:
        """Return what a purpose is called."""
        return _label(key, self.language, labels().purposes, PURPOSES)

    def category(self, key: str) -> str:
        """Return what a category of data is called."""
        return _label(key, self.language, labels().categories, CATEGORIES)

    def mechanism(self, key: str) -> str:
        """Return what a safeguard of a transfer is called."""
        return _label(key, self.language, labels().mechanisms, TRANSFER_MECHANISMS)


class Labels(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What keys of the vocabulary are called in the languages other than English."""

    purposes: Mapping[str, tuple[str, str, str, str]]
    categories: Mapping[str, tuple[str, str, str, str]]
    mechanisms: Mapping[str, tuple[str, str, str, str]]


@cache
def words(language: str) -> Words:
    """Return the words of one of the languages."""
    said = msgspec.yaml.decode((_FOLDER / f"{language}.yaml").read_bytes(), type=Words)
    return msgspec.structs.replace(said, language=language)


@cache
def labels() -> Labels:
    """Return the labels in the other languages."""
    return msgspec.yaml.decode((_FOLDER / "labels.yaml").read_bytes(), type=Labels)


def _label(
    key: str, language: str, own: Mapping[str, tuple[str, ...]], terms: Mapping[str, Term]
) -> str:
    if language == "en":
        return terms[key].label
    return own[key][_ORDER.index(language)]
