"""Headers that are sent with pages: the hosts that a Content-Security-Policy lets them talk to.

Source: CSP Level 3, section 2.3 (source expressions).
"""

import re
from collections.abc import Iterator

from auditor.collect.code.places import Place, address

_DIRECTIVE = re.compile(
    r"\b(?:default|script|style|img|connect|font|frame|child|media|object|worker|manifest|form)"
    r"-(?:src|action)(?:-elem|-attr)?\s+([^;\"'\n]*(?:'[\w-]+'[^;\"'\n]*)*)",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?:https?://|wss?://)?(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?:/\S*)?", re.IGNORECASE
)
_LONGEST_LINE = 20_000


def read_headers(data: bytes) -> Iterator[Place]:
    """Yield every host that a file of headers allows, with its line."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        yield from allowed_in(line[:_LONGEST_LINE], number)


def allowed_in(text: str, line: int) -> Iterator[Place]:
    """Yield the hosts of directives; `*.host` is told as the host."""
    for directive in _DIRECTIVE.finditer(text):
        for word in directive[1].split():
            if host := _HOST.fullmatch(word):
                column = text.find(word) + 1
                yield from address(f"//{host[2]}/", "allowed", line, column)
