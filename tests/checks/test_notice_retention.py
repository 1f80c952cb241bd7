"""The notice and policy.yaml say the same of how long data is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Gap, Reason
from auditor.testing import fact, judge, notice, policy
from auditor_checks.notice_retention import other_period

NOTICE = "notices: [{id: privacy, path: privacy.md}]\n"


def kept(retention: str, categories: str = "[user.name]") -> str:
    """Write a policy with one activity."""
    activity = f"{{id: accounts, data_categories: {categories}, retention: {retention}}}"
    return f"{NOTICE}processing_activities: [{activity}]\n"


YEAR = kept("{period: P12M, anchor: last_used}")


@pytest.mark.parametrize(
    ("period", "anchor", "severity", "words"),
    [
        ("P6M", "last_used", "high", "the notice says P6M, policy.yaml P12M"),
        ("P364D", "last_used", "high", "P364D"),
        ("P2Y", "last_used", "low", "the notice says P2Y"),
        ("P1Y", "created", "medium", "counts it from created, policy.yaml from last used"),
    ],
)
def test_another_period_or_anchor_is_found(
    period: str, anchor: str, severity: str, words: str
) -> None:
    """Data kept longer than people are told is high, shorter low, another beginning medium."""
    told = notice(fact("retention", "fixed", period=period, anchor=anchor))
    (finding,) = judge(other_period, policy(YEAR), told).findings
    assert (finding.object, finding.severity.value) == ("activity:accounts", severity)
    assert words in finding.message


@pytest.mark.parametrize(
    ("period", "anchor"), [("P12M", "last_used"), ("P1Y", ""), ("P1Y", "last_used")]
)
def test_the_same_period_passes(period: str, anchor: str) -> None:
    """P12M is P1Y; a sentence that says no beginning contradicts none."""
    told = notice(fact("retention", "fixed", period=period, anchor=anchor))
    assert judge(other_period, policy(YEAR), told).outcome.value == "pass"


@given(st.integers(1, 60))
def test_months_and_years_are_the_same_length(months: int) -> None:
    """However a period is written, months are compared as months."""
    told = notice(fact("retention", "fixed", period=f"P{months // 12}Y{months % 12}M"))
    promised = policy(kept(f"{{period: P{months}M, anchor: created}}"))
    assert judge(other_period, promised, told).outcome.value == "pass"


def test_a_period_that_nobody_is_told_is_found() -> None:
    """Without a period in the notice, or with "as long as needed", the promise is not told."""
    result = judge(other_period, policy(YEAR), notice())
    assert [f.message for f in result.findings] == [
        "the period of accounts, P12M, is not found in the notice"
    ]
    vague = judge(other_period, policy(YEAR), notice(fact("retention", "as_needed")))
    assert "as long as needed" in vague.findings[0].message


def test_a_period_of_other_data_is_not_mixed_up() -> None:
    """A sentence about logs does not speak for names; one about nothing speaks for all."""
    told = notice(fact("retention", "fixed", period="P30D", about=["user.telemetry"]))
    result = judge(other_period, policy(YEAR), told)
    assert [(f.object, f.severity.value) for f in result.findings] == [
        ("activity:accounts", "medium"),
        ("period:P30D of user.telemetry", "low"),
    ]
    below = notice(fact("retention", "fixed", period="P1Y", about=["user.name.first"]))
    assert (
        judge(other_period, policy(kept("{period: P1Y}", "[user]")), below).outcome.value == "pass"
    )


def test_periods_that_cannot_be_compared_are_left_out() -> None:
    """Hours, and what is no period in damaged evidence, are no period of policy.yaml."""
    for period in ("PT1H", "soon", "P"):
        told = notice(fact("retention", "fixed", period=period))
        result = judge(other_period, policy(YEAR), told)
        assert [f.message for f in result.findings] == [
            "the period of accounts, P12M, is not found in the notice"
        ]


def test_nothing_promised_does_not_apply_and_nothing_read_is_no_pass() -> None:
    """Neither says a period: not applicable. The notice was not read: an error, no finding."""
    assert judge(other_period, policy(NOTICE), notice()).outcome.value == "not_applicable"
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    result = judge(other_period, policy(YEAR), notice(gaps=(gap,)))
    assert (result.outcome.value, result.findings) == ("error", ())


TWO = (
    "processing_activities: ["
    "{id: accounts, data_categories: [user.name], retention: {period: P1Y}},"
    "{id: gifts, data_categories: [user.payment], retention: {period: P2Y}}]\n"
)


def test_a_period_for_all_data_is_not_told_of_what_is_kept_longer() -> None:
    """One year for everything, and gifts are kept for two: that people are told less is high."""
    year = fact("retention", "fixed", period="P1Y")
    (finding,) = judge(other_period, policy(NOTICE + TWO), notice(year)).findings
    assert (finding.object, finding.severity.value) == ("activity:gifts", "high")
    assert finding.message == "the notice says P1Y, policy.yaml P2Y, for gifts"
    gifts = fact("retention", "fixed", period="P24M", about=["user.payment"])
    assert judge(other_period, policy(NOTICE + TWO), notice(year, gifts)).outcome.value == "pass"


def test_days_and_months_are_not_the_same() -> None:
    """Thirty days and a month differ: in some months data is kept longer than people are told."""
    told = notice(fact("retention", "fixed", period="P30D"))
    result = judge(other_period, policy(kept("{period: P1M}")), told)
    assert [finding.severity.value for finding in result.findings] == ["high"]
