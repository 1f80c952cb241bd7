"""`audit diff`: what changed between two policies, files of evidence or reports."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.cli.output import columns_of, paint_for, to_stdout
from auditor.diff.announcing import Side, policy_change
from auditor.diff.evidence import compare_evidence
from auditor.diff.formats import DIFF_FORMATS
from auditor.diff.sources import Source, source, working_tree
from auditor.diff.telling import Judged, Telling, tell_evidence, tell_policies, tell_reports
from auditor.discovery import scopes_by_id
from auditor.engine import AnyCheck, Case, judge_change
from auditor.errors import UsageError
from auditor.evidence import Evidence, Tool
from auditor.files import write_safely
from auditor.findings import Severity, Verdict, compare
from auditor.waivers import apply_waivers

A = {"policy": "a policy", "evidence": "evidence", "report": "a report"}


def diff(arguments: Namespace, checks: Sequence[AnyCheck]) -> Verdict:
    """Compare, write what came of it, and return it."""
    policy = Path(arguments.policy)
    base = source(arguments.base, policy)
    head = source(arguments.head, policy) if arguments.head else _now(base, policy)
    if base.kind != head.kind:
        kinds = f"{base.shown_as} is {A[base.kind]}, {head.shown_as} {A[head.kind]}"
        raise UsageError(f"give two of a kind: {kinds}")
    told = _told(arguments, checks, base, head)
    name, path = arguments.format
    if path:
        text = DIFF_FORMATS[name](told, colour=False)
        write_safely(Path(path), text.encode("utf-8", "backslashreplace"))
    else:
        colour = paint_for(sys.stdout)
        to_stdout(DIFF_FORMATS[name](told, colour=colour, width=columns_of(sys.stdout)))
    return told.verdict


def _now(base: Source, policy: Path) -> Source:
    if base.kind != "policy":
        raise UsageError(f"{base.shown_as} is {A[base.kind]}: name the one to compare it with")
    return working_tree(policy)


def _told(arguments: Namespace, checks: Sequence[AnyCheck], base: Source, head: Source) -> Telling:
    fail_on = Severity(arguments.fail_on)
    if base.kind == "policy":
        return _policies(arguments, checks, base, head)
    if arguments.told is not None:
        raise UsageError("--notice-changed and --notice-unchanged are for two policies")
    if base.kind == "evidence":
        found = compare_evidence(base.evidence(), head.evidence())
        return tell_evidence(found, base.shown_as, head.shown_as)
    comparison = compare(base.report(), head.report())
    return tell_reports(comparison, fail_on, base.shown_as, head.shown_as)


def _policies(
    arguments: Namespace, checks: Sequence[AnyCheck], base: Source, head: Source
) -> Telling:
    known = scopes_by_id(checks)
    before, after = base.policy(known), head.policy(known)
    change = policy_change(
        Side(policy=before, beside=base.beside),
        Side(policy=after, beside=head.beside),
        said=arguments.told,
    )
    as_of: date = arguments.as_of or datetime.now(UTC).date()
    nothing = Evidence(tool=Tool(name="diff", version="1"))
    case = Case(policy=after, evidence=nothing, as_of=as_of)
    # those of the older policy: nobody waives their own change in the same step
    results, _ = apply_waivers(before, judge_change(checks, case, change), as_of)
    judged = Judged(results=results, fail_on=Severity(arguments.fail_on))
    return tell_policies(change, judged, head.shown_as)
