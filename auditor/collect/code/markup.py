"""Pages and templates: what their tags load, and their scripts. Holes of templates are texts."""

import re
from collections.abc import Iterator
from functools import cache

import tree_sitter_html
from tree_sitter import Language, Node, Parser

from auditor.collect.code.headers import allowed_in
from auditor.collect.code.places import Place, address
from auditor.collect.code.scripts import LOADED, Dialect, read_script
from auditor.collect.code.styles import read_styles

# A link is followed by a visitor; these are fetched by the browser.
_FETCHED = frozenset(
    "stylesheet preload prefetch modulepreload preconnect dns-prefetch icon manifest"
    " apple-touch-icon prerender".split()
)
_FRONT = re.compile(rb"---\r?\n(.*?import .*?)^---\s*$", re.DOTALL | re.MULTILINE)
_DATA = ("application/json", "application/ld+json", "text/template", "speculationrules")


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_html.language()))


def read_markup(data: bytes) -> tuple[list[Place], bool]:
    """Return what a page names, and whether its scripts could be understood."""
    places, understood = _front_matter(data)
    waiting = [_parser().parse(data).root_node]
    while waiting:
        node = waiting.pop()
        if node.type in {"start_tag", "self_closing_tag"}:
            places += _tag(node)
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


def _attributes(tag: Node) -> dict[str, tuple[str, Node]]:
    found: dict[str, tuple[str, Node]] = {}
    for one in tag.children:
        if one.type != "attribute":
            continue
        name = _text(one.children[0]).lower().rpartition("}")[2]  # `{{#if x}}src`
        value = one.children[-1]
        if value.type == "quoted_attribute_value":
            value = next(
                (part for part in value.children if part.type == "attribute_value"), value
            )
        found.setdefault(name, (_text(value), one))
    return found


def _tag(tag: Node) -> Iterator[Place]:
    name = next((_text(one).lower() for one in tag.children if one.type == "tag_name"), "")
    attributes = _attributes(tag)
    said = {key: value for key, (value, _) in attributes.items()}
    if name == "meta" and said.get("http-equiv", "").lower() == "content-security-policy":
        _, node = attributes.get("content", ("", tag))
        yield from allowed_in(said.get("content", ""), node.start_point[0] + 1)
    if name in {"a", "area"}:
        attributes = {key: one for key, one in attributes.items() if key == "ping"}
    if name == "link" and not _FETCHED & set(said.get("rel", "").lower().split()):
        return
    for key, (written, node) in attributes.items():
        bound = key.removeprefix("v-bind:").removeprefix(":")  # Vue: an expression
        if key == "style":
            yield from read_styles(written.encode(), node.start_point[0])
        if bound not in LOADED | {"data-src", "xlink:href"}:
            continue
        value = written if bound == key else written.strip("'`\"")
        line, column = node.start_point[0] + 1, node.start_point[1] + 1
        for part in value.split(",") if key == "srcset" else [value]:
            yield from address(part.strip(), "tag", line, column)


def _script(element: Node) -> tuple[list[Place], bool]:
    start = next(one for one in element.children if one.type == "start_tag")
    said = {key: value.lower() for key, (value, _) in _attributes(start).items()}
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
    for at, line in enumerate(_text(body).splitlines(), body.start_point[0] + 1):
        for part in line.split('"')[1::2]:
            yield from address(part, "tag", at, line.find(part) + 1)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
