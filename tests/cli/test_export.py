"""`audit export`, by the real command: where it writes, which report it tells from."""

# ruff: noqa: E501 -- whole lines of what is written

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.example import cookie
from auditor.export import FORMATS

Audit = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
ACTIVITY = "processing_activities: [{id: a, purpose: essential.service}]\n"


@pytest.fixture
def policy(folder: Path) -> Path:
    """Return the policy of the folder, with an activity in it."""
    path = folder / "policy.yaml"
    path.write_text(f"{path.read_text()}{ACTIVITY}")
    return path


def test_without_a_format_it_lists_them(audit: Audit) -> None:
    """Also where there is no policy."""
    done = audit("--policy", "nowhere.yaml", "export")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()[2:]] == [*FORMATS]


def test_an_unknown_format_is_refused(audit: Audit) -> None:
    """The error names the one that was meant."""
    done = audit("export", "cookietable")
    assert done.returncode == 2
    assert "did you mean cookie-table?" in done.stderr


def test_to_a_file_or_to_standard_output(audit: Audit, folder: Path) -> None:
    """The same bytes; nothing is said about it."""
    shown = audit("export", "cookie-table")
    written = audit("export", "cookie-table", "-o", "cookies.md")
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    assert (folder / "cookies.md").read_text() == shown.stdout


def test_in_another_language(audit: Audit) -> None:
    """The fragments are written in five, the others are not."""
    assert "Sign in" in audit("export", "cookie-table").stdout
    assert "Connexion" in audit("export", "cookie-table", "--language", "fr").stdout
    done = audit("export", "ropa-csv", "--language", "fr")
    assert done.returncode == 2
    assert "ropa-csv is written in en only; leave --language out" in done.stderr


def test_without_a_report(audit: Audit, policy: Path) -> None:  # noqa: ARG001 -- written there
    """The record says that nobody looked, and so does standard error."""
    done = audit("export", "ropa-csv")
    assert done.returncode == 0
    assert done.stderr == snapshot(
        "note: no report of this policy is here, so it says everywhere: nobody looked\n"
    )
    assert "nobody looked (no report)" in done.stdout
    assert "verified" not in done.stdout


def test_the_last_report_is_taken(
    audit: Audit,
    see: Callable[..., Path],
    policy: Path,  # noqa: ARG001 -- written there
) -> None:
    """That which `audit` keeps; one that is given comes first."""
    see(cookie("session", lifetime=60))
    audit("check", "evidence.json", "--format", "json=report.json", "--as-of", "2026-01-15")
    last = audit("export", "ropa-csv")
    assert "declared only" in last.stdout
    assert ",2026-01-15," in last.stdout
    assert last.stderr == ""
    assert audit("export", "ropa-csv", "--report", "report.json").stdout == last.stdout


def test_a_report_of_another_policy_is_refused(
    audit: Audit, see: Callable[..., Path], policy: Path
) -> None:
    """What was found of one promise says nothing of another; nothing is written."""
    see(cookie("session", lifetime=60))
    audit("check", "evidence.json", "--format", "json=report.json")
    policy.write_text(f"{policy.read_text()}# changed\n")
    given = audit("export", "ropa-csv", "--report", "report.json", "-o", "ropa.csv")
    assert given.returncode == 2
    assert "report.json is about another policy.yaml: that has changed since" in given.stderr
    assert "run `audit` again" in given.stderr
    assert not (policy.parent / "ropa.csv").exists()
    assert "the last run's report is about another" in audit("export", "ropa-html").stderr


def test_a_report_means_nothing_to_a_fragment(audit: Audit) -> None:
    """Rather than being ignored, it is refused."""
    done = audit("export", "processors", "--report", "report.json")
    assert done.returncode == 2
    assert "is written from the policy alone" in done.stderr


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', "\x00", "[" * 5000])
def test_a_broken_report(audit: Audit, folder: Path, text: str) -> None:
    """An error says which file, and there is no traceback."""
    (folder / "report.json").write_text(text)
    done = audit("export", "ropa-csv", "--report", "report.json")
    assert done.returncode == 2
    assert "report.json: not a report of this tool" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_policy_of_this_repository(audit: Audit) -> None:
    """What is not decided shows in each line, and is counted."""
    done = audit("--policy", str(ROOT / "policy.yaml"), "export", "processors")
    lines = done.stdout.splitlines()
    assert lines[2:] == snapshot(
        [
            "| Recipient | Role | What it is for | Data | Where |",
            "| --- | --- | --- | --- | --- |",
            "| Airtable | on our instructions | Run the service | Contact details | TODO (not decided yet) |",
            "| e-mail: TODO (not decided yet) | TODO (not decided yet) | Run the service | Contact details | TODO (not decided yet) |",
            "| Firebase | on our instructions | Improve the service, Run the service | Contact details | TODO (not decided yet) |",
            "| GitHub | TODO (not decided yet) | Run the service | Contact details | TODO (not decided yet) |",
            "| Google Analytics (Firebase) | on our instructions | Improve the service | Contact details | TODO (not decided yet) |",
            "| Google Meet | on our instructions | Run the service | Contact details | TODO (not decided yet) |",
            "| Netlify | on our instructions | Run the service | Contact details | TODO (not decided yet) |",
            "| Slack | on our instructions | Run the service | Contact details | TODO (not decided yet) |",
            "| Stripe | on our instructions | Run the service | Contact details | TODO (not decided yet) |",
        ]
    )
    assert "41 TODO" in lines[0]
    assert "has 41 TODO: what they leave open is not in it" in done.stderr


def test_the_record_of_this_repository(audit: Audit) -> None:
    """Four activities, nothing verified: nobody looked."""
    done = audit("--policy", str(ROOT / "policy.yaml"), "export", "ropa-csv")
    rows = list(csv.DictReader(done.stdout.removeprefix("\ufeff").splitlines()))
    assert [row["Activity"] for row in rows] == ["running", "improving", "support", "marketing"]
    told = {head: text for head, text in rows[3].items() if text and head != "Policy SHA-256"}
    assert told == snapshot(
        {
            "Activity": "marketing",
            "Data of this period": "all",
            "Controller (Art. 30(1)(a))": "Reach4Help, privacy@reach4help.org; country: TODO (not decided yet)",
            "Controller: known": "nobody looked (no report)",
            "Purpose (Art. 30(1)(b))": "Promotional messages; to send marketing messages (but only if you tell us to)",
            "Purpose: known": "nobody looked (no report)",
            "People (Art. 30(1)(c))": "TODO (not decided yet)",
            "People: known": "not declared",
            "Data (Art. 30(1)(c))": "Contact details",
            "Data: known": "nobody looked (no report)",
            "Recipients (Art. 30(1)(d))": "TODO (not decided yet)",
            "Recipients: known": "not declared",
            "Transfers: known": "not declared",
            "Erasure (Art. 30(1)(f))": "12 months from last used, then delete",
            "Erasure: known": "nobody looked (no report)",
            "Security (Art. 30(1)(g))": "physical, electronic, and managerial procedures to safeguard and secure the information we collect",
            "Security: known": "nobody looked (no report)",
            "Is the period kept? (Art. 5(1)(e))": "not known",
            "Is the period kept?: known": "nobody looked (no report)",
            "Legal basis (Art. 6, 9)": "Consent",
            "Legal basis: known": "nobody looked (no report)",
            "Legitimate interest: known": "not declared",
            "Source (Art. 14(2)(f))": "from people themselves",
            "Source: known": "nobody looked (no report)",
            "Contracts: known": "not declared",
            "Where it is kept (guidance)": "account airtable: Airtable",
            "Where it is kept: known": "nobody looked (no report)",
            "Rights (Art. 15-22)": "See the data: privacy@reach4help.org; Delete the data: privacy@reach4help.org; Take the data along: privacy@reach4help.org; No more promotion: privacy@reach4help.org; Complain: privacy@reach4help.org",
            "Rights: known": "nobody looked (no report)",
            "Automated decisions: known": "not declared",
            "Last review: known": "not declared",
            "Audited as of": "not audited",
        }
    )
    assert "verified" not in done.stdout
