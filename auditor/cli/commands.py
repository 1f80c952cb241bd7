"""The commands: each fills in options, calls the rooms, and says what came of it."""

import hashlib
import os
import sys
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace
from tabulate import tabulate

from auditor import accept, vocabulary
from auditor.cli.github import keep_for_github
from auditor.cli.knowledge import consulted_for, update_data
from auditor.cli.looking import looking_from
from auditor.cli.output import paint_for, progress_for, say, within_repository, write_reports
from auditor.cli.queries import show_queries
from auditor.collect.site.planning import Looking
from auditor.discovery import discover, scopes_by_id
from auditor.durations import parse_duration
from auditor.engine import AnyCheck
from auditor.errors import ReportError, UsageError
from auditor.evidence import encode
from auditor.files import write_safely
from auditor.findings import Report, Severity, Verdict, compare
from auditor.knowledge.open_data import consulting
from auditor.policy import Policy, scope_of
from auditor.policy_file import load_policy
from auditor.policy_file.overrides import with_account_url, with_site_url, with_store_url
from auditor.report import Story
from auditor.report.explain import explain
from auditor.report.json import render_json
from auditor.report.pages import refuse_what_is_missing
from auditor.report.safe import visible
from auditor.run import (
    Options,
    Seen,
    look,
    own_date,
    report_on,
    scope_of_run,
    to_look_at,
)
from auditor.waivers import only_those_of

PASS, FAIL, INCOMPLETE = 0, 1, 3
CODE_OF = {Verdict.PASS: PASS, Verdict.FAIL: FAIL, Verdict.INCOMPLETE: INCOMPLETE}
FRESH = "P7D"


def run_command(arguments: Namespace) -> int:
    """Look and judge, as of today unless told."""
    with consulting(consulted_for(arguments)):
        return _run(arguments, looking_from(arguments))


def _run(arguments: Namespace, looking: Looking) -> int:
    checks = discover()
    policy = _with_waivers_of_base(arguments, _policy(arguments, checks), checks)
    former = _former(arguments)
    today = datetime.now(UTC).date()
    options = _options(arguments, as_of=arguments.as_of or today, max_age=FRESH)
    wanted = to_look_at(policy, checks, options)
    if getattr(arguments, "show_queries", False):
        return PASS if show_queries(policy, wanted.stores, looking) else INCOMPLETE
    seen = look(policy, arguments.evidence, progress_for(arguments), wanted, looking)
    report = _compared(report_on(policy, checks, seen, options), former)
    return _tell(arguments, _story(policy, checks, seen, report))


def check_command(arguments: Namespace) -> int:
    """Judge kept evidence, as of its own date unless told."""
    checks = discover()
    policy = _with_waivers_of_base(arguments, _policy(arguments, checks), checks)
    former = _former(arguments)
    seen = look(policy, arguments.files, progress_for(arguments))
    own = min(own_date(seen.evidence), datetime.now(UTC).date())
    options = _options(arguments, as_of=arguments.as_of or own, max_age="")
    report = _compared(report_on(policy, checks, seen, options), former)
    return _tell(arguments, _story(policy, checks, seen, report))


def collect_command(arguments: Namespace) -> int:
    """Look, keep what was seen, and say what could not be seen."""
    checks = discover()
    policy = _policy(arguments, checks)
    options = Options(
        scope=_scopes(arguments), only=tuple(arguments.only), skip=tuple(arguments.skip)
    )
    wanted = to_look_at(policy, checks, options)
    given, looking = arguments.evidence, looking_from(arguments)
    if arguments.show_queries:
        return PASS if show_queries(policy, wanted.stores, looking) else INCOMPLETE
    with consulting(consulted_for(arguments)):
        seen: Seen = look(policy, given, progress_for(arguments), wanted, looking)
    write_safely(Path(arguments.output), encode(seen.evidence))
    scopes = scope_of_run(policy, options)
    missing = {s for s in policy.subjects() if scope_of(s) in scopes}
    missing -= {item.subject for item in seen.evidence.items}
    gaps = [gap for item in seen.evidence.items for gap in item.gaps]
    for subject in sorted(missing):
        say(f"gap  {subject}: nothing was given to look at")
    for gap in gaps:
        say(f"gap  {gap.what}: {gap.reason.replace('_', ' ')}. Needs: {gap.needs}")
    return INCOMPLETE if gaps or missing else PASS


def validate_command(arguments: Namespace) -> int:
    """Say that the policy is well formed, or every problem with its place."""
    policy = _policy(arguments, discover())
    parts = [
        f"{len(policy.processors)} processors",
        f"{len(policy.processing_activities)} processing activities",
        f"{len(policy.device_storage)} device storage rows",
        f"{len(policy.claims)} claims",
    ]
    sys.stdout.write(f"{arguments.policy}: well formed ({', '.join(parts)})\n")
    for todo in policy.origin.undecided:
        place = f"{arguments.policy}:{todo.at.line}:{todo.at.column}"
        sys.stdout.write(f"{place}: {todo.where}: TODO, to be decided\n")
    return PASS


def terms_command(arguments: Namespace) -> int:
    """Print the words of policy.yaml that fit a word."""
    found = vocabulary.find_terms(arguments.word)
    if not found:
        raise UsageError(f"no term is like {arguments.word!r}; try a shorter or an English word")
    rows = [(term.key, name, term.description) for name, term in found]
    headers = ("write", "under", "meaning")
    widths = [None, None, 60]
    table = tabulate(rows, headers, disable_numparse=True, maxcolwidths=widths)
    sys.stdout.write(f"{table}\n")
    return PASS


def list_command(_arguments: Namespace) -> int:
    """Print every installed check."""
    rows = [(check.id, ", ".join(check.scopes), check.title) for check in discover()]
    table = tabulate(rows, ("check", "looks at", "what holds when it passes"))
    sys.stdout.write(f"{table}\n")
    return PASS


def explain_command(arguments: Namespace) -> int:
    """Print the page of one check."""
    checks = discover()
    check = next((check for check in checks if check.id == arguments.check), None)
    if check is None:
        end = vocabulary.suggestion(
            arguments.check, [check.id for check in checks], "`audit list` names all"
        )
        raise UsageError(f"no check is called {arguments.check!r}; {end}")
    sys.stdout.write(explain(check) + "\n")
    return PASS


def erasure_command(arguments: Namespace) -> int:
    """Say whether a person is gone from every store and account; the name is never kept."""
    from auditor.cli.erasure import erasure

    case = erasure(arguments, _policy(arguments, discover()))
    if not case.is_gone:
        return FAIL
    return PASS if case.is_whole else INCOMPLETE


def doctor_command(arguments: Namespace) -> int:
    """Print what was found and tried, and what to do about what is missing."""
    from auditor.doctor import examine

    if arguments.accounts:
        from auditor.cli.credentials import try_credentials

        return PASS if try_credentials(_policy(arguments, discover())) else INCOMPLETE
    rows = examine(os.environ.get("AUDIT_BROWSER", ""), os.environ.get("AUDIT_SANDBOX", ""))
    for row in rows:
        sys.stdout.write(f"{'ok' if row.ok else 'NO':4}{row.name:21}{visible(row.detail, 500)}\n")
        for line in row.todo.splitlines():
            sys.stdout.write(f"      {visible(line, 500)}\n")
    missing = sum(not row.ok for row in rows)
    end = f"{missing} of {len(rows)} are not in order" if missing else "audit can look at websites"
    sys.stdout.write(f"\n{end}\n")
    return INCOMPLETE if missing else PASS


def demo_command(arguments: Namespace) -> int:
    """Play the example's hosts; visit and judge them as `run` does, or leave that to people."""
    from auditor.cli.demonstration import demonstrate

    return demonstrate(arguments, _run)


def init_command(arguments: Namespace) -> int:
    """Draft policy.yaml, or add to it; or write a workflow."""
    if arguments.ci:
        from auditor.cli.workflow import write_workflow

        write_workflow(arguments)
        return PASS
    from auditor.cli.drafting import draft

    return PASS if draft(arguments) else INCOMPLETE


def inspect_command(arguments: Namespace) -> int:
    """Look at a site without a policy, keep what was seen, and sum it up."""
    from auditor.cli.inspection import inspect

    return PASS if inspect(arguments) else INCOMPLETE


def update_data_command(arguments: Namespace) -> int:
    """Download open data on services and lock them; only this command downloads any."""
    return PASS if update_data(arguments) else INCOMPLETE


def fleet_command(arguments: Namespace) -> int:
    """Audit many targets; the code is that of the worst."""
    from auditor.cli.fleet import fleet

    return CODE_OF[fleet(arguments)]


def diff_command(arguments: Namespace) -> int:
    """Say what changed between two policies, files of evidence or reports."""
    from auditor.cli.diff import diff

    return CODE_OF[diff(arguments, discover())]


def history_command(arguments: Namespace) -> int:
    """List a ledger and check it."""
    from auditor.cli.history import history

    return PASS if history(arguments) else FAIL


def quarterly_command(arguments: Namespace) -> int:
    """Write the report of a quarter; the code is that of its verdict."""
    from auditor.cli.quarterly import write_quarter

    return CODE_OF[write_quarter(arguments, scopes_by_id(discover()))]


def accept_command(arguments: Namespace) -> int:
    """Write declarations or waivers into policy.yaml."""
    from auditor.cli.accepting import accept_findings

    accept_findings(arguments, _last(Path(arguments.policy)), scopes_by_id(discover()))
    return PASS


def baseline_command(arguments: Namespace) -> int:
    """Write a waiver for all that the last run found."""
    from auditor.cli.accepting import write_baseline

    checks = discover()
    last = _last(Path(arguments.policy))
    write_baseline(arguments, _policy(arguments, checks), last, scopes_by_id(checks))
    return PASS


def export_command(arguments: Namespace) -> int:
    """Write what the policy can say for its authors, or list the formats."""
    from auditor.cli.exporting import export, list_formats

    if not arguments.format:
        list_formats()
        return PASS
    export(arguments, _policy(arguments, discover()), _last(Path(arguments.policy)))
    return PASS


def _policy(arguments: Namespace, checks: tuple[AnyCheck, ...]) -> Policy:
    load = getattr(arguments, "load", load_policy)
    policy: Policy = load(Path(arguments.policy), scopes_by_id(checks))
    for text in getattr(arguments, "site_url", []):
        policy = with_site_url(policy, text)
    for text in getattr(arguments, "store_url", []):
        policy = with_store_url(policy, text)
    for text in getattr(arguments, "account_url", []):
        policy = with_account_url(policy, text)
    return policy


def _with_waivers_of_base(
    arguments: Namespace, policy: Policy, checks: tuple[AnyCheck, ...]
) -> Policy:
    """Return the policy with those waivers alone that count, and say how many do not."""
    if not arguments.waivers_from:
        return policy
    from auditor.diff.sources import source

    base = source(arguments.waivers_from, Path(arguments.policy)).policy(scopes_by_id(checks))
    kept = only_those_of(base, policy)
    if missing := len(policy.waivers) - len(kept.waivers):
        new = f"{missing} of {len(policy.waivers)} waivers are new or changed since"
        say(f"note: {new} {arguments.waivers_from}: they do not count before they are merged")
    return kept


def _options(arguments: Namespace, *, as_of: date, max_age: str) -> Options:
    for name, path in arguments.format:
        refuse_what_is_missing(name, path)
    age = arguments.max_evidence_age or max_age
    try:
        if age:
            parse_duration(age)
    except ValueError as error:
        raise UsageError(f"--max-evidence-age: {error}") from error
    return Options(
        scope=_scopes(arguments),
        only=tuple(arguments.only),
        skip=tuple(arguments.skip),
        fail_on=Severity(arguments.fail_on),
        as_of=as_of,
        waivers=not arguments.no_waivers,
        waivers_from=arguments.waivers_from,
        max_age=age,
    )


def _scopes(arguments: Namespace) -> tuple[str, ...]:
    return tuple(filter(None, (arguments.scope or "").split(",")))


def _former(arguments: Namespace) -> Report | None:
    """Return the report to compare with, read before anything is looked at."""
    return accept.read_report(Path(arguments.compare)) if arguments.compare else None


def _compared(report: Report, former: Report | None) -> Report:
    return report if former is None else replace(report, comparison=compare(former, report))


def _story(policy: Policy, checks: tuple[AnyCheck, ...], seen: Seen, report: Report) -> Story:
    source = within_repository(Path(policy.origin.path))
    return Story(report=report, policy=policy, seen=seen.evidence, checks=checks, source=source)


def _tell(arguments: Namespace, story: Story) -> int:
    report = story.report
    write_reports(
        arguments.format or [("terminal", "")],
        report,
        policy_text=story.policy.origin.text,
        colour=paint_for(sys.stdout),
        story=story,
    )
    if any(name == "github" for name, _ in arguments.format):
        keep_for_github(story)
    if arguments.history:
        from auditor.cli.history import keep

        keep(arguments.history, story)
    _remember(Path(arguments.policy), report)
    return CODE_OF[report.verdict]


def _remember(policy: Path, report: Report) -> None:
    """Keep the report for `audit accept`; not being able to is no reason to fail."""
    try:
        path = _last(policy)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_safely(path, render_json(report).encode())
    except (OSError, ReportError):
        pass


def _last(policy: Path) -> Path:
    """Return where the last report about a policy is kept: in the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = hashlib.sha256(str(policy.resolve()).encode()).hexdigest()[:16]
    return Path(home) / "policy-auditor" / f"last-report-{name}.json"
