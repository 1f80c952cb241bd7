"""Who else has the data, where they are, and what makes that lawful, line by line."""

from collections.abc import Iterable, Iterator

from auditor.export.ropa.saying import NO_CONTRACT, NO_SAFEGUARD, NONE_NEEDED, TODO, label, todo
from auditor.export.ropa.subjects import holds
from auditor.export.undecided import is_undecided
from auditor.export.words.lengths import country
from auditor.policy import SELF, Policy, ProcessingActivity, Processor, Retention
from auditor.vocabulary import EEA, TRANSFER_MECHANISMS


def recipients(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield who receives them, and as what."""
    for processor in processors_of(policy, activity):
        if is_undecided(policy, processor, "role"):
            yield f"{name_of(processor)}: {TODO}"
        else:
            yield f"{name_of(processor)} ({processor.role.replace('_', ' ')})"
    yield from todo(policy, activity, "processors")


def transfers(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield where they go outside the EEA, and under which safeguard."""
    places: set[str] = set()
    for processor in processors_of(policy, activity):
        transfer = processor.transfer
        codes = {processor.country, *(transfer.countries if transfer else ())} - {""}
        places |= codes
        if is_undecided(policy, processor, "country") or not codes:
            yield f"{name_of(processor)}: {TODO if not codes else _countries(codes)}"
        elif outside := codes - EEA:
            how = label(transfer.mechanism, TRANSFER_MECHANISMS) if transfer else ""
            details = transfer.details if transfer else ""
            safeguard = ": ".join(filter(None, (how, details))) or NO_SAFEGUARD
            yield f"{name_of(processor)}: {_countries(outside)} ({safeguard})"
    if places and places <= EEA:
        yield NONE_NEEDED


def contracts(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield the contract with each processor: where it can be read, when it was signed."""
    for processor in processors_of(policy, activity):
        contract = processor.contract
        if contract:
            signed = f"signed {contract.signed}" if contract.signed else "no date of signing"
            yield f"{name_of(processor)}: {', '.join(filter(None, (signed, contract.url)))}"
        elif processor.role in {"processor", "sub_processor"}:
            missing = is_undecided(policy, processor, "contract")
            yield f"{name_of(processor)}: {TODO if missing else NO_CONTRACT}"


def locations(
    policy: Policy, activity: ProcessingActivity, _rule: Retention | None
) -> Iterator[str]:
    """Yield the stores and accounts that hold the data, and who runs them."""
    for kind, holders in (("store", policy.stores), ("account", policy.accounts)):
        for holder in holders:
            if holds(policy, holder, activity):
                processor = policy.processor(holder.processor)
                run_by = policy.controller.name if holder.processor == SELF else ""
                yield f"{kind} {holder.id}: {run_by or (_place(processor) if processor else '')}"


def processors_of(policy: Policy, activity: ProcessingActivity) -> list[Processor]:
    """Return the processors that an activity names, as far as they are declared."""
    found = [policy.processor(name) for name in activity.processors]
    return [processor for processor in found if processor]


def name_of(processor: Processor) -> str:
    """Return what people know it by."""
    return processor.name or processor.legal_name or processor.id


def _place(processor: Processor) -> str:
    where = country(processor.country, "en") if processor.country else ""
    return f"{name_of(processor)}{f', {where}' if where else ''}"


def _countries(codes: Iterable[str]) -> str:
    return ", ".join(sorted(country(code, "en") for code in codes))
