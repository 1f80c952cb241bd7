"""The two data files, and what installed packages add to them. Fails closed.

An extension that does not load, names a category that is not in the vocabulary, or brings a
pattern that engines read differently ends the run: left out silently, it would find nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from auditor.errors import DiscoveryError
from auditor.knowledge.columns.lint import NotPortableError, check_portable
from auditor.vocabulary import CATEGORIES

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "auditor.columns"
_FOLDER: Final = Path(__file__).parent
_LONGEST_ERROR: Final = 500  # characters

Share = Annotated[float, Meta(ge=0, le=1)]
Shape = Literal[
    "address", "age", "any", "code", "date", "degrees", "email", "few", "ip", "name", "opaque",
    "phone", "postal", "prose", "some", "text",
]  # fmt: skip


class Detector(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What values of a category look like: a portable pattern, and a test of what it finds.

    `whole`: the value is that and nothing else; otherwise it is searched, no letter or digit
    before it, nor after unless `open_end`. A column holds the category from a `share` of its
    values on, or from `inside` on if that is above 0. `is_proof`: the validator is a checksum.
    `is_loose`: nearly any text has the pattern, so that it is no part of `union`.
    `confirms`: categories that a header may give to such values instead.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,60}$")]
    category: str
    regex: str
    validator: str = ""
    share: Share
    inside: Share = 0.0
    whole: bool = False
    open_end: bool = False
    is_proof: bool = False
    is_loose: bool = False
    confirms: tuple[str, ...] = ()
    examples: Annotated[tuple[str, ...], Meta(min_length=1)]
    counter_examples: Annotated[tuple[str, ...], Meta(min_length=1)]


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What columns of a category are called, by language: words parted by blanks."""

    category: str
    values: Shape
    words: dict[str, str]
    near: Literal["", "person"] = ""
    is_coded: bool = False


class Lexicon(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries, and the words around them that decide whether they count."""

    entries: tuple[Entry, ...]
    persons: dict[str, str] = {}
    counts: dict[str, str] = {}
    vetoes: dict[str, str] = {}
    codes: dict[str, str] = {}
    things: dict[str, str] = {}
    modifiers: dict[str, str] = {}


class Extension(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a package adds; `validators` by the names that its detectors give them."""

    detectors: tuple[Detector, ...] = ()
    entries: tuple[Entry, ...] = ()
    validators: Mapping[str, Callable[[str], bool]] = {}


class ColumnsError(DiscoveryError):
    """A detector or an entry cannot be used: says which and why."""


beside: Final[list[Extension]] = []  # what `own.also` adds, and takes away


@cache
def detectors() -> tuple[Detector, ...]:
    """Return all detectors, ours first."""
    own = msgspec.yaml.decode((_FOLDER / "detectors.yaml").read_bytes(), type=list[Detector])
    found: dict[str, Detector] = {one.id: one for one in own}
    for extension in extensions():
        for detector in extension.detectors:
            if detector.id in found:
                raise ColumnsError(f"detector {detector.id} is there twice; rename one")
            _check(detector, detector.examples)
            found[detector.id] = detector
    return tuple(found.values())


@cache
def lexicon() -> Lexicon:
    """Return what columns are called, ours and what packages add."""
    own = msgspec.yaml.decode((_FOLDER / "lexicon.yaml").read_bytes(), type=Lexicon)
    added = tuple(entry for extension in extensions() for entry in extension.entries)
    for entry in added:
        _check_category(entry.category, "an entry of the lexicon")
    return msgspec.structs.replace(own, entries=own.entries + added)


def extensions() -> tuple[Extension, ...]:
    """Return what installed packages add, sorted by name, and what is known for now (`own`)."""
    return (*_installed(), *beside)


@cache
def _installed() -> tuple[Extension, ...]:
    from importlib.metadata import entry_points  # noqa: PLC0415 -- it takes 20 ms to import

    return load_extensions(entry_points(group=GROUP))


def load_extensions(points: "Iterable[EntryPoint]") -> tuple[Extension, ...]:
    """Load entry points; each gives one `Extension`. Raises `ColumnsError` for anything else."""
    return tuple(_load(point) for point in sorted(points, key=lambda point: point.name))


def _load(point: "EntryPoint") -> Extension:
    try:
        loaded: object = point.load()
    except (Exception, SystemExit) as error:
        # It may raise anything while it is imported; the run must not go on without it.
        told = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
        raise ColumnsError(f"{GROUP} {point.name} does not load: {told}") from error
    if not isinstance(loaded, Extension):
        kind = type(loaded).__name__
        raise ColumnsError(f"{GROUP} {point.name} is a {kind}; make it an Extension")
    for detector in loaded.detectors:
        _check(detector, detector.examples)
    return loaded


def _check(detector: Detector, examples: Iterable[str]) -> None:
    """Refuse what would not be found alike everywhere, or not be understood."""
    _check_category(detector.category, f"detector {detector.id}")
    if not all(examples):
        raise ColumnsError(f"detector {detector.id}: an example is empty")
    try:
        check_portable(detector.regex)
    except NotPortableError as error:
        raise ColumnsError(f"detector {detector.id}: {error}") from None


def _check_category(category: str, where: str) -> None:
    if category not in CATEGORIES:
        raise ColumnsError(f"{where}: {category!r} is no data category; see `audit categories`")
