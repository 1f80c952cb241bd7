"""What was asked for: a page, a script, an image; told by the exporter, else by headers."""

import re

from auditor.collect.har.dialects import Entry, Response, header, status, text

_DESTINATIONS = {  # sec-fetch-dest (Fetch Metadata) to the words of Chromium's `_resourceType`
    "frame": "document",
    "iframe": "document",
    "fencedframe": "document",
    "style": "stylesheet",
    "audio": "media",
    "video": "media",
    "track": "media",
    "serviceworker": "script",
    "sharedworker": "script",
    "worker": "script",
    "audioworklet": "script",
    "paintworklet": "script",
}
_MIME = (
    ("text/html", "document"),
    ("application/xhtml", "document"),
    ("text/css", "stylesheet"),
    ("image/", "image"),
    ("font/", "font"),
    ("application/font", "font"),
    ("video/", "media"),
    ("audio/", "media"),
)
_WORD = re.compile(r"[a-z][a-z-]{0,30}")
_SWITCHING_PROTOCOLS = 101


def resource(entry: Entry, response: Response) -> str:
    """Return the type of a request in Chromium's words, `beacon` for its `ping`, "" if unknown."""
    said = text(entry.resource_type).lower()
    if not _WORD.fullmatch(said) or said == "other":
        said = _by_request(entry, response) or _by_content(response) or said
    said = "beacon" if said == "ping" else said
    return said if _WORD.fullmatch(said) else ""


def is_page(entry: Entry, kind: str) -> bool | None:
    """Return whether the visitor opened a document as a page; None where it may be a frame."""
    wanted = header(entry.request.headers, "sec-fetch-dest").lower()
    if kind != "document" or header(entry.request.headers, "sec-purpose"):  # of a prefetch
        return False
    return wanted == "document" if wanted else None


def _by_request(entry: Entry, response: Response) -> str:
    sent = entry.request.headers
    wanted = header(sent, "sec-fetch-dest").lower()
    is_script = header(sent, "x-requested-with").lower() == "xmlhttprequest"
    is_socket = entry.request.url[:2].lower() == "ws" or status(response) == _SWITCHING_PROTOCOLS
    told = (
        (is_socket, "websocket"),
        (wanted not in {"", "empty"}, _DESTINATIONS.get(wanted, wanted)),
        (is_script, "xhr"),
        (wanted == "empty", "fetch"),
        (header(sent, "accept").startswith("text/html"), "document"),
    )
    return next((kind for applies, kind in told if applies), "")


def _by_content(response: Response) -> str:
    content = response.content if isinstance(response.content, dict) else {}
    mime = text(content.get("mimeType")).lower()
    if "javascript" in mime:
        return "script"
    return next((kind for start, kind in _MIME if mime.startswith(start)), "")
