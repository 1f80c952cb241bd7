"""Markdown as a document: CommonMark with tables, and the few lines before it that describe it."""

import re
from typing import Final

import yaml
from markdown_it import MarkdownIt
from msgspec import structs

from auditor.collect.notices.document import Document
from auditor.collect.notices.html import LINE, read_html
from auditor.collect.notices.plain import plain

_FENCE: Final = re.compile(
    r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)
_ATTRIBUTES: Final = re.compile(r"\{:[^{}\n]{0,300}\}|(?m:(?<=[ \t])\{#[\w-]{1,80}\}[ \t]*$)")
_DATETIME: Final = re.compile(r"datetime=\"([0-9-]{10})")
_LARGEST: Final = 64 * 1024  # characters of the lines before it
_LANGUAGE: Final = ("lang", "language", "locale")
_DATE: Final = (
    "updated", "last_updated", "last-updated", "lastupdated", "last_modified", "lastmod",
    "modified", "effective_date", "effectivedate", "effective", "revised", "date",
)  # fmt: skip


def read_markdown(text: str) -> Document:
    """Read Markdown; raw HTML within it is read as HTML."""
    described, begins = _front_matter(text)
    body = text[begins:]
    dated = next((described[key] for key in _DATE if described.get(key)), "")
    if not dated and (found := _DATETIME.search(body)):
        dated = found[1]
    skipped = text[:begins].count("\n")
    document = read_html(_as_html(_ATTRIBUTES.sub("", body), skipped))
    declared = {
        "front_matter": next((described[key] for key in _LANGUAGE if described.get(key)), ""),
        "slug": described.get("slug") or described.get("permalink", ""),
    }
    heading = next((block.text for block in document.blocks if block.form == "heading"), "")
    return structs.replace(
        document,
        title=described.get("title") or plain(heading),
        declared={where: said for where, said in declared.items() if said},
        dated=dated,
        is_scripted=False,
    )


def _as_html(text: str, skipped: int) -> str:
    """Return the page that Markdown stands for; each block says on which line it began."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        if token.map and token.nesting >= 0:
            token.attrSet(LINE, str(token.map[0] + skipped + 1))
    return str(parser.renderer.render(tokens, parser.options, {}))


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the plain keys of the YAML before the text, and where the text begins.

    Only events are looked at: nothing is built, no alias followed. Broken YAML has no keys.
    """
    found = _FENCE.match(text[:_LARGEST])
    if found is None:
        return {}, 0
    described: dict[str, str] = {}
    depth, key = 0, ""
    try:
        for event in yaml.parse(found[1], Loader=yaml.SafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth, key = depth + 1, ""
            elif isinstance(event, yaml.CollectionEndEvent):
                depth, key = depth - 1, ""
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                if key:
                    described[key] = plain(str(event.value))[:1000]
                key = "" if key else str(event.value).strip().lower()[:100]
            else:
                key = key if depth > 1 else ""
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    return described, found.end()
