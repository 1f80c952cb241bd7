"""Which kinds of files are read, and by what. A file may be of several kinds."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from auditor.collect.code.headers import read_headers
from auditor.collect.code.manifests import reader_of
from auditor.collect.code.markup import read_markup
from auditor.collect.code.others import lexer_of, read_other
from auditor.collect.code.places import Place
from auditor.collect.code.prose import read_prose
from auditor.collect.code.scripts import Dialect, read_script
from auditor.collect.code.styles import read_styles

# Takes bytes; returns what they name, and whether all of it was understood.
Read = Callable[[bytes], tuple[list[Place], bool]]

_MARKUP: Final = frozenset(
    ".html .htm .xhtml .vue .svelte .astro .njk .nunjucks .liquid .hbs .handlebars .mustache .ejs"
    " .erb .eex .heex .twig .jinja .jinja2 .j2 .php .cshtml .razor .jsp .gohtml .tmpl".split()
)
_PROSE: Final = frozenset({".md", ".mdx", ".markdown"})
_SCRIPTS: Final[dict[str, Dialect]] = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
_STYLES: Final = frozenset({".css", ".scss", ".sass", ".less", ".pcss"})
_HEADERS: Final = frozenset(
    {"_headers", "netlify.toml", "firebase.json", "vercel.json", ".htaccess", "nginx.conf"}
)
_ASIDE: Final = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|fixtures|stories|e2e|cypress)/"
    r"|\.(?:test|spec|stories)\.[a-z]+$"
    r"|(?:^|/)(?:test_[^/]*|conftest)\.py$|_(?:test|spec)\.[a-z]+$"
    r"|(?:^|/)\.env\.(?:example|sample|template|test|local|development)$",
    re.IGNORECASE,
)


def readers_of(name: str) -> tuple[Read, ...]:
    """Return what reads a file of this name, () for one that is not read."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    found: list[Read] = []
    if suffix in _MARKUP:
        found.append(read_markup)
    if suffix in _PROSE:
        found.append(partial(read_prose, is_page=suffix == ".mdx"))
    if dialect := _SCRIPTS.get(suffix):
        found.append(partial(read_script, dialect=dialect))
    if suffix in _STYLES:
        found.append(_understood(read_styles))
    if path.name in _HEADERS:
        found.append(_understood(read_headers))
    if language := lexer_of(path):
        found.append(_understood(partial(read_other, language=language)))
    if is_manifest(name):
        found.append(_understood(partial(_manifest, path=path)))
    return tuple(found)


def is_manifest(name: str) -> bool:
    """Return whether a file lists packages: such are long."""
    return reader_of(PurePosixPath(name)) is not None


def is_aside(name: str) -> bool:
    """Return whether a file is for developing, and not deployed: tests, stories, examples."""
    return bool(_ASIDE.search(name))


def _manifest(data: bytes, path: PurePosixPath) -> Iterable[Place]:
    read = reader_of(path)
    return read(data.decode("utf-8-sig")) if read else ()


def _understood(read: Callable[[bytes], Iterable[Place]]) -> Read:
    """Return the same for what says so, by raising an error, where it does not understand."""

    def done(data: bytes) -> tuple[list[Place], bool]:
        return [*read(data)], True

    return done
