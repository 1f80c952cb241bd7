"""Text as people see it: what is invisible is left out, and blanks are single."""

import unicodedata
from collections.abc import Iterable
from typing import Final

# Soft hyphens, zero-width characters, marks of direction, byte order marks, variation selectors.
_UNSEEN: Final = frozenset(
    map(chr, [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)])
) | frozenset(map(chr, [*range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]))
_KEPT: Final = "\n"  # a line that the writer has ended
_SURROGATES: Final = range(0xD800, 0xE000)


class _Seen(dict[int, str | None]):
    """Each character as it is seen: itself, a blank, or nothing."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        self[code] = seen = _seen(char)
        return seen


def _seen(char: str) -> str | None:
    if char in _UNSEEN or ord(char) in _SURROGATES:
        return None
    if char.isspace() or unicodedata.category(char) in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    return char


_SEEN: Final = _Seen()


def plain(text: str) -> str:
    """Return one line of text (NFC), trimmed."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_SEEN)).split())


class Lines:
    """Plain text that grows piece by piece, so that it is known where each piece came to stand."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[str] = []
        self.length = 0
        self._is_open = False  # a blank comes before what is next

    def add(self, text: str) -> None:
        """Add what an element holds; blanks beside blanks are one."""
        seen = unicodedata.normalize("NFC", text.translate(_SEEN))
        words = seen.split()
        if not words:
            self._is_open = self._is_open or bool(seen)
            return
        lead = " " if self._pieces and (self._is_open or seen[0] == " ") else ""
        if self._pieces and self._pieces[-1] == _KEPT:
            lead = ""
        self._put(lead + " ".join(words))
        self._is_open = seen[-1] == " "

    def end_line(self) -> None:
        """End the line, as `<br>` does."""
        if self._pieces and self._pieces[-1] != _KEPT:
            self._put(_KEPT)
        self._is_open = False

    def next(self) -> int:
        """Return where the next visible character will stand."""
        is_apart = self._is_open and self._pieces and self._pieces[-1] != _KEPT
        return self.length + int(bool(is_apart))

    def text(self) -> str:
        """Return all of it; lines are ended by line feeds."""
        return "".join(self._pieces).rstrip()

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self.length += len(piece)


def cut(text: str, longest: int) -> str:
    """Return as much of a text as fits, up to the end of a word."""
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0] or text[:longest]


def joined(texts: Iterable[str], between: str = " ") -> str:
    """Return texts in one, without those that are empty."""
    return between.join(text for text in texts if text)
