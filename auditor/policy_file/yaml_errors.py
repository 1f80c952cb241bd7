"""What a YAML parser could not read, in words that say what to write instead."""

import re
from typing import Protocol

import yaml

from auditor.errors import Position

MAX_SHOWN = 60

# Control and bidi characters, halves of surrogate pairs, what Unicode calls no character: an
# editor shows none of them. Tabs and line breaks are not among them.
HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NOT_SHOWN = re.compile(rf"[\t\n\r]|{HIDDEN.pattern}")
_WORD = re.compile(r"[^\s,\[\]{}]*")

_SIGN = re.compile(r"an alias|an anchor|a tag\b|tag handle|block scalar|any token|mapping keys")
_SIGNS_NOT_READ = {"*": "aliases", "&": "anchors", "!": "tags"}
_QUOTE = (
    "the quotation mark before this ends the text; inside single quotes write '' for ',"
    ' inside double quotes \\" for "'
)
_TAB = "a tab stands where YAML expects spaces; indent with spaces"

# By the parsers' own words (libyaml's and PyYAML's differ). The first that is found counts.
_WHERE_IT_BEGAN = {
    r"quoted scalar found unexpected": "the quotation mark that opens here is never closed",
    r"quoted scalar": (
        "an escape in this quoted text is not known; write the character itself, or use single"
        " quotes, where a backslash is only a backslash"
    ),
    r"a simple key": (
        'a name and a colon are expected here, as in "name: value"; if this continues the text'
        " above, indent it deeper"
    ),
}
_WHERE_IT_FAILED = {
    r"a flow (sequence|mapping)": (
        "the bracket opened in line {line} is not closed, or a comma is missing"
    ),
    r"mapping values": (
        "no colon is expected here; if it belongs to the value, quote the whole value, otherwise"
        " mend the indentation"
    ),
    r"sequence entries": (
        "no list item can begin here; put it on a line of its own, or quote the value if the -"
        " belongs to it"
    ),
    r"a block (mapping|collection)|document start": (
        "this does not fit what stands above; mend the indentation, or quote the whole value"
    ),
    r"node content": "a name or value is missing here, or there is a bracket or comma too many",
}


class Mark(Protocol):
    """A place in a text as PyYAML and libyaml have it: all count characters, from 0."""

    index: int
    line: int
    column: int


def shown(text: str) -> str:
    """Return untrusted text for a message: quoted, at most 60 characters, nothing invisible."""
    visible = _NOT_SHOWN.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text[:MAX_SHOWN])
    return f'"{visible}"' if len(text) <= MAX_SHOWN else f'"{visible}…" ({len(text):,} characters)'


def invisible(hit: re.Match[str]) -> str:
    """Return what is wrong with a character that cannot be seen."""
    return f"the invisible character U+{ord(hit[0]):04X} is not allowed; remove it"


def quote_it(text: str, index: int) -> str:
    """Return advice on the word at `index`, which begins with one of YAML's own signs."""
    sign = text[index : index + 1]
    word = _WORD.match(text, index)
    example = shown(word[0].removesuffix(":") if word else sign)
    kind = _SIGNS_NOT_READ.get(sign)
    why = f" (YAML {kind} are not read)" if kind else ""
    return f"text that begins with {sign} must be quoted: write {example}{why}"


def place_of(mark: Mark | None) -> Position:
    """Return a mark as a position, which counts from 1."""
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def explained(error: yaml.MarkedYAMLError, text: str) -> tuple[Position, str]:
    """Return where the fault lies, as well as the parser could tell, and what to do."""
    words = f"{error.context} {error.problem}"
    failed = error.problem_mark
    began = error.context_mark or failed
    if failed and text[failed.index : failed.index + 1] == "\t":
        return place_of(failed), _TAB
    if began and _SIGN.search(words):
        return place_of(began), quote_it(text, began.index)
    if failed and _follows_quote(words, text[: failed.index]):
        return place_of(failed), _QUOTE
    for mark, advices in ((began, _WHERE_IT_BEGAN), (failed, _WHERE_IT_FAILED)):
        for pattern, advice in advices.items():
            if re.search(pattern, words):
                return place_of(mark), advice.format(line=place_of(began).line)
    return place_of(failed), f"cannot be read as YAML: {shown(str(error.problem))}"


def _follows_quote(words: str, before: str) -> bool:
    """Return whether the parser gave up on what follows a quoted text, as in 'it's'."""
    if " a block " in words:
        before = before.rstrip(" ")
    elif " a flow " not in words:
        return False
    return before.endswith(("'", '"'))
