"""Style sheets: what they import, and the fonts and images they fetch; comments are none.

Source: CSS Syntax Level 3, section 4 (comments, strings, url tokens); Sass and Less do the same.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.collect.code.places import Place, address

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FETCHED: Final = re.compile(
    r"""(?:@import\s+|url\(\s*)(?:url\(\s*)?["']?((?:https?:)?//[^\s"')]{1,2000})""",
    re.IGNORECASE,
)


def read_styles(data: bytes, first_line: int = 0) -> Iterator[Place]:
    """Yield every host that a style sheet has the browser ask, at its line."""
    text = _COMMENT.sub(_blank, data.decode("utf-8", "replace"))
    for found in _FETCHED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        yield from address(found[1], "tag", line + first_line, column)


def _blank(comment: re.Match[str]) -> str:
    """Return as many lines as a comment has, and nothing in them."""
    return "\n" * comment[0].count("\n")
