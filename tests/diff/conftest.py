"""The command as people type it, in this process."""

import os
from collections.abc import Callable

import pytest

from auditor.cli.arguments import parse
from auditor.cli.diff import diff
from auditor.discovery import discover

Compare = Callable[..., tuple[str, str]]


@pytest.fixture
def compare(capfd: pytest.CaptureFixture[str]) -> Compare:
    """Return what runs `audit diff`, and returns the verdict and what is printed."""

    def run(*arguments: object) -> tuple[str, str]:
        verdict = diff(parse(["diff", *map(os.fspath, arguments)]), discover())  # type: ignore[arg-type]
        return verdict.value, capfd.readouterr().out

    return run
