"""The preview of this very commit is found, or it is said that there is none."""

from collections.abc import Callable

import pytest
from fake_github import Repository

from auditor.ci.github import GitHub
from auditor.ci.preview import NoPreviewError, wait_for_preview

PREVIEW = "https://deploy-preview-7--shelter.netlify.app"
VERCEL = "https://shelter-git-change.vercel.app"
Wait = Callable[..., str]


@pytest.fixture
def wait(github: GitHub) -> Wait:
    """Return what waits for the preview of `c1`, taking no time; `each` runs meanwhile."""

    def run(name: str = "", each: Callable[[], None] = lambda: None) -> str:
        passed = [0.0]

        def sleep(seconds: float) -> None:
            passed[0] += seconds
            each()

        return wait_for_preview(
            github, "c1", name=name, seconds=60, sleep=sleep, clock=lambda: passed[0]
        )

    return run


def test_netlify(repository: Repository, wait: Wait) -> None:
    """The target of its status; that of another commit, or of another check, is none."""
    repository.status("netlify/shelter/deploy-preview", "success", "https://old.example", sha="c0")
    repository.status("netlify/shelter/header", "success", "https://app.netlify.com/x")
    repository.status("netlify/shelter/deploy-preview", "success", PREVIEW)
    assert wait() == PREVIEW


def test_vercel(repository: Repository, wait: Wait) -> None:
    """The address of its deployment; production is no preview."""
    repository.deploy(
        "Production", "success", "https://shelter.example", production_environment=True
    )
    repository.deploy("Preview", "success", VERCEL)
    assert wait() == VERCEL


def test_it_is_waited_for(repository: Repository, wait: Wait) -> None:
    """What is begun is waited for."""
    repository.deploy("Preview", "", "")

    def finish() -> None:
        repository.deployments[0]["said"] = [{"state": "success", "environment_url": VERCEL}]

    assert wait(each=finish) == VERCEL


def test_several(repository: Repository, wait: Wait) -> None:
    """One has to be named; part of its name is enough."""
    repository.status("netlify/shelter/deploy-preview", "success", PREVIEW)
    repository.status("netlify/storybook/deploy-preview", "success", "https://book.netlify.app")
    with pytest.raises(NoPreviewError, match="several previews: shelter, storybook; name one"):
        wait()
    assert wait("Shel") == PREVIEW


@pytest.mark.parametrize(
    ("state", "url", "words"),
    [
        ("failure", "", "was not built: see Preview"),
        ("success", "http://plain.example", "within 60 seconds"),
        ("success", "javascript:alert(1)", "within 60 seconds"),
        ("success", "https://vercel.com/team/log", "within 60 seconds"),
        ("pending", "", r"within 60 seconds \(Preview: pending\)"),
        ("inactive", VERCEL, "nobody announced one"),
    ],
)
def test_there_is_none(
    repository: Repository, wait: Wait, state: str, url: str, words: str
) -> None:
    """Failed, not to be visited, never done, or replaced."""
    repository.deploy("Preview", state, url)
    with pytest.raises(NoPreviewError, match=words):
        wait()
