"""Where sentences end, in languages that end them with a dot."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.evidence.notices import LONGEST_SENTENCE

_END: Final = re.compile(r"[.!?…]+[\"'”’»)\]]*(?= )|\n")  # noqa: RUF001
_OPENING: Final = "\"'“‘«([¿¡"  # noqa: RUF001
# What a dot stands behind without ending anything, in our five languages.
_SHORT: Final = frozenset(
    """
    e.g i.e etc inc ltd corp co llc no nos vs approx dr mr mrs ms st art arts sec para cf al resp
    incl max min tel fig u.s u.k u.a z.b d.h bzw ggf evtl abs nr ca usw vgl lit str inkl bsp
    p.ex ex m mme mlle n° cie sté env p.e ej sr sra ud uds núm av apdo pág dra exa s.a gmbh
    jan feb mar apr jun jul aug sept sep oct nov dec janv févr avr juil déc
    """.split()
)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends; one that is too long is cut into several."""
    start = 0
    for found in _END.finditer(text):
        if found[0] == "\n" or _is_end(text, start, found):
            yield from _pieces(text, start, found.end())
            start = found.end()
    yield from _pieces(text, start, len(text))


def _is_end(text: str, start: int, found: re.Match[str]) -> bool:
    following = text[found.end() + 1 : found.end() + 3].lstrip(_OPENING)[:1]
    if not following or following.islower():
        return False
    if found[0][0] != ".":
        return True
    word = text[max(start, found.start() - 12) : found.start()].rpartition(" ")[2]
    bare = word.lstrip(_OPENING).lower()
    is_number = bare.isdecimal() and len(bare) <= 2  # noqa: PLR2004 -- "8. Juni", "1. Name"
    is_initial = len(bare) == 1 and bare.isalpha()
    return not (bare in _SHORT or is_number or is_initial)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        at = text.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        at = at if at > start else start + LONGEST_SENTENCE
        yield start, at
        start = at
    piece = text[start:end]
    if piece.strip():
        lead = len(piece) - len(piece.lstrip())
        yield start + lead, start + len(piece.rstrip())
