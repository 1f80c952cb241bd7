"""`audit fleet`: many audits, told as one table."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from tabulate import tabulate

from auditor.cli.output import say, to_stdout
from auditor.findings import Verdict
from auditor.fleet import Done, Entry, Job, Results, read_targets, spread
from auditor.report.safe import visible

WIDEST = 60  # characters of a cell
_HANDED_ON = ("scope", "only", "skip", "fail_on", "as_of", "max_evidence_age", "resolve")
_SWITCHES = ("no_waivers", "accept_any_certificate", "offline")


def fleet(arguments: Namespace) -> Verdict:
    """Audit all targets that are not done yet, tell of each as it ends, and return the worst."""
    targets = read_targets(arguments.targets, arguments.list or "")
    handed_on = tuple(_handed_on(arguments))
    jobs = tuple(
        Job(target=target, arguments=handed_on, deadline=arguments.deadline * 60.0)
        for target in targets
    )
    results = Results(Path(arguments.output))
    results.only(jobs)
    due = [job for job in jobs if arguments.again or not results.knows(job)]
    if len(due) < len(jobs):
        say(f"{len(jobs) - len(due)} of {len(jobs)} were done today; --again does them anew")
    by_name = {job.target.name: job for job in due}
    for number, done in enumerate(_spread(arguments, due), start=1):
        entry = results.keep(by_name[done.target.name], done)
        if not arguments.no_progress:
            say(f"{number}/{len(due)}  {entry.name}: {entry.verdict}  {entry.seconds:g} s")
    to_stdout(_table(results.entries))
    say(f"kept in {arguments.output}: fleet.json, and a report.json for each")
    return _worst(results.entries)


def _spread(arguments: Namespace, due: Sequence[Job]) -> Iterator[Done]:
    return spread(due, workers=arguments.workers, scheduler=arguments.scheduler or "")


def _handed_on(arguments: Namespace) -> Iterator[str]:
    """Yield the options that are those of each audit."""
    for name in _HANDED_ON:
        given = getattr(arguments, name)
        values = given if isinstance(given, list) else [given]
        yield from (f"--{_option(name)}={value}" for value in values if value is not None)
    yield from (f"--{_option(name)}" for name in _SWITCHES if getattr(arguments, name))


def _option(name: str) -> str:
    return name.replace("_", "-")


def _table(entries: Sequence[Entry]) -> str:
    rows = [
        {
            "target": entry.name,
            "verdict": entry.verdict,
            "findings": "" if entry.why else str(entry.findings),
            "gaps": "" if entry.why else str(entry.gaps),
            "seconds": f"{entry.seconds:g}",
            "no report, because": _why(entry),
        }
        for entry in entries
    ]
    if not any(entry.why for entry in entries):
        for row in rows:
            row.pop("no report, because")
    return tabulate(rows, headers="keys", disable_numparse=True) + "\n"


def _why(entry: Entry) -> str:
    first = entry.why.partition("\n")[0]
    return visible(first.replace(entry.target, "policy.yaml"), WIDEST)


def _worst(entries: Sequence[Entry]) -> Verdict:
    found = {entry.verdict for entry in entries}
    order = (Verdict.FAIL, Verdict.INCOMPLETE, Verdict.PASS)
    return next(verdict for verdict in order if verdict in found)
