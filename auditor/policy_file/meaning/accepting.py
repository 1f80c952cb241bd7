"""Waivers and attestations: complete, dated, and never a blanket."""

from collections.abc import Iterator

from auditor.durations import add, parse_duration
from auditor.names import check_pattern
from auditor.policy import Attestation, Policy, Waiver
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path
from auditor.policy_file.todo import IsUndecided

LONGEST = parse_duration("P1Y")
NEEDED = (
    "check",
    "subject",
    "object",
    "justification",
    "owner",
    "approved_by",
    "created",
    "expires",
)
STATED = ("covers", "statement", "by", "date", "expires")


def accepting_faults(policy: Policy, is_undecided: IsUndecided) -> Iterator[Fault]:
    """Yield waivers and attestations that say too little or accept too much."""
    entries: tuple[tuple[str, tuple[Waiver | Attestation, ...], tuple[str, ...]], ...] = (
        ("waivers", policy.waivers, NEEDED),
        ("attestations", policy.attestations, STATED),
    )
    for section, listed, keys in entries:
        for i, entry in enumerate(listed):
            missing = [
                key
                for key in keys
                if not getattr(entry, key) and not is_undecided((section, i, key))
            ]
            if missing:
                message = f"missing: {', '.join(missing)}; write them, or TODO for each"
                yield Fault(path=(section, i), message=message)
    for i, waiver in enumerate(policy.waivers):
        yield from _blanket_faults(("waivers", i), waiver)
        yield from _waiver_date_faults(("waivers", i, "expires"), waiver)
    for i, stated in enumerate(policy.attestations):
        if stated.date and stated.expires and stated.expires < stated.date:
            yield Fault(path=("attestations", i, "expires"), message=_too_early("date"))


def _blanket_faults(path: Path, waiver: Waiver) -> Iterator[Fault]:
    """Yield patterns that accept nearly everything: the kind before `:` narrows nothing down."""
    kind, _, name = waiver.object.partition(":")
    patterns = [("subject", waiver.subject)]
    if waiver.object and (not name or "*" in kind):
        message = f"{shown(waiver.object)}: write KIND:NAME, such as cookie:_ga* or host:x.example"
        yield Fault(path=(*path, "object"), message=message)
    else:
        patterns.append(("object", name))
    for key, pattern in patterns:
        try:
            check_pattern(pattern or "-")
        except ValueError:
            message = (
                f"{shown(getattr(waiver, key))} accepts nearly everything; name what is accepted,"
                " with at least 3 characters beside the *"
            )
            yield Fault(path=(*path, key), message=message)


def _waiver_date_faults(path: Path, waiver: Waiver) -> Iterator[Fault]:
    if not waiver.created or not waiver.expires:
        return
    last = add(waiver.created, LONGEST)
    if waiver.expires < waiver.created:
        yield Fault(path=path, message=_too_early("created"))
    elif waiver.expires > last:
        message = f"a waiver lasts a year at most; write {last.isoformat()} or earlier"
        yield Fault(path=path, message=message)


def _too_early(key: str) -> str:
    return f"is before {key}; write a later day"
