"""A document understood: the facts in it, by rules that are tried on every sentence."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from msgspec import Struct, structs

from auditor.collect.notices.document import Document
from auditor.collect.notices.keeping import keeping
from auditor.collect.notices.language import language_of
from auditor.collect.notices.periods import dates_in
from auditor.collect.notices.plain import joined
from auditor.collect.notices.processing import (
    categories,
    claims,
    legal_bases,
    opt_ins,
    purposes,
    topics,
    transfers,
)
from auditor.collect.notices.recipients import recipients
from auditor.collect.notices.responsible import authorities, contacts, responsible
from auditor.collect.notices.rights import channels, rights
from auditor.collect.notices.saying import Rule, said
from auditor.collect.notices.tables import PROVIDER, rows
from auditor.collect.notices.units import Unit, sections_of, units_of
from auditor.evidence import Fact, Gap, Reason, SectionSeen, SentenceSeen
from auditor.evidence.notices import MOST_FACTS, MOST_SENTENCES
from auditor.knowledge.notices import fold
from auditor.knowledge.notices.naming import called_so, services_in

RULES: Final[tuple[Rule, ...]] = (
    responsible,
    contacts,
    authorities,
    recipients,
    rows,
    categories,
    purposes,
    legal_bases,
    keeping,
    rights,
    channels,
    transfers,
    opt_ins,
    claims,
    topics,
)
_FIRST: Final = 12  # sentences among which a date by itself is that of the notice
_SHORT: Final = 60  # characters of a sentence that is a date, and little else


class Understood(Struct, frozen=True, kw_only=True):
    """What a document says; `language` is that of its text, "" where nobody could tell."""

    language: str
    confidence: float
    updated: date | None
    sections: tuple[SectionSeen, ...]
    sentences: tuple[SentenceSeen, ...]
    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]


def understand(document: Document) -> Understood:
    """Read the facts out of a document; the same document gives the same facts."""
    sections = sections_of(document.blocks)
    whole = joined(block.text for block in document.blocks if block.form != "row")
    language, sure = language_of(whole or joined(block.text for block in document.blocks))
    units = list(units_of(document.blocks, sections, language))
    facts = _without_oneself(document, list(_facts(units)))
    gaps = list(document.gaps)
    for what, seen, most in (("sentences", units, MOST_SENTENCES), ("facts", facts, MOST_FACTS)):
        if len(seen) > most:
            needs = f"a notice of at most {most:,} {what}"
            gaps.append(Gap(what="the notice", reason=Reason.CAP_REACHED, needs=needs))
    dates = list(_dates(document, units))
    facts += [fact for _, fact in dates]
    days = [day for day, _ in dates]
    return Understood(
        language=language,
        confidence=sure,
        updated=max(days, default=None),
        sections=sections,
        sentences=tuple(
            SentenceSeen(text=unit.text, place=unit.place, form=unit.form)  # type: ignore[arg-type]
            for unit in units[:MOST_SENTENCES]
        ),
        facts=tuple(facts[:MOST_FACTS]),
        gaps=tuple(gaps),
    )


def _facts(units: Sequence[Unit]) -> Iterator[Fact]:
    for unit in units[:MOST_SENTENCES]:
        found = [fact for rule in RULES for fact in rule(unit)]
        yield from found
        is_told = unit.form in {"prose", "item"} and not unit.text.endswith(("?", ":"))
        is_told = is_told and not unit.is_about("recipients", "sub_processors")
        promises = unit.has("verb", "promises") or _denies(unit)
        if is_told and promises and all(f.kind == "topic" for f in found):
            yield said(unit, "reads like a promise", "unmapped", confidence="low")


def _denies(unit: Unit) -> bool:
    """Return whether a sentence says that something is not so: a promise, too."""
    things = unit.hits.get("category") or unit.hits.get("purpose") or services_in(unit.text)
    return bool(things) and unit.has("verb", "negates")


def _without_oneself(document: Document, facts: list[Fact]) -> list[Fact]:
    """Leave out the services that the notice is of: GitHub is no recipient in GitHub's own.

    Who provides many cookies is told once.
    """
    own: set[str] = {named.key for named in services_in(document.title)}
    for fact in facts:
        if fact.kind == "controller" and (service := called_so(fact.name)):
            own.add(service.id)
    kept: dict[object, Fact] = {}
    for number, fact in enumerate(facts):
        is_own = fact.kind == "processor" and not fact.is_listed and fact.key in own
        provider = (fact.key, fact.name) if fact.rule == PROVIDER else number
        if not is_own:
            kept.setdefault(provider, fact)
    return list(kept.values())


def _dates(document: Document, units: Sequence[Unit]) -> Iterator[tuple[date, Fact]]:
    """Yield the dates that a notice gives for itself."""
    for number, unit in enumerate(units):
        if unit.form == "row" or (not unit.hits.get("updated") and number >= _FIRST):
            continue
        days = dates_in(unit.folded, unit.languages)
        told = unit.hits.get("updated") and len(unit.text) <= 2 * _SHORT
        alone = number < _FIRST and len(unit.text) <= _SHORT
        if days and (told or alone):
            sure = "high" if told else "medium"
            fact = said(unit, "its date", "updated", days[-1].isoformat(), confidence=sure)
            yield days[-1], fact
    if document.dated and units:
        for day in dates_in(fold(document.dated), units[0].languages)[:1]:
            fact = said(units[0], "its date", "updated", day.isoformat(), confidence="high")
            yield day, structs.replace(fact, sentence=document.dated)
