"""Why a request came to nothing: a browser's own name for it, never a text from the file."""

import re

from auditor.collect.har.dialects import Entry, Response, status, text
from auditor.collect.web.failures import is_chromium, known_error

_FIREFOX = frozenset(
    f"NS_ERROR_{name}"
    for name in (
        "ABORT CONNECTION_REFUSED NET_INTERRUPT NET_RESET NET_TIMEOUT OFFLINE TRACKING_URI"
        " UNKNOWN_HOST"
    ).split()
)
_BLOCKED = re.compile(
    r"blocked_?by_?(client|administrator|extension)|TRACKING|CONTENT_BLOCKED", re.IGNORECASE
)


def failure(entry: Entry, response: Response) -> tuple[str, bool]:
    """Return the network's error ("" for none), and whether the browser blocked the request."""
    said = [text(entry.error), text(response.error)]
    if not status(response):
        said.append(text(response.status_text))
    named = next((error.strip() for error in said if error.strip()), "")
    blocked = bool(_BLOCKED.search(named[:200]))
    if is_chromium(named):
        return known_error(named), blocked
    if named in _FIREFOX:
        return named, blocked
    if status(response):
        return "failed" if named else "", blocked
    return "blocked" if blocked else "no response", blocked
