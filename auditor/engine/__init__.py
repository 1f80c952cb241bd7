"""Checks x policy x evidence -> results. Pure: no I/O, no clock, no network."""

from collections.abc import Iterable, Iterator, Sequence

from auditor.engine.case import SCOPES, Case, Selection
from auditor.engine.looked_at import Piece, Views, missing_evidence
from auditor.engine.trial import AnyCheck, error, not_checked, run_check
from auditor.evidence import Gap, PolicyChange, Reason, WaiverUse
from auditor.findings import Result
from auditor.policy import scope_of

UNSEEN = "promise-unobserved"
SOMEBODY_LOOKS = "Somebody looks at each promise"
WITHOUT_FORMER = "nothing to compare with: audit diff BASE"

__all__ = [
    "SCOPES",
    "AnyCheck",
    "Case",
    "Selection",
    "in_order",
    "judge",
    "judge_change",
    "judge_waivers",
    "run_check",
]


def judge(checks: Sequence[AnyCheck], case: Case) -> tuple[Result, ...]:
    """Run every check on every subject of its scope; waivers are applied afterwards.

    Checks that need `WaiverUse` are left to `judge_waivers`. Cost: one pass of each check over
    each piece of evidence.
    """
    views = Views(checks, case)
    results = [
        _judge_piece(check, case, piece)
        for check in checks
        if check.needs is not WaiverUse
        for piece in views.pieces(check)
    ]
    return in_order([*results, *_nobody_looks(checks, case)])


def judge_waivers(checks: Sequence[AnyCheck], case: Case, use: WaiverUse) -> tuple[Result, ...]:
    """Run the checks that ask what the waivers did."""
    piece = Piece(subject="policy", scope="policy", item=use)
    mine = [check for check in checks if check.needs is WaiverUse]
    return in_order(_judge_piece(check, case, piece) for check in mine)


def judge_change(
    checks: Sequence[AnyCheck], case: Case, change: PolicyChange
) -> tuple[Result, ...]:
    """Run the checks that hold a policy against what it said before (`audit diff`)."""
    piece = Piece(subject="policy", scope="policy", item=change)
    mine = [check for check in checks if check.needs is PolicyChange]
    return in_order(_judge_piece(check, case, piece) for check in mine)


def _judge_piece(check: AnyCheck, case: Case, piece: Piece) -> Result:
    if why := case.selection.why_not(check.id, piece.scope):
        return not_checked(check, piece.subject, why)
    if piece.item is None and check.needs is PolicyChange:
        return not_checked(check, piece.subject, WITHOUT_FORMER)
    if piece.item is None:
        gap = missing_evidence(piece.subject)
        return error(check.id, check.title, piece.subject, gap, check.references)
    return run_check(check, case.policy, piece.subject, piece.item)


def _nobody_looks(checks: Sequence[AnyCheck], case: Case) -> Iterator[Result]:
    """Yield an error for each declared subject at which no installed check looks.

    With or without the check of that name: a subject is not green for want of somebody to look.
    """
    title = next((check.title for check in checks if check.id == UNSEEN), SOMEBODY_LOOKS)
    scopes = {scope for check in checks for scope in check.scopes}
    for subject in case.policy.subjects():
        scope = scope_of(subject)
        if scope not in scopes and not case.selection.why_not(UNSEEN, scope):
            yield error(UNSEEN, title, subject, _nobody(subject, scope))


def _nobody(subject: str, scope: str) -> Gap:
    needs = f"a check for {scope}: none is installed"
    if scope != "policy":
        needs += ". Leave it out with --scope, and the report will say that it was left out"
    return Gap(what=subject, reason=Reason.NOBODY_LOOKS, needs=needs)


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return results as every report lists them."""
    return tuple(sorted(results, key=lambda result: (result.check, result.subject)))
