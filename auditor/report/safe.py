"""Untrusted text made inert: what a page or a policy says never steers a terminal or a CI system.

Names, addresses and messages in a report come from pages and policies. Control characters,
bidirectional marks and the beginnings of commands to CI systems are shown as escapes, so that
they can be read and do nothing.
"""

import re

HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
# `::error ...::` of GitHub counts at the start of a line, so of any word, as lines are broken
# between words; `##[...]`, `##vso[...]` and `##teamcity[...]` count anywhere in a line.
COMMAND = re.compile(r"(?<!\S):(?=:[A-Za-z])|#(?=#(?:vso|teamcity)?\[)")
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
