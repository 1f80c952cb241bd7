"""A notice has a date, and is looked at again."""

from datetime import date

import pytest

from auditor.evidence import Gap, Reason
from auditor.testing import judge, notice, policy
from auditor_checks.notice_stale import stale_notice

NOTICE = "notices: [{id: privacy, path: privacy.md, last_reviewed: 2025-12-01}]\n"
SIGNED = "processors: [{id: stripe, contract: {signed: 2025-12-24}}]\n"


@pytest.mark.parametrize(
    ("text", "updated", "objects"),
    [
        (NOTICE, date(2025, 6, 1), []),
        (NOTICE, None, ["date:none"]),
        (NOTICE, date(2026, 1, 16), ["date:future"]),
        (NOTICE, date(2020, 1, 1), []),  # somebody has looked at it since
        (NOTICE + "jurisdictions: [us-ca-ccpa]", date(2020, 1, 1), ["date:old"]),
        (NOTICE.replace("2025-12-01", "2025-01-14"), date(2025, 1, 14), ["date:old"]),
        (NOTICE.replace("2025-12-01", "2025-01-15"), date(2025, 1, 15), []),
        (NOTICE + SIGNED, date(2025, 12, 1), ["date:contract with stripe"]),
        (NOTICE + SIGNED, date(2025, 12, 24), []),
    ],
)
def test_dates_are_compared(text: str, updated: date | None, objects: list[str]) -> None:
    """None, in the future, a year without a look, before what policy.yaml dates later."""
    result = judge(stale_notice, policy(text), notice(updated=updated))
    assert [finding.object for finding in result.findings] == objects


def test_a_notice_that_was_not_read_is_no_pass() -> None:
    """A gap in the notice is told; nobody knows which date it has."""
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    told = notice(updated=date(2025, 12, 1), gaps=(gap,))
    assert judge(stale_notice, policy(NOTICE), told).outcome.value == "error"


def test_what_was_not_read_may_be_the_date() -> None:
    """That a notice has no date is said only of one that was read."""
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    result = judge(stale_notice, policy(NOTICE), notice(gaps=(gap,)))
    assert (result.outcome.value, result.findings) == ("error", ())
