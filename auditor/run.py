"""One run, from policy.yaml and evidence to a `Report`: collect -> engine -> waivers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase

from msgspec import UNSET, Struct

from auditor.coverage import coverage_of
from auditor.engine import SCOPES, AnyCheck, Case, Selection, in_order, judge, judge_waivers
from auditor.errors import UsageError
from auditor.evidence import EverySite, Evidence, PolicyAndSites, SiteEvidence
from auditor.findings import (
    PolicyDigest,
    Report,
    Severity,
    ToolVersion,
    count,
    is_incomplete,
    verdict_of,
)
from auditor.gather import TOOL, Seen, Subjects, look
from auditor.knowledge.public_suffixes import list_version
from auditor.policy import Policy
from auditor.vocabulary import suggestion
from auditor.waivers import apply_waivers, attest

__all__ = [
    "TOOL",
    "Options",
    "Seen",
    "Subjects",
    "look",
    "own_date",
    "report_on",
    "scope_of_run",
    "to_look_at",
]


class Options(Struct, frozen=True, kw_only=True):
    """How to judge; `as_of` None is the evidence's own date, `scope` empty is all declared.

    `waivers_from`: the git revision whose waivers alone the policy still has, for the report.
    """

    scope: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: Severity = Severity.MEDIUM
    as_of: date | None = None
    waivers: bool = True
    waivers_from: str = ""
    max_age: str = ""


def to_look_at(policy: Policy, checks: Sequence[AnyCheck], options: Options) -> Subjects:
    """Return what somebody has to look at for the checks and scopes asked for."""
    _check_ids(checks, (*options.only, *options.skip))
    on_sites = [
        check for check in checks if check.needs in {SiteEvidence, EverySite, PolicyAndSites}
    ]

    def asked(scope: str, lookers: Sequence[AnyCheck] | None = None) -> bool:
        mine = [check for check in checks if scope in check.scopes]
        return _is_asked(policy, lookers or mine, options, scope)

    return Subjects(
        sites=policy.sites if asked("site", on_sites) else (),
        notices=policy.notices if asked("notice") else (),
        stores=policy.stores if asked("stores") else (),
        accounts=policy.accounts if asked("accounts") else (),
        code=policy.code if asked("code") else None,
        as_of=options.as_of,
    )


def _is_asked(policy: Policy, lookers: Sequence[AnyCheck], options: Options, scope: str) -> bool:
    """Return whether any of these checks is asked for, in this scope."""
    selection = _selection(policy, options)
    return any(not selection.why_not(check.id, scope) for check in lookers)


def _selection(policy: Policy, options: Options) -> Selection:
    scope = scope_of_run(policy, options)
    return Selection(scope=scope, only=options.only, skip=options.skip)


def report_on(policy: Policy, checks: Sequence[AnyCheck], seen: Seen, options: Options) -> Report:
    """Judge what was seen, apply waivers and attestations, and settle the verdict."""
    _check_ids(checks, (*options.only, *options.skip))
    as_of = options.as_of or own_date(seen.evidence)
    scope = scope_of_run(policy, options)
    case = Case(
        policy=policy,
        evidence=seen.evidence,
        as_of=as_of,
        selection=_selection(policy, options),
        max_age=options.max_age,
    )
    results = judge(checks, case)
    settled, use = apply_waivers(policy, results, as_of)
    if not options.waivers:
        settled = attest(policy, results, as_of)
    settled = in_order((*settled, *judge_waivers(checks, case, use)))
    return Report(
        verdict=verdict_of(settled, options.fail_on),
        incomplete=is_incomplete(settled),
        as_of=as_of.isoformat(),
        scope=scope,
        only=options.only,
        skip=options.skip,
        fail_on=options.fail_on,
        waivers_applied=options.waivers,
        waivers_from=options.waivers_from or UNSET,
        policy=PolicyDigest(path=policy.origin.path, sha256=policy.origin.sha256),
        tool=ToolVersion(name=TOOL.name, version=TOOL.version),
        evidence=seen.files,
        counts=count(settled, options.fail_on),
        results=settled,
        coverage=coverage_of(policy, seen.evidence, scope, settled),
        knowledge={"public_suffix_list": list_version(), **_knowledge(seen.evidence)},
    )


def _knowledge(seen: Evidence) -> dict[str, str]:
    """Return by which data it was said who is behind what was seen; all, where they differ."""
    said: dict[str, dict[str, None]] = {}
    for site in seen.sites:
        for name, digest in site.knowledge.items():
            said.setdefault(name, {})[digest] = None
    return {name: "; ".join(digests) for name, digests in sorted(said.items())}


def own_date(seen: Evidence) -> date:
    """Return the day of the newest evidence, UTC; today where there is none."""
    moments = [item.collected_at for item in seen.items]
    return max(moments, default=datetime.now(UTC)).astimezone(UTC).date()


def _check_ids(checks: Sequence[AnyCheck], wanted: Sequence[str]) -> None:
    """Refuse an id or glob that fits no installed check: it would quietly run nothing."""
    ids = [check.id for check in checks]
    for glob in wanted:
        if not any(fnmatchcase(check_id, glob) for check_id in ids):
            end = suggestion(glob, ids, "`audit list` names all")
            message = f"no installed check is called {glob}; {end}"
            raise UsageError(message)


def scope_of_run(policy: Policy, options: Options) -> tuple[str, ...]:
    """Return the scopes to look at, in the contract's order: those asked for, or all declared."""
    declared = policy.declared_scopes()
    asked = options.scope
    for scope in asked:
        if scope not in SCOPES:
            message = f"--scope {scope}: unknown; write some of {','.join(SCOPES)}"
            raise UsageError(message)
        if scope not in declared:
            message = f"--scope {scope}: {policy.origin.path} declares nothing there"
            raise UsageError(message)
    return tuple(scope for scope in SCOPES if scope in (asked or declared))
