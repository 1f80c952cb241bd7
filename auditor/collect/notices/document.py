"""A notice as it is laid out, whatever it was written in: blocks of text in sections."""

from typing import Literal

from msgspec import Struct

from auditor.evidence import Gap, Place

Media = Literal["markdown", "html"]


class Link(Struct, frozen=True, kw_only=True):
    """Words that lead somewhere; `start` and `end` are where they stand in their text."""

    words: str
    target: str
    start: int = 0
    end: int = 0


class Cell(Struct, frozen=True, kw_only=True):
    """A cell of a table, under the words at the head of its column ("" for none)."""

    text: str
    links: tuple[Link, ...] = ()
    head: str = ""


class Block(Struct, frozen=True, kw_only=True):
    """A paragraph, an item of a list, a row of a table, or a heading (`level` 1 to 6).

    `leads` are the words that introduce the list that it is in, the outermost first. In a row,
    `text` is all its cells. `table` is the table's number, from 1. Lines that the writer has ended
    are parted by line feeds.
    """

    form: Literal["prose", "item", "row", "heading"]
    text: str
    place: Place
    links: tuple[Link, ...] = ()
    cells: tuple[Cell, ...] = ()
    leads: tuple[str, ...] = ()
    level: int = 0
    table: int = 0


class Document(Struct, frozen=True, kw_only=True):
    """A notice, read but not understood; `dated` is the date that it gives for itself elsewhere.

    `declared` says in which language it calls itself, by where it does. `is_scripted`: there is
    next to no text, and scripts that may make it.
    """

    title: str = ""
    declared: dict[str, str] = {}
    dated: str = ""
    blocks: tuple[Block, ...] = ()
    is_scripted: bool = False
    gaps: tuple[Gap, ...] = ()
