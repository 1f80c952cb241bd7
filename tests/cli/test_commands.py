"""What each command prints, by the real command."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.example import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]


def test_validate_says_what_is_there(audit: Audit) -> None:
    """A well-formed policy is summed up in one line."""
    assert audit("validate").stdout == snapshot(
        "policy.yaml: well formed (0 processors, 0 processing activities, 1 device storage rows,"
        " 0 claims)\n"
    )


def test_validate_lists_what_is_undecided(audit: Audit, folder: Path) -> None:
    """Each TODO is named with its place; a draft is well formed."""
    path = folder / "policy.yaml"
    path.write_text(path.read_text().replace("max_age: P1D", "max_age: TODO"))
    done = audit("--policy", "policy.yaml", "validate")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == snapshot(
        "policy.yaml:13:14: device_storage[0].max_age: TODO, to be decided"
    )


def test_terms_finds_the_word(audit: Audit) -> None:
    """Everyday words lead to the vocabulary's own, in other languages too."""
    assert "user.contact.email" in audit("terms", "courriel").stdout
    assert "user.contact.phone_number" in audit("terms", "phone").stdout


def test_list_names_every_check(audit: Audit) -> None:
    """The table has one row for each installed check."""
    from auditor_checks import CHECKS  # noqa: PLC0415 -- the pack under test

    lines = audit("list").stdout.splitlines()[2:]
    assert [line.split()[0] for line in lines] == sorted(check.id for check in CHECKS)


def test_explain_tells_what_to_do(audit: Audit) -> None:
    """The page of a check has its five parts."""
    page = audit("explain", "cookie-lifetime").stdout
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == snapshot(
        [
            "# cookie-lifetime",
            "## What to do when it fails",
            "## Why it matters",
            "## This passes",
            "## This does not",
        ]
    )


def test_the_command_may_be_left_out(audit: Audit, see: Callable[..., Path]) -> None:
    """`audit`, `audit run` and options before the command mean the same."""
    see(cookie("session", lifetime=60))
    options = ("--evidence", "evidence.json", "--as-of", "2026-01-15", "--format", "json")
    plain = audit(*options)
    assert json.loads(plain.stdout)["verdict"] == "pass"
    assert audit("run", *options).stdout == plain.stdout
    assert audit("--policy=policy.yaml", "--no-progress", "run", *options).stdout == plain.stdout


def test_run_judges_today_and_check_the_day_of_the_evidence(
    audit: Audit, see: Callable[..., Path]
) -> None:
    """Old evidence says nothing about today; `check` judges the day it was collected."""
    see(cookie("session", lifetime=60))
    today = audit("--evidence", "evidence.json", "--format", "json")
    assert today.returncode == 3
    assert '"evidence_too_old"' in today.stdout
    then = audit("check", "evidence.json", "--format", "json")
    assert then.returncode == 0
    assert json.loads(then.stdout)["as_of"] == "2026-01-15"


def test_several_formats_at_once(audit: Audit, see: Callable[..., Path], folder: Path) -> None:
    """One goes to standard output, the others to files; nothing else is on standard output."""
    see(cookie("other"))
    done = audit("check", "evidence.json", "--format", "terminal", "--format", "json=report.json")
    assert done.stdout.startswith("fail")
    assert json.loads((folder / "report.json").read_text())["verdict"] == "fail"
    assert done.stderr == ""


def test_same_input_same_bytes(audit: Audit, see: Callable[..., Path]) -> None:
    """Two runs on the same evidence, policy and day give the same report."""
    see(cookie("other"), cookie("session", lifetime=10**8))
    first, second = (audit("check", "evidence.json", "--format", "json").stdout for _ in range(2))
    assert first == second


def test_collect_and_check_come_to_what_run_does(
    audit: Audit, see: Callable[..., Path], folder: Path
) -> None:
    """Looking and judging are two steps with a file between them."""
    see(cookie("other"))
    kept = audit("collect", "-o", "kept.json", "--evidence", "evidence.json")
    assert kept.returncode == 0
    assert kept.stdout == ""
    assert (folder / "kept.json").exists()
    told = json.loads(audit("check", "kept.json", "--format", "json").stdout)
    once = json.loads(audit("check", "evidence.json", "--format", "json").stdout)
    assert told["results"] == once["results"]


def test_collect_says_what_is_missing(audit: Audit) -> None:
    """With gaps the evidence is kept and the exit code is 3."""
    done = audit("collect", "-o", "kept.json", "--offline")
    assert done.returncode == 3
    assert done.stderr == snapshot("gap  site:www: nothing was given to look at\n")


def test_accept_writes_what_the_last_run_found(audit: Audit, see: Callable[..., Path]) -> None:
    """The printed command works as it stands; afterwards the finding is waived until the date."""
    see(cookie("other"), cookie("session", lifetime=60))
    found = json.loads(audit("check", "evidence.json", "--format", "json").stdout)
    (fingerprint,) = (f["fingerprint"] for r in found["results"] for f in r["findings"])
    waive = ("--waive", "--justification", "moving", "--owner", "A", "--approved-by", "B")
    today = datetime.now(UTC).date()
    before, last, later = (f"{today + timedelta(days=days)}" for days in (59, 60, 61))
    done = audit("accept", fingerprint[:8], *waive, "--until", last)
    assert done.returncode == 0, done.stderr
    after = audit("check", "evidence.json", "--as-of", before)
    assert after.returncode == 0
    assert "1 waived" in after.stdout
    assert audit("check", "evidence.json", "--as-of", later).returncode == 1
    truth = audit("check", "evidence.json", "--as-of", before, "--no-waivers")
    assert truth.returncode == 1


@pytest.mark.parametrize("missing", ["--justification", "--owner", "--approved-by"])
def test_a_waiver_says_who_and_why(audit: Audit, see: Callable[..., Path], missing: str) -> None:
    """Without a reason or a name no waiver is written."""
    see(cookie("other"))
    audit("check", "evidence.json", "--format", "json=report.json")
    given = {"--justification": "x", "--owner": "y", "--approved-by": "z"}
    del given[missing]
    options = [part for pair in given.items() for part in pair]
    done = audit("accept", "00000000", "--report", "report.json", "--waive", *options)
    assert done.returncode == 2
    assert missing in done.stderr


def test_colours_only_on_a_terminal(audit: Audit, see: Callable[..., Path]) -> None:
    """Piped output holds no escape sequence."""
    see(cookie("other"))
    assert "\x1b" not in audit("check", "evidence.json").stdout
