"""What each host answers, from a folder: HOST/PATH is a file.

Beside its files a host may have two in the form of Netlify's: `_redirects` (`FROM TO STATUS`, with
status 200 the other file is answered) and `_headers` (a path, and below it indented headers).
`@@sk_live_:24@@` in a file or header stands for `sk_live_` and 24 random hexadecimal digits: what
looks like a key, or tells visitors apart, stands in no file.
"""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

REDIRECTS, HEADERS = "_redirects", "_headers"
_RANDOM = re.compile(r"@@(\w*):(\d+)@@")
_KINDS = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


class Redirect(Struct, frozen=True):
    """`source` may end in `*`, and `target` may hold `:splat`, what the `*` stood for."""

    source: str
    target: str
    status: int


class Host(Struct, frozen=True, kw_only=True):
    """All that a host has, by path from `/`. What is asked for is looked up, never opened."""

    files: dict[str, bytes]
    redirects: tuple[Redirect, ...] = ()
    headers: tuple[tuple[str, str, str], ...] = ()  # pattern of a path, name, value


class Answer(Struct, frozen=True, kw_only=True):
    """A status, headers and a body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def read_hosts(folder: Path) -> dict[str, Host]:
    """Return the hosts by name; each random part in a file stays the same from now on."""
    return {place.name: _read_host(place) for place in sorted(folder.iterdir()) if place.is_dir()}


def answer(host: Host, target: str) -> Answer:
    """Return what a host answers to a request target, such as `/g/collect?v=2`."""
    path = unquote(urlsplit(target).path)
    for rule in host.redirects:
        rest = _rest(rule.source, path)
        if rest is None:
            continue
        place = rule.target.replace(":splat", rest)
        if rule.status != 200:  # noqa: PLR2004 -- HTTP status
            return Answer(status=rule.status, headers=(("Location", place),))
        return _file(host, place, path)
    return _file(host, path, path)


def _file(host: Host, place: str, asked: str) -> Answer:
    """Answer with a file; one without content is a 204, and names need no `.html`."""
    for name in (place, f"{place}index.html", f"{place}.html"):
        body = host.files.get(name)
        if body is not None:
            kind = _KINDS.get(Path(name).suffix, "application/octet-stream")
            own = tuple(_headers(host, asked))
            if not any(header == "Content-Type" for header, _ in own):
                own = (("Content-Type", kind), *own)
            return Answer(status=200 if body else 204, headers=own, body=body)
    return Answer(status=404, headers=(("Content-Type", "text/plain"),), body=b"not here\n")


def _headers(host: Host, path: str) -> Iterator[tuple[str, str]]:
    for pattern, name, value in host.headers:
        if _rest(pattern, path) is not None:
            yield name, _filled(value)


def _rest(pattern: str, path: str) -> str | None:
    """Return what the `*` at a pattern's end stands for, None where the pattern does not fit."""
    start, star, _ = pattern.partition("*")
    fits = path.startswith(start) if star else path == pattern
    return path[len(start) :] if fits else None


def _read_host(folder: Path) -> Host:
    texts = {
        f"/{file.relative_to(folder).as_posix()}": file.read_text("utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    redirects = texts.pop(f"/{REDIRECTS}", "")
    headers = texts.pop(f"/{HEADERS}", "")
    return Host(
        files={name: _filled(text).encode() for name, text in texts.items()},
        redirects=tuple(_read_redirects(redirects)),
        headers=tuple(_read_headers(headers)),
    )


def _read_redirects(text: str) -> Iterator[Redirect]:
    for source, target, status in map(str.split, _lines(text)):
        yield Redirect(source, target, int(status))


def _read_headers(text: str) -> Iterator[tuple[str, str, str]]:
    pattern = ""
    for line in _lines(text):
        if line.startswith(" "):
            name, _, value = line.strip().partition(": ")
            yield pattern, name, value
        else:
            pattern = line


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()


def _filled(text: str) -> str:
    """Put random hexadecimal digits into the place of `@@PREFIX:LENGTH@@`."""
    return _RANDOM.sub(lambda found: found[1] + _digits(int(found[2])), text)


def _digits(number: int) -> str:
    return secrets.token_hex(number)[:number]
