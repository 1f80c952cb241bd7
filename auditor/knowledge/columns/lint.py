"""The patterns that every engine reads alike; anything else is refused.

Databases, warehouses and RE2 disagree in silence: a word boundary is a backspace to PostgreSQL,
digits and letters are other sets for each, repeats over 255 fail on some. What is left and
agreed on: ASCII characters, classes written out, plain groups, alternatives, and repeats.
"""

import re
import string
from typing import Final, NoReturn

import re2

LONGEST: Final = 4_000  # characters of one pattern
_MOST_REPEATS: Final = 255
_ESCAPED: Final = frozenset(".+*?()[]{}|^$")
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + " !\"#%&',-/:;<=>@_`~")
_RANGES: Final = re.compile(r"a-z|A-Z|0-9|([0-9])-([0-9])|([a-z])-([a-z])|([A-Z])-([A-Z])")
_REPEAT: Final = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{0,3}))?\}")
_CLASS: Final = re.compile(r"\[\^?([^\[\]\\]+)\]")


class NotPortableError(ValueError):
    """A pattern outside the subset: says what, where and what to write instead."""


def check_portable(pattern: str) -> None:
    """Raise `NotPortableError` unless every engine reads this pattern alike.

    Anchors belong to the detector (`whole`), so they are refused here, as is a pattern that
    matches nothing at all: that would be found in every value.
    """
    if len(pattern) > LONGEST:
        raise NotPortableError(f"longer than {LONGEST} characters: write several detectors")
    at, can_repeat = 0, False
    while at < len(pattern):
        at, can_repeat = _step(pattern, at, can_repeat=can_repeat)
    _compiles(pattern)


def _step(pattern: str, at: int, *, can_repeat: bool) -> tuple[int, bool]:
    """Read one piece; return where the next begins, and whether that may be a repeat."""
    char = pattern[at]
    if char == "[":
        return _read_class(pattern, at), True
    if char in "?+*{":
        return _read_repeat(pattern, at, can_repeat=can_repeat), False
    if char == "\\":
        if pattern[at + 1 : at + 2] not in _ESCAPED:
            _refuse(at, pattern[at : at + 2], "only punctuation is escaped; write classes out")
        return at + 2, True
    if char == "(" and pattern[at + 1 : at + 2] == "?":
        _refuse(at, pattern[at : at + 3], "only plain groups: ( )")
    if char in "(|":
        return at + 1, False
    if char == ")":
        return at + 1, True
    if char not in _PLAIN:
        _refuse(at, char, "write a class of ASCII characters, or escape it")
    return at + 1, True


def _read_class(pattern: str, at: int) -> int:
    found = _CLASS.match(pattern, at)
    if not found:
        _refuse(at, pattern[at : at + 12], "a class holds ASCII characters and no escapes")
    inner = _RANGES.sub("", found[1])
    if not inner.isascii() or not inner.isprintable() or "-" in inner[1:-1] or "^" in inner:
        _refuse(at, found[0], "write the ranges of a class as a-z, A-Z or 0-9, a dash last")
    return found.end()


def _read_repeat(pattern: str, at: int, *, can_repeat: bool) -> int:
    if not can_repeat:
        _refuse(at, pattern[at], "there is nothing to repeat, or it is repeated twice")
    if pattern[at] != "{":
        return at + 1
    found = _REPEAT.match(pattern, at)
    if not found:
        _refuse(at, pattern[at : at + 6], "write {3} or {3,20}")
    if max(int(found[1]), int(found[3] or 0)) > _MOST_REPEATS:
        _refuse(at, found[0], f"some engines repeat {_MOST_REPEATS} times at most")
    return found.end()


def _compiles(pattern: str) -> None:
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
        re.compile(pattern)
    except (re2.error, re.error):
        raise NotPortableError("it does not compile: are all groups closed?") from None
    if compiled.fullmatch(""):
        raise NotPortableError("it matches an empty value: everything would be found")


def _refuse(at: int, what: str, instead: str) -> NoReturn:
    raise NotPortableError(f"at {at}: {what!r}: {instead}")
