"""Untrusted text made inert: what a page or a policy says never steers a terminal or a CI system.

Names, addresses and messages in a report come from pages and policies. Control characters,
bidirectional marks and the beginnings of commands to CI systems are shown as escapes, so that
they can be read and do nothing.

Source for Markdown: CommonMark 0.31, GitHub's tables, autolinks, mentions and references.
"""

import re

from markupsafe import escape as html_escape

HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
# `::error ...::` of GitHub counts at the start of a line, so of any word, as lines are broken
# between words; `##[...]`, `##vso[...]` and `##teamcity[...]` count anywhere in a line.
COMMAND = re.compile(r"(?<!\S):(?=:[A-Za-z])|#(?=#(?:vso|teamcity)?\[)")
# What means something inside a line. Braces: templates of site generators.
_MARKS = re.compile(r"[\\`*_\[\]{}|~$!@]|(?<=www)\.|:(?=//)", re.IGNORECASE)
_CODE = re.compile(r"`([^`]+)`")
# GitHub looks for these in what is shown, after the Markdown: a backslash does not hinder it.
_CALLS = re.compile(r"\\@|(?<!&)#(?=\d)|(?<=\bGH)-(?=\d)", re.IGNORECASE)
LONGEST = 500


def visible(text: str, longest: int = LONGEST) -> str:
    """Return text on one line in which nothing is hidden, cut with a visible count."""
    shown = COMMAND.sub(escape, HIDDEN.sub(escape, text))
    if len(shown) <= longest:
        return shown
    return f"{shown[:longest]}... ({len(shown) - longest} characters more)"


def escape(found: re.Match[str]) -> str:
    r"""Return the first character found as JSON and many languages write it: `\u001b`."""
    return f"\\u{ord(found[0]):04x}"


def code(text: str) -> str:
    """Return text as Markdown code that fits into a table's cell, nothing for an empty one."""
    return span(text).replace("|", "\\|")


def span(text: str, longest: int = LONGEST) -> str:
    """Return text as Markdown code outside of tables, where a bar needs no backslash."""
    shown = visible(text, longest)
    if not shown:
        return ""
    runs = re.findall("`+", shown)
    fence = "`" * (max(map(len, runs), default=0) + 1)
    space = " " if runs else ""
    return f"{fence}{space}{shown}{space}{fence}"


def fenced(text: str, language: str, longest: int = LONGEST) -> list[str]:
    """Return lines as a block of Markdown code, which no line of them can end."""
    lines = [visible(line, longest) for line in text.rstrip("\n").split("\n")]
    longest = max(map(len, re.findall("`+", "\n".join(lines))), default=0)
    fence = "`" * max(longest + 1, 3)
    return [f"{fence}{language}", *lines, fence]


def markdown(text: str, longest: int = LONGEST) -> str:
    """Return text that Markdown shows as it is, in a table too, and HTML in Markdown as well."""
    return str(html_escape(_MARKS.sub(r"\\\g<0>", visible(text, longest))))


def prose(text: str, longest: int = LONGEST) -> str:
    """Return a sentence for a comment, its `names` as code. It calls nobody.

    Where it would mention somebody or an issue, a space without width stands in between.
    """
    parts = _CODE.split(visible(text, longest))
    return "".join(
        span(part, len(part)) if at % 2 else _CALLS.sub(_apart, markdown(part, len(part)))
        for at, part in enumerate(parts)
    )


def _apart(found: re.Match[str]) -> str:
    return f"{found[0][-1]}&#8203;"
