"""Is a person gone? Every store and account is looked at, and a record is kept without their name.

The record is what GDPR Art. 5(2) asks for: what was looked at, when, and what came of it. Whom
else to tell is Art. 19. Run with a made-up person, it is the drill that shows erasure to work.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final, Literal

from msgspec import Struct

from auditor.collect.accounts.connector import Wanted
from auditor.collect.finding import UNKNOWN, PersonLooking, Sought, look_for
from auditor.collect.people import KINDS
from auditor.durations import add, parse_duration
from auditor.errors import UsageError
from auditor.findings import PolicyDigest, ToolVersion, utc_text
from auditor.gather import TOOL
from auditor.matching import activities_at, holder_of
from auditor.policy import Account, Policy, Store

CASE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LONGEST: Final = 500  # characters of a key

Outcome = Literal["gone", "present", "kept", "backup_until", "not_checkable"]


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one place. `until` is the last day of a backup, `ground` why it is kept."""

    subject: str
    outcome: Outcome
    place: str = ""
    records: int = 0
    at_least: bool = False
    ground: str = ""
    until: str = ""
    needs: str = ""


class Recipient(Struct, frozen=True, kw_only=True):
    """A processor that had the data: looked at in this case, or to be told."""

    processor: str
    name: str
    told: Literal["looked_at", "to_be_told"]


class Case(Struct, frozen=True, kw_only=True):
    """The record of a case: no name, no address, no id of the person."""

    schema: int
    case: str
    looked_at: str
    looked_by: tuple[str, ...]
    policy: PolicyDigest
    tool: ToolVersion
    places: tuple[Place, ...]
    recipients: tuple[Recipient, ...]

    @property
    def is_gone(self) -> bool:
        """Return whether nothing is left that nobody may keep."""
        return not any(place.outcome == "present" for place in self.places)

    @property
    def is_whole(self) -> bool:
        """Return whether every place could be looked at."""
        return bool(self.places) and not any(p.outcome == "not_checkable" for p in self.places)


def read_person(text: str) -> Wanted:
    """Read who is looked for: lines such as `email=...`; `UsageError` says what is wrong.

    The message never repeats what was typed.
    """
    keys: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        kind, equals, value = line.partition("=")
        kind, value = kind.strip().lower(), value.strip()
        if not equals or kind not in KINDS or not 0 < len(value) <= LONGEST or kind in keys:
            words = ", ".join(f"{kind}=..." for kind in KINDS)
            raise UsageError(f"standard input, line {number}: write one line each of {words}")
        keys[kind] = value
    if not keys:
        raise UsageError("standard input: nobody to look for; write a line such as email=...")
    return Wanted(keys=keys)


def examine(case: str, policy: Policy, wanted: Wanted, looking: PersonLooking) -> Case:
    """Look for a person everywhere, and return the record of it."""
    if not CASE.fullmatch(case):
        raise UsageError(
            "the case: letters, digits, `-`, `_` and `.` only, and no name or address of a person"
        )
    today = looking.as_of or datetime.now(UTC).date()
    sought = tuple(look_for(policy, wanted, looking))
    return Case(
        schema=1,
        case=case,
        looked_at=utc_text(datetime.now(UTC)),
        looked_by=tuple(sorted(wanted.keys)),
        policy=PolicyDigest(path=policy.origin.path, sha256=policy.origin.sha256),
        tool=ToolVersion(name=TOOL.name, version=TOOL.version),
        places=tuple(_judged(policy, one, today) for one in sought),
        recipients=tuple(_recipients(policy, sought)),
    )


def _judged(policy: Policy, one: Sought, today: date) -> Place:
    """Decide what came of a place."""
    if one.needs:
        return Place(
            subject=one.subject, place=one.place, outcome="not_checkable", needs=one.needs
        )
    if one.number:
        ground = _ground(policy, one)
        return Place(
            subject=one.subject,
            place=one.place,
            outcome="kept" if ground else "present",
            records=one.number,
            at_least=one.at_least,
            ground=ground,
        )
    if one.backup == UNKNOWN:
        needs = "the permission to see how long deleted data can be had back"
        return Place(subject=one.subject, place=one.place, outcome="not_checkable", needs=needs)
    if one.backup is not None:
        until = _until(one.backup, today)
        return Place(subject=one.subject, place=one.place, outcome="backup_until", until=until)
    return Place(subject=one.subject, place=one.place, outcome="gone")


def _until(period: str, today: date) -> str:
    if not period:
        return "nobody knows"
    try:
        return add(today, parse_duration(period)).isoformat()
    except (ValueError, OverflowError):
        return "nobody knows"


def _ground(policy: Policy, one: Sought) -> str:
    """Return why records may be kept although their person wants them gone (Art. 17(3))."""
    activities = _activities(policy, one)
    grounds = {
        f"{activity.id}: {rule.legal_basis} ({rule.period})"
        for activity in policy.processing_activities
        if activity.id in activities
        for rule in activity.retention_rules
        if rule.legal_basis == "legal_obligation"
    }
    return "; ".join(sorted(grounds))


def _activities(policy: Policy, one: Sought) -> tuple[str, ...]:
    holder = holder_of(policy, one.subject)
    for table in holder.tables if holder else ():
        if table.name == one.place and table.activities:
            return table.activities
    return activities_at(holder)


def _recipients(policy: Policy, sought: tuple[Sought, ...]) -> Iterator[Recipient]:
    """Yield everybody who has had the data; where nobody looked, they are to be told (Art. 19)."""
    looked: Mapping[str, Store | Account] = {
        one.subject: holder
        for one in sought
        if not one.needs and (holder := holder_of(policy, one.subject))
    }
    seen = {holder.processor for holder in looked.values()}
    named = {name for activity in policy.processing_activities for name in activity.processors}
    for processor in policy.processors:
        if processor.id in named or processor.id in seen:
            yield Recipient(
                processor=processor.id,
                name=processor.name or processor.id,
                told="looked_at" if processor.id in seen else "to_be_told",
            )
