"""The report that every format renders. The shapes from `Report` down are `report.json`.

Source: contract §4; the published `schema/report.schema.json` is generated from them.
"""

import hashlib
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from auditor.evidence import Reason
from auditor.findings.remarks import Remedy, Severity, Sighting


class Outcome(StrEnum):
    """What came of one check on one subject (architecture: the one law)."""

    FAIL = "fail"
    ERROR = "error"
    ATTESTED = "attested"
    PASS = "pass"
    NOT_CHECKED = "not_checked"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """What came of the whole run."""

    PASS = "pass"
    FAIL = "fail"
    INCOMPLETE = "incomplete"


class Place(Struct, frozen=True, kw_only=True):
    """A place in policy.yaml, 1-based."""

    path: str
    line: int
    column: int


class JudgedFinding(Struct, frozen=True, kw_only=True):
    """A finding with its stable fingerprint, and the waiver that accepts it, if one does."""

    fingerprint: str
    object: str
    severity: Severity
    message: str
    waived_by: str | None
    policy: Place
    seen: tuple[Sighting, ...]
    remedies: tuple[Remedy, ...]


class JudgedGap(Struct, frozen=True, kw_only=True):
    """A gap, and the attestation that covers it, if one does."""

    what: str
    reason: Reason
    needs: str
    attested_by: str | None = None


class Result(Struct, frozen=True, kw_only=True):
    """One check on one subject.

    `detail` says why nobody looked, or why there is nothing to look at; where somebody looked, it
    says to what part of the subject that was restricted.
    """

    check: str
    title: str
    subject: str
    outcome: Outcome
    detail: str = ""
    references: tuple[str, ...] = ()
    gaps: tuple[JudgedGap, ...] = ()
    findings: tuple[JudgedFinding, ...] = ()

    @property
    def restriction(self) -> str:
        """Return to what part a look was restricted: of the rest nothing is known."""
        idle = {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}
        return "" if self.outcome in idle else self.detail


class Counts(Struct, frozen=True, kw_only=True, rename={"passed": "pass"}):
    """How many results had each outcome, and how many findings and gaps there are."""

    passed: int = 0
    fail: int = 0
    error: int = 0
    attested: int = 0
    not_checked: int = 0
    not_applicable: int = 0
    findings: int = 0
    below_threshold: int = 0
    waived: int = 0
    gaps: int = 0


class PolicyDigest(Struct, frozen=True, kw_only=True):
    """Which policy was judged."""

    path: str
    sha256: str


class ToolVersion(Struct, frozen=True, kw_only=True):
    """Which tool judged."""

    name: str
    version: str


class EvidenceDigest(Struct, frozen=True, kw_only=True):
    """Which evidence was judged."""

    path: str
    sha256: str
    collected_at: str


class Compared(Struct, frozen=True, kw_only=True):
    """A finding of one report or of both; `why` it stands where it stands, if that needs words."""

    fingerprint: str
    check: str
    subject: str
    object: str
    severity: Severity
    message: str
    why: str = ""


class Unseen(Struct, frozen=True, kw_only=True):
    """A check that looked at all of a subject in the older report, and does not any more."""

    check: str
    subject: str
    why: str


class Comparison(Struct, frozen=True, kw_only=True):
    """What became of each finding between two reports, by its fingerprint.

    `new` are those that count and did not before; `waived`, those that somebody accepted since;
    `unchanged` stand as they stood. `fixed`: the same check looked at all of the same subject, and
    did not find it again. Where it did not, the finding is `not_looked_at`: nothing is known.
    """

    as_of: tuple[str, str]
    verdict: tuple[Verdict, Verdict]
    new: tuple[Compared, ...] = ()
    fixed: tuple[Compared, ...] = ()
    unchanged: tuple[Compared, ...] = ()
    waived: tuple[Compared, ...] = ()
    not_looked_at: tuple[Compared, ...] = ()
    incomplete: tuple[Unseen, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether all that was looked at before was looked at again."""
        return not (self.not_looked_at or self.incomplete)

    def is_worse(self, fail_on: Severity) -> bool:
        """Return whether something new is as severe as this, or more."""
        return any(one.severity.rank >= fail_on.rank for one in self.new)


class Report(Struct, frozen=True, kw_only=True, rename={"schema_version": "schema"}):
    """Everything a reporter may tell: the same value for every format.

    `comparison` is there where the run was compared with an older report, `waivers_from` where
    only the waivers of a git revision counted: its name.
    """

    schema_version: Literal[1] = 1
    verdict: Verdict
    incomplete: bool
    as_of: str
    scope: tuple[str, ...]
    only: tuple[str, ...]
    skip: tuple[str, ...]
    fail_on: Severity
    waivers_applied: bool
    policy: PolicyDigest
    tool: ToolVersion
    evidence: tuple[EvidenceDigest, ...]
    counts: Counts
    results: tuple[Result, ...]
    coverage: dict[str, Any]
    knowledge: dict[str, str]
    comparison: Comparison | UnsetType = UNSET
    waivers_from: str | UnsetType = UNSET


def fingerprint(check: str, subject: str, name: str, facet: str) -> str:
    """Return a finding's stable id: what is objected to, never when, where or in which run."""
    parts = json.dumps([check, subject, name, facet], ensure_ascii=True)
    return hashlib.sha256(parts.encode()).hexdigest()


def utc_text(moment: datetime) -> str:
    """Return a moment as reports write it: UTC, to the second, `2026-01-15T12:00:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
