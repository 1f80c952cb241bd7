from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.evidence import Reason
from auditor.findings import JudgedFinding, JudgedGap, Remedy, Report, Result, Severity, Sighting
from auditor.report.groups import Scene, blocks, open_questions, scenes, waived

Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]

SIGHTINGS = st.builds(
    Sighting,
    page=st.sampled_from(["/", "/a", "/b"]),
    state=st.sampled_from(["before", "reject", "accept", ""]),
    by=st.sampled_from(["", "x.js"]),
    detail=st.sampled_from(["", "script"]),
)


def test_pages_with_the_same_states_are_one_scene() -> None:
    """A page that shows it in other states is told apart; states come in the visitor's order."""
    seen = [
        Sighting(page="/", state="accept", detail="script"),
        Sighting(page="/", state="before", detail="script"),
        Sighting(page="/a", state="before", detail="script"),
        Sighting(page="/b", state="before", detail="script"),
    ]
    assert scenes(seen) == (
        Scene(pages=("/",), states=("before", "accept"), by="", detail="script"),
        Scene(pages=("/a", "/b"), states=("before",), by="", detail="script"),
    )


@given(st.lists(SIGHTINGS))
def test_scenes_say_neither_more_nor_less(seen: list[Sighting]) -> None:
    """Taken apart again, scenes are the sightings that they were made of."""
    told = {
        Sighting(page=page, state=state, by=scene.by, detail=scene.detail)
        for scene in scenes(seen)
        for page in scene.pages
        for state in scene.states
    }
    assert told == set(seen)


def test_findings_alike_are_one_block(finding: Finding, result: Judged, report: Told) -> None:
    """Three with the same way out are one; two, or another severity or way out, are not."""
    same = [finding(f"host:{number}") for number in range(3)]
    other = [finding(f"host:o{number}", severity=Severity.LOW) for number in range(2)]
    remedy = Remedy(kind="remove", text="another way out")
    apart = finding("host:apart", remedies=(remedy,), severity=Severity.CRITICAL)
    told = blocks(report(result(*other, *same, apart)))
    assert [[item.object for item in block.findings] for block in told] == snapshot(
        [["host:apart"], ["host:0", "host:1", "host:2"], ["host:o0"], ["host:o1"]]
    )


def test_every_finding_is_somewhere(finding: Finding, result: Judged, report: Told) -> None:
    """Grouping loses nothing: what is waived is by its waiver, the rest in the blocks."""
    made = [finding(f"host:{n}", waived_by=f"W{n}" if n % 2 else None) for n in range(6)]
    told = report(result(*made), result(*made, subject="site:other"))
    shown = [item for block in blocks(told) for item in block.findings]
    let_pass = [item for pairs in waived(told).values() for _, item in pairs]
    assert sorted(item.object for item in (*shown, *let_pass)) == sorted(
        item.object for item in (*made, *made)
    )
    assert list(waived(told)) == ["W1", "W3", "W5"]


def test_a_gap_is_told_once_for_all_checks(gap: Gap, result: Judged, report: Told) -> None:
    """The same gap of two checks is one question; what is attested comes last."""
    stated = gap("claim:safe", reason=Reason.CANNOT_BE_SHOWN, attested_by="A1")
    told = open_questions(report(result(stated, gap()), result(gap(), check="cookie-lifetime")))
    assert [(item.whats[0][0], item.checks) for item in told] == snapshot(
        [
            ("https://www.example.org/team", ("cookie-lifetime", "cookie-undeclared")),
            ("claim:safe", ("cookie-undeclared",)),
        ]
    )


def test_few_gaps_with_different_needs_are_apart(gap: Gap, result: Judged, report: Told) -> None:
    """Two are told one by one, three together."""
    few = [gap(f"page {number}", needs=f"this {number}") for number in range(3)]
    assert [len(item.whats) for item in open_questions(report(result(*few[:2])))] == [1, 1]
    assert [len(item.whats) for item in open_questions(report(result(*few)))] == [3]
