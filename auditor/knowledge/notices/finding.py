"""Phrases found in a sentence: one pass of RE2 for a whole language, then those that hit."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final, NamedTuple

import re2

from auditor.knowledge.notices.data import Group, NoticeWordsError, words

GAP: Final = 60  # characters of a sentence that `…` stands for, at most
_MEMORY: Final = 64 << 20  # bytes that RE2 may take for its automata
_GAP: Final = re.compile(r"( ?)… ?")
_SAME: Final = str.maketrans("’‘ʼ‐‑–—“”«»\u00a0", '\'\'\'----"""" ')  # noqa: RUF001


class Hit(NamedTuple):
    """A phrase that was found: where, in the text as it was searched."""

    group: Group
    key: str
    start: int
    end: int


class _Folding(dict[int, int]):
    """Each character as one without accents, in lower case: places stay what they are."""

    def __missing__(self, code: int) -> int:
        char = chr(code).translate(_SAME)
        plain = unicodedata.normalize("NFD", char)[0].lower()
        self[code] = ord(plain if len(plain) == 1 else char)
        return self[code]


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """Return a text in lower case without accents, as long as it was."""
    return text.translate(_FOLDING)


class Finder:
    """The phrases of one language."""

    def __init__(self, language: str) -> None:
        """Compile them: some hundred in one set."""
        self._columns: list[tuple[str, re2._Regexp]] = []
        self._of: list[tuple[Group, str]] = []
        self._patterns: list[re2._Regexp] = []
        self._set = re2.Set.SearchSet(_options())
        for group, phrases in words(language).phrases.items():
            for key, patterns in phrases.items():
                for pattern in patterns:
                    self._add(group, key, pattern)
        self._set.Compile()
        # A set answers None to everything when it has not compiled, and says so only in a log.
        if self._of and self._set.Match("privacy data cookies rights") is None:
            raise NoticeWordsError(f"{language}.yaml: too much for one set of patterns")

    def _add(self, group: Group, key: str, pattern: str) -> None:
        try:
            compiled = re2.compile(expanded(pattern), _options())
        except re2.error as error:
            raise NoticeWordsError(f"{group}.{key}: {pattern!r} does not compile") from error
        if group == "column":
            self._columns.append((key, compiled))
            return
        self._of.append((group, key))
        self._patterns.append(compiled)
        self._set.Add(expanded(pattern, is_coarse=True))

    def find(self, folded: str, groups: Collection[str] = ()) -> Iterator[Hit]:
        """Yield the first place of each phrase in a folded text, of some groups or of all."""
        for number in sorted(self._set.Match(folded) or ()):
            group, key = self._of[number]
            if groups and group not in groups:
                continue
            if found := self._patterns[number].search(folded):
                yield Hit(group, key, found.start(), found.end())

    def columns(self, folded: str) -> tuple[str, ...]:
        """Return what the column under a folded header may hold, by what the whole header says."""
        found = (key for key, pattern in self._columns if pattern.fullmatch(folded))
        return tuple(dict.fromkeys(found))


@cache
def finder(language: str) -> Finder:
    """Return the phrases of a language, ready."""
    return Finder(language)


def expanded(pattern: str, *, is_coarse: bool = False) -> str:
    """Return a pattern as RE2 takes it: whole words, and gaps of a bounded length.

    The coarse one finds all that the other finds, and more: where many patterns count, automata
    grow beyond their memory.
    """
    some = "*" if is_coarse else f"{{0,{GAP}}}"
    filled = _GAP.sub(
        lambda gap: rf"\W(?:.{some}\W)?" if gap[1] else rf"(?:.{some}\b)?",
        fold_pattern(pattern).strip("… "),
    )
    end = "" if filled.endswith((":", "\\(", "|:)")) else r"\b"  # nothing follows as a word
    return rf"\b(?:{filled}){end}"


def fold_pattern(pattern: str) -> str:
    r"""Return a pattern whose letters are folded; `\\w` and the like stay what they are."""
    return "".join(
        part if part.startswith("\\") else "".join(c if c == "…" else fold(c) for c in part)
        for part in re.split(r"(\\.)", pattern)
    )


def _options() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options
