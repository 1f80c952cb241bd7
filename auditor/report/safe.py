"""Untrusted text made inert: what a page or a policy says never steers a terminal.

Names, addresses and messages in a report come from pages and policies. Control characters and
bidirectional marks are shown as escapes, so that they can be read and do nothing.
"""

import re

HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
LONGEST = 500


def visible(text: str, longest: int = LONGEST) -> str:
    """Return text on one line in which nothing is hidden, cut with a visible count."""
    shown = HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    if len(shown) <= longest:
        return shown
    return f"{shown[:longest]}... ({len(shown) - longest} characters more)"
