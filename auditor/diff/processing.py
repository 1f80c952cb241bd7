"""What a policy states of processing: who, why, whose, which, with whom; and of rights."""

from collections.abc import Iterable, Iterator

from msgspec import structs

from auditor.diff.facts import Fact, about, details, members, plain
from auditor.policy import Contact, Controller, Policy, ProcessingActivity, Processor, Right
from auditor.vocabulary import EEA, covers

_CONTACT = ("name", "email", "address", "country")


def processing_facts(policy: Policy) -> Iterator[Fact]:
    """Yield every statement of these sections but for retention, which is compared in pairs."""
    yield from _controller(policy.controller)
    for processor in policy.processors:
        yield from _processor(processor)
    for activity in policy.processing_activities:
        yield from _activity(activity)
    yield from _rights(policy)
    decisions = policy.automated_decisions
    if decisions and decisions.in_use:
        say = about(decisions, "automated_decisions", "automated_decisions", "automated")
        value = ", ".join(filter(None, (decisions.logic, decisions.effects)))
        yield say("automated", value, keys=("in_use",))


def _controller(controller: Controller) -> Iterator[Fact]:
    for what, contact in (
        ("controller", controller),
        ("representative", controller.representative),
        ("dpo", controller.dpo),
    ):
        if contact is not None:
            topic = "dpo" if what == "dpo" else "contact"
            say = about(controller, what, "controller", "")
            bare = plain(contact) if isinstance(contact, Contact) else plain(_alone(controller))
            yield say(topic, bare, within=(), keys=_CONTACT if contact is controller else (what,))


def _alone(controller: Controller) -> Controller:
    return structs.replace(controller, representative=None, dpo=None)


def _processor(entry: Processor) -> Iterator[Fact]:
    say = about(entry, f"processor:{entry.id}", "processors", "processor")
    yield say("processor", ", ".join(filter(None, (entry.name, entry.role, entry.country))))
    yield say("name", entry.name, keys=("name",))
    yield say("role", entry.role, keys=("role",))
    yield say("contact_consent", entry.consent, keys=("consent",))
    transfer = entry.transfer
    countries = {*entry.countries} - EEA
    if transfer and not countries and transfer.mechanism not in {"", "none_eea"}:
        countries = {"a country that is not named"}
    safeguard = f"{transfer.mechanism} {transfer.details}".strip() if transfer else ""
    for country in sorted(countries):
        yield say("transfer", safeguard, name=country, keys=("country", "transfer"))
    if entry.country in EEA:
        yield say("detail", entry.country, name="country", keys=("country",))
    told = ("name", "role", "consent", "country", "transfer", "sites")
    yield from details(say, entry, told)
    yield say("spread", plain(entry.sites), name="sites", keys=("sites",))


def _activity(entry: ProcessingActivity) -> Iterator[Fact]:
    say = about(entry, f"activity:{entry.id}", "processing_activities", "activity")
    yield say("activity", entry.purpose)
    yield say("purpose", entry.purpose, keys=("purpose",))
    yield say("basis", entry.legal_basis, keys=("legal_basis",))
    yield say("interest", entry.legitimate_interest, keys=("legitimate_interest",))
    yield say("special_basis", entry.special_category_basis, keys=("special_category_basis",))
    yield say("source", entry.source, keys=("source",))
    yield from members(say, "category", widest(entry.data_categories), "data_categories")
    yield from members(say, "subject", entry.data_subjects, "data_subjects")
    for recipient in dict.fromkeys(entry.processors):
        own = ("activity", f"activity:{entry.id}", "")
        within = (own, ("processor", f"processor:{recipient}", ""))
        yield say("recipient", recipient, name=recipient, keys=("processors",), within=within)
    told = (
        *("purpose", "legal_basis", "legitimate_interest", "special_category_basis", "source"),
        *("data_categories", "data_subjects", "processors", "retention"),
    )
    yield from details(say, entry, told)


def widest(categories: Iterable[str]) -> list[str]:
    """Return the categories without those that another one covers."""
    found = list(dict.fromkeys(categories))
    return [c for c in found if not any(covers(other, c) and other != c for other in found)]


def _rights(policy: Policy) -> Iterator[Fact]:
    rights = policy.rights
    for name in (n for n in rights.__struct_fields__ if n != "at") if rights else ():
        right = getattr(rights, name)
        if isinstance(right, Right):
            say = about(right, f"right:{name}", "rights", "right")
            yield say("right", plain(right), keys=())
