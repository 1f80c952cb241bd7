"""Checks x policy x evidence -> results. Pure: no I/O, no clock, no network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct, structs

from auditor.check import Check
from auditor.durations import add, parse_duration
from auditor.evidence import (
    EverySite,
    Evidence,
    Gap,
    PolicyItself,
    Reason,
    SiteEvidence,
    WaiverUse,
)
from auditor.findings import (
    Finding,
    JudgedFinding,
    JudgedGap,
    NotApplicable,
    Outcome,
    Place,
    Result,
    fingerprint,
    outcome_of,
)
from auditor.policy import Policy

SCOPES = ("site", "notice", "stores", "accounts", "code")
SCOPE_OF_SUBJECT = {"store": "stores", "account": "accounts"}
SUBJECT_OF_SCOPE = {"stores": "store", "accounts": "account"}
UNSEEN = "promise-unobserved"
AnyCheck = Check[Any]


class Selection(Struct, frozen=True, kw_only=True):
    """What was asked for: scopes, and check ids or globs to run or to leave out."""

    scope: tuple[str, ...] = SCOPES
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def why_not(self, check_id: str, scope: str = "policy") -> str:
        """Return why a check is not run in a scope, "" if it is."""
        if scope not in (*self.scope, "policy"):
            return f"outside --scope: {scope}"
        if self.only and not any(fnmatchcase(check_id, glob) for glob in self.only):
            return "outside --only"
        if any(fnmatchcase(check_id, glob) for glob in self.skip):
            return "left out by --skip"
        return ""


class Case(Struct, frozen=True, kw_only=True):
    """What is judged: one policy, what was seen, on which day, and how much was asked for."""

    policy: Policy
    evidence: Evidence
    as_of: date
    selection: Selection = Selection()
    max_age: str = ""


def judge(checks: Sequence[AnyCheck], case: Case) -> tuple[Result, ...]:
    """Run every check on every subject of its scope; waivers are applied afterwards.

    Checks that need `WaiverUse` are left to `judge_waivers`. Cost: one pass of each check over
    each piece of evidence.
    """
    results: list[Result] = []
    for check in checks:
        if check.needs is not WaiverUse:
            results += _run_on_all(check, case, checks)
    results += _nobody_looks(checks, case)
    return _in_order(results)


def judge_waivers(checks: Sequence[AnyCheck], case: Case, use: WaiverUse) -> tuple[Result, ...]:
    """Run the checks that ask what the waivers did."""
    mine = [check for check in checks if check.needs is WaiverUse]
    return tuple(
        _not_checked(check, "policy", why)
        if (why := case.selection.why_not(check.id))
        else run_check(check, case.policy, "policy", use)
        for check in mine
    )


def run_check(check: AnyCheck, policy: Policy, subject: str, item: Any) -> Result:  # noqa: ANN401
    """Run one check on one subject and settle its outcome.

    A check that raises keeps what it had found, and is a gap: it never counts as having looked.
    """
    findings: dict[str, JudgedFinding] = {}
    gaps = [_judged(gap) for gap in item.gaps if check.misses(gap)]
    not_applicable = ""
    try:
        for remark in check.find(policy, item):
            match remark:
                case Finding():
                    finding = _judge_finding(check, policy, subject, remark)
                    findings[finding.fingerprint] = _merge(findings, finding)
                case Gap():
                    gaps.append(_judged(remark))
                case NotApplicable():
                    not_applicable = remark.why
    except Exception as error:  # noqa: BLE001 -- a plug-in may raise anything
        gaps.append(_crash(check, error))
    gaps = list(dict.fromkeys(gaps))
    outcome = outcome_of(findings.values(), gaps)
    if not_applicable and not findings and not _crashed(gaps):
        return _result(check, subject, Outcome.NOT_APPLICABLE, detail=not_applicable)
    return structs.replace(
        _result(check, subject, outcome),
        gaps=tuple(gaps),
        findings=tuple(sorted(findings.values(), key=_by_severity)),
    )


def _run_on_all(check: AnyCheck, case: Case, checks: Sequence[AnyCheck]) -> Iterator[Result]:
    for subject, scope, item in _subjects(check, case, checks):
        why = case.selection.why_not(check.id, scope) or case.selection.why_not(
            check.id, check.scope
        )
        if why:
            yield _not_checked(check, subject, why)
        elif isinstance(item, Gap):
            yield structs.replace(_result(check, subject, Outcome.ERROR), gaps=(_judged(item),))
        else:
            yield run_check(check, case.policy, subject, item)


def _subjects(
    check: AnyCheck, case: Case, checks: Sequence[AnyCheck]
) -> Iterator[tuple[str, str, Any]]:
    """Yield (subject, scope that must be asked for, evidence or the gap in its place)."""
    if check.needs is PolicyItself:
        installed = {other.id: (other.scope,) for other in checks}
        yield "policy", "policy", PolicyItself(as_of=case.as_of, installed=installed)
    elif check.needs is EverySite:
        seen = tuple(_aged(item, case) for item in case.evidence.sites)
        missing = {s.id for s in case.policy.sites} - {item.site for item in seen}
        yield "policy", "site", EverySite(sites=seen, missing=tuple(sorted(missing)))
    else:
        found = {item.subject: item for item in case.evidence.items}
        prefix = SUBJECT_OF_SCOPE.get(check.scope, check.scope)
        for subject in case.policy.subjects():
            if subject.partition(":")[0] == prefix:
                item = found.get(subject)
                yield subject, check.scope, _aged(item, case) if item else _unseen(subject)


def _aged(item: SiteEvidence, case: Case) -> SiteEvidence:
    """Add the gaps that only judging can know: too old, or nothing opened at all."""
    gaps = list(item.gaps)
    if not item.pages:
        gaps.append(_unseen(item.subject))
    if case.max_age:
        limit = add(item.collected_at, parse_duration(case.max_age))
        if limit < datetime.combine(case.as_of, time.min, UTC):
            day = item.collected_at.date().isoformat()
            gaps.append(
                Gap(
                    what=f"{item.subject}, seen on {day}",
                    reason=Reason.EVIDENCE_TOO_OLD,
                    needs=f"evidence not older than {case.max_age}, or a longer "
                    f"--max-evidence-age, or --as-of {day} to judge that day",
                )
            )
    return structs.replace(item, gaps=tuple(gaps))


def _nobody_looks(checks: Sequence[AnyCheck], case: Case) -> Iterator[Result]:
    """Yield an error for each declared subject at which no installed check looks."""
    unseen = next((check for check in checks if check.id == UNSEEN), None)
    scopes = {check.scope for check in checks}
    for subject in case.policy.subjects():
        kind = subject.partition(":")[0]
        scope = SCOPE_OF_SUBJECT.get(kind, kind)
        if unseen is None or scope in scopes or case.selection.why_not(UNSEEN, scope):
            continue
        gap = Gap(
            what=subject,
            reason=Reason.NOBODY_LOOKS,
            needs=f"a check for {scope}: none is installed. Leave it out with --scope, "
            "and the report will say that it was left out",
        )
        yield structs.replace(_result(unseen, subject, Outcome.ERROR), gaps=(_judged(gap),))


def _unseen(subject: str) -> Gap:
    return Gap(
        what=subject,
        reason=Reason.NOT_IN_EVIDENCE,
        needs="evidence of it; for a site a recording: "
        f"--evidence {subject.partition(':')[2]}:before=FILE.har",
    )


def _judge_finding(
    check: AnyCheck, policy: Policy, subject: str, finding: Finding
) -> JudgedFinding:
    return JudgedFinding(
        fingerprint=fingerprint(check.id, subject, finding.object, finding.facet),
        object=finding.object,
        severity=finding.severity,
        message=finding.message,
        waived_by=None,
        policy=Place(path=policy.origin.path, line=finding.at.line, column=finding.at.column),
        seen=finding.seen,
        remedies=finding.remedies,
    )


def _merge(known: Mapping[str, JudgedFinding], new: JudgedFinding) -> JudgedFinding:
    """Join a finding that a check reports twice: all sightings, the higher severity."""
    old = known.get(new.fingerprint)
    if old is None:
        return new
    worse = max(old, new, key=lambda finding: finding.severity.rank)
    return structs.replace(worse, seen=tuple(dict.fromkeys((*old.seen, *new.seen))))


def _crash(check: AnyCheck, error: Exception) -> JudgedGap:
    return JudgedGap(
        what=f"check {check.id}",
        reason=Reason.CHECK_CRASHED,
        needs=f"a check that does not raise {type(error).__name__}: {str(error)[:200]}",
    )


def _crashed(gaps: Iterable[JudgedGap]) -> bool:
    return any(gap.reason is Reason.CHECK_CRASHED for gap in gaps)


def _judged(gap: Gap) -> JudgedGap:
    return JudgedGap(what=gap.what, reason=gap.reason, needs=gap.needs)


def _not_checked(check: AnyCheck, subject: str, why: str) -> Result:
    return _result(check, subject, Outcome.NOT_CHECKED, detail=why)


def _result(check: AnyCheck, subject: str, outcome: Outcome, detail: str = "") -> Result:
    return Result(
        check=check.id,
        title=check.title,
        subject=subject,
        outcome=outcome,
        detail=detail,
        references=check.references,
    )


def _by_severity(finding: JudgedFinding) -> tuple[int, str, str]:
    return -finding.severity.rank, finding.object, finding.fingerprint


def _in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    return tuple(sorted(results, key=lambda result: (result.check, result.subject)))
