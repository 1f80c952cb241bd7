"""Values that hold values: objects and lists, also those written as JSON into a text column."""

import json
from collections.abc import Iterable, Iterator

from msgspec import Struct

from auditor.names.templates import template

DEEPEST = 8
MOST_PATHS = 500
LONGEST = 100_000  # characters of JSON in one value
LONGEST_KEY = 100


class Leaves(Struct, frozen=True, kw_only=True):
    """Texts by path; `is_cut`: some were too deep, or of too many paths, to be among them."""

    texts: dict[str, list[str]]
    is_cut: bool = False


def flattened(name: str, values: Iterable[object]) -> Leaves:
    """Return the texts of a column by path: `address.city`, `items[].price`; itself under `name`.

    What is empty inside an object is left out, as an empty column's value is. A key that is
    somebody's id or address is a value, too: it is looked into under `name.*`, and not named.
    """
    found: dict[str, list[str]] = {name: []}
    is_cut = False
    for value in values:
        is_cut = is_cut or _is_too_long(value)
        for path, text in _leaves(name, _opened(value), 0):
            if text is None or (path not in found and len(found) >= MOST_PATHS):
                is_cut = True
            else:
                found.setdefault(path, []).append(text)
    if len(found) > 1 and not found[name]:
        found.pop(name)
    return Leaves(texts=found, is_cut=is_cut)


def _is_too_long(value: object) -> bool:
    return isinstance(value, str) and len(value) > LONGEST and value.lstrip()[:1] in {"{", "["}


def _opened(value: object) -> object:
    """Return what a text of JSON holds, where it is an object or a list; else the value."""
    text = value.strip() if isinstance(value, str) else ""
    if text[:1] not in {"{", "["} or len(text) > LONGEST:
        return value
    try:
        return json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return value


class _Pairs(list[tuple[str, object]]):
    """An object with all its keys: one that is written twice holds two values."""


def _leaves(path: str, value: object, depth: int) -> Iterator[tuple[str, str | None]]:
    """Yield texts by path; None is one that is too deep."""
    if isinstance(value, dict):
        value = _Pairs((str(key), part) for key, part in value.items())
    if depth > DEEPEST and isinstance(value, list | tuple):
        yield path, None
    elif isinstance(value, _Pairs):
        yield from _below(path, value, depth)
    elif isinstance(value, list | tuple):
        for part in value:
            if part is not None:
                yield from _leaves(f"{path}[]", part, depth + 1)
    elif isinstance(value, bytes):
        yield path, value.decode("utf-8", "replace")
    else:
        yield path, str(value)


def _below(path: str, pairs: _Pairs, depth: int) -> Iterator[tuple[str, str | None]]:
    for key, part in pairs:
        is_known = is_name(key)
        below = f"{path}.{key if is_known else '*'}"
        if not is_known:
            yield below, key
        if part is not None:
            yield from _leaves(below, part, depth + 1)


def is_name(key: str) -> bool:
    """Say whether a key names a field: one with a random part or an address in it is a value."""
    return len(key) <= LONGEST_KEY and "@" not in key and key != "*" and template(key) == key
