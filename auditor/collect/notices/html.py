"""HTML as a document: what people see of it, in blocks. Nothing is run, nothing is loaded."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.collect.notices.document import Document
from auditor.collect.notices.layout import Layout
from auditor.collect.notices.plain import plain
from auditor.evidence import Gap, Reason

DEEPEST: Final = 400  # elements within each other: a parser takes quadratic time for more
LINE: Final = "data-audit-line"  # where a block of Markdown began
_MAIN: Final = 0.4  # share of the text that the main element of a page holds, if it is one
_LITTLE: Final = 200  # characters: a notice says more
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
_RAW: Final = ("script", "style", "textarea", "title")  # no elements are in these
# Elements that have no end, or end where the next one begins.
_FLAT: Final = frozenset(
    """
    area base br col dd dt embed hr img input li link meta option p param path source tbody td
    tfoot th thead tr track wbr body head html rect circle line polygon use stop
    """.split()
)
_UNSEEN: Final = frozenset(
    """
    script style template noscript head title svg math iframe object canvas audio video select
    datalist nav map
    """.split()
)
_ROLES: Final = frozenset({"navigation", "search", "banner", "dialog", "alertdialog"})
_HIDING: Final = re.compile(r"display:none|visibility:(?:hidden|collapse)")


def read_html(text: str) -> Document:
    """Read a page: its main part, without what is hidden from people."""
    if depth(text) > DEEPEST:
        gap = Gap(
            what="the notice",
            reason=Reason.CAP_REACHED,
            needs=f"a page whose elements are at most {DEEPEST} within each other",
        )
        return Document(gaps=(gap,))
    tree = LexborHTMLParser(text)
    layout = Layout()
    root = _main(tree)
    if root is not None:
        _walk(root, layout)
    blocks = layout.done()
    seen = sum(len(block.text) for block in blocks)
    return Document(
        title=_title(tree),
        declared=_declared(tree),
        dated=_dated(tree),
        blocks=blocks,
        is_scripted=seen < _LITTLE and tree.css_first("script") is not None,
        gaps=layout.gaps,
    )


def depth(text: str) -> int:
    """Return how many elements are within each other at most, as far as their tags tell."""
    now = most = at = 0
    while found := _TAG.search(text, at):
        tag, at = found[2].lower(), found.end()
        if tag in _RAW and not found[1]:
            end = text.find(f"</{found[2]}", at)
            at = len(text) if end < 0 else end
        elif tag not in _FLAT:
            now = max(0, now + (-1 if found[1] else 1))
            most = max(most, now)
    return most


def is_hidden(node: LexborNode) -> bool:
    """Return whether an element says that people are not to see it."""
    attributes = node.attributes
    if node.tag in _UNSEEN or "hidden" in attributes:
        return True
    if attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return True
    if node.tag == "dialog" and "open" not in attributes:
        return True
    style = (attributes.get("style") or "").lower()
    return bool(style) and bool(_HIDING.search("".join(style.split())))


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that the notice is in: `main` if it holds much of it, else the body."""
    body = tree.body
    if body is None:
        return None
    found = [*tree.css("main, [role=main]"), *tree.css("article")[:2]]
    whole = len(body.text())
    for node in found:
        if not is_hidden(node) and len(node.text()) >= _MAIN * whole:
            return node
    return body


def _walk(root: LexborNode, layout: Layout) -> None:
    """Go through all that is seen, in the order of the text, without recursion."""
    node: LexborNode | None = root
    while node is not None:
        if node.is_text_node:
            layout.text(node.text_content or "")
            node = _after(node, root, layout)
        elif node.is_element_node and not is_hidden(node) and not _is_beside(node, root):
            layout.open(node)
            node = node.child or _leave(node, root, layout)
        else:
            node = _after(node, root, layout)


def _leave(node: LexborNode, root: LexborNode, layout: Layout) -> LexborNode | None:
    layout.close(node)
    return _after(node, root, layout)


def _after(node: LexborNode, root: LexborNode, layout: Layout) -> LexborNode | None:
    """Return what comes after a node and all that is in it, closing what ends there."""
    current: LexborNode | None = node
    while current is not None and current.mem_id != root.mem_id:
        if current.next is not None:
            return current.next
        current = current.parent
        if current is not None:
            layout.close(current)
    return None


def _is_beside(node: LexborNode, root: LexborNode) -> bool:
    """Return whether an element is the page's footer or sidebar, and not the notice's own."""
    return node.tag in {"footer", "aside"} and root.tag == "body" and node.mem_id != root.mem_id


def _title(tree: LexborHTMLParser) -> str:
    for selector in ("title", "h1"):
        node = tree.css_first(selector)
        if node is not None and (text := plain(node.text())):
            return text
    return ""


def _declared(tree: LexborHTMLParser) -> dict[str, str]:
    node = tree.css_first("html")
    language = plain(node.attributes.get("lang") or "") if node is not None else ""
    return {"html": language[:20]} if language else {}


def _dated(tree: LexborHTMLParser) -> str:
    for value in _dates(tree):
        if value:
            return plain(value)[:40]
    return ""


def _dates(tree: LexborHTMLParser) -> Iterator[str]:
    for name in ("article:modified_time", "og:updated_time"):
        for node in tree.css(f'meta[property="{name}"]')[:1]:
            yield node.attributes.get("content") or ""
