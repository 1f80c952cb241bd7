"""What policy.yaml says in each cell, in words: lines of text, none where it says nothing."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import structs

from auditor.export.ropa.parties import name_of, processors_of
from auditor.export.ropa.saying import EN, TODO, label, todo
from auditor.export.undecided import is_undecided
from auditor.export.words.lengths import country, in_words
from auditor.policy import (
    Contact,
    Controller,
    Policy,
    ProcessingActivity,
    Retention,
    Right,
)
from auditor.vocabulary import (
    LEGAL_BASES,
    RIGHTS,
    SPECIAL_CATEGORY_BASES,
    SUBJECTS,
)

Value = Callable[[Policy, ProcessingActivity, Retention | None], Iterable[str]]


def controller(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield who is responsible, alone or with others, who represents it, and the officer."""
    own = policy.controller
    yield _contact(own)
    if is_undecided(policy, own, "country"):
        yield f"country: {TODO}"
    for role, contact in (
        ("representative", own.representative),
        ("data protection officer", own.dpo),
    ):
        if contact:
            yield f"{role}: {_contact(contact)}"
    for processor in processors_of(policy, activity):
        if processor.role == "joint_controller":
            yield f"jointly with {name_of(processor)}"


def purpose(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield what the data are for, and the same in the policy's own words."""
    yield from _labels((activity.purpose,), EN.purpose)
    if activity.purpose_description:
        yield activity.purpose_description
    yield from todo(policy, activity, "purpose")


def data_subjects(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield whose data they are."""
    yield from _labels(activity.data_subjects, lambda key: label(key, SUBJECTS))
    yield from todo(policy, activity, "data_subjects")


def data_categories(
    policy: Policy, activity: ProcessingActivity, rule: Retention | None
) -> Iterator[str]:
    """Yield which data: those that the period is for, else all of the activity."""
    keys = rule.data_categories if rule else ()
    yield from _labels(keys or activity.data_categories, EN.category)
    yield from todo(policy, activity, "data_categories")


def erasure(policy: Policy, activity: ProcessingActivity, rule: Retention | None) -> Iterator[str]:
    """Yield how long they are kept, from when, and what happens then."""
    if rule is None:
        yield from todo(policy, activity, "retention")
        return
    if rule.period:
        anchor = f" from {rule.anchor.replace('_', ' ')}" if rule.anchor else ""
        yield f"{in_words(rule.period, EN)}{anchor}, then {rule.action}"
    if rule.grace:
        yield f"and {in_words(rule.grace, EN)} for the deletion to run"
    if rule.legal_basis:
        yield f"kept so long because of: {label(rule.legal_basis, LEGAL_BASES)}"
    for key in ("period", "anchor"):
        yield from todo(policy, rule, key)


def security(
    policy: Policy, _activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield how the data are kept safe."""
    yield from policy.security_measures


def legal_basis(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield what makes it lawful, for special categories too."""
    yield from _labels((activity.legal_basis,), lambda key: label(key, LEGAL_BASES))
    if key := activity.special_category_basis:
        yield f"Art. 9: {label(key, SPECIAL_CATEGORY_BASES)}"
    for name in ("legal_basis", "special_category_basis"):
        yield from todo(policy, activity, name)


def legitimate_interest(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield the interest pursued."""
    yield from filter(None, (activity.legitimate_interest,))
    yield from todo(policy, activity, "legitimate_interest")


def source(policy: Policy, activity: ProcessingActivity, _rule: Retention | None) -> Iterator[str]:
    """Yield where the data come from."""
    if is_undecided(policy, activity, "source"):
        yield TODO
    else:
        direct = activity.source == "direct"
        yield "from people themselves" if direct else "from elsewhere (Art. 14)"


def rights(
    policy: Policy, _activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield each right with the way to use it."""
    for name, term in RIGHTS.items():
        right: Right | None = getattr(policy.rights, name, None)
        if right:
            ways = ", ".join(filter(None, (right.email, right.url, right.channel)))
            yield f"{term.label}: {ways or 'no way is declared'}"


def automated_decisions(
    policy: Policy, _activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield whether machines decide alone, how, and what it means for people."""
    if decisions := policy.automated_decisions:
        yield "in use" if decisions.in_use else "not in use"
        yield from filter(None, (decisions.logic, decisions.effects))


def reviewed(
    policy: Policy, _activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield when each notice was last checked."""
    for notice in policy.notices:
        if notice.last_reviewed:
            yield f"notice {notice.id}: {notice.last_reviewed}"
        yield from (
            f"notice {notice.id}: {told}" for told in todo(policy, notice, "last_reviewed")
        )


def _contact(one: Controller | Contact) -> str:
    facts = structs.asdict(one)
    where = country(one.country, "en") if one.country else ""
    keys = ("name", "address", "email", "phone", "url")
    name, address, *rest = (str(facts.get(key) or "") for key in keys)
    return ", ".join(filter(None, (name, address, where, *rest)))


def _labels(keys: Iterable[str], called: Callable[[str], str]) -> Iterator[str]:
    yield from dict.fromkeys(called(key) for key in keys if key)
