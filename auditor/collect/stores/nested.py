"""Values that hold values: objects and lists, also those written as JSON into a text column."""

import json
from collections.abc import Iterable, Iterator

DEEPEST = 8
MOST_PATHS = 500
LONGEST = 100_000  # characters of JSON in one value


def flattened(name: str, values: Iterable[object]) -> dict[str, list[str]]:
    """Return the texts of a column by path: `address.city`, `items[].price`; itself under `name`.

    What is empty inside an object is left out, as an empty column's value is.
    """
    found: dict[str, list[str]] = {name: []}
    for value in values:
        for path, text in _leaves(name, _opened(value), 0):
            if path in found or len(found) < MOST_PATHS:
                found.setdefault(path, []).append(text)
    if len(found) > 1 and not found[name]:
        found.pop(name)
    return found


def _opened(value: object) -> object:
    """Return what a text of JSON holds, where it is an object or a list; else the value."""
    text = value.strip() if isinstance(value, str) else ""
    if text[:1] not in {"{", "["} or len(text) > LONGEST:
        return value
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return value


def _leaves(path: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield path, "..."
    elif isinstance(value, dict):
        for key, part in value.items():
            if part is not None:
                yield from _leaves(f"{path}.{str(key)[:100]}", part, depth + 1)
    elif isinstance(value, list | tuple):
        for part in value:
            if part is not None:
                yield from _leaves(f"{path}[]", part, depth + 1)
    elif isinstance(value, bytes):
        yield path, value.decode("utf-8", "replace")
    else:
        yield path, str(value)
