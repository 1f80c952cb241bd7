"""Pages and templates: what their tags load, and their scripts. Holes of templates are texts."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from auditor.collect.code.places import Place, address
from auditor.collect.code.scripts import Dialect, read_script
from auditor.collect.code.styles import read_styles
from auditor.collect.code.tags import attributes_of, parsed, read_tag, text_of

_FRONT = re.compile(rb"---\r?\n(.*?import .*?)^---\s*$", re.DOTALL | re.MULTILINE)
_DATA = ("application/json", "application/ld+json", "text/template", "speculationrules")


def read_markup(data: bytes) -> tuple[list[Place], bool]:
    """Return what a page names, and whether its scripts could be understood."""
    places, understood = _front_matter(data)
    waiting = [parsed(data)]
    while waiting:
        node = waiting.pop()
        if node.type in {"start_tag", "self_closing_tag"}:
            places += read_tag(node)
            places += _handlers(node)
        elif node.type == "script_element":
            more, is_whole = _script(node)
            places += more
            understood = understood and is_whole
        elif node.type == "style_element":
            places += _style(node)
        waiting += reversed(node.children)
    return places, understood


def _front_matter(data: bytes) -> tuple[list[Place], bool]:
    """Return what the script before an Astro page names; other front matter holds no strings."""
    found = _FRONT.match(data)
    return read_script(found[1], "typescript", 1) if found else ([], True)


def _handlers(tag: Node) -> Iterator[Place]:
    """Yield what scripts in attributes name: `onclick`, `@click`."""
    for key, (written, node) in attributes_of(tag).items():
        if key.startswith(("on", "@")) and "//" in written:
            yield from read_script(written.encode(), "javascript", node.start_point[0])[0]


def _script(element: Node) -> tuple[list[Place], bool]:
    start = next(one for one in element.children if one.type == "start_tag")
    said = {key: value.lower() for key, (value, _) in attributes_of(start).items()}
    body = next((one for one in element.children if one.type == "raw_text"), None)
    if body is None or body.text is None or said.get("type", "").startswith(_DATA):
        return [], True
    if said.get("type") == "importmap":
        return [*_import_map(body)], True
    dialect: Dialect = "typescript" if said.get("lang") in {"ts", "tsx"} else "javascript"
    places, understood = read_script(body.text, dialect, body.start_point[0])
    is_template = b"{{" in body.text or b"{%" in body.text or b"<%" in body.text
    return places, understood or is_template


def _style(element: Node) -> Iterator[Place]:
    body = next((one for one in element.children if one.type == "raw_text"), None)
    if body is not None:
        yield from read_styles(body.text or b"", body.start_point[0])


def _import_map(body: Node) -> Iterator[Place]:
    for at, line in enumerate(text_of(body).splitlines(), body.start_point[0] + 1):
        for part in line.split('"')[1::2]:
            yield from address(part, "tag", at, line.find(part) + 1)
