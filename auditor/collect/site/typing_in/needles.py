"""What may be left of what was typed when it was made unreadable: its digests.

A digest cannot be undone, so every one that somebody may make is made beforehand: of the common
ways to write a value, also wrapped or digested up to twice before. Salted ones cannot be found.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from auditor.collect.site.typing_in.person import HEAD, Datum

Chain = tuple[str, ...]  # what was done to a value, the last first

DIGESTS = ("md5", "sha1", "sha256", "sha512")
_TWICE = 2  # wrappings before the digest


def forms(datum: Datum, text: str) -> set[str]:
    """Return the ways in which a value is commonly written before it is digested."""
    plain = text.strip()
    found = {text, plain, plain.lower(), plain.upper(), *datum.also}
    found.add("".join(plain.lower().split()))
    if "@" in plain:
        local, _, domain = plain.lower().rpartition("@")
        local = local.partition("+")[0]
        found |= {f"{local}@{domain}", f"{local.replace('.', '')}@{domain}", local}
    for word in plain.split():
        if len(word) > HEAD and " " in plain:
            found |= {word, word.lower()}
    if datum.digits:
        found.add("".join(filter(str.isdigit, plain)))
    return {form for form in found if len(form) > HEAD}


def digests(datum: Datum, text: str) -> Iterator[tuple[str, Chain]]:
    """Yield each digest as lower-case hex digits, with how it was made."""
    layer: list[tuple[bytes, Chain]] = [(form.encode(), ()) for form in forms(datum, text)]
    for _ in range(_TWICE + 1):
        following: list[tuple[bytes, Chain]] = []
        for data, chain in layer:
            digested = [(_digest(name, data), (name, *chain)) for name in DIGESTS]
            yield from digested
            following += [(made.encode(), how) for made, how in digested]
            following += [(made, (name, *chain) if name else chain) for name, made in _wrap(data)]
        layer = following


def _digest(name: str, data: bytes) -> str:
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


def _wrap(data: bytes) -> Iterable[tuple[str, bytes]]:
    """Return what a value is wrapped in; percent-encoding says nothing, and has no name."""
    wrapped = base64.b64encode(data)
    made = [("base64", wrapped), ("hex", data.hex().encode())]
    if (
        wrapped.strip(b"=") != (bare := base64.urlsafe_b64encode(data).strip(b"="))
        or b"=" in wrapped
    ):
        made.append(("base64", bare))
    if (escaped := quote(data, safe="").encode()) != data:
        made.append(("", escaped))
    return made
