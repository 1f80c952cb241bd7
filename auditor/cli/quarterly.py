"""`audit quarterly`: the compliance report of a quarter, from a ledger."""

from argparse import Namespace
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.cli.history import opened
from auditor.cli.output import say, to_stdout
from auditor.errors import UsageError
from auditor.files import write_safely
from auditor.findings import Verdict
from auditor.policy import Policy
from auditor.policy_file import read_policy
from auditor.quarterly import FORMS, period_of, quarter
from auditor.report.pages import refuse_what_is_missing
from auditor.report.words import plural

LARGEST_OPINION = 256 * 2**10  # bytes


def write_quarter(arguments: Namespace, known_checks: Collection[str]) -> Verdict:
    """Write every form that is asked for; Markdown to the standard output unless told."""
    wanted = arguments.format or [("markdown", "")]
    for name, path in wanted:
        refuse_what_is_missing(name, path)
    period = period_of(arguments.period)
    opinion = _opinion(arguments.opinion)
    ledger = opened(arguments.history)
    as_of: date = arguments.as_of or datetime.now(UTC).date()

    def read(text: str) -> Policy:
        return read_policy(text.encode(), "policy.yaml", Path(), known_checks)

    told = quarter(ledger, period, as_of, read)
    for name, path in wanted:
        data = FORMS[name](told, opinion)
        if path:
            write_safely(Path(path), data)
        else:
            to_stdout(data.decode("utf-8", "replace"))
    runs = plural(len(told.runs), "run")
    say(f"{told.period.label}: " + "; ".join([told.verdict, runs, *told.why]))
    return told.verdict


def _opinion(path: str | None) -> str:
    if not path:
        return ""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_OPINION + 1)
        if len(data) > LARGEST_OPINION:
            raise UsageError(f"--opinion {path}: larger than {LARGEST_OPINION // 1024} KiB")
        return data.decode("utf-8-sig").strip()
    except OSError as error:
        raise UsageError(f"--opinion {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--opinion {path}: is no text (UTF-8)") from error
