"""One comment of ours, however often it is written."""

import pytest
from fake_github import Repository, comment

from auditor.ci.comment import LONGEST
from auditor.ci.comment import comment as tell
from auditor.ci.github import GitHub
from auditor.errors import AuditError, UsageError

MARKER = "<!-- privacy-audit policy.yaml -->"
FIRST, SECOND = f"{MARKER}\n\nfail  2 things\n", f"{MARKER}\n\npass\n"


def test_it_is_written_once_and_then_changed(repository: Repository, github: GitHub) -> None:
    """The same again writes nothing."""
    assert tell(github, 7, [FIRST, "", "more"]) == "written"
    assert repository.comments[0]["body"] == f"{FIRST.strip()}\n\nmore"
    repository.comments[0]["body"] = repository.comments[0]["body"].replace("\n", "\r\n")
    assert tell(github, 7, [FIRST, "more"]) == "unchanged"
    assert tell(github, 7, [SECOND]) == "changed"
    assert [one["body"] for one in repository.comments] == [SECOND.strip()]
    assert repository.written == ["POST", "PATCH"]


def test_ours_is_found_behind_many(repository: Repository, github: GitHub) -> None:
    """Also on the third page; somebody else's with our first line stays as it is."""
    repository.comments = [comment(FIRST, login="mallory", id=n) for n in range(230)]
    repository.comments.append(comment(FIRST, id=230))
    assert tell(github, 7, [SECOND]) == "changed"
    assert repository.comments[230]["body"] == SECOND.strip()
    assert {one["body"] for one in repository.comments[:230]} == {FIRST}


def test_a_fork_may_not(repository: Repository, github: GitHub) -> None:
    """That is said, and is no failure: the summary says the same."""
    repository.may_write = False
    assert tell(github, 7, [FIRST]) == (
        "not written: GitHub refuses POST /repos/o/r/issues/7/comments (403):"
        " which `permissions` has the job?"
    )


def test_it_is_not_too_long(repository: Repository, github: GitHub) -> None:
    """What is cut is said to be."""
    tell(github, 7, [FIRST, "x" * 2 * LONGEST])
    body = repository.comments[0]["body"]
    assert len(body) <= LONGEST
    assert body.rstrip().endswith("has all of it.")


def test_without_a_marker(github: GitHub) -> None:
    """It could not be found again."""
    with pytest.raises(UsageError, match="marker"):
        tell(github, 7, ["hello"])


def test_nobody_answers() -> None:
    """The message says whom it asked."""
    with pytest.raises(AuditError, match=r"127\.0\.0\.1:9 right"):
        tell(GitHub("o/r", "", "http://127.0.0.1:9"), 7, [FIRST])
