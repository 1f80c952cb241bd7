"""Values of Firestore's REST interface: what each kind is, and which day it means.

https://firebase.google.com/docs/firestore/reference/rest/Shared.Types/ArrayOrValue#Value
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from auditor.collect.stores.reader import Kind
from auditor.collect.stores.sqlite import day_of
from auditor.evidence import EARLIEST, LATEST
from auditor.policy import AnchorField

Fields = Mapping[str, Mapping[str, object]]

DEEPEST: Final = 21  # maps in maps: Firestore allows 20
_KINDS: Final[Mapping[str, Kind]] = {
    "stringValue": "text",
    "integerValue": "integer",
    "doubleValue": "real",
    "booleanValue": "boolean",
    "timestampValue": "timestamptz",
    "bytesValue": "blob",
    "mapValue": "json",
    "arrayValue": "json",
    "geoPointValue": "json",
}
_EPOCH: Final = {"epoch_s": 1, "epoch_ms": 1000}  # in one second


def kind_of(value: Mapping[str, object]) -> Kind:
    """Return what a value amounts to."""
    return next((_KINDS[name] for name in value if name in _KINDS), "other")


def plain(value: Mapping[str, object], depth: int = 0) -> object:  # noqa: PLR0911 -- one a kind
    """Return a value as Python has it, None for null; what is too deep is left out."""
    name, inner = next(iter(value.items()), ("nullValue", None))
    match name, inner:
        case "nullValue", _:
            return None
        case "mapValue", {"fields": dict(fields)} if depth < DEEPEST:
            return {key: plain(part, depth + 1) for key, part in fields.items()}
        case "arrayValue", {"values": list(values)} if depth < DEEPEST:
            return [plain(part, depth + 1) for part in values]
        case (("mapValue" | "arrayValue"), _):
            return None
        case "geoPointValue", {**point}:
            return f"{point.get('latitude', 0)}, {point.get('longitude', 0)}"
        case "referenceValue", str(text):
            return text.rpartition("/")[2]
        case _:
            return inner


def at(fields: Fields, path: str) -> Mapping[str, object] | None:
    """Return the value at a path such as `profile.seen`; None where there is none, or null."""
    value = fields.get(path)
    if value is None and "." in path:
        head, _, rest = path.partition(".")
        outer = fields.get(head, {}).get("mapValue")
        inner = outer.get("fields") if isinstance(outer, dict) else None
        return at(inner, rest) if isinstance(inner, dict) else None
    return None if value is None or "nullValue" in value else value


def day(value: Mapping[str, object], field: AnchorField) -> date | None:
    """Return the day (UTC) that a value means, None if it is no date of ours."""
    (name, inner), *_ = value.items()
    found: int | None = None
    if name == "timestampValue":
        found = day_of(inner, "iso", "")
    elif name in {"integerValue", "doubleValue"}:
        found = _of_number(inner, field)
    elif name == "stringValue" and field.format not in _EPOCH:
        found = day_of(inner, field.format, field.timezone)
    try:
        made = date.fromordinal(found) if found else None
    except (ValueError, OverflowError):
        return None
    return made if made and EARLIEST <= made <= LATEST else None


def _of_number(inner: object, field: AnchorField) -> int | None:
    """Return the day of seconds or milliseconds since 1970, if the policy says which."""
    if field.format not in _EPOCH:
        return None
    try:
        seconds = float(str(inner)) / _EPOCH[field.format]
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).toordinal()
    except (ValueError, OverflowError):
        return None
