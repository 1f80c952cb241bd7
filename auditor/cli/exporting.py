"""`audit export`: chooses the format and the report, and says what is not in the file."""

import sys
from argparse import Namespace
from pathlib import Path

from tabulate import tabulate

from auditor.accept import read_report_about
from auditor.cli.output import say, to_stdout
from auditor.errors import UsageError
from auditor.export import Format, Wanted, formats
from auditor.files import write_safely
from auditor.findings import Report
from auditor.policy import Policy
from auditor.vocabulary import suggestion


def list_formats() -> None:
    """Print every format."""
    rows = [(one.name, one.what, ", ".join(one.languages)) for one in formats().values()]
    sys.stdout.write(f"{tabulate(rows, ('format', 'what it is', 'languages'))}\n")


def export(arguments: Namespace, policy: Policy, last: Path) -> None:
    """Write one format; `last` is where the last run's report is, if there was one."""
    chosen = _format(arguments.format)
    if arguments.language not in chosen.languages:
        message = f"{chosen.name} is written in {', '.join(chosen.languages)} only"
        raise UsageError(f"{message}; leave --language out")
    report = _report(arguments, chosen, policy, last)
    text = chosen.render(Wanted(policy=policy, report=report, language=arguments.language))
    if arguments.output:
        write_safely(Path(arguments.output), text.encode("utf-8", "backslashreplace"))
    else:
        to_stdout(text)
    if undecided := len(policy.origin.undecided):
        said = f"{policy.origin.path} has {undecided} TODO: what they leave open is not in it"
        say(f"note: {said} (`audit validate` lists them)")


def _format(name: str) -> Format:
    known = formats()
    if name not in known:
        end = suggestion(name, known, "`audit export` lists them")
        raise UsageError(f"no export is called {name!r}; {end}")
    return known[name]


def _report(arguments: Namespace, chosen: Format, policy: Policy, last: Path) -> Report | None:
    """Return the report to tell from: that given, else the last run's, None if there is none."""
    if not chosen.reads_report:
        if arguments.report:
            raise UsageError(f"{chosen.name} is written from the policy alone; leave --report out")
        return None
    if not arguments.report and not last.exists():
        say("note: no report of this policy is here, so it says everywhere: nobody looked")
        return None
    return read_report_about(policy, arguments.report, last)
