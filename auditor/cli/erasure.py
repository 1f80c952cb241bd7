"""`audit erasure`: who is looked for comes from standard input, and goes nowhere else."""

import os
import sys
from argparse import Namespace
from pathlib import Path

import msgspec
from tabulate import tabulate

from auditor.cli.output import say
from auditor.collect.finding import PersonLooking
from auditor.collect.people import KINDS
from auditor.erasure import Case, Place, examine, read_person
from auditor.files import write_safely
from auditor.policy import Policy
from auditor.report.safe import visible

LONGEST = 100_000  # characters of standard input
WORDS = {
    "gone": "gone",
    "present": "PRESENT",
    "kept": "kept",
    "backup_until": "backup until",
    "not_checkable": "not checkable",
}


def erasure(arguments: Namespace, policy: Policy) -> Case:
    """Look for a person, print what came of it, and write the record if a file is named."""
    if sys.stdin.isatty():
        words = ", ".join(f"{kind}=..." for kind in KINDS)
        say(f"Who is looked for? Lines of {words}; end with Ctrl-D")
    wanted = read_person(sys.stdin.read(LONGEST))
    looking = PersonLooking(
        folder=str(Path(arguments.policy).parent),
        secrets=os.environ,
        as_of=arguments.as_of,
        is_offline=arguments.offline,
    )
    case = examine(arguments.case, policy, wanted, looking)
    rows = [(place.subject, visible(place.place, 60), *_came_of(place)) for place in case.places]
    table = tabulate(rows, ("where", "table", "outcome", ""), disable_numparse=True)
    sys.stdout.write(f"{table}\n\n")
    for one in case.recipients:
        if one.told == "to_be_told":
            sys.stdout.write(f"to be told (Art. 19): {visible(one.name, 100)}\n")
    sys.stdout.write(f"{_verdict(case)}\n")
    if arguments.record:
        encoded = msgspec.json.format(msgspec.json.encode(case, order="deterministic"))
        write_safely(Path(arguments.record), encoded + b"\n")
    return case


def _came_of(place: Place) -> tuple[str, str]:
    word = WORDS[place.outcome]
    if place.outcome in {"present", "kept"}:
        number = f"{'at least ' if place.at_least else ''}{place.records:,} records"
        return word, f"{number}{f': {place.ground}' if place.ground else ''}"
    if place.outcome == "backup_until":
        return f"{word} {place.until}", "deleted, and can be had back until then"
    return word, f"needs {visible(place.needs, 200)}" if place.needs else ""


def _verdict(case: Case) -> str:
    if not case.is_gone:
        return f"{case.case}: not gone"
    return f"{case.case}: gone" if case.is_whole else f"{case.case}: not every place was looked at"
