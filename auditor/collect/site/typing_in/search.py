"""Is what was typed in here? Looked for layer by layer, in bytes that may be anything."""

import re
from collections import deque

import re2
from msgspec import Struct

from auditor.collect.site.typing_in.needles import Chain, digests
from auditor.collect.site.typing_in.peel import MOST, Peeler
from auditor.collect.site.typing_in.person import HEAD, Datum

LONGEST = MOST  # bytes that are looked through at once, all layers together
DEPTH = 4  # layers: three that somebody may have made, and the one of the transport

_SHORTEST = 32  # hex digits of a digest
_HEX = re.compile(rb"[0-9a-f]{32,}")
_BETWEEN = rb"[^0-9a-z]{0,2}"  # two digits of a number
_NO_DIGIT = re.compile(rb"[^0-9]+")


class Found(Struct, frozen=True):
    """What was found: `is_whole` unless it is only its beginning, as while it is being typed."""

    datum: Datum
    encoding: Chain = ()
    is_whole: bool = True


class Result(Struct, frozen=True):
    """What was found; `is_complete` unless there was too much to look through."""

    found: frozenset[Found] = frozenset()
    is_complete: bool = True


class Search:
    """Knows what was typed so far, and finds it again."""

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._heads: dict[bytes, tuple[Datum, set[bytes]]] = {}
        self._numbers: dict[bytes, Datum] = {}
        self._digests: dict[bytes, list[tuple[bytes, Datum, Chain]]] = {}
        self._learnt: set[tuple[str, str]] = set()
        self._pattern = re2.compile(b"$^")

    def __bool__(self) -> bool:
        """Return whether anything was typed that could be found."""
        return bool(self._learnt)

    def learn(self, datum: Datum, text: str) -> None:
        """Look from now on for a value, written as in the text."""
        if (datum.data, text) in self._learnt:
            return
        self._learnt.add((datum.data, text))
        if datum.digits:
            self._numbers[datum.digits.encode()] = datum
        lower = text.strip().lower()
        written = {lower, lower.replace(".", ""), "".join(lower.split())}
        for word in datum.words:
            head = word[:HEAD]
            if texts := {one[one.index(head) :].encode() for one in written if head in one}:
                self._heads.setdefault(head.encode(), (datum, set()))[1].update(texts)
        for digest, chain in digests(datum, text):
            key = digest[:_SHORTEST].encode()
            self._digests.setdefault(key, []).append((digest.encode(), datum, chain))
        numbers = (_BETWEEN.join(_each(number)) for number in self._numbers)
        self._pattern = re2.compile(b"|".join([*self._heads, *numbers]))

    def find(self, data: bytes) -> Result:
        """Return what is in there, wrapped or not."""
        if not self:
            return Result()
        found: dict[tuple[str, Chain], Found] = {}
        seen: set[bytes] = set()
        peeler, left = Peeler(), LONGEST
        waiting: deque[tuple[bytes, Chain, int]] = deque([(data, (), 0)])
        while waiting:
            layer, chain, depth = waiting.popleft()
            if layer in seen:
                continue
            seen.add(layer)
            left -= len(layer)
            if left < 0:
                return Result(frozenset(found.values()), is_complete=False)
            for one in self._here(layer, chain):
                key = (one.datum.data, one.encoding)
                if one.is_whole or key not in found:
                    found[key] = one
            if depth < DEPTH:
                below = peeler.peel(layer)
                waiting += [(text, chain + how, depth + 1) for how, text in below]
        return Result(frozenset(found.values()))

    def _here(self, layer: bytes, chain: Chain) -> list[Found]:
        text = layer.lower().replace(b"+", b" ")
        found = []
        for match in self._pattern.finditer(text):
            start, head = match.start(), match.group(0)
            if head in self._heads:
                datum, written = self._heads[head]
                whole = any(text.startswith(one, start) for one in written)
                if whole or _is_beginning(text, start, written):
                    found.append(Found(datum, chain, whole))
            else:
                datum = self._numbers[_NO_DIGIT.sub(b"", head)]
                found.append(Found(datum, chain))
        for run in _HEX.findall(text):
            found += self._digested(run, chain)
        return found

    def _digested(self, run: bytes, chain: Chain) -> list[Found]:
        known = self._digests
        return [
            Found(datum, (*chain, *how))
            for start in range(len(run) - _SHORTEST + 1)
            if (key := run[start : start + _SHORTEST]) in known
            for digest, datum, how in known[key]
            if run.startswith(digest, start)
        ]


def _each(number: bytes) -> list[bytes]:
    return [number[i : i + 1] for i in range(len(number))]


def _is_beginning(text: bytes, start: int, written: set[bytes]) -> bool:
    """Return whether a value begins here and then ends, with nothing else grown onto it."""
    size = max(_alike(text[start : start + len(one)], one) for one in written)
    before, after = (
        text[start - 1 : start] if start else b"",
        text[start + size : start + size + 1],
    )
    return not before.isalnum() and not after.isalnum()


def _alike(one: bytes, other: bytes) -> int:
    for number, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return number
    return min(len(one), len(other))
