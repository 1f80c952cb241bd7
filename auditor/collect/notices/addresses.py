"""Addresses in a sentence: e-mail, the web, telephone."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from auditor.collect.notices.units import Unit

EMAIL: Final = re.compile(
    r"[a-zA-Z0-9][\w.%+-]{0,62}\s?(?:@|\(at\)|\[at\]| at )\s?"
    r"(?:[a-zA-Z0-9-]{1,62}\s?(?:\.|\(dot\)|\[dot\])\s?){1,4}[a-zA-Z]{2,24}\b",
    re.ASCII,
)
_AT: Final = re.compile(r"\s?(?:\(at\)|\[at\]| at )\s?")
_DOT: Final = re.compile(r"\s?(?:\(dot\)|\[dot\])\s?")
_MOST: Final = 20  # addresses in one sentence


def addresses_of(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield (`email`, `url` or `phone`, the address), each once, as they stand in a sentence."""
    found: dict[tuple[str, str], None] = {}
    for link in unit.links:
        scheme, _, rest = link.target.partition(":")
        if scheme.lower() == "mailto" and (address := _email(unquote(rest).partition("?")[0])):
            found["email", address] = None
        elif scheme.lower() == "tel":
            found["phone", rest[:40]] = None
        elif scheme.lower() in {"http", "https"} or (link.target and not rest):
            found["url", link.target] = None
    for match in EMAIL.finditer(unit.text):
        if address := _email(match[0]):
            found["email", address] = None
    yield from list(found)[:_MOST]


def _email(text: str) -> str:
    """Return an address as it is typed, "" for none."""
    plain = _DOT.sub(".", _AT.sub("@", text.strip())).replace(" ", "")
    if not EMAIL.fullmatch(plain) or plain.count("@") != 1:
        return ""
    return plain.lower()
