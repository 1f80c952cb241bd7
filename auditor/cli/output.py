"""Where output goes: reports to files or standard output, everything else to standard error."""

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from auditor.errors import ReportError, UsageError
from auditor.files import write_safely
from auditor.findings import Report
from auditor.report import FORMATS, PAGES, Story
from auditor.report.safe import visible


def say(text: str) -> None:
    """Say something that is not the report."""
    sys.stderr.write(f"{visible(text, 2000)}\n")


def paint_for(stream: TextIO) -> bool:
    """Return whether to use colours: on a terminal, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns_of(stream: TextIO) -> int:
    """Return how wide to write: the terminal's width up to 120, and 100 elsewhere."""
    return min(shutil.get_terminal_size().columns, 120) if stream.isatty() else 100


def progress_for(arguments: Namespace) -> Callable[[str, float], None]:
    """Return what shows progress: one line on a terminal's standard error, or nothing."""
    if arguments.no_progress or not sys.stderr.isatty():
        return lambda _name, _done: None

    def show(name: str, done: float) -> None:
        end = "\r\x1b[K" if done >= 1 else ""
        sys.stderr.write(f"\r\x1b[Kreading {visible(name, 60)}  {done:4.0%}{end}")
        sys.stderr.flush()

    return show


def within_repository(path: Path) -> str:
    """Return a file's path from the root of the repository we stand in, "" for one outside.

    Where there is no repository, the root is the current folder.
    """
    here = Path.cwd().resolve()
    root = next((one for one in (here, *here.parents) if (one / ".git").exists()), here)
    whole = path.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else ""


def write_reports(
    formats: Sequence[tuple[str, str]],
    report: Report,
    *,
    policy_text: str,
    colour: bool,
    story: Story | None = None,
) -> None:
    """Write each format to its path, or the one without a path to standard output."""
    if sum(not path for _, path in formats) > 1:
        raise UsageError("only one format can go to standard output; write FORMAT=PATH")
    for name, path in formats:
        if story and name in PAGES:
            whole = PAGES[name](story)
            write_safely(Path(path), whole) if path else to_stdout(whole.decode())
        elif path:
            text = FORMATS[name](report, policy_text=policy_text, colour=False)
            write_safely(Path(path), text.encode("utf-8", "backslashreplace"))
        else:
            width = columns_of(sys.stdout)
            text = FORMATS[name](report, policy_text=policy_text, colour=colour, width=width)
            to_stdout(text)


def to_stdout(text: str) -> None:
    """Write to standard output; `ReportError` says why not."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ReportError(f"the report could not be written: {error.strerror}") from error
