from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor.evidence import Reason
from auditor.findings import (
    Comparison,
    JudgedFinding,
    JudgedGap,
    Outcome,
    Place,
    PolicyDigest,
    Report,
    Result,
    Severity,
    Sighting,
    ToolVersion,
    Verdict,
    compare,
    count,
    verdict_of,
)

GAP = JudgedGap(what="/about", reason=Reason.TIMEOUT, needs="time")


def finding(name: str, **facts: Any) -> JudgedFinding:  # noqa: ANN401 -- fields of JudgedFinding
    """Return a finding; its name is its fingerprint."""
    common: dict[str, Any] = {
        "severity": Severity.HIGH,
        "message": f"{name} is wrong",
        "waived_by": None,
        "policy": Place(path="policy.yaml", line=1, column=1),
        "seen": (),
        "remedies": (),
    }
    return JudgedFinding(fingerprint=name, object=name, **(common | facts))


def result(*findings: JudgedFinding, outcome: Outcome | None = None, **facts: Any) -> Result:  # noqa: ANN401
    """Return what a check found on a site."""
    settled = outcome or (Outcome.FAIL if findings else Outcome.PASS)
    common = {"check": "check", "title": "t", "subject": "site:www", "outcome": settled}
    return Result(findings=findings, **(common | facts))


def report(*results: Result) -> Report:
    """Return a report of these results."""
    return Report(
        verdict=verdict_of(results, Severity.MEDIUM),
        incomplete=False,
        as_of="2026-01-15",
        scope=("site",),
        only=(),
        skip=(),
        fail_on=Severity.MEDIUM,
        waivers_applied=True,
        policy=PolicyDigest(path="policy.yaml", sha256=""),
        tool=ToolVersion(name="audit", version="0"),
        evidence=(),
        counts=count(results, Severity.MEDIUM),
        results=results,
        coverage={},
        knowledge={},
    )


def lists(found: Comparison) -> dict[str, list[str]]:
    """Return the names in each list that has any."""
    names = ("new", "fixed", "unchanged", "waived", "not_looked_at")
    named = {name: [one.object for one in getattr(found, name)] for name in names}
    return {name: objects for name, objects in named.items() if objects}


def test_each_finding_stands_in_one_list() -> None:
    """New, fixed, unchanged, newly waived; one that is no longer waived counts as new."""
    base = report(
        result(
            finding("stays"),
            finding("goes"),
            finding("accepted"),
            finding("returns", waived_by="W1"),
            finding("waived", waived_by="W1"),
            finding("went", waived_by="W1"),
        )
    )
    head = report(
        result(
            finding("stays"),
            finding("comes"),
            finding("accepted", waived_by="W2"),
            finding("returns"),
            finding("waived", waived_by="W1"),
        )
    )
    found = compare(base, head)
    assert lists(found) == snapshot(
        {
            "new": ["comes", "returns"],
            "fixed": ["goes", "went"],
            "unchanged": ["stays", "waived"],
            "waived": ["accepted"],
        }
    )
    assert [one.why for one in found.new] == ["", "no longer waived"]
    assert found.is_whole
    assert found.is_worse(Severity.HIGH)
    assert not found.is_worse(Severity.CRITICAL)


def test_nothing_changes_against_itself() -> None:
    """The same report is all unchanged, whatever is missing in it."""
    one = report(result(finding("a")), result(outcome=Outcome.ERROR, check="other", gaps=(GAP,)))
    found = compare(one, one)
    assert lists(found) == {"unchanged": ["a"]}
    assert found.is_whole
    assert found.verdict == (Verdict.FAIL, Verdict.FAIL)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (result(outcome=Outcome.ERROR, gaps=(GAP,)), "/about: timeout"),
        (result(finding("b"), gaps=(GAP, GAP)), "/about: timeout, and 1 more"),
        (
            result(outcome=Outcome.ATTESTED, gaps=(structs.replace(GAP, attested_by="A1"),)),
            "/about: timeout, stated by A1",
        ),
        (result(outcome=Outcome.NOT_CHECKED, detail="outside --only"), "outside --only"),
        (result(outcome=Outcome.NOT_CHECKED), "not checked"),
        (
            result(outcome=Outcome.NOT_APPLICABLE, detail="no stores"),
            "not promised any more: no stores",
        ),
        (result(subject="site:other"), "no check of that name looked at that subject"),
    ],
)
def test_what_nobody_looked_at_is_not_fixed(now: Result, why: str) -> None:
    """A finding that vanished because its check saw less is named, with what kept it from it."""
    found = compare(report(result(finding("a"))), report(now))
    assert [(one.object, one.why) for one in found.not_looked_at] == [("a", why)]
    assert not found.fixed
    assert not found.is_whole


def test_checks_that_see_less_than_before_are_named() -> None:
    """Also where they had found nothing; what never was whole, and what does not apply, is not."""
    base = report(result(), result(check="half", gaps=(GAP,)), result(check="idle"))
    head = report(
        result(outcome=Outcome.ERROR, gaps=(GAP,)),
        result(check="half", gaps=(GAP,)),
        result(check="idle", outcome=Outcome.NOT_APPLICABLE),
    )
    found = compare(base, head)
    assert [(one.check, one.why) for one in found.incomplete] == [("check", "/about: timeout")]
    assert not found.is_whole


@pytest.mark.parametrize(
    ("page", "state", "why"),
    [
        ("/a", "before", ""),
        ("/a", "", ""),
        ("", "", ""),
        ("/gone", "before", "/gone was not opened"),
        ("/a", "accept", "nobody looked in the state accept"),
    ],
)
def test_a_look_elsewhere_fixes_nothing(page: str, state: str, why: str) -> None:
    """A page that was not opened, and a visitor state in which nobody came."""
    looked = {"subject": "site:www", "pages": ["/a"], "page_count": 1, "states": ["before"]}
    former = report(result(finding("f", seen=(Sighting(page=page, state=state),))))
    now = structs.replace(report(result()), coverage={"looked_at": [looked]})
    found = lists(compare(former, now))
    assert found.get("fixed", []) == ([] if why else ["f"])
    unseen = compare(former, now).not_looked_at
    assert [one.why for one in unseen] == ([why] if why else [])
