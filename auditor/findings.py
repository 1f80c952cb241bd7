"""What was judged: findings, gaps, outcomes, and the report that every format renders.

The shapes of `Report` and below are `report.json` (contract §4); the published
`schema/report.schema.json` is generated from them.
"""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct

from auditor.errors import Position
from auditor.evidence import Gap, Reason


class Severity(StrEnum):
    """How much a finding matters; comparable with `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return 0 for low up to 3 for critical."""
        return list(Severity).index(self)


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


class Sighting(Struct, frozen=True, kw_only=True):
    """Where something was seen: page, visitor state, script or host behind it, what it did."""

    page: str = ""
    state: str = ""
    by: str = ""
    detail: str = ""


class Remedy(Struct, frozen=True, kw_only=True):
    """A way out, in the order in which a decent organisation tries them."""

    kind: Literal["remove", "gate", "declare"]
    text: str
    yaml: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """Something seen that does not match what was promised, as a check reports it.

    `facet` says what exactly is objected to where one object can be objected to in several ways
    (a lifetime, a state, a domain); `at` is the line of policy.yaml that is contradicted.
    """

    object: str
    severity: Severity
    message: str
    at: Position
    facet: str = ""
    seen: tuple[Sighting, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class NotApplicable(Struct, frozen=True, kw_only=True):
    """The promise itself is absent, so there is nothing to keep or break."""

    why: str


Remark = Finding | Gap | NotApplicable


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
    """One check on one subject."""

    check: str
    title: str
    subject: str
    outcome: Outcome
    detail: str = ""
    references: tuple[str, ...] = ()
    gaps: tuple[JudgedGap, ...] = ()
    findings: tuple[JudgedFinding, ...] = ()


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


class Report(Struct, frozen=True, kw_only=True, rename={"schema_version": "schema"}):
    """Everything a reporter may tell: the same value for every format."""

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


def fingerprint(check: str, subject: str, name: str, facet: str) -> str:
    """Return a finding's stable id: what is objected to, never when, where or in which run."""
    parts = json.dumps([check, subject, name, facet], ensure_ascii=True)
    return hashlib.sha256(parts.encode()).hexdigest()


def outcome_of(findings: Iterable[JudgedFinding], gaps: Iterable[JudgedGap]) -> Outcome:
    """Return the outcome of a check that was run (architecture: the table of the one law)."""
    gaps = tuple(gaps)
    if any(finding.waived_by is None for finding in findings):
        return Outcome.FAIL
    if any(gap.attested_by is None for gap in gaps):
        return Outcome.ERROR
    return Outcome.ATTESTED if gaps else Outcome.PASS


def is_observed(results: Iterable[Result]) -> bool:
    """Return whether anything but the policy itself was really looked at."""
    return any(
        result.subject != "policy"
        and (result.findings or result.outcome in {Outcome.PASS, Outcome.FAIL})
        for result in results
    )


def is_incomplete(results: Iterable[Result]) -> bool:
    """Return whether something in scope was not observed and nobody attests it."""
    results = tuple(results)
    return not is_observed(results) or any(
        gap.attested_by is None for result in results for gap in result.gaps
    )


def verdict_of(results: Iterable[Result], fail_on: Severity) -> Verdict:
    """Return fail, else incomplete, else pass; nothing observed at all is incomplete."""
    results = tuple(results)
    if any(counts_against(finding, fail_on) for result in results for finding in result.findings):
        return Verdict.FAIL
    return Verdict.INCOMPLETE if is_incomplete(results) else Verdict.PASS


def counts_against(finding: JudgedFinding, fail_on: Severity) -> bool:
    """Return whether a finding alone makes the verdict fail."""
    return finding.waived_by is None and finding.severity.rank >= fail_on.rank


def count(results: Iterable[Result], fail_on: Severity) -> Counts:
    """Count results by outcome, and findings and gaps over all of them."""
    results = tuple(results)
    findings = [finding for result in results for finding in result.findings]
    unwaived = [finding for finding in findings if finding.waived_by is None]
    by_outcome = {o.value: sum(r.outcome is o for r in results) for o in Outcome}
    passed = by_outcome.pop(Outcome.PASS.value)
    return Counts(
        passed=passed,
        **by_outcome,
        findings=len(unwaived),
        below_threshold=sum(not counts_against(finding, fail_on) for finding in unwaived),
        waived=len(findings) - len(unwaived),
        gaps=sum(len(result.gaps) for result in results),
    )
