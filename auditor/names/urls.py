"""What is kept of a URL: where it leads and how it is made, nothing that it carries."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from auditor.names.templates import template
from auditor.names.text import whole

_INVALID = "about:invalid"  # stands for what is no address of a page or a server
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_HOST = re.compile(r"[\w.-]{1,253}|[0-9a-f:.]{2,45}")  # a name or IPv4, or IPv6
_READ = 20_000  # characters that are looked at
_LONGEST_PATH = 380  # characters with the host, so that in _LONGEST a parameter always fits
_LONGEST = 500
_MOST = 20  # parameters
_LAYERS = 3  # of percent-encoding that are taken off, to find what is hidden below
_PARAMETER = re.compile(r"[\w*!$().:@\[\]~-]{1,100}", re.ASCII)
_MATRIX_VALUE = re.compile(r"(;[^=;]*)=[^;]*")  # /page;jsessionid=...
_PEOPLE = frozenset(
    [
        "account",
        "accounts",
        "customer",
        "customers",
        "member",
        "members",
        "profile",
        "profiles",
        "user",
        "users",
    ]
)


def url_shape(url: str) -> str:
    """Return a URL without user, values and fragment, its names templated, in 500 characters.

    `https://x.org/a/main.3f9c2a1b77.js?cid=5#top` becomes `https://x.org/a/main.*.js?cid=*`. What
    is too long ends in `/*` or `&...`. What has no http, https, ws or wss host is `about:invalid`;
    never an error. A shape is its own shape.
    """
    try:
        parts = urlsplit(_readable(url))
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return _INVALID
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        return _INVALID
    origin = f"{parts.scheme}://[{host}]" if ":" in host else f"{parts.scheme}://{host}"
    if port is not None and port != _PORTS[parts.scheme]:
        origin += f":{port}"
    path = _fit(origin, _segments(parts.path or "/"), "/*", _LONGEST_PATH)
    return _fit(path, _parameters(parts.query), "&...", _LONGEST)


def _readable(url: str) -> str:
    """Return the URL as valid text of bounded length, cut where no name is cut in two."""
    if len(url) > _READ:
        url = url[:_READ]
        url = url[: 1 + max(map(url.rfind, "/?&"))] + "*"
    return whole(url).strip()


def _fit(start: str, pieces: Iterable[str], more: str, longest: int) -> str:
    text = start
    for piece in pieces:
        if len(text) + len(piece) + len(more) > longest:
            return text + more
        text += piece
    return text


def _segments(path: str) -> Iterable[str]:
    before = ""
    for segment in path.split("/")[1:]:
        name = _decode(segment)
        is_id = name.isdigit() and before.lower().removesuffix("s") in _PEOPLE
        shape = "*" if is_id else template(_MATRIX_VALUE.sub(r"\1=*", name))
        yield "/" + quote(shape, safe="*!$'()+,;=:@&")
        before = name


def _parameters(query: str) -> Iterable[str]:
    written = [part for part in query.split("&") if part]
    for number, part in enumerate(written):
        if number == _MOST:
            yield "&..."
            return
        yield ("&" if number else "?") + _parameter(part)


def _parameter(part: str) -> str:
    """Return `name=*`, or `*` for what has no name or may be a value, as in `?dGV4dA==`."""
    name, equals, value = part.partition("=")
    if part == "...":  # of a shape that was cut
        return part
    if not equals or set(value) == {"="}:
        return "*"
    shape = template(_decode(name.replace("+", " ")))
    return f"{shape}=*" if _PARAMETER.fullmatch(shape) else "*"


def _decode(text: str) -> str:
    """Take the percent-encoding off; what is wrapped in too many layers of it is `*`."""
    for _ in range(_LAYERS):
        text, wrapped = unquote(text), text
        if text == wrapped:
            return text
    return text if unquote(text) == text else "*"
