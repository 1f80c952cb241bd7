"""One check on one subject: hear what it says, and settle the outcome."""

from collections.abc import Iterable, Iterator, Mapping
from traceback import format_exception_only
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from auditor.check import Check
from auditor.errors import Position
from auditor.evidence import Gap, Reason, SiteEvidence, State
from auditor.findings import (
    Finding,
    JudgedFinding,
    JudgedGap,
    NotApplicable,
    Outcome,
    Place,
    Remark,
    Result,
    fingerprint,
    outcome_of,
)
from auditor.matching import is_told, missing_state
from auditor.policy import Policy, Undecided
from auditor.sighting import distinct

AnyCheck = Check[Any]
LONGEST_ERROR = 200  # characters
R = TypeVar("R", bound=Remark)


def run_check(check: AnyCheck, policy: Policy, subject: str, item: Any) -> Result:  # noqa: ANN401
    """Run one check on one subject and settle its outcome.

    A check that raises keeps what it had found, and is a gap: it never counts as having looked.
    A finding or a gap of its own outweighs `NotApplicable`, and that the gaps in the evidence.
    """
    said = _without_undecided(policy, _hear(check, policy, item))
    findings = _findings(check, policy, subject, _all(Finding, said))
    own = _all(Gap, said)
    absent = _all(NotApplicable, said)
    if absent and not findings and not own:
        return _result(check, subject, Outcome.NOT_APPLICABLE, absent[0].why)
    unseen = (gap for gap in (*item.gaps, *_unseen_states(check, item)) if check.misses(gap))
    gaps = tuple(dict.fromkeys(_judged(gap) for gap in (*unseen, *own)))
    restriction: str = getattr(item, "restriction", "")
    return structs.replace(
        _result(check, subject, outcome_of(findings, gaps), restriction),
        gaps=gaps,
        findings=findings,
    )


def not_checked(check: AnyCheck, subject: str, why: str) -> Result:
    """Return the result of a check that was left out, and why."""
    return _result(check, subject, Outcome.NOT_CHECKED, why)


def error(
    check_id: str, title: str, subject: str, gap: Gap, references: tuple[str, ...] = ()
) -> Result:
    """Return the result of a check that had nothing to look at, or of one that is not there."""
    return Result(
        check=check_id,
        title=title,
        subject=subject,
        outcome=Outcome.ERROR,
        references=references,
        gaps=(_judged(gap),),
    )


def _hear(check: AnyCheck, policy: Policy, item: Any) -> list[Remark]:  # noqa: ANN401
    """Return all that a check says before it ends; that it broke is the last of it."""
    said: list[Remark] = []
    try:
        for remark in check.find(policy, item):
            said.append(_well_formed(remark))  # noqa: PERF401 -- what came before a crash stays
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- a plug-in may raise anything
        said.append(_crash(check, error))
    return said


def _without_undecided(policy: Policy, said: list[Remark]) -> list[Remark]:
    """Turn a finding that rests on a `TODO` into the gap that it is: nobody has decided yet."""
    undecided = policy.undecided_keys()
    if not undecided:
        return said
    return [_or_undecided(undecided, remark) for remark in said]


def _or_undecided(undecided: Mapping[tuple[Position, str], Undecided], remark: Remark) -> Remark:
    if not isinstance(remark, Finding):
        return remark
    todo = next(
        (undecided[remark.at, k] for k in remark.keys if (remark.at, k) in undecided), None
    )
    if todo is None:
        return remark
    return Gap(what=todo.where, reason=Reason.UNDECIDED, needs=todo.needs)


def _well_formed(remark: Remark) -> Remark:
    """Return a remark with every value of its type; a plug-in may yield anything."""
    if not isinstance(remark, Finding | Gap | NotApplicable):
        raise TypeError(f"{type(remark).__name__} is no Finding, Gap or NotApplicable")
    return msgspec.json.decode(msgspec.json.encode(remark), type=type(remark))


def _crash(check: AnyCheck, error: BaseException) -> Gap:
    told = "".join(format_exception_only(error)).strip()
    return Gap(
        what=f"check {check.id}",
        reason=Reason.CHECK_CRASHED,
        needs=f"a check that does not raise {told[:LONGEST_ERROR]}",
    )


def _all(kind: type[R], said: Iterable[Remark]) -> list[R]:
    return [remark for remark in said if isinstance(remark, kind)]


def _unseen_states(check: AnyCheck, item: Any) -> Iterator[Gap]:  # noqa: ANN401
    """Yield the visitor states for which the check asks by name, and which nobody looked at."""
    if isinstance(item, SiteEvidence):
        for state in State:
            if state in check.in_states and state not in item.states:
                gap = missing_state(item.site, state)
                if not is_told(gap, item.gaps):
                    yield gap


def _findings(
    check: AnyCheck, policy: Policy, subject: str, found: Iterable[Finding]
) -> tuple[JudgedFinding, ...]:
    """Return findings by severity; those with one fingerprint are one, with all sightings."""
    alike: dict[str, list[Finding]] = {}
    for finding in found:
        name = fingerprint(check.id, subject, finding.object, finding.facet)
        alike.setdefault(name, []).append(finding)
    judged = (_judge(name, findings, policy) for name, findings in alike.items())
    return tuple(sorted(judged, key=_by_severity))


def _judge(name: str, findings: list[Finding], policy: Policy) -> JudgedFinding:
    worst = max(findings, key=lambda finding: finding.severity.rank)
    return JudgedFinding(
        fingerprint=name,
        object=worst.object,
        severity=worst.severity,
        message=worst.message,
        waived_by=None,
        policy=Place(path=policy.origin.path, line=worst.at.line, column=worst.at.column),
        seen=distinct(sighting for finding in findings for sighting in finding.seen),
        remedies=worst.remedies,
    )


def _judged(gap: Gap) -> JudgedGap:
    return JudgedGap(what=gap.what, reason=gap.reason, needs=gap.needs)


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
