"""A baseline: today's findings as waivers with an end, which count only once they are merged."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.evidence import ValueShape
from auditor.example import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
Judge = Callable[..., list[tuple[str, str | None]]]
See = Callable[..., Path]
SIGNED = ("baseline", "--owner", "Kim", "--approved-by", "Board")


def days_on(days: int) -> str:
    """Return a day, so many from today on."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def waivers(folder: Path) -> list[dict[str, Any]]:
    """Return those of policy.yaml."""
    return list(yaml.safe_load((folder / "policy.yaml").read_text()).get("waivers", []))


@pytest.fixture
def judge(see: See, audit: Audit) -> Judge:
    """Return what judges two undeclared cookies as of today: each object, and who waives it."""
    see(cookie("id", domain="tracker.example"), cookie("theme", value=ValueShape(length=4)))

    def run(*options: str) -> list[tuple[str, str | None]]:
        given = ("--only", "cookie-undeclared", "--only", "waiver-*", "--as-of", days_on(0))
        done = audit("check", "evidence.json", *given, "--format", "json", *options)
        assert done.returncode in {0, 1}, done.stderr
        return [
            (finding["object"], finding["waived_by"])
            for result in json.loads(done.stdout)["results"]
            for finding in result["findings"]
        ]

    return run


def test_all_that_is_open_gets_an_end(folder: Path, audit: Audit, judge: Judge) -> None:
    """What weighs much ends after 90 days, the rest after 180; then it passes, and says why."""
    assert [waived for _, waived in judge()] == [None, None]
    done = audit(*SIGNED)
    assert (done.returncode, done.stdout) == (
        0,
        "policy.yaml: added 2 waivers, 1 for at most 90 days, the others for 180\n",
    )
    assert "visible, not lawful" in done.stderr
    made = waivers(folder)
    assert {one["object"]: one["expires"] for one in made} == {
        "cookie:id@tracker.example": days_on(90),
        "cookie:theme@example.org": days_on(180),
    }
    assert {(one["owner"], one["approved_by"], one["created"]) for one in made} == {
        ("Kim", "Board", days_on(0))
    }
    assert sorted(judge()) == sorted((one["object"], one["id"]) for one in made)


def test_what_a_waiver_cannot_name_stays_open(folder: Path, audit: Audit, see: See) -> None:
    """A cookie of which only `*` is kept would stand for all; the others are written."""
    see(cookie("*", domain="tracker.example"), cookie("theme"))
    audit("check", "evidence.json", "--as-of", days_on(0))
    done = audit(*SIGNED)
    assert done.returncode == 0, done.stderr
    assert "cookie:*@tracker.example: a waiver of it would cover nearly everything" in done.stderr
    assert [one["object"] for one in waivers(folder)] == ["cookie:theme@example.org"]


def test_findings_on_waivers_are_told(folder: Path, audit: Audit, see: See) -> None:
    """Nothing waives them, and it does not look as if there were none."""
    text = (folder / "policy.yaml").read_text()
    gone = dict.fromkeys(("justification", "owner", "approved_by"), "x")
    about = {"check": "cookie-undeclared", "subject": "site:www", "object": "cookie:abc"}
    over = {"id": "W", "created": "2020-01-01", "expires": "2020-02-01"}
    added = yaml.safe_dump({"waivers": [about | gone | over]})
    (folder / "policy.yaml").write_text(f"{text}\n{added}")
    see()
    audit("check", "evidence.json", "--as-of", days_on(0))
    done = audit(*SIGNED)
    assert "on waivers (expired, unused)" in done.stderr
    assert "no other finding is open" in done.stdout


def test_a_second_one_adds_nothing(folder: Path, audit: Audit, judge: Judge) -> None:
    """What is accepted already is not accepted twice; a report of before is refused."""
    judge()
    audit(*SIGNED)
    before = (folder / "policy.yaml").read_bytes()
    refused = audit(*SIGNED)
    assert (refused.returncode, "has changed since" in refused.stderr) == (2, True)
    judge()
    again = audit(*SIGNED)
    assert again.stdout == "policy.yaml: no finding is open; nothing was written\n"
    assert (folder / "policy.yaml").read_bytes() == before


def test_what_has_run_out_is_written_again(folder: Path, audit: Audit, judge: Judge) -> None:
    """An id is not used twice: both stay readable."""
    judge()
    audit(*SIGNED)
    path = folder / "policy.yaml"
    old = path.read_text().replace(days_on(0), "2024-01-01")
    path.write_text(old.replace(days_on(90), "2024-02-01").replace(days_on(180), "2024-02-01"))
    judge()
    done = audit(*SIGNED, "--until", days_on(7))
    assert done.returncode == 0, done.stderr
    ids = [one["id"] for one in waivers(folder)]
    assert ids[2:] == [f"{one}-2" for one in ids[:2]]
    assert {one["expires"] for one in waivers(folder)[2:]} == {days_on(7)}


@pytest.mark.parametrize("missing", ["--owner", "--approved-by"])
def test_somebody_answers_for_it(audit: Audit, judge: Judge, missing: str) -> None:
    """Without a name nothing is written."""
    judge()
    at = SIGNED.index(missing)
    done = audit(*SIGNED[:at], *SIGNED[at + 2 :])
    assert (done.returncode, missing in done.stderr) == (2, True)


def test_in_ci_those_of_the_base_count(folder: Path, audit: Audit, judge: Judge) -> None:
    """A change cannot accept what it does: new and altered waivers do not count."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=folder, check=True)  # noqa: S603, S607

    git("init", "--quiet", "--initial-branch=main")
    git("add", "policy.yaml")
    git("commit", "--quiet", "--message=before")
    judge()
    audit(*SIGNED)
    assert {waived for _, waived in judge("--waivers-from", "main")} == {None}
    git("commit", "--quiet", "--all", "--message=merged")
    counted = judge("--waivers-from", "main")
    assert [waived for _, waived in counted] == [one["id"] for one in waivers(folder)]

    path = folder / "policy.yaml"
    path.write_text("# moved down\n" + path.read_text().replace(days_on(90), days_on(200)))
    assert [waived for _, waived in judge("--waivers-from", "main")].count(None) == 1
    done = audit("check", "evidence.json", "--only", "cookie-*", "--waivers-from", "main")
    assert "1 of 2 waivers are new or changed since main" in done.stderr
    assert "only waivers of main count" in " ".join(done.stdout.split())
    done = audit("check", "evidence.json", "--waivers-from", "nowhere")
    assert (done.returncode, "nowhere" in done.stderr) == (2, True)
