"""Fingerprinting: reading from a device is as much as keeping there (ePrivacy Art. 5(3))."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, DeviceRead, SiteEvidence
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching import (
    RESTS_ON,
    Declarations,
    Match,
    Objection,
    sight_of,
    states_without_consent,
    waits,
)
from auditor.policy import SELF, Policy, StorageRow
from auditor.sighting import sightings

NAMES = {
    "webgl": "the graphics card (WebGL)",
    "audio": "how it computes sound",
    "fonts": "its fonts",
    "webrtc": "its addresses in the network (WebRTC)",
    "browser": "many properties of the browser",
}
ROW = """
device_storage:
  - identifier: canvas
    type: device_access
    set_by: guard
    purpose: essential.fraud_detection
    consent: exempt_strictly_necessary
    reason: keeps machines from trying out stolen cards
processors: [{id: guard, domains: ["*.guard.example"], consent: not_required}]
"""


@check(
    "fingerprinting",
    title="What tells one device from another is not read undeclared",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:5-1-a"],
    looks_at=[Aspect.DEVICE],
    passing=Example(policy=ROW, seen=(example.read("canvas", "js.guard.example"),)),
    failing=Example(policy=ROW, seen=(example.read("canvas", "cdn.ads.example"),)),
)
def fingerprinted_device(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Take out the script that reads it, or load it only after consent.

    A picture, a tone, a list of fonts come out a little different on each device, and all of them
    together name it without any cookie. The law makes no difference between keeping and reading:
    if it is needed, say against fraud, declare it under `device_storage` as `device_access` with
    its purpose and its `set_by`, and tell people. What is read is told by published criteria; a
    chart or a video call meets none of them.
    """
    declarations = Declarations(policy, site)
    groups: dict[tuple[str, str, Match], list[DeviceRead]] = {}
    for seen in site.observations:
        if isinstance(seen, DeviceRead) and seen.signs:
            match = declarations.match(sight_of(seen))
            groups.setdefault((seen.what, seen.writer, match), []).append(seen)
    for (what, writer, match), reads in groups.items():
        if match.row is None or not match.is_declared:
            yield _undeclared(policy, declarations, what, writer, match, reads)
        elif waits(match.row):
            yield from _too_early(policy, site, match.row, what, reads)


def _undeclared(  # noqa: PLR0913, PLR0917 -- all of it is told
    policy: Policy,
    declarations: Declarations,
    what: str,
    writer: str,
    match: Match,
    reads: list[DeviceRead],
) -> Finding:
    row = match.row
    is_ours = not writer or declarations.is_first_party(writer)
    return Finding(
        object=f"device_access:{what}",
        facet=" ".join(filter(None, (match.objection, "" if is_ours else writer))),
        keys=RESTS_ON[match.objection],
        severity=Severity.MEDIUM if is_ours else Severity.HIGH,
        message=f"{writer or 'a script'} reads {_named(what)}, which tells one device from"
        f" another; {_why(match)}",
        at=row.at if row else policy.section("device_storage"),
        seen=sightings(reads),
        remedies=(
            Remedy(kind="remove", text="take out what reads it"),
            Remedy(kind="gate", text="load what reads it only after the visitor agreed"),
            Remedy(
                kind="declare",
                text="correct the row, and what people are told"
                if row
                else "add it to device_storage, and tell people in the notice",
                yaml="" if row else _stanza(declarations, what, writer),
            ),
        ),
    )


def _named(what: str) -> str:
    return NAMES.get(what, f"`{what}`")


def _why(match: Match) -> str:
    row = match.row
    if row is None:
        return "no row of device_storage covers it"
    if match.objection is Objection.AUTHOR:
        return f"its row says set_by: {row.set_by}"
    if match.objection is Objection.PAGE:
        return f"its row covers only pages {', '.join(row.pages)}"
    return f"its row covers only {', '.join(row.domains)}"


def _too_early(
    policy: Policy, site: SiteEvidence, row: StorageRow, what: str, reads: list[DeviceRead]
) -> Iterator[Finding]:
    """Object to what is read of visitors who have not agreed."""
    for state in states_without_consent(policy, site):
        there = [seen for seen in reads if seen.state is state]
        if there:
            yield Finding(
                object=f"device_access:{what}",
                facet=state,
                keys=("consent",),
                severity=Severity.HIGH,
                message=f"{_named(what)} needs consent, and is read of visitors who have not"
                f" agreed ({state})",
                at=row.at,
                seen=sightings(there),
                remedies=(
                    Remedy(kind="remove", text="do without it"),
                    Remedy(kind="gate", text="read it only after the visitor agreed"),
                ),
            )


def _stanza(declarations: Declarations, what: str, writer: str) -> str:
    owner = declarations.processor(writer) if writer else None
    is_ours = not writer or declarations.is_first_party(writer)
    set_by = owner.id if owner else SELF if is_ours else "TODO"
    return (
        "device_storage:\n"
        f"  - identifier: {what if what in {*NAMES, 'canvas'} else 'TODO'}\n"
        "    type: device_access\n"
        f"    set_by: {set_by}\n"
        "    purpose: TODO\n"
        "    consent: TODO\n"
    )
