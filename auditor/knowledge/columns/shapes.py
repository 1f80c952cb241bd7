"""What values have to look like for a header to be believed.

A shape that is `PRECISE` is evidence of its own: name and values agree. The others only say that
the header is not plainly wrong.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from auditor.knowledge.columns.data import Shape

PRECISE: Final = frozenset(
    {"address", "age", "code", "date", "degrees", "ip", "name", "opaque", "phone", "postal"}
)
_LONGEST: Final = 1_000  # characters of a value that are looked at

_NAME: Final = re.compile(r"[^\W\d_][^\d@_/\\<>{}=|]{0,58}")
_PHONE: Final = re.compile(r"[+(]?[\d(][\d ().+/x-]{4,28}(?:ext\.? ?\d{1,5})?")
_DATE: Final = re.compile(
    r"(?:1[89]|20)\d\d(?:[-./]?\d\d?[-./]?\d\d?(?:[T ]\d\d:.{2,24})?)?"
    r"|\d\d?[-./ ]\d\d?[-./ ](?:\d\d){1,2}(?: .{1,16})?|\d\d? [^\W\d]{3,12}\.? \d{4}"
)
_AGE: Final = re.compile(r"1?\d?\d(?:\.0)?(?: ?[-\u2013+] ?(?:\d\d)?)?")
_DEGREES: Final = re.compile(r"-?(?:1[0-8]|\d)?\d[.,]\d{2,16}|-?\d+°.{1,20}")
_POSTAL: Final = re.compile(r"(?=.*\d)[\dA-Za-z][\dA-Za-z -]{2,9}")
_CODE: Final = re.compile(r"(?=.*\d)[\w ./+*-]{3,40}")
_OPAQUE: Final = re.compile(r"[\w.:/+={}-]{8,1000}")
_IP: Final = re.compile(
    r"\d{1,3}(?:\.(?:\d{1,3}|[*x]+)){3}(?:[:/]\d{1,5})?|[\da-fA-F:.]*:[\da-fA-F:.]+"
)
_NUMBER: Final = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?")


def fitting(shape: Shape, values: Sequence[str]) -> int | None:
    """Return how many values have a shape, None if too few for the column to be of it."""
    if not values:
        return 0
    test, least = _PRECISE.get(shape, (None, 0.0))
    if test is not None:
        fits = sum(test(value[:_LONGEST].strip()) for value in values)
        return fits if fits >= least * len(values) else None
    return len(values) if _VAGUE[shape](values) else None


def _is_name(value: str) -> bool:
    return bool(_NAME.fullmatch(value)) and len(value.split()) <= 6  # noqa: PLR2004 -- words


def _is_phone(value: str) -> bool:
    return bool(_PHONE.fullmatch(value)) and 6 <= sum(map(str.isdigit, value)) <= 17  # noqa: PLR2004


def _is_address(value: str) -> bool:
    return any(map(str.isdigit, value)) and sum(map(str.isalpha, value)) > 2  # noqa: PLR2004


def _of(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: bool(pattern.fullmatch(value))


def _text(values: Sequence[str]) -> bool:
    """Say whether most values are more than numbers, and not all the same."""
    words = sum(not _NUMBER.fullmatch(value[:_LONGEST]) for value in values)
    return 2 * words > len(values) and len(set(values)) > 1


def _email(values: Sequence[str]) -> bool:
    """Say whether values may be ways to reach somebody; one word for all is a setting."""
    return _text(values) and (len(set(values)) > 2 or any("@" in value for value in values))  # noqa: PLR2004


def _few(values: Sequence[str]) -> bool:
    return len(set(values)) <= 20 and max(map(len, values)) <= 40  # noqa: PLR2004 -- a list of choices


def _prose(values: Sequence[str]) -> bool:
    return 2 * sum(" " in value.strip() for value in values) > len(values)


def _any(_values: Sequence[str]) -> bool:
    return True


_PRECISE: Final[Mapping[Shape, tuple[Callable[[str], bool], float]]] = {
    "name": (_is_name, 0.5),
    "phone": (_is_phone, 0.5),
    "address": (_is_address, 0.3),
    "date": (_of(_DATE), 0.3),
    "age": (_of(_AGE), 0.8),
    "degrees": (_of(_DEGREES), 0.5),
    "postal": (_of(_POSTAL), 0.5),
    "code": (_of(_CODE), 0.5),
    "opaque": (_of(_OPAQUE), 0.5),
    "ip": (_of(_IP), 0.3),
}
_VAGUE: Final[Mapping[Shape, Callable[[Sequence[str]], bool]]] = {
    "any": _any,
    "some": _any,
    "text": _text,
    "email": _email,
    "few": _few,
    "prose": _prose,
}
