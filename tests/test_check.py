"""The plug-in API: what a check is made of, and what cannot be one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from auditor.check import Check, Example, check
from auditor.evidence import (
    Aspect,
    EverySite,
    Gap,
    PolicyItself,
    Reason,
    SiteEvidence,
    State,
    WaiverUse,
)
from auditor.findings import Remark
from auditor.policy import Policy

NOTHING = Example(policy="")


def nothing_wrong(_policy: Policy, _site: SiteEvidence) -> Iterator[Remark]:
    """Do something about it.

    It may take two paragraphs.
    """
    yield from ()


def make(find: Callable[..., Any] = nothing_wrong, **facts: Any) -> Check[Any]:  # noqa: ANN401
    """Return a check, changed in some ways."""
    common: dict[str, Any] = {
        "id": "no-fonts",
        "title": "t",
        "needs": SiteEvidence,
        "references": ["gdpr:5"],
        "passing": NOTHING,
        "failing": NOTHING,
    }
    made: Check[Any] = check(**{**common, **facts})(find)
    return made


def test_a_check_keeps_what_it_is_told() -> None:
    """The docstring is the advice; the address of its page follows from the id."""
    made = make()
    assert (made.id, made.title, made.references) == ("no-fonts", "t", ("gdpr:5",))
    assert made.advice == "Do something about it.\n\nIt may take two paragraphs."
    assert made.help_url.endswith("/docs/checks/no-fonts.md")
    assert made.find is nothing_wrong


@pytest.mark.parametrize(
    ("needs", "scope"),
    [
        (SiteEvidence, "site"),
        (EverySite, "policy"),
        (PolicyItself, "policy"),
        (WaiverUse, "policy"),
    ],
)
def test_the_scope_is_that_of_the_evidence(needs: type[Any], scope: str) -> None:
    """What it needs says where it looks."""
    assert make(needs=needs).scope == scope


@pytest.mark.parametrize(
    "name", ["", "Cookie", "cookie_undeclared", "-x", "x-", "x--y", "1x", "é"]
)
def test_an_id_is_words_joined_by_hyphens(name: str) -> None:
    """Anything else cannot be typed, linked or sorted."""
    with pytest.raises(ValueError, match="joined by `-`"):
        make(id=name)


@pytest.mark.parametrize("name", ["x", "cookie-undeclared", "gdpr-7-3"])
def test_ids(name: str) -> None:
    """Lower-case words and numbers."""
    assert make(id=name).id == name


def test_what_cannot_be_explained_is_no_check() -> None:
    """Somebody who reads that it failed has to be told what to do."""
    with pytest.raises(ValueError, match="a title and a docstring"):
        make(title="")
    with pytest.raises(ValueError, match="a title and a docstring"):
        make(lambda _policy, _site: iter(()))


@pytest.mark.parametrize("needs", [str, Policy, None])
def test_what_is_no_evidence_cannot_be_needed(needs: Any) -> None:  # noqa: ANN401
    """A check that could never be run would be missed by nobody."""
    with pytest.raises(ValueError, match="needs is not a kind of evidence"):
        make(needs=needs)


def test_no_part_means_everything() -> None:
    """A check that does not say where it looks misses every gap; one that does, its own."""
    gap = Gap(
        what="w",
        reason=Reason.TIMEOUT,
        needs="n",
        aspects=(Aspect.LINKS,),
        state=State.BEFORE,
    )
    assert make().misses(gap)
    assert not make(looks_at=[Aspect.COOKIES]).misses(gap)
    assert not make(in_states=[State.ACCEPT]).misses(gap)
    assert make(looks_at=iter([Aspect.LINKS]), in_states=iter([State.BEFORE])).misses(gap)


def test_a_check_cannot_be_changed() -> None:
    """It is the same for everybody."""
    with pytest.raises(AttributeError):
        make().id = "other"  # type: ignore[misc]
