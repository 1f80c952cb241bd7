"""Sentences with all that stands around them: section, lead-in, the phrases in them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from auditor.collect.notices.document import Block, Cell, Link
from auditor.collect.notices.language import language_of
from auditor.collect.notices.plain import plain
from auditor.collect.notices.sentences import spans
from auditor.evidence import Place, SectionSeen
from auditor.evidence.notices import LONGEST_SENTENCE
from auditor.knowledge.notices import LANGUAGES, Hit, finder, fold
from auditor.knowledge.notices.data import Group


class Unit(Struct, frozen=True, kw_only=True, dict=True):
    """A sentence, an item of a list or a row, with what is known of it.

    `around` are the topics of its heading and of its lead-in (keys of the group `heading`).
    `languages` are those whose words are looked for. `whole` is the paragraph or item that it is
    the first sentence of, "" for the others.
    """

    text: str
    form: str
    place: Place
    languages: tuple[str, ...]
    links: tuple[Link, ...] = ()
    cells: tuple[Cell, ...] = ()
    lead: str = ""
    whole: str = ""
    around: frozenset[str] = frozenset()
    table: int = 0

    @cached_property
    def folded(self) -> str:
        """Return the text in lower case without accents, as long as it is."""
        return fold(self.text)

    @cached_property
    def hits(self) -> Mapping[Group, tuple[Hit, ...]]:
        """Return the phrases that are in it, by group."""
        found: dict[Group, list[Hit]] = {}
        for language in self.languages:
            for hit in finder(language).find(self.folded):
                found.setdefault(hit.group, []).append(hit)
        return {group: tuple(hits) for group, hits in found.items()}

    def has(self, group: Group, key: str) -> bool:
        """Return whether a phrase of a group and key is in it."""
        return any(hit.key == key for hit in self.hits.get(group, ()))

    def keys(self, group: Group) -> tuple[str, ...]:
        """Return the keys of a group that are in it, each once, as they stand in the text."""
        hits = sorted(self.hits.get(group, ()), key=lambda hit: (hit.start, -hit.end))
        return tuple(dict.fromkeys(hit.key for hit in hits))

    def is_about(self, *topics: str) -> bool:
        """Return whether its heading or lead-in says that it is about one of these."""
        return not self.around.isdisjoint(topics)


def sections_of(blocks: Sequence[Block]) -> tuple[SectionSeen, ...]:
    """Return the sections of a document, each with the language of its text."""
    found: list[SectionSeen] = []
    head: Block | None = None
    texts: list[str] = []
    for block in (*blocks, None):
        if block is None or block.form == "heading":
            if head is not None or texts:
                found.append(_section(head, texts))
            head, texts = block, []
        else:
            texts.append(block.text)
    return tuple(found)


def units_of(
    blocks: Sequence[Block], sections: Sequence[SectionSeen], language: str
) -> Iterator[Unit]:
    """Yield what a document says, in order; headings too."""
    number = -1 if blocks and blocks[0].form == "heading" else 0
    topics: dict[int, frozenset[str]] = {}
    for block in blocks:
        if block.form == "heading":
            number += 1
        spoken = _languages(sections[number].language if sections else "", language)
        if block.form == "heading":
            topics = {level: keys for level, keys in topics.items() if level < block.level}
            topics[block.level] = headed(block.text, spoken)
        yield from _units(block, _around(block, topics, spoken), spoken)


def headed(text: str, languages: Collection[str]) -> frozenset[str]:
    """Return what a heading or a lead-in says that it is about."""
    folded = fold(text)
    return frozenset(
        hit.key for one in languages for hit in finder(one).find(folded, ("heading",))
    )


def _units(block: Block, around: frozenset[str], spoken: tuple[str, ...]) -> Iterator[Unit]:
    lead = block.leads[-1] if block.leads else ""
    if block.form == "row":
        yield Unit(
            text=block.text[:LONGEST_SENTENCE].strip(),
            form="row",
            place=block.place,
            languages=spoken,
            links=tuple(link for cell in block.cells for link in cell.links),
            cells=block.cells,
            around=around,
            table=block.table,
        )
        return
    for number, (start, end) in enumerate(spans(block.text)):
        yield Unit(
            text=plain(block.text[start:end])[:LONGEST_SENTENCE],
            form=block.form,
            place=block.place,
            languages=spoken,
            links=tuple(link for link in block.links if start <= link.start < end),
            lead=lead,
            whole=plain(block.text)[:LONGEST_SENTENCE] if number == 0 else "",
            around=around,
        )


def _around(
    block: Block, topics: Mapping[int, frozenset[str]], spoken: tuple[str, ...]
) -> frozenset[str]:
    """Return what a block is about: by its heading, else one above, and by its lead-in."""
    own: frozenset[str] = frozenset()
    for level in sorted(topics, reverse=True):
        if topics[level]:
            own = topics[level]
            break
    for lead in block.leads:
        own |= headed(lead, spoken)
    return own


def _languages(section: str, whole: str) -> tuple[str, ...]:
    """Return whose words to look for: a section's own, else the notice's, else all."""
    known = [one for one in dict.fromkeys((section, whole)) if one in LANGUAGES]
    return tuple(known) or LANGUAGES


def _section(head: Block | None, texts: Sequence[str]) -> SectionSeen:
    language, sure = language_of(" ".join(plain(text) for text in texts))
    return SectionSeen(
        heading=head.place.section if head else "",
        level=head.level if head else 0,
        place=head.place if head else Place(),
        language=language,
        confidence=sure,
    )
