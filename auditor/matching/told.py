"""Where what people are told meets what is declared: who is named, in which of the notices."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from auditor.evidence import Aspect, Fact, FactKind, Gap, NoticeEvidence, Place, Reason, Told
from auditor.findings import NotApplicable, Remark, Sighting
from auditor.matching.addresses import masked
from auditor.matching.owners import Owners
from auditor.policy import Notice, Policy, Processor, scope_of

RECIPIENTS: Final[tuple[FactKind, ...]] = ("processor", "sub_processor")
LONGEST_QUOTE: Final = 240  # characters
SAYS: Final = 'says "'
_NOT_IN_NAMES: Final = re.compile(r"[\W_]+")
_LEGAL: Final = re.compile(
    r"\b(inc|llc|ltd|limited|gmbh|ag|bv|sas|sarl|sa|corp|corporation|co|plc|kg|pty|ab|oy|ev)\b"
)
_LEGAL_FORM: Final = re.compile(rf",?\s+{_LEGAL.pattern}\.?", re.IGNORECASE)


def notice_of(policy: Policy, notice: NoticeEvidence) -> Notice | None:
    """Return what the policy says of a notice."""
    return next((one for one in policy.notices if one.id == notice.notice), None)


def language_of(policy: Policy, notice: NoticeEvidence) -> str:
    """Return a notice's language (ISO 639-1): that of its text, else what policy.yaml says."""
    declared = notice_of(policy, notice)
    said = declared.language if declared else ""
    return notice.language or said.partition("-")[0].lower()


def beside(policy: Policy, told: Told) -> tuple[NoticeEvidence, ...]:
    """Return the notices that together tell one reader: this one, and others in its language.

    Many tell of cookies, or of who works for them, on a page of its own. They come in the order
    of the policy.
    """
    order = {notice.id: number for number, notice in enumerate(policy.notices)}
    language = language_of(policy, told.notice)
    mine = [one for one in told.others if language_of(policy, one) == language]
    return tuple(sorted((told.notice, *mine), key=lambda one: order.get(one.notice, 0)))


def unread(policy: Policy, told: Told) -> tuple[Gap, ...]:
    """Return what of the notices that tell one reader was not read: nothing is missed in that.

    A notice whose language nobody can tell may be one of them.
    """
    gaps = [gap for notice in beside(policy, told) for gap in notice.gaps]
    for notice in (told.notice, *told.others):
        if not language_of(policy, notice):
            needs = "a longer text, or its language in policy.yaml: notices[].language"
            what = f"language of {notice.subject}"
            gaps.append(Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs))
    for subject in told.missing:
        if subject.startswith("notice:"):
            needs = "a run that reads it, too: what this notice leaves out may stand there"
            gaps.append(Gap(what=subject, reason=Reason.NOT_IN_EVIDENCE, needs=needs))
    return tuple(dict.fromkeys(gaps))


def unseen(told: Told, *scopes: str, aspects: Collection[Aspect], why: str) -> Iterator[Gap]:
    """Yield what nobody looked at in some scopes, where it might show such aspects.

    That is what failed there, and what policy.yaml names and is not in evidence. A run that was
    not asked for a scope says so elsewhere.
    """
    for item in (*told.sites, *told.holders):
        if item.scope in scopes:
            yield from (gap for gap in item.gaps if gap.concerns(frozenset(aspects), frozenset()))
    for subject in told.missing:
        if scope_of(subject) in scopes:
            yield Gap(what=subject, reason=Reason.NOT_IN_EVIDENCE, needs=f"evidence of it, {why}")


def names_controller(policy: Policy, told: Told) -> bool:
    """Return whether any sentence or title names who is responsible, in the law's words or not.

    Its legal form may be left out. A name that is one plain word has to be written as such: "for
    example" does not name Example.
    """
    name = policy.controller.name
    wanted = plain_name(name)
    named = {plain_name(fact.name) for fact in facts_of(policy, told, "controller")}
    if wanted and wanted in named:
        return True
    short = " ".join(_LEGAL_FORM.sub(" ", name).split())
    texts = tuple(texts_of(policy, told))
    return stands_in(name, texts) or (bool(short) and stands_in(short, texts))


def stands_in(name: str, texts: Iterable[str]) -> bool:
    """Return whether a name is written in any text, as a word: ICO is not in Mexico."""
    any_case = re.NOFLAG if name.isalpha() else re.IGNORECASE
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", any_case)
    return any(pattern.search(text) for text in texts)


def texts_of(policy: Policy, told: Told) -> Iterator[str]:
    """Yield the titles and sentences of the notices that together tell one reader."""
    for notice in beside(policy, told):
        yield notice.title
        yield from (sentence.text for sentence in notice.sentences)


def settled(policy: Policy, told: Told) -> tuple[Remark, ...]:
    """Return why nobody can say yet what notices leave out, () where one can.

    That is told together with another notice, and judged there; or it may stand where nobody read.
    """
    first = beside(policy, told)[0].notice
    if first != told.notice.notice:
        return (NotApplicable(why=f"told together with notice {first}, and judged there"),)
    return unread(policy, told)


def facts_of(policy: Policy, told: Told, *kinds: FactKind) -> tuple[Fact, ...]:
    """Return the facts of some kinds in the notices that together tell one reader."""
    return tuple(fact for notice in beside(policy, told) for fact in notice.of(*kinds))


class Named:
    """The recipients that the policy declares, to be found by what a notice calls them."""

    def __init__(self, policy: Policy) -> None:
        """Read the processors once."""
        self._processors = policy.processors
        self._owners = Owners(policy.processors)

    def processor(self, fact: Fact) -> Processor | None:
        """Return the processor that a fact names: by service, by host, by name, by its firm."""
        for processor in self._processors:
            if names(fact, processor):
                return processor
        owned = self._owners.find(fact.host, "/") if fact.host else None
        if owned:
            return owned[1]
        mine = [one for one in self._processors if _is_firm(fact, one)]
        return mine[0] if len(mine) == 1 else None


def names(fact: Fact, processor: Processor) -> bool:
    """Return whether a fact names a processor, by its service or by a name."""
    if fact.key and fact.key in processor.services:
        return True
    called = {plain_name(name) for name in (processor.name, processor.legal_name, processor.id)}
    return plain_name(fact.name) in called - {""}


def is_same_firm(fact: Fact, owner: str) -> bool:
    """Return whether a fact names somebody who belongs to a firm."""
    return bool(owner) and plain_name(fact.owner or fact.name) == plain_name(owner)


def _is_firm(fact: Fact, processor: Processor) -> bool:
    """Return whether a fact names the firm, and not another of its services."""
    if fact.key and processor.services:
        return False
    mine = (processor.legal_name, *(() if fact.key else (processor.name,)))
    return any(is_same_firm(fact, name) for name in mine)


def plain_name(name: str) -> str:
    """Return a name as one compares it: no case, no legal form, letters and digits only."""
    words = _LEGAL.sub(" ", name.casefold().replace(".", ""))
    return _NOT_IN_NAMES.sub("", words)


def said_in(told: Told, fact: Fact) -> Sighting:
    """Return which notice says something, where, and its words without names of persons."""
    notice = next((one for one in told.others if fact in one.facts), told.notice)
    quote = masked(fact.sentence)
    if len(quote) > LONGEST_QUOTE:
        quote = quote[:LONGEST_QUOTE].rpartition(" ")[0] + "…"
    return Sighting(page=place_in(notice, fact.place), detail=f'{SAYS}{quote}"')


def place_in(notice: NoticeEvidence, place: Place) -> str:
    """Return a place as people find it: `privacy.md:12`, or the address and its heading."""
    source = notice.sources[0].path
    if place.line:
        return f"{source}:{place.line}"
    return f"{source}, {place.section}" if place.section else source
