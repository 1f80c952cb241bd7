"""`audit accept` and `audit baseline`: what they write into policy.yaml and say of it."""

from argparse import Namespace
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from auditor import accept
from auditor.baseline import OTHER_DAYS, URGENT_DAYS, baseline
from auditor.cli.output import say, to_stdout
from auditor.errors import UsageError
from auditor.policy import Policy
from auditor.policy_file import load_policy
from auditor.report.safe import visible
from auditor.report.words import plural


def accept_findings(arguments: Namespace, last: Path, known_checks: Collection[str]) -> None:
    """Write declarations or waivers for the findings that are named."""
    path = Path(arguments.policy)
    report = accept.read_report(Path(arguments.report) if arguments.report else last)
    terms = _terms(arguments, "--waive") if arguments.waive else None
    taken = {waiver.id for waiver in load_policy(path, known_checks).waivers}
    additions = []
    for text in arguments.fingerprints:
        result, finding = accept.find(report, text)
        if terms:
            name = accept.free_id(finding, taken)
            taken.add(name)
            additions.append(accept.waiver(result, finding, terms, name))
        else:
            additions.append(accept.declaration(finding))
    accept.add(path, additions, known_checks)
    for addition in additions:
        to_stdout(f"{path}: added to {addition.section}:\n{addition.entry}\n")
    if not terms:
        say("Now decide what says TODO, and tell people: the notice should name it too.")


def write_baseline(
    arguments: Namespace, policy: Policy, last: Path, known_checks: Collection[str]
) -> None:
    """Write a waiver for all that a report finds."""
    path = Path(arguments.policy)
    report = accept.read_report_about(policy, arguments.report, last)
    today = datetime.now(UTC).date()
    arguments.justification = arguments.justification or f"Known since the baseline of {today}"
    made = baseline(policy, report, _terms(arguments, "a baseline"))
    for name in made.unnamed:
        say(f"{visible(name)}: a waiver of it would cover nearly everything, so it stays open")
    if made.on_waivers:
        found = plural(made.on_waivers, "finding")
        say(f"{found} on waivers (expired, unused): take those out of {path}; nothing waives them")
    if not made.addition:
        what = "no other finding" if made.unnamed or made.on_waivers else "no finding"
        to_stdout(f"{path}: {what} is open; nothing was written\n")
    else:
        accept.add(path, [made.addition], known_checks)
        lasting = f"{made.urgent} for at most {URGENT_DAYS} days, the others for {OTHER_DAYS}"
        to_stdout(f"{path}: added {plural(made.waived, 'waiver')}, {lasting}\n")
        say("They document known infringements: they make them visible, not lawful.")
        say("Read them, shorten what can be mended sooner, and say in planned_fix how.")
    if made.below:
        say(f"{plural(made.below, 'finding')} below {report.fail_on} left as they are.")
    if made.gaps:
        say(f"{plural(made.gaps, 'gap')} stay open: a waiver never covers what nobody looked at.")


def _terms(arguments: Namespace, what: str) -> accept.WaiverTerms:
    for name in ("justification", "owner", "approved_by"):
        if not getattr(arguments, name):
            option = name.replace("_", "-")
            raise UsageError(f"{what} needs --{option}: a waiver says why, and who answers for it")
    return accept.WaiverTerms(
        justification=arguments.justification,
        owner=arguments.owner,
        approved_by=arguments.approved_by,
        planned_fix=arguments.planned_fix,
        created=datetime.now(UTC).date(),
        expires=arguments.until,
    )
