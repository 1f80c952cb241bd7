"""The steps of action.yml, run in their order as a job of GitHub Actions runs them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
import yaml
from fake_github import Repository

ROOT = Path(__file__).parents[2]
BAKERY = ROOT / "examples" / "bakery"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
JUDGE, COMMENT, END = "Look and judge", "Comment on the pull request", "End with the verdict"
TOKEN = {"GITHUB_TOKEN": "t"}
RECORDINGS = "www:before=before.har\nwww:reject=reject.har\n\nwww:accept=accept.har\n"
ELSEWHERE = """\
version: 1
controller: {name: Bakery, email: privacy@bakery.example}
notices: [{id: privacy, url: "https://bakery.example/privacy"}]
code: {paths: [quiet.html]}
"""
RIGHT = "rights: {access: {email: privacy@bakery.example}}\n"
WIDER = """
  - id: mailer
    name: Mailer
    domains: [mailer.example]
    country: US
"""


class Step(NamedTuple):
    """What came of a step: its code, what it printed, its outputs, the summary."""

    code: int
    printed: str
    outputs: dict[str, str]
    summary: str


class Job:
    """A job in a repository; steps are told what `${{ … }}` would have been."""

    def __init__(self, folder: Path, temporary: Path, api: str) -> None:
        """Put this environment where the step Install would have made one."""
        self.folder, self.temporary = folder, temporary
        temporary.mkdir()
        (temporary / "privacy-audit").symlink_to(Path(sys.executable).parents[1])
        self.api = api

    def step(self, name: str, **given: str) -> Step:
        """Run a step with its declared environment, filled in with what is given."""
        step = STEPS[name]
        declared = set(step.get("env", ()))
        assert set(given) <= declared
        output, summary = self.temporary / "output", self.temporary / "summary"
        output.write_text("")
        summary.write_text("")
        environment = {
            **dict.fromkeys(declared, ""),
            **given,
            "PATH": os.environ["PATH"],
            "HOME": str(self.temporary),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_API_URL": self.api,
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_ACTIONS": "true",
        }
        done = subprocess.run(  # noqa: S603 -- our own steps
            ["/usr/bin/env", "bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        return Step(done.returncode, done.stdout, _outputs(output), summary.read_text())


def _outputs(file: Path) -> dict[str, str]:
    """Return what a step put out, in both forms that GitHub reads."""
    text, found = file.read_text(), {}
    for name, plain, end, long in re.findall(
        r"^([\w-]+)(?:=(.*)|<<(\S+)\n((?:.*\n)*?)\3)$", text, re.MULTILINE
    ):
        found[name] = long.rstrip("\n") if end else plain
    return found


def git(folder: Path, *words: str) -> None:
    """Do something in a repository."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True)  # noqa: S603, S607


@pytest.fixture
def job(tmp_path: Path, repository: Repository) -> Job:
    """Return a job on the bakery: its main branch is what `origin/main` is."""
    folder = tmp_path / "repository"
    shutil.copytree(BAKERY, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=before")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return Job(folder, tmp_path / "runner", repository.base)


def change(job: Job) -> None:
    """Add a processor that no notice names."""
    policy = job.folder / "policy.yaml"
    policy.write_text(policy.read_text().replace("\nprocessors:\n", f"\nprocessors:{WIDER}", 1))


def test_a_change_that_breaks_promises(job: Job, repository: Repository) -> None:
    """Annotations, summary, outputs, SARIF, a comment with the change of the policy; it fails."""
    change(job)
    asked = {
        "EVENT": "pull_request",
        "EVIDENCE": RECORDINGS,
        "FAIL_ON": "medium",
        "POLICY": "policy.yaml",
        "SCOPE": "site",
        "SINCE": "origin/main",
        "SITE": "www",
    }
    judged = job.step(JUDGE, **asked)
    assert judged.code == 0, judged.printed
    assert (judged.outputs["code"], judged.outputs["verdict"]) == ("1", "fail")
    assert "::error " in judged.printed
    assert judged.summary
    for name in ("sarif", "report"):
        assert Path(judged.outputs[name]).stat().st_size

    told = job.step(COMMENT, FOLDER=judged.outputs["folder"], NUMBER="7", **TOKEN)
    assert (told.code, told.printed) == (0, "comment: written\n")
    (body,) = [one["body"] for one in repository.comments]
    assert body.startswith("<!--")
    assert "crumb" in body.casefold()
    assert "mailer" in body.casefold()

    assert job.step(END, CODE=judged.outputs["code"], INCOMPLETE="allow").code == 1


def test_without_a_preview(job: Job) -> None:
    """The site is left unseen, which is incomplete, and green only if that is allowed."""
    asked = {
        "EVENT": "pull_request",
        "FAIL_ON": "medium",
        "POLICY": "policy.yaml",
        "PREVIEW": "none",
        "SCOPE": "site",
        "SITE": "www",
    }
    judged = job.step(JUDGE, **asked)
    assert (judged.code, judged.outputs["code"]) == (0, "3"), judged.printed
    assert "the site is left unseen" in judged.printed
    assert (judged.outputs["verdict"], judged.outputs["incomplete"]) == ("incomplete", "true")
    told = job.step(COMMENT, FOLDER=judged.outputs["folder"], NUMBER="7", **TOKEN)
    assert (told.code, told.printed) == (0, "comment: written\n")
    assert job.step(END, CODE="3", INCOMPLETE="fail").code == 3
    allowed = job.step(END, CODE="3", INCOMPLETE="allow")
    assert (allowed.code, "::warning" in allowed.printed) == (0, True)
    judged = job.step(JUDGE, **{**asked, "SCOPE": "site,notice"})
    assert judged.outputs["code"] in {"1", "3"}, judged.printed
    assert Path(judged.outputs["report"]).exists()


def test_a_change_of_which_nobody_knows_whether_people_are_told(job: Job) -> None:
    """A right is gone and the notice is elsewhere: nothing contradicts, and it is incomplete."""
    (job.folder / "quiet.html").write_text("<p>Bread")
    policy = job.folder / "policy.yaml"
    policy.write_text(ELSEWHERE + RIGHT)
    git(job.folder, "add", ".")
    git(job.folder, "commit", "--quiet", "--message=elsewhere")
    git(job.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    asked = {
        "EVENT": "pull_request",
        "FAIL_ON": "high",
        "POLICY": "policy.yaml",
        "SCOPE": "code",
        "SINCE": "origin/main",
    }
    policy.write_text(ELSEWHERE)
    assert job.step(JUDGE, **{**asked, "SINCE": ""}).outputs["code"] == "0"
    judged = job.step(JUDGE, **asked)
    assert judged.outputs["code"] == "3", judged.printed


def test_nobody_accepts_their_own_change(job: Job) -> None:
    """A base that was not fetched: nothing is judged; one without policy: no waiver counts."""
    asked = {
        "EVENT": "pull_request",
        "EVIDENCE": RECORDINGS,
        "FAIL_ON": "medium",
        "POLICY": "policy.yaml",
        "SCOPE": "site",
        "SINCE": "origin/nowhere",
        "SITE": "www",
    }
    judged = job.step(JUDGE, **asked)
    assert (judged.code, judged.outputs["code"]) == (0, "2")
    assert "fetch-depth" in judged.printed
    git(job.folder, "mv", "policy.yaml", "other.yaml")
    judged = job.step(JUDGE, **{**asked, "POLICY": "other.yaml", "SINCE": "origin/main"})
    assert "no waiver counts" in judged.printed
    assert judged.outputs["code"] == "1"


def test_a_change_is_not_yet_in_the_ledger(job: Job) -> None:
    """What a pull request shows is not what is deployed; a scheduled run is appended."""
    (job.folder / "quiet.html").write_text("<p>Bread")
    (job.folder / "policy.yaml").write_text(ELSEWHERE)
    asked = {"FAIL_ON": "high", "POLICY": "policy.yaml", "SCOPE": "code", "HISTORY": "kept"}
    for event, is_kept in (("pull_request", False), ("schedule", True)):
        judged = job.step(JUDGE, EVENT=event, **asked)
        assert judged.outputs["code"] == "0", judged.printed
        assert (job.folder / "kept").exists() is is_kept


def test_what_could_not_start_is_no_verdict(job: Job) -> None:
    """The job ends with the code that says so."""
    asked = {"EVENT": "push", "FAIL_ON": "medium", "POLICY": "nowhere.yaml", "SITE": "www"}
    judged = job.step(JUDGE, **asked)
    assert judged.outputs["code"] == "2", judged.printed
    assert job.step(END, CODE="2", INCOMPLETE="allow").code == 2
    assert job.step(END, CODE="", INCOMPLETE="allow").code == 4


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Return the addresses of a site as it is deployed, and of its preview with a cookie more."""
    servers = []
    for name, more in (("now", ""), ("preview", "<script>document.cookie='seen=1'</script>")):
        (tmp_path / name).mkdir()
        page = f'<!doctype html><title>x</title><link rel="icon" href="data:,">{more}<p>x'
        (tmp_path / name / "index.html").write_text(page)
        quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=tmp_path / name))
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
    first, second = (f"http://127.0.0.1:{server.server_port}/" for server in servers)
    yield first, second
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_preview_is_compared_with_what_is_deployed(job: Job, deployed: tuple[str, str]) -> None:
    """The comment says what the change brings: a cookie more."""
    now, preview = deployed
    policy = job.folder / "policy.yaml"
    policy.write_text(
        "version: 1\ncontroller: {name: X}\n"
        f"sites: [{{id: www, url: '{now}', consent: {{banner: none}}}}]\n"
    )
    judged = job.step(
        JUDGE,
        EVENT="pull_request",
        FAIL_ON="low",
        POLICY="policy.yaml",
        PREVIEW=preview,
        SCOPE="site",
        SITE="www",
    )
    assert judged.outputs["code"] == "1", judged.printed
    brought = (Path(judged.outputs["folder"]) / "site.md").read_text()
    assert "seen" in brought
