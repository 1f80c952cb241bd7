import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import revisions as git
from auditor.diff.sources import source
from auditor.errors import CollectError, PolicyError, UsageError
from auditor.revisions import blob, commit_of

Compare = Callable[..., tuple[str, str]]
POLICY = """\
version: 1
controller: {name: Example}
notices: [{id: privacy, path: told/privacy.md}]
processing_activities: [{id: a, purpose: analytics}]
"""
WIDER = POLICY.replace("purpose: analytics", "purpose: marketing")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of a repository with a policy, its notice, and one commit."""
    folder = tmp_path / "privacy"
    (folder / "told").mkdir(parents=True)
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "told" / "privacy.md").write_text("We count visitors.\n")
    run(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    monkeypatch.chdir(folder)
    return folder


def run(folder: Path, *arguments: str) -> str:
    """Run git as somebody."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(  # noqa: S603 -- a test
        ["git", *who, *arguments],  # noqa: S607 -- whichever git there is
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def commit(folder: Path) -> None:
    """Commit all that is there."""
    run(folder, "add", "--all")
    run(folder, "commit", "--quiet", "--message=x")


def test_a_revision_against_the_working_tree(repository: Path, compare: Compare) -> None:
    """`audit diff HEAD` judges what is not committed yet; the notice counts as the policy does."""
    assert compare("HEAD")[0] == "pass"
    (repository / "policy.yaml").write_text(WIDER)
    assert compare("HEAD")[0] == "fail"
    (repository / "told" / "privacy.md").write_text("We count  visitors.\r\n")
    assert compare("HEAD")[0] == "fail"
    (repository / "told" / "privacy.md").write_text("We send you offers.\n")
    assert compare("HEAD")[0] == "pass"


def test_two_revisions(repository: Path, compare: Compare) -> None:
    """What lies in the working tree is not looked at."""
    (repository / "policy.yaml").write_text(WIDER)
    commit(repository)
    (repository / "told" / "privacy.md").write_text("Not committed.\n")
    verdict, text = compare("main~1", "HEAD")
    assert verdict == "fail"
    assert "main~1:policy.yaml -> HEAD:policy.yaml" in text
    assert compare("HEAD", "HEAD")[0] == "pass"


def test_another_policy_is_named(repository: Path, compare: Compare) -> None:
    """--policy says which file of a revision is meant, from wherever one stands."""
    (repository / "policy.yaml").write_text(WIDER)
    os.chdir(repository.parent)
    assert compare("HEAD", "--policy", "privacy/policy.yaml")[0] == "fail"
    with pytest.raises(UsageError, match="no such file; --policy"):
        compare("HEAD", "HEAD", "--policy", "privacy/other.yaml")


def test_a_notice_that_is_a_link_cannot_be_compared(repository: Path, compare: Compare) -> None:
    """A commit keeps only where a link leads: that it leads there still says nothing."""
    notice = repository / "told" / "privacy.md"
    notice.rename(repository / "real.md")
    notice.symlink_to("../real.md")
    (repository / "policy.yaml").write_text(WIDER)
    commit(repository)
    with pytest.raises(CollectError, match="a link in commit"):
        compare("HEAD~1", "HEAD")


def test_a_broken_policy_is_named_with_its_revision(repository: Path, compare: Compare) -> None:
    """Each problem says in which of the two it is."""
    (repository / "policy.yaml").write_text("version: 2\n")
    commit(repository)
    (repository / "policy.yaml").write_text(POLICY)
    with pytest.raises(PolicyError, match=r"HEAD:policy\.yaml:1:"):
        compare("HEAD")


@pytest.mark.parametrize(
    "name", ["--output=x", "-h", "a b", "a:b", "", "a\nb", "$(x)", "HEAD\x00", "x" * 300]
)
def test_what_is_no_name_never_reaches_git(
    name: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options, other people's syntax and control characters end here."""
    monkeypatch.setattr(git, "_git", lambda *_: pytest.fail("git was asked"))
    with pytest.raises(UsageError, match="neither a file nor the name"):
        commit_of(name, repository)


def test_revisions_that_are_not_there(repository: Path, tmp_path: Path) -> None:
    """It says what to do: fetch it first."""
    for name in ("nowhere", "HEAD~9", "HEAD^{tree}"):
        with pytest.raises(UsageError, match="fetch it first"):
            commit_of(name, repository)
    with pytest.raises(UsageError, match="no such folder"):
        commit_of("HEAD", tmp_path / "nowhere")


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files can be compared all the same."""
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(UsageError, match="git is not installed"):
        source("HEAD", Path("policy.yaml"))


def test_git_that_does_not_answer(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for a while, and no longer."""
    (repository / "git").write_text("#!/bin/sh\nexec sleep 20\n")
    (repository / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{repository}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "LONGEST_WAIT", 0.2)
    with pytest.raises(CollectError, match="did not answer"):
        commit_of("HEAD", repository)


def test_files_are_bounded(repository: Path) -> None:
    """What is larger than asked for is not read."""
    name = commit_of("HEAD", repository)
    assert blob(name, "policy.yaml", repository, 1000) == POLICY.encode()
    assert blob(name, "nowhere.yaml", repository, 1000) is None
    with pytest.raises(CollectError, match="larger than"):
        blob(name, "policy.yaml", repository, 10)
    with pytest.raises(CollectError, match="no file"):
        blob(name, "told", repository, 1000)


def test_a_repository_runs_nothing(repository: Path) -> None:
    """Filters, text converters, monitors and pagers of a hostile repository are not started."""
    trap = repository / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {repository / 'sprung'}\ncat\n")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("* filter=trap diff=trap\n")
    for key in ("filter.trap.smudge", "diff.trap.textconv", "core.fsmonitor", "core.pager"):
        run(repository, "config", key, str(trap))
    name = commit_of("HEAD", repository)
    assert blob(name, "policy.yaml", repository, 1000) == POLICY.encode()
    assert not (repository / "sprung").exists()


def test_no_line_can_be_hidden(tmp_path: Path) -> None:
    """By attributes, by lines that look like a header, by names that git quotes."""

    def do(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)  # noqa: S603, S607

    names = ["plain.html", "später.html", 'quoted "\\\t.html', "-- b.html"]
    do("init", "--quiet")
    for name in names:
        (tmp_path / name).write_text("one\n\ntwo\n")
    do("add", ".")
    do("commit", "--quiet", "--message=before")
    base = git.commit_of("HEAD", tmp_path)
    (tmp_path / ".gitattributes").write_text("*.html binary -diff\n")
    for name in names:
        text = "one\n++ b/elsewhere.html\n@@ -1 +9 @@\n\ntwo\n-- a\nlast"
        (tmp_path / name).write_text(text)
    assert git.added_lines(base, tmp_path) == {
        **dict.fromkeys(names, frozenset({2, 3, 6, 7})),
        ".gitattributes": None,
    }
