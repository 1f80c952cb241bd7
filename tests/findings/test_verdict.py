"""The one law: what comes of findings and gaps, row by row and in every combination."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec import structs, to_builtins

from auditor.evidence import Reason
from auditor.findings import (
    JudgedFinding,
    JudgedGap,
    Outcome,
    Place,
    Result,
    Severity,
    Verdict,
    count,
    is_incomplete,
    is_observed,
    outcome_of,
    verdict_of,
)


def finding(severity: Severity = Severity.HIGH, waived_by: str | None = None) -> JudgedFinding:
    """Return a finding."""
    return JudgedFinding(
        fingerprint="f",
        object="cookie:a@example.org",
        severity=severity,
        message="m",
        waived_by=waived_by,
        policy=Place(path="policy.yaml", line=1, column=1),
        seen=(),
        remedies=(),
    )


def gap(reason: Reason = Reason.TIMEOUT, attested_by: str | None = None) -> JudgedGap:
    """Return a gap."""
    return JudgedGap(what="/page-3", reason=reason, needs="an answer", attested_by=attested_by)


def result(
    *remarks: JudgedFinding | JudgedGap, subject: str = "site:www", outcome: Outcome | None = None
) -> Result:
    """Return a result whose outcome follows from what is in it, unless it is given."""
    findings = tuple(item for item in remarks if isinstance(item, JudgedFinding))
    gaps = tuple(item for item in remarks if isinstance(item, JudgedGap))
    return Result(
        check="c",
        title="t",
        subject=subject,
        outcome=outcome or outcome_of(findings, gaps),
        findings=findings,
        gaps=gaps,
    )


FOUND, WAIVED = finding(), finding(waived_by="W1")
OPEN, ATTESTED = gap(), gap(Reason.CANNOT_BE_SHOWN, "A1")
UNSTATED = gap(Reason.CANNOT_BE_SHOWN)


@pytest.mark.parametrize(
    ("remarks", "outcome", "verdict", "incomplete"),
    [
        pytest.param([], "pass", "pass", False, id="all of it matches"),
        pytest.param([FOUND], "fail", "fail", False, id="a finding"),
        pytest.param([FOUND, OPEN], "fail", "fail", True, id="page 1 found, page 3 timed out"),
        pytest.param([OPEN], "error", "incomplete", True, id="a gap"),
        pytest.param([UNSTATED], "error", "incomplete", True, id="cannot be shown, not attested"),
        pytest.param([WAIVED], "pass", "pass", False, id="a waived finding"),
        pytest.param([WAIVED, OPEN], "error", "incomplete", True, id="waived, and a gap"),
        pytest.param([WAIVED, FOUND], "fail", "fail", False, id="one waived, one not"),
        pytest.param([ATTESTED], "attested", "incomplete", True, id="attested, nothing observed"),
        pytest.param([ATTESTED, OPEN], "error", "incomplete", True, id="attested, and a gap"),
        pytest.param([ATTESTED, FOUND], "fail", "fail", False, id="attested, and a finding"),
        pytest.param([ATTESTED, WAIVED], "attested", "pass", False, id="attested and waived"),
    ],
)
def test_every_combination(
    remarks: list[JudgedFinding | JudgedGap], outcome: str, verdict: str, incomplete: bool
) -> None:
    """Unwaived findings fail, then open gaps are an error, then attested ones are told apart."""
    judged = result(*remarks)
    assert judged.outcome.value == outcome
    assert verdict_of([judged], Severity.LOW).value == verdict
    assert is_incomplete([judged]) is incomplete


@pytest.mark.parametrize("outcome", [Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE])
def test_what_was_not_looked_at_is_no_pass(outcome: Outcome) -> None:
    """A run in which every check was left out, or has no promise to look at, is incomplete."""
    left_out = result(outcome=outcome)
    assert not is_observed([left_out])
    assert verdict_of([left_out], Severity.LOW) is Verdict.INCOMPLETE
    assert verdict_of([left_out, result()], Severity.LOW) is Verdict.PASS


def test_the_policy_alone_is_no_pass() -> None:
    """Nothing observed at all is incomplete, whatever the policy-only checks say."""
    passing = result(subject="policy")
    assert verdict_of([passing, passing], Severity.LOW) is Verdict.INCOMPLETE
    assert verdict_of([passing, result(ATTESTED)], Severity.LOW) is Verdict.INCOMPLETE
    assert verdict_of([passing, result(outcome=Outcome.PASS)], Severity.LOW) is Verdict.PASS
    assert verdict_of([], Severity.LOW) is Verdict.INCOMPLETE


def test_a_finding_of_the_policy_fails_without_evidence() -> None:
    """What the policy itself contradicts is known without looking anywhere else."""
    failing = [result(FOUND, subject="policy")]
    assert verdict_of(failing, Severity.MEDIUM) is Verdict.FAIL
    assert is_incomplete(failing)


def test_incomplete_is_told_beside_fail() -> None:
    """One subject fails and another could not be looked at: both are said."""
    results = [result(FOUND), result(OPEN, subject="site:blog")]
    assert verdict_of(results, Severity.MEDIUM) is Verdict.FAIL
    assert is_incomplete(results)


@pytest.mark.parametrize("fail_on", Severity)
@pytest.mark.parametrize("severity", Severity)
def test_fail_on_is_a_threshold(severity: Severity, fail_on: Severity) -> None:
    """A finding at the threshold or above fails; one below is counted and listed."""
    judged = result(finding(severity))
    below = severity.rank < fail_on.rank
    assert verdict_of([judged], fail_on) is (Verdict.PASS if below else Verdict.FAIL)
    assert judged.outcome is Outcome.FAIL
    assert count([judged], fail_on).below_threshold == int(below)
    assert count([judged], fail_on).findings == 1


def test_below_the_threshold_a_gap_still_counts() -> None:
    """A finding that does not fail the run does not make it complete either."""
    judged = result(finding(Severity.LOW), OPEN)
    assert verdict_of([judged], Severity.MEDIUM) is Verdict.INCOMPLETE


def test_severities_are_ordered() -> None:
    """From low to critical."""
    ranked = sorted(Severity, key=lambda severity: severity.rank)
    assert [severity.value for severity in ranked] == ["low", "medium", "high", "critical"]


def test_counts() -> None:
    """Results are counted by outcome, findings apart from waived ones, gaps all."""
    results = [
        result(),
        result(finding(Severity.LOW), WAIVED, OPEN),
        result(OPEN),
        result(ATTESTED),
        result(outcome=Outcome.NOT_CHECKED),
        result(outcome=Outcome.NOT_APPLICABLE),
    ]
    assert to_builtins(count(results, Severity.MEDIUM)) == snapshot(
        {
            "pass": 1,
            "fail": 1,
            "error": 1,
            "attested": 1,
            "not_checked": 1,
            "not_applicable": 1,
            "findings": 1,
            "below_threshold": 1,
            "waived": 1,
            "gaps": 3,
        }
    )


severities = st.sampled_from(Severity)
findings = st.builds(finding, severities, st.sampled_from([None, "W1"]))
gaps = st.builds(gap, st.sampled_from(Reason), st.sampled_from([None, "A1"]))
remarks = st.lists(findings | gaps, max_size=4)
results = st.lists(
    st.builds(
        lambda said, subject: result(*said, subject=subject),
        remarks,
        st.sampled_from(["site:www", "site:blog", "policy"]),
    ),
    max_size=5,
)


@given(results, severities)
def test_never_green_without_having_looked(judged: list[Result], fail_on: Severity) -> None:
    """A pass has no unattested gap, no unwaived finding at the threshold, and saw something."""
    every = [item for one in judged for item in (*one.findings, *one.gaps)]
    if verdict_of(judged, fail_on) is Verdict.PASS:
        assert not [g for g in every if isinstance(g, JudgedGap) and g.attested_by is None]
        assert not [
            f
            for f in every
            if isinstance(f, JudgedFinding)
            and f.waived_by is None
            and f.severity.rank >= fail_on.rank
        ]
        assert any(one.subject != "policy" for one in judged)


@given(results, severities, gaps, st.integers(min_value=0))
def test_a_gap_never_makes_it_better(
    judged: list[Result], fail_on: Severity, added: JudgedGap, place: int
) -> None:
    """Fail stays fail and incomplete stays incomplete, whatever more could not be seen."""
    before = verdict_of(judged, fail_on)
    if judged:
        old = judged[place % len(judged)]
        more = (*old.gaps, added)
        new = structs.replace(old, gaps=more, outcome=outcome_of(old.findings, more))
        judged[place % len(judged)] = new
    after = verdict_of(judged, fail_on)
    assert after is before or (before, after) == (Verdict.PASS, Verdict.INCOMPLETE)
