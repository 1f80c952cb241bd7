"""Elements of HTML, as they open and close, made into blocks."""

from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from auditor.collect.notices.document import Block, Cell, Link
from auditor.collect.notices.plain import Lines, cut, plain
from auditor.evidence import Gap, Place, Reason
from auditor.evidence.notices import LONGEST_SENTENCE

MOST_BLOCKS: Final = 20_000
_LONGEST_NAME: Final = 1_000
_DEEP: Final = 5  # steps of a selector
_FAR: Final = 1000  # elements beside each other that are counted
_ABOVE: Final = 50  # elements above one that are looked at for its line
_DIGITS: Final = 7  # of a number that is taken for one
_LONGEST_CELL: Final = 600  # characters; a table of longer cells is there for its looks
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_LISTS: Final = frozenset({"ul", "ol", "dl", "menu"})
_ITEMS: Final = frozenset({"li", "dd"})
_APART: Final = frozenset(
    """
    address article aside blockquote body caption center details dialog div dt fieldset figcaption
    figure footer form header hgroup hr label legend main p pre section summary
    """.split()
)  # text before and after one of these is another block
_MOST_SPAN: Final = 200  # rows that a cell may reach over


class Layout:
    """Takes a page in the order of its text, and keeps it as blocks."""

    def __init__(self) -> None:
        """Begin an empty document."""
        self._blocks: list[Block] = []
        self._lines, self._links = Lines(), list[Link]()
        self._link: tuple[str, int] | None = None
        self._where: list[LexborNode] = []  # blocks that are open, the innermost last
        self._leads: list[str] = []  # one for each list that is open
        self._section = ""
        self._tables: list[_Table] = []
        self._count = 0
        self.gaps: tuple[Gap, ...] = ()

    def text(self, text: str) -> None:
        """Take text where it stands."""
        self._lines.add(text)

    def open(self, node: LexborNode) -> None:
        """Take the beginning of an element."""
        tag = node.tag or ""
        if tag == "br":
            self._lines.end_line()
        elif tag == "a":
            self._end_link()
            self._link = (node.attributes.get("href") or "", self._lines.next())
        elif tag == "table":
            self._flush()
            self._count += 1
            self._tables.append(_Table(self._count))
        elif self._tables and tag in {"tr", "td", "th"}:
            self._tables[-1].open(node, tag)
        elif self._is_apart(tag):
            self._flush()
            if tag in _LISTS:
                self._leads.append(self._lead())
        if self._is_apart(tag) or tag == "tr":
            self._where.append(node)

    def close(self, node: LexborNode) -> None:
        """Take the end of an element."""
        tag = node.tag or ""
        if tag == "a":
            self._end_link()
        elif tag == "table" and self._tables:
            self._end_table()
        elif self._tables and tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif self._is_apart(tag):
            self._flush()
            if tag in _LISTS and self._leads:
                self._leads.pop()
        if self._where and self._where[-1].mem_id == node.mem_id:
            self._where.pop()

    def done(self) -> tuple[Block, ...]:
        """Return all blocks."""
        self._flush()
        return tuple(self._blocks)

    def _is_apart(self, tag: str) -> bool:
        """Return whether an element is a block of its own; within a cell nothing is."""
        if self._tables and self._tables[-1].is_in_cell:
            if tag in _APART or tag in _LISTS or tag in _ITEMS or tag in _HEADINGS:
                self._lines.end_line()
            return False
        return tag in _APART or tag in _LISTS or tag in _ITEMS or tag in _HEADINGS

    def _end_link(self) -> None:
        if self._link is None:
            return
        target, start = self._link
        self._link = None
        words = self._lines.text()[start:]
        link = Link(
            words=cut(plain(words), _LONGEST_NAME),
            target=_target(target),
            start=start,
            end=start + len(words),
        )
        if link.target or link.words:
            self._links.append(link)

    def _taken(self) -> tuple[str, tuple[Link, ...]]:
        """Return the text until here with its links, and begin anew."""
        self._end_link()
        text, links = self._lines.text(), tuple(self._links)
        self._lines, self._links = Lines(), []
        return text, links

    def _flush(self) -> None:
        text, links = self._taken()
        if not text.strip():
            return
        tag = self._inner()
        level = _HEADINGS.get(tag, 0)
        if level:
            self._section = cut(plain(text), _LONGEST_NAME)
        self._put(
            Block(
                form="heading" if level else "item" if self._leads else "prose",
                text=text,
                place=self._place(),
                links=links,
                leads=tuple(self._leads),
                level=level,
            )
        )

    def _inner(self) -> str:
        return next(((node.tag or "") for node in reversed(self._where)), "")

    def _lead(self) -> str:
        """Return what introduces a list: the end of the block right before it."""
        if not self._blocks or self._blocks[-1].form == "row":
            return ""
        return cut(plain(self._blocks[-1].text)[-LONGEST_SENTENCE:], LONGEST_SENTENCE)

    def _end_cell(self) -> None:
        text, links = self._taken()
        self._tables[-1].end_cell(Cell(text=text, links=links))

    def _end_row(self) -> None:
        if not self._tables:
            return
        row = self._tables[-1].end_row()
        if row is None:
            return
        if any(len(cell.text) > _LONGEST_CELL for cell in row):
            for cell in row:
                if cell.text.strip():
                    block = Block(
                        form="prose", text=cell.text, place=self._place(), links=cell.links
                    )
                    self._put(block)
            return
        text = " | ".join(plain(cell.text) for cell in row)
        if text.strip(" |"):
            self._put(
                Block(
                    form="row",
                    text=text,
                    place=self._place(),
                    cells=row,
                    table=self._tables[-1].number,
                )
            )

    def _end_table(self) -> None:
        self._tables.pop()
        self._flush()

    def _put(self, block: Block) -> None:
        if len(self._blocks) < MOST_BLOCKS:
            self._blocks.append(block)
        elif not self.gaps:
            needs = f"a notice of fewer than {MOST_BLOCKS:,} paragraphs, items and rows"
            self.gaps = (Gap(what="the notice", reason=Reason.CAP_REACHED, needs=needs),)

    def _place(self) -> Place:
        node = self._where[-1] if self._where else None
        line = _line(node)
        selector = "" if line or node is None else selector_of(node)
        return Place(section=self._section, line=line, selector=selector)


class _Table:
    """One table: its head, the row that is open, and cells that reach into the rows below."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_in_cell = False
        self._head: tuple[str, ...] = ()
        self._row: list[Cell] = []
        self._is_head: list[bool] = []
        self._span = 1
        self._wide = 1
        self._rows = 0
        self._below: dict[int, tuple[int, Cell]] = {}

    def open(self, node: LexborNode, tag: str) -> None:
        if tag == "tr":
            self._row, self._is_head = [], []
            return
        self._fill()
        self.is_in_cell = True
        self._is_head.append(tag == "th")
        self._span = _number(node.attributes.get("rowspan"))
        self._wide = _number(node.attributes.get("colspan"))

    def end_cell(self, cell: Cell) -> None:
        if not self.is_in_cell:
            return
        self.is_in_cell = False
        if self._span > 1:
            self._below[len(self._row)] = (self._span - 1, cell)
        self._row += [cell] * min(self._wide, _MOST_SPAN)

    def end_row(self) -> tuple[Cell, ...] | None:
        """Return the row under its heads, None for the row of heads itself."""
        self._fill()
        self._rows += 1
        row, self._row = self._row, []
        if row and self._is_head and all(self._is_head) and not self._head:
            self._head = tuple(plain(cell.text) for cell in row)
            return None
        heads = (*self._head, *("" for _ in row))
        return tuple(
            Cell(text=cell.text, links=cell.links, head=head)
            for cell, head in zip(row, heads, strict=False)
        )

    def _fill(self) -> None:
        """Put into the row what reaches down from the rows above."""
        while (held := self._below.get(len(self._row))) is not None:
            left, cell = held
            if left > 1:
                self._below[len(self._row)] = (left - 1, cell)
            else:
                del self._below[len(self._row)]
            self._row.append(cell)


def selector_of(node: LexborNode) -> str:
    """Return a selector of an element: from the nearest id on, by its place among its likes."""
    parts: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag not in {"html", "body", None} and len(parts) < _DEEP:
        ident = current.id or ""
        if ident.replace("-", "").replace("_", "").isalnum() and not ident[0].isdigit():
            parts.append(f"#{ident[:60]}")
            break
        parts.append(f"{current.tag}:nth-of-type({_nth(current)})")
        current = current.parent
    return cut(" > ".join(reversed(parts)), _LONGEST_NAME)


def _nth(node: LexborNode) -> int:
    count, before = 1, node.prev
    while before is not None and count < _FAR:
        count += before.tag == node.tag
        before = before.prev
    return count


def _line(node: LexborNode | None) -> int:
    """Return the line of Markdown that an element, or what it is in, was made of."""
    steps = 0
    while node is not None and steps < _ABOVE:
        value = node.attributes.get("data-audit-line") or ""
        if value.isdecimal() and len(value) <= _DIGITS:
            return int(value)
        node, steps = node.parent, steps + 1
    return 0


def _number(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isdecimal() and len(text) <= _DIGITS else 1


def _target(text: str) -> str:
    """Return where a link leads, "" unless that is the web, an address or a place on the site."""
    target = plain(text)[:_LONGEST_NAME]
    try:
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return ""
    return target if scheme in {"", "http", "https", "mailto", "tel"} else ""
