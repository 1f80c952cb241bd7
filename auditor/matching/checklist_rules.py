"""When a row of the checklist applies to a policy, and what of it the facts of a notice lack."""

from collections.abc import Callable, Sequence
from typing import Final

from auditor.evidence import Fact
from auditor.matching.names import RowsByName
from auditor.policy import Policy, Processor
from auditor.vocabulary import EEA, LEGAL_BASES, RIGHTS, covers, is_special_category

Facts = Sequence[Fact]
Applies = Callable[[Policy], bool]
Lacking = Callable[[Policy, Facts], str]

MARKETING: Final = "marketing.communications"
_ALWAYS_RIGHTS: Final = ("access", "rectification", "erasure", "restriction")
_CALIFORNIAN: Final = ("access", "erasure", "rectification")
_PORTABLE: Final = frozenset({"consent", "contract"})
_OPPOSABLE: Final = frozenset({"legitimate_interests", "public_interest"})
_NEED_A_COPY: Final = frozenset({"sccs", "sccs_authority", "bcrs", "adhoc_contract"})
_SELLING: Final = ("marketing.advertising", "third_party_sharing")
_NOT_SELLING: Final = "third_party_sharing.legal_obligation"
_ABOUT_DEVICES: Final = frozenset({"cookies", "cookie_choice"})
_UNITED_KINGDOM: Final = "GB"  # its own law asks for the same, with a representative there
_MOST_NAMED: Final = 5


def has(facts: Facts, kind: str, *keys: str) -> bool:
    """Return whether any fact is of a kind, with one of these keys if any are given."""
    return any(fact.kind == kind and (not keys or fact.key in keys) for fact in facts)


def said(what: str, *wanted: tuple[str, str]) -> Lacking:
    """Return a row's test: any of these (kind, key; "" for all keys) says it."""

    def lacking(_: Policy, facts: Facts) -> str:
        told = any(has(facts, kind, *([key] if key else [])) for kind, key in wanted)
        return "" if told else what

    return lacking


def all_of(*parts: Lacking) -> Lacking:
    """Return a row's test: each of these parts must be said."""

    def lacking(policy: Policy, facts: Facts) -> str:
        return "; ".join(filter(None, (part(policy, facts) for part in parts)))

    return lacking


def always(_: Policy) -> bool:
    """Apply to every policy."""
    return True


def rests_on(*bases: str) -> Applies:
    """Apply where an activity has one of these legal bases."""
    return lambda policy: not _bases(policy).isdisjoint(bases)


def collects(source: str) -> Applies:
    """Apply where data come from people themselves (`direct`), or not (`indirect`)."""
    return lambda policy: any(a.source == source for a in policy.processing_activities)


def keeps_cookies(policy: Policy) -> bool:
    """Apply where a cookie is declared."""
    return any(row.type == "cookie" for row in policy.device_storage)


def asks_on_device(policy: Policy) -> bool:
    """Apply where something on the device waits for consent."""
    return any(row.consent == "required" for row in policy.device_storage)


def asks_consent(policy: Policy) -> bool:
    """Apply where anything rests on consent."""
    return "consent" in _bases(policy) or asks_on_device(policy)


def can_be_objected_to(policy: Policy) -> bool:
    """Apply where a basis, or promotion, gives people the right to object."""
    return bool(_bases(policy) & _OPPOSABLE) or promotes(policy)


def promotes(policy: Policy) -> bool:
    """Apply where promotional messages are sent."""
    return any(covers(MARKETING, a.purpose) for a in policy.processing_activities)


def sells(policy: Policy) -> bool:
    """Apply where a purpose is one that California's law calls selling or sharing."""
    purposes = {activity.purpose for activity in policy.processing_activities}
    return any(
        covers(prefix, purpose) and not covers(_NOT_SELLING, purpose)
        for purpose in purposes
        for prefix in _SELLING
    )


def uses_sensitive_data(policy: Policy) -> bool:
    """Apply where special categories of data are declared."""
    return any(
        is_special_category(key) for a in policy.processing_activities for key in a.data_categories
    )


def sends_abroad(policy: Policy) -> bool:
    """Apply where a processor is, or sends data, outside the EEA."""
    return any(_is_abroad(processor) for processor in policy.processors)


def _is_abroad(processor: Processor) -> bool:
    safeguard = processor.transfer.mechanism if processor.transfer else ""
    return not EEA.issuperset(processor.countries) or safeguard not in {"", "none_eea"}


def needs_representative(policy: Policy) -> bool:
    """Apply where who is responsible is outside the EEA and the United Kingdom."""
    country = policy.controller.country
    return bool(country) and country not in EEA and country != _UNITED_KINGDOM


def decides_alone(policy: Policy) -> bool:
    """Apply where machines alone decide on people."""
    return policy.automated_decisions is not None and policy.automated_decisions.in_use


def bases(policy: Policy, facts: Facts) -> str:
    """Ask for each legal basis of the policy, for any where it declares none yet."""
    wanted = [key for key in LEGAL_BASES if key in _bases(policy)]
    if not has(facts, "legal_basis"):
        return "the legal basis of each purpose"
    missing = [key for key in wanted if not has(facts, "legal_basis", key)]
    return _listed("the legal basis", [LEGAL_BASES[key].label.lower() for key in missing])


def rights(policy: Policy, facts: Facts) -> str:
    """Ask for the rights that everybody has, and for those that a legal basis gives."""
    given = _bases(policy)
    extra = [*(["portability"] if given & _PORTABLE else [])]
    extra += ["objection"] if given & _OPPOSABLE else []
    return _rights(facts, (*_ALWAYS_RIGHTS, *extra))


def californian_rights(_: Policy, facts: Facts) -> str:
    """Ask for the rights to know, delete and correct."""
    return _rights(facts, _CALIFORNIAN)


def _rights(facts: Facts, keys: Sequence[str]) -> str:
    missing = [key for key in keys if not has(facts, "right", key)]
    return _listed("the right to", [f"“{RIGHTS[key].label.lower()}”" for key in missing])


def transfers(policy: Policy, facts: Facts) -> str:
    """Ask for the transfer, for what protects the data there, and where to get a copy of it."""
    if not has(facts, "transfer"):
        return "that data goes outside the EEA, and what protects it there"
    if not any(fact.kind == "transfer" and fact.key for fact in facts):
        return "what protects data outside the EEA"
    mechanisms = {one.transfer.mechanism for one in policy.processors if one.transfer}
    if mechanisms & _NEED_A_COPY and not has(facts, "topic", "safeguards_copy"):
        return "how to get a copy of what protects data outside the EEA"
    return ""


def objection_apart(_: Policy, facts: Facts) -> str:
    """Ask for a sentence that tells of objecting and of no other right (Art. 21(4))."""
    objecting = {"objection", "marketing_opt_out"}
    by_sentence: dict[str, set[str]] = {}
    for fact in facts:
        if fact.kind == "right":
            by_sentence.setdefault(fact.sentence, set()).add(fact.key)
    if any(keys <= objecting for keys in by_sentence.values()):
        return ""
    return "the right to object, in a sentence of its own"


def asking_first(_: Policy, facts: Facts) -> str:
    """Ask for consent to cookies: agreeing to a newsletter says nothing of them."""
    if any(f.kind == "opt_in" and not covers(MARKETING, f.key) for f in facts):
        return ""
    about = [f for f in facts if f.kind == "topic" and f.key in _ABOUT_DEVICES]
    sentences = {fact.sentence for fact in about}
    sections = {fact.place.section for fact in about} - {""}
    for fact in facts:
        is_there = fact.sentence in sentences or fact.place.section in sections
        if fact.kind == "legal_basis" and fact.key == "consent" and is_there:
            return ""
    return "that visitors are asked before anything is kept that is not necessary"


def lifetimes(policy: Policy, facts: Facts) -> str:
    """Ask for how long each cookie of the policy lasts."""
    told = [fact.name for fact in facts if fact.kind == "cookie" and fact.period]
    cookies = [row for row in policy.device_storage if row.type == "cookie"]
    rows = RowsByName(tuple(cookies))
    covered = {row.identifier for name in told for row in rows.named("cookie", name)} | set(told)
    missing = [row.identifier for row in cookies if row.identifier not in covered]
    return _listed("how long cookies last:", missing)


def _bases(policy: Policy) -> set[str]:
    return {activity.legal_basis for activity in policy.processing_activities} - {""}


def _listed(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{what} {', '.join(names[:_MOST_NAMED])}{more}"
