"""One check on one subject: what it says, what it cannot see, and what comes of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from auditor.check import Check, Example, check
from auditor.engine import run_check
from auditor.errors import Position
from auditor.evidence import Aspect, Gap, Reason, SiteEvidence, State
from auditor.findings import Finding, NotApplicable, Outcome, Result, Severity, Sighting
from auditor.sighting import AND_MORE, MOST
from auditor.testing import page, policy, site

Speaker = Callable[..., Check[Any]]
Finder = Callable[..., Finding]
POLICY = policy("")
TIMEOUT = Gap(what="/page-3", reason=Reason.TIMEOUT, needs="a page that answers")
ABSENT = NotApplicable(why="no such promise")


def run(probe: Check[Any], seen: SiteEvidence | None = None) -> Result:
    """Run a check on evidence that is complete unless given."""
    return run_check(probe, POLICY, "site:www", seen or site())


def told(result: Result) -> tuple[str, list[str], list[str]]:
    """Return outcome, objects of findings, and gaps."""
    return (
        result.outcome.value,
        [finding.object for finding in result.findings],
        [gap.what for gap in result.gaps],
    )


def test_looked_everywhere_and_all_matches(saying: Speaker) -> None:
    """A check that says nothing about complete evidence passes."""
    assert told(run(saying())) == ("pass", [], [])


def test_a_gap_in_the_evidence_is_an_error(saying: Speaker) -> None:
    """A check need not mention what could not be seen: the engine does."""
    assert told(run(saying(), site(gaps=[TIMEOUT]))) == ("error", [], ["/page-3"])


def test_a_finding_fails_and_the_gap_is_listed(saying: Speaker, finding: Finder) -> None:
    """Page 1 contradicts the policy and page 3 timed out: both are told."""
    result = run(saying(finding()), site(gaps=[TIMEOUT]))
    assert told(result) == ("fail", ["cookie:a@example.org"], ["/page-3"])


@pytest.mark.parametrize(
    ("gap", "looks_at", "in_states", "is_missed"),
    [
        ({}, [Aspect.COOKIES], [State.BEFORE], True),
        ({"aspects": (Aspect.COOKIES,)}, [], [], True),
        ({"aspects": (Aspect.COOKIES,)}, [Aspect.COOKIES, Aspect.LINKS], [], True),
        ({"aspects": (Aspect.COOKIES,)}, [Aspect.LINKS], [], False),
        ({"state": State.ACCEPT}, [], [State.ACCEPT], True),
        ({"state": State.ACCEPT}, [], [State.BEFORE], False),
        ({"state": State.ACCEPT}, [], [], True),
        ({"state": State.ACCEPT, "aspects": (Aspect.COOKIES,)}, [Aspect.LINKS], [], False),
    ],
)
def test_a_gap_counts_for_those_who_look_there(
    saying: Speaker,
    gap: dict[str, Any],
    looks_at: list[Aspect],
    in_states: list[State],
    *,
    is_missed: bool,
) -> None:
    """A page whose markup is missing does not keep anybody from looking at its cookies."""
    probe = saying(looks_at=looks_at, in_states=in_states)
    seen = site(gaps=[Gap(what="w", reason=Reason.TIMEOUT, needs="n", **gap)])
    assert told(run(probe, seen)) == (("error", [], ["w"]) if is_missed else ("pass", [], []))


@pytest.mark.parametrize(
    "raised",
    [
        pytest.param(ValueError("no"), id="an error"),
        pytest.param(RecursionError("too deep"), id="recursion"),
        pytest.param(MemoryError(), id="memory"),
        pytest.param(SystemExit(0), id="a plug-in that ends the process with 0"),
        pytest.param(StopIteration("x"), id="an iterator's end"),
    ],
)
def test_a_check_that_breaks_never_passes(
    saying: Speaker, finding: Finder, raised: BaseException
) -> None:
    """What it had found stays, and that it broke is a gap that names the error."""
    before = run(saying(raises=raised))
    assert told(before) == ("error", [], ["check probe"])
    (gap,) = before.gaps
    name = "RuntimeError" if isinstance(raised, StopIteration) else type(raised).__name__
    assert (gap.reason, name in gap.needs) == (Reason.CHECK_CRASHED, True)
    after = run(saying(finding(), raises=raised))
    assert told(after) == ("fail", ["cookie:a@example.org"], ["check probe"])


def test_a_person_who_interrupts_is_obeyed(saying: Speaker) -> None:
    """Ctrl-C is no fault of the check."""
    with pytest.raises(KeyboardInterrupt):
        run(saying(raises=KeyboardInterrupt()))


def test_an_error_that_cannot_be_printed(saying: Speaker) -> None:
    """Not even the text of an error is trusted, nor its length."""

    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert "MuteError" in run(saying(raises=MuteError())).gaps[0].needs
    assert len(run(saying(raises=ValueError("x" * 10_000))).gaps[0].needs) < 300


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("cookie:a", "str"),
        (None, "NoneType"),
        ({"object": "cookie:a"}, "dict"),
    ],
)
def test_other_things_than_remarks_are_a_crash(saying: Speaker, said: Any, word: str) -> None:  # noqa: ANN401
    """What the engine does not understand is not passed over: it could have been a finding."""
    result = run(saying(said))
    assert told(result) == ("error", [], ["check probe"])
    assert f"TypeError: {word} is no Finding, Gap or NotApplicable" in result.gaps[0].needs


@pytest.mark.parametrize(
    "facts", [{"severity": "huge"}, {"message": None}, {"at": 7}, {"seen": ("/",)}]
)
def test_a_malformed_finding_is_a_crash(
    saying: Speaker, finding: Finder, facts: dict[str, Any]
) -> None:
    """A value of the wrong type stops the check, not the run."""
    result = run(saying(finding(), finding("cookie:b", **facts), finding("cookie:c")))
    assert told(result) == ("fail", ["cookie:a@example.org"], ["check probe"])


def test_words_are_taken_for_severities(saying: Speaker, finding: Finder) -> None:
    """A plug-in may write `low` where it means `Severity.LOW`."""
    (found,) = run(saying(finding(severity="low"))).findings
    assert found.severity is Severity.LOW


def test_a_function_that_yields_nothing_at_all_is_a_crash() -> None:
    """A check that forgot to yield returns None, and has not looked."""

    @check(
        "forgetful",
        title="t",
        needs=SiteEvidence,
        references=[],
        passing=Example(policy=""),
        failing=Example(policy=""),
    )
    def forgetful(_policy: object, _seen: object) -> Iterator[Finding]:
        """Mend it."""
        return None  # type: ignore[return-value]

    assert told(run(forgetful)) == ("error", [], ["check forgetful"])


def test_no_promise_is_not_applicable(saying: Speaker) -> None:
    """Where nothing is promised nothing can be missing: gaps in the evidence do not count."""
    result = run(saying(ABSENT), site(gaps=[TIMEOUT]))
    assert told(result) == ("not_applicable", [], [])
    assert result.detail == "no such promise"


@pytest.mark.parametrize("first", [True, False])
def test_what_a_check_says_outweighs_not_applicable(
    saying: Speaker, finding: Finder, *, first: bool
) -> None:
    """A check that contradicts itself is not silenced: findings, gaps and crashes stay."""

    def both(other: Finding | Gap) -> list[Any]:
        return [ABSENT, other] if first else [other, ABSENT]

    assert told(run(saying(*both(finding()))))[0] == "fail"
    assert told(run(saying(*both(TIMEOUT)))) == ("error", [], ["/page-3"])
    assert told(run(saying(ABSENT, raises=ValueError())))[0] == "error"


def test_one_fingerprint_is_one_finding(saying: Speaker, finding: Finder) -> None:
    """Said twice, a finding has all its sightings once, and the higher severity."""
    one, two = Sighting(page="/1"), Sighting(page="/2")
    result = run(
        saying(
            finding(severity=Severity.LOW, message="low", seen=(one, two)),
            finding(severity=Severity.HIGH, message="high", seen=(two, one)),
            finding(facet="lifetime"),
        )
    )
    worst, other = sorted(result.findings, key=lambda found: -len(found.seen))
    assert (worst.severity, worst.message, worst.seen) == (Severity.HIGH, "high", (one, two))
    assert other.fingerprint != worst.fingerprint


def test_sightings_are_capped_and_say_so(saying: Speaker, finding: Finder) -> None:
    """A finding on thousands of pages lists the first; that there are more is said once."""
    many = [finding(seen=(Sighting(page=f"/{n}"),)) for n in range(MOST + 5)]
    (found,) = run(saying(*many)).findings
    assert len(found.seen) == MOST + 1
    assert found.seen[0] == Sighting(page="/0")
    assert [seen for seen in found.seen if seen == AND_MORE] == [found.seen[-1]]


def test_findings_stand_by_severity(saying: Speaker, finding: Finder) -> None:
    """The worst is on top, whatever the check said first."""
    result = run(
        saying(
            finding("b", severity=Severity.LOW),
            finding("c", severity=Severity.CRITICAL),
            finding("a", severity=Severity.LOW),
        )
    )
    assert [found.object for found in result.findings] == ["c", "a", "b"]


def test_a_fingerprint_knows_no_time_line_or_order(saying: Speaker, finding: Finder) -> None:
    """Moving a line, other pages, other words or another order is the same finding."""
    one = finding("cookie:a", facet="x")
    same = finding("cookie:a", facet="x", at=Position(line=99, column=1), message="other words")
    moved = finding("cookie:a", facet="x", seen=(Sighting(page="/elsewhere"),))
    neighbour = finding("cookie:b")
    prints = [
        {found.object: found.fingerprint for found in run(saying(*said)).findings}["cookie:a"]
        for said in ([one], [same], [moved], [neighbour, one], [one, neighbour])
    ]
    assert len(set(prints)) == 1


def test_a_finding_says_which_line_it_contradicts(saying: Speaker, finding: Finder) -> None:
    """The place in policy.yaml comes with it."""
    (found,) = run(saying(finding())).findings
    assert (found.policy.path, found.policy.line, found.policy.column) == ("policy.yaml", 3, 5)


def test_a_gap_said_twice_is_one(saying: Speaker) -> None:
    """What the evidence says and the check says again is listed once."""
    assert told(run(saying(TIMEOUT), site(gaps=[TIMEOUT]))) == ("error", [], ["/page-3"])


def test_a_state_asked_for_by_name_has_to_be_seen(saying: Speaker) -> None:
    """A check of a visitor state never passes on evidence that does not show that state."""
    probe = saying(in_states=[State.GPC], looks_at=[Aspect.REQUESTS])
    only_before = site(page(state=State.BEFORE))
    assert told(run(probe, only_before)) == ("error", [], ["state gpc"])
    assert told(run(probe, site(page(state=State.GPC)))) == ("pass", [], [])
    assert told(run(saying(ABSENT, in_states=[State.GPC]), only_before))[0] == "not_applicable"


def test_outcome_is_settled_here(saying: Speaker) -> None:
    """The result carries the check's own words."""
    result = run(saying(references=["gdpr:5"]))
    assert (result.check, result.title, result.subject, result.references) == (
        "probe",
        "All is well",
        "site:www",
        ("gdpr:5",),
    )
    assert result.outcome is Outcome.PASS
