"""Waivers and attestations: complete, dated, and never a blanket."""

from collections.abc import Container, Iterator
from datetime import timedelta

from auditor.errors import Position
from auditor.policy import Attestation, Policy, Waiver
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path

LONGEST = timedelta(days=366)
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


def accepting_faults(
    policy: Policy, unfinished: Container[tuple[Position, str]]
) -> Iterator[Fault]:
    """Yield waivers and attestations that say too little or accept too much.

    `unfinished` holds (place of the entry, key) of each `TODO`: undecided is not missing.
    """
    for i, waiver in enumerate(policy.waivers):
        yield from _missing(("waivers", i), waiver, NEEDED, unfinished)
        yield from _waiver_faults(("waivers", i), waiver)
    for i, stated in enumerate(policy.attestations):
        yield from _missing(("attestations", i), stated, STATED, unfinished)
        if stated.date and stated.expires and stated.expires < stated.date:
            path = ("attestations", i, "expires")
            yield Fault(path=path, message="ends before it begins")


def _missing(
    path: Path,
    entry: Waiver | Attestation,
    keys: tuple[str, ...],
    unfinished: Container[tuple[Position, str]],
) -> Iterator[Fault]:
    for key in keys:
        if not getattr(entry, key) and (entry.at, key) not in unfinished:
            yield Fault(path=path, message=f"{key} is missing")


def _waiver_faults(path: Path, waiver: Waiver) -> Iterator[Fault]:
    for key in ("subject", "object"):
        text = getattr(waiver, key)
        if text and not text.replace("*", "").strip(":@ "):
            message = f"{shown(text)} accepts everything; name what is accepted"
            yield Fault(path=(*path, key), message=message)
    if waiver.created and waiver.expires:
        if waiver.expires < waiver.created:
            yield Fault(path=(*path, "expires"), message="ends before it begins")
        elif waiver.expires - waiver.created > LONGEST:
            last = waiver.created + LONGEST
            message = f"lasts longer than a year; {last.isoformat()} at most"
            yield Fault(path=(*path, "expires"), message=message)
