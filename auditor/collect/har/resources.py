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
_TYPES = frozenset(
    (
        "beacon cspviolationreport document eventsource fedcm fetch font image json manifest media"
        " other ping prefetch preflight script signedexchange stylesheet texttrack webbundle"
        " websocket webtransport xhr"
    ).split()
)
_ASKED = frozenset("document embed font image json manifest object report script xslt".split())
_SHOWN = re.compile(r"(text/(html|xml|plain)|application/(xhtml\+xml|xml|pdf|[\w.-]+\+xml))\b")
_SWITCHING_PROTOCOLS = 101


def resource(entry: Entry, response: Response) -> str:
    """Return the type of a request in Chromium's words, `beacon` for its `ping`, "" if unknown.

    A word that is none of them is `other`: it may say anything.
    """
    said = text(entry.resource_type).lower()
    if said not in _TYPES or said == "other":
        said = _by_request(entry, response) or _by_content(response) or ("other" if said else "")
    return "beacon" if said == "ping" else said


def is_page(entry: Entry, kind: str) -> bool | None:
    """Return whether the visitor opened a document as a page; None where it may be a frame."""
    wanted = header(entry.request.headers, "sec-fetch-dest").lower()
    if kind != "document" or header(entry.request.headers, "sec-purpose"):  # of a prefetch
        return False
    return wanted == "document" if wanted else None


def is_download(response: Response) -> bool:
    """Return whether an answer is kept as a file, so that the browser stays where it was."""
    if header(response.headers, "content-disposition").lower().startswith("attachment"):
        return True
    mime = header(response.headers, "content-type").lower() or _mime(response)
    return "/" in mime and not mime.startswith("x-unknown") and not _SHOWN.match(mime)


def _by_request(entry: Entry, response: Response) -> str:
    sent = entry.request.headers
    wanted = header(sent, "sec-fetch-dest").lower()
    is_script = header(sent, "x-requested-with").lower() == "xmlhttprequest"
    is_socket = entry.request.url[:2].lower() == "ws" or status(response) == _SWITCHING_PROTOCOLS
    told = (
        (is_socket, "websocket"),
        (wanted in _DESTINATIONS, _DESTINATIONS.get(wanted, "")),
        (wanted in _ASKED, wanted),
        (is_script, "xhr"),
        (wanted == "empty", "fetch"),
        (header(sent, "accept").startswith("text/html"), "document"),
    )
    return next((kind for applies, kind in told if applies), "")


def _by_content(response: Response) -> str:
    mime = _mime(response)
    if "javascript" in mime:
        return "script"
    return next((kind for start, kind in _MIME if mime.startswith(start)), "")


def _mime(response: Response) -> str:
    content = response.content if isinstance(response.content, dict) else {}
    return text(content.get("mimeType")).lower()
