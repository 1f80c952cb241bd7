"""Detectors that a policy brings, known for as long as its stores are looked at."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from auditor.knowledge.columns import data, engine, headers
from auditor.knowledge.columns.data import Detector, Entry, Extension
from auditor.policy import OwnDetector

SHARE: Final = 0.3  # of a column, from which on it is said to hold them
INSIDE: Final = 0.003  # of longer texts


def extension_of(written: Iterable[OwnDetector]) -> Extension:
    """Return what a policy adds; what is not decided yet (`TODO`) is left out."""
    known = [own for own in written if own.category]
    return Extension(
        detectors=tuple(detector_of(own) for own in known if own.pattern and own.examples),
        entries=tuple(entry for own in known for entry in _entries(own)),
    )


def detector_of(own: OwnDetector) -> Detector:
    """Return a detector: searched within values, and told from a few of them on."""
    return Detector(
        id=own.id.casefold().replace("_", "-").replace(".", "-"),
        category=own.category or "",
        regex=own.pattern,
        validator=own.validator,
        share=SHARE,
        inside=INSIDE,
        examples=own.examples,
        counter_examples=own.counter_examples,
    )


def _entries(own: OwnDetector) -> Iterator[Entry]:
    """Yield what columns are called; any value may stand in them."""
    words = " ".join("_".join(header.split()) for header in own.headers)
    if words:
        yield Entry(category=own.category or "", values="any", words={"own": words})


@contextmanager
def also(extension: Extension) -> Iterator[None]:
    """Know an extension beside the packages' until the block ends; not for several threads."""
    if not (extension.detectors or extension.entries):
        yield
        return
    data.beside.append(extension)
    _forget()
    try:
        yield
    finally:
        data.beside.remove(extension)
        _forget()


def _forget() -> None:
    for made in (data.detectors, data.lexicon, engine.engine, engine.union, headers.lexicon_words):
        made.cache_clear()
