"""The list of recipients of a notice: who, for what, which data, where (GDPR Art. 13(1)(e)(f))."""

from collections.abc import Iterable

from auditor.export.format import Wanted
from auditor.export.fragment import Cell, Fragment, in_both, origin_of
from auditor.export.undecided import is_undecided
from auditor.export.words import Words, words
from auditor.export.words.lengths import country
from auditor.policy import Policy, ProcessingActivity, Processor


def processors(wanted: Wanted, name: str) -> Fragment:
    """Return every processor in words, sorted by name.

    Purposes and data are those of the activities that name it: what the policy holds to be true
    of a recipient stands there.
    """
    said = words(wanted.language)
    policy = wanted.policy
    heads = ("recipient", "role", "purpose", "data", "place")
    rows = sorted(policy.processors, key=lambda one: (_name(policy, one, said).casefold(), one.id))
    return Fragment(
        origin=origin_of(wanted, name),
        caption=said.texts["processors"],
        heads=tuple(said.texts[head] for head in heads),
        rows=tuple(_row(wanted, processor, said) for processor in rows),
        nothing=said.texts["nothing"],
    )


def _row(wanted: Wanted, processor: Processor, said: Words) -> tuple[Cell, ...]:
    policy = wanted.policy
    mine = [one for one in policy.processing_activities if processor.id in one.processors]
    purposes = _list(said.purpose(one.purpose) for one in mine if one.purpose)
    data = _list(said.category(key) for one in mine for key in one.data_categories)
    role = said.texts["undecided"]
    if not is_undecided(policy, processor, "role"):
        role = said.roles[processor.role]
    return (
        Cell(text=_name(policy, processor, said), url=processor.privacy_policy),
        Cell(text=role),
        Cell(text=purposes or _open(policy, mine, "purpose", said)),
        Cell(text=data or _open(policy, mine, "data_categories", said)),
        Cell(text=_place(wanted, processor, said)),
    )


def _name(policy: Policy, processor: Processor, said: Words) -> str:
    name, legal = processor.name, processor.legal_name
    if name and legal and name != legal:
        return f"{name} ({legal})"
    if is_undecided(policy, processor, "name") and not legal:
        return f"{processor.id}: {said.texts['undecided']}"
    return name or legal or processor.id


def _place(wanted: Wanted, processor: Processor, said: Words) -> str:
    """Return where it is, where else the data go, and under which safeguard."""
    policy, transfer = wanted.policy, processor.transfer
    codes = [processor.country, *(transfer.countries if transfer else ())]
    places = _list((country(code, wanted.language) for code in codes if code), in_order=True)
    if not processor.country:
        missing = is_undecided(policy, processor, "country")
        places = places or said.texts["undecided" if missing else "not_said"]
    safeguard = said.mechanism(transfer.mechanism) if transfer and transfer.mechanism else ""
    details = transfer.details if transfer else ""
    more = ": ".join(filter(None, (safeguard, details)))
    return f"{places} ({more})" if more else places


def _open(policy: Policy, activities: list[ProcessingActivity], key: str, said: Words) -> str:
    """Return what is said where no activity says it, or none names the processor."""
    is_open = any(is_undecided(policy, one, key) for one in activities)
    return said.texts["undecided" if is_open else "not_said"]


def _list(texts: Iterable[str], *, in_order: bool = False) -> str:
    once = dict.fromkeys(texts)
    return ", ".join(once if in_order else sorted(once, key=str.casefold))


PROCESSORS = in_both("processors", "who handles people's data, for a notice", processors)
