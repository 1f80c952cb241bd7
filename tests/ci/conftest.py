"""A repository of GitHub on this machine, and what asks it."""

from collections.abc import Iterator

import pytest
from fake_github import Repository

from auditor.ci.github import GitHub


@pytest.fixture
def repository() -> Iterator[Repository]:
    """Return one in which nothing is."""
    made = Repository()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def github(repository: Repository) -> GitHub:
    """Return what asks it."""
    return GitHub("o/r", "token", repository.base)
