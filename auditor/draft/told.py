"""Entries from a notice: who, which data, what for, how long, and each promise as a claim."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from auditor.draft.entries import TODO, Entry, Value, cited, comment, place_of, slug
from auditor.evidence import Fact, FactKind, NoticeEvidence
from auditor.knowledge.catalogue import services
from auditor.matching import may_name_a_row
from auditor.policy.types import Email, Url
from auditor.vocabulary import PURPOSES, RIGHTS

# What would show whether a promise is kept, by what it is about.
COVERED: Final[Mapping[FactKind, tuple[str, ...]]] = {
    "absolute_claim": ("notice-contradiction",),
    "retention": ("retention-overdue", "processor-data-overdue", "processor-retention-setting"),
    "opt_in": ("consent-record",),
    "right": ("notice-rights",),
    "transfer": ("policy-transfer",),
    "legal_basis": ("policy-legal-basis",),
    "data_category": ("category-undeclared", "processor-category"),
    "processor": ("third-party-undeclared", "notice-processor-missing"),
    "sub_processor": ("third-party-undeclared", "notice-processor-missing"),
    "contact": ("notice-contact",),
}
COOKIE_CLAIMS: Final = frozenset({"no_cookies", "only_necessary_cookies"})
ON_SITES: Final = ("cookie-undeclared", "consent-before-choice")
LONGEST_QUOTE: Final = 500
_NECESSARY: Final = "essential"
_MANY: Final = 12  # names in a comment


class Told(Struct, frozen=True, kw_only=True):
    """A notice that a draft is made of: what is read in it, and where policy.yaml finds it.

    `shown` is what it is called in comments. Of `path` and `url` one may be "".
    """

    evidence: NoticeEvidence
    shown: str
    path: str = ""
    url: str = ""


def from_notice(told: Told) -> Iterator[Entry]:
    """Yield what a notice says as entries; the same notice gives the same ones."""
    yield from _controller(told)
    yield _notice(told)
    yield from _claims(told)
    yield from _processors(told)
    yield from _activities(told)
    yield from _cookies(told)
    yield from _rights(told)


def _controller(told: Told) -> Iterator[Entry]:
    facts = told.evidence
    value: dict[str, Value] = {"name": TODO}
    beside: dict[str, str] = {"name": "who decides why and how data is used"}
    named = sorted(facts.of("controller"), key=lambda fact: fact.confidence != "high")
    if named:
        value["name"], beside["name"] = named[0].name, place_of(named[0], told.shown)
    reach = [fact for fact in (*named, *facts.of("contact")) if _is_email(fact.address)]
    if reach:
        value["email"], beside["email"] = reach[0].address, place_of(reach[0], told.shown)
    value["country"] = TODO
    beside["country"] = "where it is established; GDPR Art. 13(1)(a)"
    for fact in facts.of("dpo"):
        if _is_email(fact.address):
            value["dpo"] = {"email": fact.address}
            beside["dpo"] = place_of(fact, told.shown)
            break
    yield Entry(section="controller", value=value, beside=beside)


def _notice(told: Told) -> Entry:
    evidence = told.evidence
    value: dict[str, Value] = {"id": evidence.notice}
    above, beside = [], {}
    if told.path:
        value["path"] = told.path
    if told.url:
        value["url"] = told.url
    elif not told.path:
        value["path"] = TODO
        beside["path"] = comment(f"copy {told.shown} beside policy.yaml")
    if evidence.language:
        value["language"] = evidence.language
        beside["language"] = "what its text is written in"
        for where, code in evidence.declared.items():
            if code != evidence.language:
                said = f"CONFLICT: the text is {evidence.language}, its {where} says {code}"
                above.append(comment(said.replace("_", " ")))
    if evidence.updated:
        above.append(f"dated {evidence.updated.isoformat()}")
    same = {"path": {told.path} - {""}, "url": {told.url} - {""}}
    return Entry(section="notices", value=value, above=tuple(above), beside=beside, same=same)


def _claims(told: Told) -> Iterator[Entry]:
    """Yield each sentence that promises something, with what would show whether it is kept."""
    facts = told.evidence
    by_sentence: dict[str, list[Fact]] = {}
    for fact in facts.of(*COVERED, "unmapped"):
        if fact.confidence != "low" or fact.kind == "unmapped":
            by_sentence.setdefault(fact.sentence, []).append(fact)
    taken: set[str] = set()
    for sentence, found in by_sentence.items():
        if len(sentence) > LONGEST_QUOTE or found[0].rule == "table of recipients":
            continue
        name = slug(_words(sentence, found), taken)
        taken.add(name)
        covered, why = _covered(found)
        value: dict[str, Value] = {"id": name, "notice": facts.notice, "quote": sentence}
        value["covered_by"] = covered
        yield Entry(
            section="claims",
            value=value,
            above=(_heading(found[0], told), *_against(sentence, found, facts)),
            beside={"covered_by": why} if why else {},
            same={"quote": {sentence}},
        )


def _covered(found: Sequence[Fact]) -> tuple[Value, str]:
    names = [check for fact in found for check in COVERED.get(fact.kind, ())]
    if any(fact.key in COOKIE_CLAIMS for fact in found if fact.kind == "absolute_claim"):
        names += ON_SITES
    if names:
        return list(dict.fromkeys(names)), ""
    return TODO, "checks that would show it, attestation, or not_verifiable"


def _against(sentence: str, found: Sequence[Fact], facts: NoticeEvidence) -> Iterator[str]:
    """Yield what the notice itself says against a claim."""
    claimed = [fact.key for fact in found if fact.kind == "absolute_claim"]
    purposes = [fact for fact in facts.of("purpose") if fact.sentence == sentence]
    if COOKIE_CLAIMS.isdisjoint(claimed):
        purposes = []
    for fact in purposes:
        if not fact.key.startswith(_NECESSARY):
            label = PURPOSES[fact.key].label.lower()
            yield f"CONFLICT: the same sentence names a purpose that is not necessary: {label}"
    named = sorted({fact.name for fact in facts.of("processor") if fact.is_listed})
    if {"no_sharing", "no_third_parties"} & set(claimed) and named:
        yield comment(f"CONFLICT: the notice lists recipients: {', '.join(named[:_MANY])}")
    where = [country for fact in facts.of("transfer") for country in fact.countries]
    if "no_transfer" in claimed and where:
        yield comment(f"CONFLICT: the notice names transfers to {', '.join(dict.fromkeys(where))}")


def _named(told: Told) -> dict[str, tuple[Fact, str]]:
    """Return who is named, each once with an id: from lists first, then from sentences."""
    facts = [fact for fact in told.evidence.of("processor", "sub_processor") if fact.name]
    ids = {"self"}  # who that is, is reserved
    found: dict[str, tuple[Fact, str]] = {}
    for fact in sorted(facts, key=lambda fact: not fact.is_listed):
        if _who(fact) not in found:
            found[_who(fact)] = fact, slug(fact.key or fact.name, ids)
            ids.add(found[_who(fact)][1])
    return found


def _who(fact: Fact) -> str:
    return fact.key or fact.name.casefold()


def _processors(told: Told) -> Iterator[Entry]:
    for fact, name in _named(told).values():
        yield _processor(fact, name, told)


def _processor(fact: Fact, name: str, told: Told) -> Entry:
    known = services().get(fact.key)
    value: dict[str, Value] = {"id": name, "name": _called(fact)}
    beside: dict[str, str] = {}
    if known:
        value["services"] = [known.id]
    if fact.owner:
        value["legal_name"] = fact.owner
        beside["legal_name"] = "from the catalogue of services"
    if fact.kind == "sub_processor":
        value["role"] = "sub_processor"
    value["country"] = fact.countries[0] if len(fact.countries) == 1 else TODO
    if value["country"] == TODO and known and known.country:
        value["country"] = known.country
        beside["country"] = comment(f"where {known.controller or known.name} is established")
    value["consent"] = TODO
    beside["consent"] = "may a page talk to it before the visitor agrees? required or not_required"
    value["transfer"] = TODO
    beside["transfer"] = "how data may leave the EEA, or {mechanism: none_eea}"
    return Entry(
        section="processors",
        value=value,
        above=(cited(fact, told.shown),),
        beside=beside,
        same={"services": {fact.key} - {""}, "name": {_called(fact)}},
    )


def _called(fact: Fact) -> str:
    """Return what a processor is called: the service's own name where words say only the firm."""
    known = services().get(fact.key)
    if known and fact.name.casefold() not in known.name.casefold():
        return known.name
    return known.name if known and len(known.name) > len(fact.name) else fact.name


def _activities(told: Told) -> Iterator[Entry]:
    """Yield an activity for each purpose: whose data, which, for how long, with whom."""
    facts = told.evidence
    purposes: dict[str, Fact] = {}
    for fact in facts.of("purpose"):
        purposes.setdefault(fact.key, fact)
    with_whom: dict[str, list[str]] = {}
    ids_of = _named(told)
    for fact in facts.of("processor", "sub_processor"):
        for purpose in fact.about[:1] if fact.name else ():
            purposes.setdefault(purpose, fact)
            with_whom.setdefault(purpose, []).append(ids_of[_who(fact)][1])
    ids: set[str] = set()
    for purpose, fact in purposes.items():
        name = slug(PURPOSES[purpose].label, ids)
        ids.add(name)
        yield _activity(name, purpose, fact, with_whom.get(purpose, ()), told)


def _activity(name: str, purpose: str, fact: Fact, processors: Iterable[str], told: Told) -> Entry:
    facts = told.evidence
    value: dict[str, Value] = {"id": name, "purpose": purpose, "data_subjects": TODO}
    beside = {"data_subjects": "whose data: `audit terms volunteer` finds the word"}
    categories = list(
        dict.fromkeys(one.key for one in facts.of("data_category") if one.confidence != "low")
    )
    value["data_categories"] = categories or TODO
    beside["data_categories"] = (
        "all that the notice names; keep those that serve this purpose"
        if categories
        else "which data"
    )
    value["legal_basis"], beside["legal_basis"] = _basis(purpose, told)
    if with_whom := list(dict.fromkeys(processors)):
        value["processors"] = with_whom
    periods = [
        one for one in facts.of("retention") if one.key == "fixed" and _days_only(one.period)
    ]
    general = [one for one in periods if not one.about] or periods
    different = {(one.period, one.anchor): one for one in reversed(general)}
    if len(different) > 1:
        value["retention"] = TODO
        said = [_period(one, told) for one in reversed(different.values())]
        beside["retention"] = comment(f"which of these? {'; '.join(said)}")
    elif general:
        anchor = general[0].anchor or TODO
        value["retention"] = {"period": general[0].period, "anchor": anchor}
        beside["retention"] = place_of(general[0], told.shown)
    else:
        value["retention"] = TODO
        beside["retention"] = "{period: P12M, anchor: last_used}: how long, and since when"
    return Entry(
        section="processing_activities",
        value=value,
        above=(cited(fact, told.shown),),
        beside=beside,
        same={"purpose": {purpose}},
    )


def _period(fact: Fact, told: Told) -> str:
    since = f" since {fact.anchor}" if fact.anchor else ""
    return f"{fact.period}{since} ({place_of(fact, told.shown)})"


def _basis(purpose: str, told: Told) -> tuple[str, str]:
    """Return the ground of an activity: what the notice says of its purpose, else `TODO`."""
    for fact in told.evidence.of("opt_in"):
        if purpose.startswith(fact.key):
            return "consent", place_of(fact, told.shown)
    for fact in told.evidence.of("legal_basis"):
        if purpose in fact.about:
            return fact.key, place_of(fact, told.shown)
    return TODO, "consent, contract, legal_obligation, legitimate_interests …; GDPR Art. 6"


def _cookies(told: Told) -> Iterator[Entry]:
    seen: set[str] = set()
    for fact in told.evidence.of("cookie"):
        if fact.name in seen or not may_name_a_row(fact.name):
            continue
        seen.add(fact.name)
        value: dict[str, Value] = {"identifier": fact.name, "type": "cookie"}
        beside: dict[str, str] = {}
        if fact.owner:
            value["set_by"] = TODO
            beside["set_by"] = comment(
                f"the notice says {fact.owner}: self, or its processor's id"
            )
        if fact.period:
            value["max_age"] = fact.period
        value["purpose"] = fact.about[0] if len(fact.about) == 1 else TODO
        if fact.wording:
            beside["purpose"] = comment(f'"{fact.wording}"')
        value["consent"] = TODO
        beside["consent"] = "required, or exempt_strictly_necessary with a reason …"
        yield Entry(
            section="device_storage",
            value=value,
            above=(cited(fact, told.shown),),
            beside=beside,
            same={"identifier": {fact.name}},
        )


def _rights(told: Told) -> Iterator[Entry]:
    facts = told.evidence
    channels = facts.of("right_channel")
    value: dict[str, Value] = {}
    beside: dict[str, str] = {}
    for key in RIGHTS:
        fact = next((one for one in facts.of("right") if one.key == key), None)
        if fact is None:
            continue
        own = [one for one in channels if key in one.about] or [
            one for one in channels if not one.about
        ]
        reach = [one for one in own if _is_email(one.address) or _is_url(one.address)]
        value[key] = {reach[0].key: reach[0].address} if reach else TODO
        beside[key] = place_of(fact, told.shown)
    authority = next((one for one in facts.of("supervisory_authority") if one.name), None)
    if authority and (way := value.get("complaint")):
        known = way if isinstance(way, dict) else {}
        value["complaint"] = {**known, "supervisory_authority": authority.name}
    if value:
        yield Entry(section="rights", value=value, beside=beside)


def _heading(fact: Fact, told: Told) -> str:
    """Return where a sentence stands, and under which heading."""
    under = f", {fact.place.section}" if fact.place.line and fact.place.section else ""
    return comment(place_of(fact, told.shown) + under)


def _words(sentence: str, found: Sequence[Fact]) -> str:
    """Return what a claim is called: after what it claims, else by its first words."""
    for fact in found:
        if fact.kind == "absolute_claim":
            return fact.key.replace("_", "-")
        if fact.kind == "retention" and fact.period:
            return f"kept {fact.period}"
    return " ".join(re.findall(r"\w+", sentence)[:5])


def _is_email(text: str) -> bool:
    return bool(re.fullmatch(_pattern(Email), text))


def _is_url(text: str) -> bool:
    return bool(re.fullmatch(_pattern(Url), text))


def _pattern(kind: object) -> str:
    """Return the pattern that the schema holds a value to."""
    metas = getattr(kind, "__metadata__", ())
    return str(next(meta.pattern for meta in metas if meta.pattern))


def _days_only(period: str) -> bool:
    return "T" not in period
