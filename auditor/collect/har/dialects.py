"""What differs between the exporters of HAR files, told here and nowhere else.

Chrome DevTools writes `_resourceType`, `_initiator` as an object and `response._error`; chrome-har
(sitespeed.io) `_initiator` as a URL and `_initiator_detail` as JSON in a string, and joins headers
of one name by newlines; Firefox and Safari leave the type of a request to its headers;
proxies (Charles, Fiddler, mitmproxy) know neither pages nor initiators. Everybody leaves out what
he does not know, or writes null.
"""

import base64
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

MAX_BODY = 5 * 1024**2  # characters of a page that are looked at for links
MAX_STACK = 100  # frames and parents of a stack that are looked at

_REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
_ANSWERED = 100


class Pair(Struct):
    """A header."""

    name: str
    value: Any = ""


class Cookie(Struct):
    """A cookie in the lists that HAR has beside the headers."""

    name: str
    value: Any = ""
    path: Any = ""
    domain: Any = ""
    expires: Any = ""
    http_only: Any = field(name="httpOnly", default=False)
    secure: Any = False
    same_site: Any = field(name="sameSite", default=None)


class Request(Struct):
    """What was sent. Bodies are left unread."""

    url: str
    method: Any = "GET"
    headers: list[Pair] | None = None
    cookies: list[Cookie] | None = None


class Response(Struct):
    """What came back."""

    status: Any = 0
    status_text: Any = field(name="statusText", default="")
    redirect_url: Any = field(name="redirectURL", default="")
    headers: list[Pair] | None = None
    cookies: list[Cookie] | None = None
    content: Any = None
    error: Any = field(name="_error", default="")


class Entry(Struct):
    """One request and its response, as far as it is read.

    Strict is only what could hide a contact or a cookie; the rest may be anything.
    """

    request: Request
    response: Response | None = None
    started: Any = field(name="startedDateTime", default=None)
    pageref: Any = ""
    resource_type: Any = field(name="_resourceType", default="")
    initiator: Any = field(name="_initiator", default=None)
    initiator_detail: Any = field(name="_initiator_detail", default=None)
    error: Any = field(name="_error", default="")


def read_entry(value: object) -> Entry:
    """Return an entry; ValueError says what makes it unusable, without quoting it."""
    return msgspec.convert(value, Entry, strict=False)


def headers(pairs: list[Pair] | None, name: str) -> list[str]:
    """Return all values of a header, also those joined by newlines; upper and lower case alike."""
    return [
        line
        for pair in pairs or ()
        if len(pair.name) == len(name) and pair.name.lower() == name
        if isinstance(pair.value, str)
        for line in pair.value.split("\n")
        if line.strip()
    ]


def header(pairs: list[Pair] | None, name: str) -> str:
    """Return the first value of a header, "" if there is none."""
    return next(iter(headers(pairs, name)), "").strip()


def text(value: object) -> str:
    """Return a text, "" for everything else."""
    return value if isinstance(value, str) else ""


def status(response: Response) -> int:
    """Return the status of the response, 0 where none came."""
    try:
        code = int(response.status)
    except (TypeError, ValueError, OverflowError):
        return 0
    return code if _ANSWERED <= code <= 999 else 0  # noqa: PLR2004 -- three digits


def redirect_target(response: Response) -> str:
    """Return where a redirect leads, as it is written, "" for any other response.

    Some exporters write the target of a 201 there, too.
    """
    if status(response) not in _REDIRECTS:
        return ""
    return text(response.redirect_url).strip() or header(response.headers, "location")


def initiators(entry: Entry) -> Iterator[str]:
    """Yield the URLs of what caused a request: the scripts on its stack, then the initiator."""
    told = entry.initiator
    detail = text(entry.initiator_detail)
    if detail and len(detail) <= MAX_BODY:
        try:
            told = msgspec.json.decode(detail)
        except (ValueError, RecursionError):
            told = entry.initiator
    if isinstance(told, dict):
        stack = told.get("stack")
        for _ in range(MAX_STACK):
            if not isinstance(stack, dict):
                break
            frames = stack.get("callFrames")
            for frame in frames[:MAX_STACK] if isinstance(frames, list) else ():
                yield text(frame.get("url")) if isinstance(frame, dict) else ""
            stack = stack.get("parent")
        yield text(told.get("url"))
    yield text(entry.initiator)


def body(response: Response) -> str | None:
    """Return the text of a response, None where it was not kept or is too long."""
    content = response.content if isinstance(response.content, dict) else {}
    kept = text(content.get("text"))
    if not kept or len(kept) > MAX_BODY * 4 // 3:
        return None
    if text(content.get("encoding")).lower() == "base64":
        try:
            kept = base64.b64decode(kept).decode("utf-8", "replace")
        except ValueError:
            return None
    return kept if len(kept) <= MAX_BODY else None
