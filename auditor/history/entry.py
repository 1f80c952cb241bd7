"""One entry of a ledger: when, what came of it, and the digests of what lies beside it."""

import hashlib
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from auditor.evidence import Evidence, encode
from auditor.findings import Report, Verdict
from auditor.policy import Policy

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Seen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source that was looked at: of which subject, when, and the digest of what was seen."""

    subject: str
    sha256: str
    collected_at: datetime


class Records(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many records of a table there were under a period, and how many of them were too old.

    `late` None: nobody could count. `undated`: without a date that can be used.
    """

    subject: str
    table: str
    activity: str
    promise: str
    rows: int | None = None
    late: int | None = None
    undated: int = 0


class Run(Struct, frozen=True, kw_only=True):
    """What is appended: a report, the policy as it was read, what was seen, ages of records."""

    report: Report
    policy: Policy
    seen: Evidence
    records: tuple[Records, ...] = ()


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry. `previous` is the seal of the one before, "" for the first.

    `report` and `policy` are digests of files beside it, `evidence` of what was judged, which is
    not kept. `seal` is the SHA-256 of the entry's canonical form without it.
    """

    schema: Literal[1] = 1
    number: Annotated[int, Meta(ge=1, le=999_999)]
    previous: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
    at: datetime
    as_of: date
    verdict: Verdict
    scope: tuple[str, ...]
    report: Digest
    policy: Digest
    evidence: Digest
    seen: tuple[Seen, ...] = ()
    records: tuple[Records, ...] = ()
    seal: str = ""

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return name_of(self.number)


def name_of(number: int) -> str:
    """Return the name of an entry's file."""
    return f"{number:06}.json"


def digest(data: bytes) -> str:
    """Return the name under which content lies."""
    return hashlib.sha256(data).hexdigest()


def sealed(entry: Entry) -> Entry:
    """Return an entry with its seal."""
    return structs.replace(entry, seal=digest(_canonical(structs.replace(entry, seal=""))))


def written(entry: Entry) -> bytes:
    """Return the file of an entry: the one way in which it can be written."""
    return _canonical(entry) + b"\n"


def sources(seen: Evidence) -> tuple[Seen, ...]:
    """Return every source that showed something: what could not be looked at is no look."""
    return tuple(
        Seen(subject=item.subject, sha256=source.sha256, collected_at=source.collected_at)
        for item in seen.items
        if item.is_looked_at
        for source in item.sources
    )


def digest_of_evidence(seen: Evidence) -> str:
    """Return the digest of evidence as `audit collect` writes it."""
    return digest(encode(seen))


def _canonical(entry: Entry) -> bytes:
    return msgspec.json.encode(entry, order="deterministic")
