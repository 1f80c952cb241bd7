"""The example of systems at processors: its stack starts, and the audit tells what is planted."""

import json
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from inline_snapshot import snapshot

ROOT = Path(__file__).parent.parent
SHELTER = ROOT / "examples" / "shelter"
Json = dict[str, Any]  # whatever the report holds
COMMAND = [sys.executable, str(SHELTER / "stack.py")]


class Told(NamedTuple):
    """What a run told: as text, as the report, as the record of the search."""

    text: str
    results: list[Json]
    erasure: list[Json]


def environment(folder: Path) -> dict[str, str]:
    """Return one in which Node.js is not found: what comes by pip has to be enough."""
    return {"PATH": "", "TMPDIR": str(folder), "HOME": str(folder), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return what the stack tells of itself; at its end nothing is left where it wrote."""
    pytest.importorskip("localstripe", reason="localstripe is not installed")
    pytest.importorskip("gcp_storage_emulator", reason="gcp-storage-emulator is not installed")
    folder, kept = tmp_path_factory.mktemp("shelter"), tmp_path_factory.mktemp("kept")
    done = subprocess.run(  # noqa: S603 -- our own command
        [*COMMAND, "--run", "--keep", str(kept)],
        env=environment(folder),
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert not list(folder.iterdir())
    report = json.loads((kept / "report.json").read_text())
    record = json.loads((kept / "erasure.json").read_text())
    return Told(done.stdout, report["results"], record["places"])


def test_what_is_planted_is_found(told: Told) -> None:
    """Each fault that examples/shelter/README.md lists is a finding, and nothing else is."""
    found = [
        (finding["severity"], result["check"], result["subject"], finding["object"])
        for result in told.results
        for finding in result["findings"]
    ]
    assert found == snapshot(
        [
            ("medium", "credential-privilege", "account:payments", "credential:payments"),
            ("high", "erasure-orphan", "account:payments", "table:customers"),
            ("high", "field-undeclared", "account:payments", "field:customers.phone"),
            ("high", "processor-category", "account:files", "field:objects.metadata.uploaded_by"),
            ("high", "processor-category", "account:payments", "field:customers.phone"),
            ("high", "processor-data-overdue", "account:files", "table:objects"),
            ("high", "processor-data-overdue", "account:payments", "table:customers"),
            ("low", "processor-retention-setting", "account:files", "setting:softDeletePolicy"),
            ("high", "retention-overdue", "store:app", "table:users"),
            ("high", "table-undeclared", "store:app", "table:newsletter_2023"),
        ]
    )


def test_whoever_is_left_over_is_counted(told: Told) -> None:
    """By keyed hashes, from Stripe to our own database: one of five, and nobody's name."""
    (finding,) = (
        finding
        for result in told.results
        if result["check"] == "erasure-orphan"
        for finding in result["findings"]
    )
    assert finding["message"].startswith("1 of 5 people in customers are not in store:app/users")


def test_what_stays_open_is_said(told: Told) -> None:
    """Without the emulator of Firebase nobody asks Firebase; localstripe has no sessions."""
    gaps = {
        (result["subject"], gap["what"], gap["needs"])
        for result in told.results
        for gap in result["gaps"]
    }
    needs = "an answer of Stripe, which said 404"
    assert ("account:payments", "checkout sessions", needs) in gaps
    assert ("account:people", "account:people", "a run without --offline") in gaps
    assert "Nobody answers for `people`" in told.text


def test_the_canary_is_where_it_was_put(told: Told) -> None:
    """Present in three systems, not checkable in those that could not be asked."""
    places = {(one["subject"], one.get("place", "")): one["outcome"] for one in told.erasure}
    assert places == snapshot(
        {
            ("store:app", "newsletter_2023"): "not_checkable",
            ("store:app", "users"): "present",
            ("account:payments", "customers"): "present",
            ("account:payments", "charges"): "gone",
            ("account:payments", "payment intents"): "gone",
            ("account:payments", "invoices"): "gone",
            ("account:payments", "subscriptions"): "gone",
            ("account:payments", ""): "not_checkable",
            ("account:files", "objects"): "present",
            ("account:files", "old versions"): "backup_until",
            ("account:people", ""): "not_checkable",
        }
    )


def test_nobody_of_it_is_named(told: Told) -> None:
    """Results say how many and where; the people are in the systems only."""
    text = told.text + json.dumps(told.results) + json.dumps(told.erasure)
    assert not re.search(r"@shelter\.example|Okafor|Lind|Weiss|Adler|901820", text)


def test_it_waits_and_ends(tmp_path: Path) -> None:
    """Without `--run` it prints commands that work, and leaves nothing and nobody behind."""
    with subprocess.Popen(  # noqa: S603 -- our own command
        COMMAND, env=environment(tmp_path), text=True, stdout=subprocess.PIPE
    ) as stack:
        assert stack.stdout
        lines = []
        for line in stack.stdout:
            lines.append(line.strip())
            if line.startswith("Ctrl-C"):
                break
        (audit,) = (line for line in lines if line.startswith("audit "))
        (place,) = (line for line in lines if line.startswith("cd "))
        (words,) = (line for line in lines if line.startswith("export "))
        secrets = dict(pair.split("=", 1) for pair in shlex.split(words)[1:])
        done = subprocess.run(  # noqa: S603 -- what it says
            [sys.executable, "-m", "auditor", *shlex.split(audit)[1:], "--only", "erasure-orphan"],
            cwd=shlex.split(place)[1],
            env={**environment(tmp_path), **secrets},
            text=True,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, "erasure-orphan" in done.stdout) == (1, True)
        stack.send_signal(signal.SIGINT)
        assert stack.wait(30) == 0
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("shelter-")] == []
