"""Markdown of which pages are made: its images, and the markup in it; code in it is an example."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.collect.code.markup import read_markup
from auditor.collect.code.places import Place, address

_FRONT = ("---", "+++")  # what generators of sites take for a page begins so


def read_prose(data: bytes, *, is_page: bool = False) -> tuple[list[Place], bool]:
    """Return what a page names; Markdown without front matter may be none, such as a README."""
    text = data.decode("utf-8-sig", "replace")
    if not text.startswith(_FRONT) and not is_page:
        return [], True
    head, ended, body = text[3:].partition(f"\n{text[:3]}") if text[:3] in _FRONT else ("", "", "")
    first = head.count("\n") + 1 if ended else 0
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    places: list[Place] = []
    understood = True
    for block in parser.parse(body if ended else text):
        line = first + (block.map[0] if block.map else 0)
        for token in (block, *(block.children or ())):
            more, is_whole = _of_token(token, line)
            places += more
            understood = understood and is_whole
    return places, understood


def _of_token(token: Token, line: int) -> tuple[list[Place], bool]:
    if token.type in {"html_block", "html_inline"}:
        return read_markup(b"\n" * line + token.content.encode())
    if token.type == "image":
        return [*address(str(token.attrs.get("src", "")), "tag", line + 1, 1)], True
    return [], True
