"""What a job on GitHub keeps beside its log: a summary and outputs, in files that it names."""

import os
import secrets
from pathlib import Path

from auditor.cli.output import say
from auditor.errors import ReportError
from auditor.report import Story
from auditor.report.github import LARGEST_SUMMARY, outputs, outputs_file, summary


def keep_for_github(story: Story) -> None:
    """Append the summary and the outputs; elsewhere than on GitHub there are no such files.

    A summary that is too large is thrown away there without a failure: so it is cut here.
    """
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        text = summary(story, room := LARGEST_SUMMARY - _size(Path(path)))
        if len(text.encode()) <= room:
            _append(Path(path), text)
        else:
            say("the job's summary is full: this report is not in it")
    if path := os.environ.get("GITHUB_OUTPUT"):
        values = outputs_file(outputs(story), lambda: f"end-{secrets.token_hex(16)}")
        _append(Path(path), values)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append(path: Path, text: str) -> None:
    try:
        with path.open("ab") as file:
            file.write(text.encode())
    except OSError as error:
        raise ReportError(f"{path.name}: could not be written: {error.strerror}") from error
