"""Tags: what a browser asks for because of them, wherever they stand."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import tree_sitter_html
from tree_sitter import Language, Node, Parser

from auditor.collect.code.headers import allowed_in
from auditor.collect.code.places import Place, address
from auditor.collect.code.styles import read_styles

LOADED: Final = frozenset("src href srcset action data poster formaction ping".split())
# A link is followed by a visitor; these are fetched by the browser.
_FETCHED: Final = frozenset(
    "stylesheet preload prefetch modulepreload preconnect dns-prefetch icon manifest"
    " apple-touch-icon prerender".split()
)


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_html.language()))


def parsed(data: bytes) -> Node:
    """Return the tree of a page, or of a piece of one."""
    return _parser().parse(data).root_node


def tags_in(data: bytes, first_line: int = 0) -> Iterator[Place]:
    """Yield what the tags of a piece of markup have the browser ask; scripts are not read."""
    waiting = [parsed(data)]
    while waiting:
        node = waiting.pop()
        if node.type in {"start_tag", "self_closing_tag"}:
            yield from read_tag(node, first_line)
        waiting += reversed(node.children)


def attributes_of(tag: Node) -> dict[str, tuple[str, Node]]:
    """Return the attributes of a tag by their names: what is written, and where."""
    found: dict[str, tuple[str, Node]] = {}
    for one in tag.children:
        if one.type != "attribute":
            continue
        name = text_of(one.children[0]).lower().rpartition("}")[2]  # `{{#if x}}src`
        value = one.children[-1]
        if value.type == "quoted_attribute_value":
            value = next(
                (part for part in value.children if part.type == "attribute_value"), value
            )
        found.setdefault(name, (text_of(value), one))
    return found


def read_tag(tag: Node, first_line: int = 0) -> Iterator[Place]:
    """Yield what a tag has the browser ask, at its line; links are none."""
    name = next((text_of(one).lower() for one in tag.children if one.type == "tag_name"), "")
    attributes = attributes_of(tag)
    said = {key: value for key, (value, _) in attributes.items()}
    if name == "meta" and said.get("http-equiv", "").lower() == "content-security-policy":
        _, node = attributes.get("content", ("", tag))
        yield from allowed_in(said.get("content", ""), node.start_point[0] + 1 + first_line)
    if name in {"a", "area"}:
        attributes = {key: one for key, one in attributes.items() if key == "ping"}
    if name == "link" and not _FETCHED & set(said.get("rel", "").lower().split()):
        return
    for key, (written, node) in attributes.items():
        bound = key.removeprefix("v-bind:").removeprefix(":")  # Vue: an expression
        if key == "style":
            yield from read_styles(written.encode(), node.start_point[0] + first_line)
        if bound not in LOADED | {"data-src", "xlink:href"}:
            continue
        value = written if bound == key else written.strip("'`\"")
        line, column = node.start_point[0] + 1 + first_line, node.start_point[1] + 1
        for part in value.split(",") if key == "srcset" else [value]:
            yield from address(part.strip(), "tag", line, column)


def text_of(node: Node) -> str:
    """Return what is written there."""
    return (node.text or b"").decode("utf-8", "replace")
