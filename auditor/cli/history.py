"""`--history` and `audit history`: a run is appended to a ledger, which is listed and checked."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from tabulate import tabulate

from auditor.cli.output import say, to_stdout
from auditor.errors import AuditError, ReportError
from auditor.history import (
    Ledger,
    Records,
    Run,
    append,
    read_ledger,
    roots_in,
    stamp,
    storage_at,
)
from auditor.report import Story
from auditor.report.safe import visible
from auditor.report.words import plural


def keep(place: str, story: Story) -> None:
    """Append a run, and say its seal: who keeps that elsewhere can tell if the end is cut off."""
    run = Run(report=story.report, policy=story.policy, seen=story.seen, records=_records(story))
    try:
        entry = append(storage_at(place), run)
    except AuditError as error:
        raise ReportError(f"--history {place}: {error}") from error
    say(f"history: entry {entry.number} of {place}, seal {entry.seal[:16]}")


def opened(place: str, roots: Sequence[Any] = ()) -> Ledger:
    """Read a ledger; `AuditError` where there is none. `roots` as for `read_ledger`."""
    ledger = read_ledger(storage_at(place), roots)
    if not ledger.pages and ledger.holds:
        raise AuditError(f"{place}: holds no run; `audit --history {place}`")
    return ledger


def history(arguments: Namespace) -> bool:
    """List a ledger and what is wrong with it; return whether all is as it was written."""
    place = arguments.place or arguments.history
    if arguments.timestamp:
        made = stamp(storage_at(place), arguments.timestamp)
        say(f"history: entry {made.number} was there at {made.at}, says {arguments.timestamp}")
    roots = roots_in(arguments.authority) if arguments.authority else ()
    ledger = opened(place, roots)
    to_stdout(_listed(ledger))
    for one in ledger.stamps:
        signed = "signed by the authority" if one.is_verified else "signature not looked at"
        sys.stdout.write(f"stamp  {one.number:06}.tsr: was there at {one.at}; {signed}\n")
    for fault in ledger.faults:
        mark = "BROKEN" if fault.breaks else "note"
        sys.stdout.write(f"{mark}  {visible(fault.file)}: {visible(fault.what)}\n")
    number = plural(len(ledger.pages), "run")
    if ledger.holds:
        seal = ledger.pages[-1].entry.seal if ledger.pages else ""
        sys.stdout.write(f"{number}; every byte is as it was written. Last seal: {seal}\n")
    else:
        sys.stdout.write(f"{number} can be relied on; the ledger was changed or is damaged\n")
    return ledger.holds


def _listed(ledger: Ledger) -> str:
    headers = ("run", "as of", "verdict", "findings", "waived", "gaps", "scope", "policy", "seal")
    rows = [
        (
            page.entry.number,
            page.entry.as_of.isoformat(),
            page.entry.verdict.value,
            page.report.counts.findings,
            page.report.counts.waived,
            page.report.counts.gaps,
            ",".join(map(visible, page.entry.scope)),
            page.entry.policy[:8],
            page.entry.seal[:16],
        )
        for page in ledger.pages
    ]
    return f"{tabulate(rows, headers, disable_numparse=True)}\n\n"


def _records(story: Story) -> tuple[Records, ...]:
    """Return how many records were too old on this day, for every period of a table."""
    from auditor.report.html.ages import promises

    return tuple(
        Records(
            subject=each.subject,
            table=each.table,
            activity=each.rule.activity,
            promise=each.words,
            rows=each.ages.rows if each.ages else None,
            late=each.overdue if each.ages else None,
            undated=each.ages.undated + each.ages.unreadable if each.ages else 0,
        )
        for each in promises(story)
    )
