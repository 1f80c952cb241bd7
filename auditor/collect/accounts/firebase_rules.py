"""Firebase's security rules, read as text: which of them let strangers in, and which may.

A read is closed where one of the conditions that are joined by `&&` is false for whoever has not
signed in, and open where all there is to it is `true`, nothing, or a day that lies ahead. All else
takes somebody who reads it. Each character is looked at a fixed number of times.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

_WORDS: Final = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|'(?:[^'\\\n]|\\.)*+'?+|"(?:[^"\\\n]|\\.)*+"?+""",
    re.DOTALL,
)
_ALLOW: Final = re.compile(
    r"\ballow\s++(?P<methods>(?:(?:read|get|list|write|create|update|delete)\b[\s,]*+)++)"
    r"(?P<condition>:.*+)?+\Z",
    re.DOTALL,
)
_READ: Final = re.compile(r"\b(?:read|get|list)\b")
_IF: Final = re.compile(r":\s*+if\b")
_MARKS: Final = re.compile(r"[()\[\]{}?]|&&|\|\|")
_ONLY_TIME: Final = re.compile(r"\(*request\.time<=?timestamp\.date\([\d,]+\)+")
_SIGNED_IN: Final = frozenset({"request.auth!=null", "null!=request.auth"})


class Judged(Struct, frozen=True, kw_only=True):
    """The first rule that lets anybody read ("" for none), and how many rules may do so."""

    open: str = ""
    unclear: int = 0


def judged(rules: str) -> Judged:
    """Return what rules say about reading; what is said of writing alone is not looked at."""
    first, unclear = "", 0
    for rule, condition in _reads(_plain(rules)):
        is_open = _is_open(condition)
        if is_open and not first:
            first = " ".join(rule.split())[:200]
        unclear += not is_open and not _is_closed(condition)
    return Judged(open=first, unclear=unclear)


def _plain(rules: str) -> str:
    """Return rules without comments and without what texts say."""
    return _WORDS.sub(lambda found: " " if found["comment"] else "''", rules)


def _reads(plain: str) -> Iterator[tuple[str, str]]:
    """Yield each rule about reading, and its condition: "true" where it has none."""
    for statement in plain.split(";"):
        found = _ALLOW.search(statement)
        if found and _READ.search(found["methods"]):
            condition = _IF.sub("", found["condition"] or "true", count=1)
            yield found[0], condition


def _is_open(condition: str) -> bool:
    plain = "".join(condition.split())
    return plain.strip("()") == "true" or _ONLY_TIME.fullmatch(plain) is not None


def _is_closed(condition: str) -> bool:
    """Return whether a condition is false for strangers, or breaks: either refuses them."""
    plain = "".join(condition.split())
    return any(_needs_sign_in(part) for part in _joined(plain))


def _joined(plain: str) -> list[str]:
    """Return the conditions that all have to be true; () where any of some will do."""
    parts, start, depth = [], 0, 0
    for found in _MARKS.finditer(plain):
        mark = found[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif not depth and mark != "&&":
            return []
        elif not depth:
            parts.append(plain[start : found.start()])
            start = found.end()
    return [*parts, plain[start:]]


def _needs_sign_in(part: str) -> bool:
    """Return whether a condition without calls and choices cannot be true without an account.

    A stranger's `request.auth` is null, and whatever reads a part of null is refused.
    """
    inner = part.strip("()")
    if inner == "false" or inner in _SIGNED_IN:
        return True
    is_simple = not re.search(r"[(?]|\|\||&&", inner)
    return is_simple and re.search(r"(?<![\w.])request\.auth\.\w", inner) is not None
