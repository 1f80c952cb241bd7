"""Nothing at a processor is kept longer than promised, by whichever date it has."""

from datetime import date

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Ages, Aspect, Gap, Reason, TableSeen
from auditor.findings import Result
from auditor.testing import account, ages, field, judge, policy, table
from auditor_checks.processor_data import data_kept_too_long

TWO = """
processing_activities:
  - {id: accounts, retention: {period: P12M, anchor: last_used}}
  - {id: books, retention: {period: P10Y, anchor: created}}
accounts:
  - {id: app, connector: stripe, activities: [accounts]}
"""
BOTH = TWO.replace("[accounts]}", "[accounts, books]}")
OLD, NEW = {"2025-01-14": 3}, {"2025-01-15": 5}


def run(text: str, *seen: TableSeen) -> Result:
    """Judge the account as of 2026-01-15."""
    return judge(data_kept_too_long, policy(text), account(*seen))


def test_one_day_decides() -> None:
    """The last day of the period is still good, the next is not."""
    assert run(TWO, table("people", ages(NEW))).outcome.value == "pass"
    (found,) = run(TWO, table("people", ages({**OLD, **NEW}, assumed="the latest login"))).findings
    assert found.object == "table:people"
    assert found.message == snapshot(
        "3 of 8 records in people are kept too long: accounts promises P12M from last_used, so"
        " nothing of 2025-01-14 or before may be left; the oldest of 2025-01-14"
    )
    assert "the latest login" in found.seen[0].detail


def test_the_worst_that_is_there_decides_how_bad_it_is() -> None:
    """Old statistics are less than old medical files."""
    plain, medical = table("t", ages(OLD)), field("note", "user.health_and_medical")
    assert run(TWO, plain).findings[0].severity.value == "medium"
    assert run(TWO, table("t", ages(OLD), medical)).findings[0].severity.value == "critical"


def test_what_serves_two_purposes_may_stay_for_the_longer() -> None:
    """Records that the books need are not too old because nobody logs in any more."""
    held = table("people", ages(OLD), ages(OLD, "created"))
    assert run(BOTH, held).outcome.value == "pass"
    ancient = table("people", ages(OLD), ages({"2010-01-01": 2}, "created"))
    (found,) = run(BOTH, ancient).findings
    assert "books promises P10Y from created" in found.message


def test_a_longer_period_of_which_no_date_tells() -> None:
    """Then nobody knows."""
    result = run(BOTH, table("people", ages(OLD)))
    assert result.outcome.value == "error"
    assert result.gaps[0].reason.value == "cannot_be_shown"


def test_an_earlier_date_proves_what_a_later_one_would() -> None:
    """What was created later was last used later; the other way round it says nothing."""
    assert run(TWO, table("people", ages(NEW, "created"))).outcome.value == "pass"
    result = run(TWO, table("people", ages(OLD, "created")))
    assert (result.outcome.value, result.findings) == ("error", ())
    assert "the service shows created" in result.gaps[0].needs
    assert run(TWO, table("people", ages(NEW, "last_updated"))).outcome.value == "error"


def test_no_date_at_all() -> None:
    """Records without one are a gap, no records are none; a service that shows none is told."""
    assert run(TWO).outcome.value == "not_applicable"
    assert run(TWO, table("people")).gaps[0].reason.value == "cannot_be_shown"
    assert run(TWO, table("people", rows=0)).outcome.value == "pass"


@pytest.mark.parametrize(
    ("days", "outcome", "open_"),
    [
        ({"2025-01-14": 2}, "fail", 0),
        ({"2025-02-01": 2}, "pass", 0),
        ({"2025-02-14": 2}, "pass", 0),
    ],
)
def test_counts_by_edge(days: dict[str, int], outcome: str, open_: int) -> None:
    """What was asked about the day in question is exact."""
    edges = (date(2025, 1, 14), date(2025, 2, 14))
    result = run(TWO, table("people", ages(days, edges=edges)))
    assert (result.outcome.value, len(result.gaps)) == (outcome, open_)


def test_counts_by_other_edges_are_a_gap() -> None:
    """If the policy has changed since, some records may be on either side."""
    edges = (date(2024, 12, 1), date(2025, 2, 14))
    held = ages({"2024-12-01": 1, "2025-02-14": 4}, edges=edges, at_least=True)
    result = run(TWO, table("people", held))
    (found,), (gap,) = result.findings, result.gaps
    assert found.message.startswith("at least 1 records in people")
    assert "of which day 4 records are" in gap.what
    newer = ages({"2024-12-02": 9}, edges=(date(2024, 12, 1),))
    assert run(TWO, table("people", newer)).outcome.value == "error"


def test_dates_that_say_nothing() -> None:
    """Missing, unreadable and future ones are counted, each for itself."""
    held = ages({"2026-01-16": 1, **NEW}, undated=2, unreadable=3)
    result = run(TWO, table("people", held))
    told = [found.message.partition(" have ")[2].partition(";")[0] for found in result.findings]
    assert sorted(told) == ["a date after 2026-01-15", "a date that cannot be read", "no date"]


def test_a_period_for_some_data_is_about_tables_that_hold_them() -> None:
    """Another table of the account is not measured by it."""
    text = TWO.replace(
        "{period: P12M, anchor: last_used}",
        "[{period: P12M, anchor: last_used, data_categories: [user.contact]}]",
    )
    assert run(text, table("logs", ages(OLD))).outcome.value == "pass"
    mail = table("people", ages(OLD), field("email", "user.contact.email"))
    assert run(text, mail).outcome.value == "fail"


def test_a_declared_table_has_its_own_purpose() -> None:
    """Not that of the account."""
    text = f"{TWO[:-2]}, tables: [{{name: invoices, activities: [books]}}]}}\n"
    held = (table("invoices", ages(OLD, "created")), table("people", ages(OLD)))
    (found,) = run(text, *held).findings
    assert found.object == "table:people"


def test_a_declared_table_that_is_not_there() -> None:
    """Nobody has looked at it."""
    text = f"{TWO[:-2]}, tables: [{{name: invoices, activities: [books]}}]}}\n"
    assert run(text, table("people", Ages(anchor="last_used"), rows=0)).outcome.value == "error"


def test_records_that_nobody_could_see() -> None:
    """Are a gap, and never not applicable."""
    gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.AGES,))
    seen = account(gaps=(gap,))
    assert judge(data_kept_too_long, policy(TWO), seen).outcome.value == "error"


def test_nothing_is_promised() -> None:
    """Then nothing is too old."""
    text = "accounts: [{id: app, connector: stripe}]"
    assert run(text, table("people", ages(OLD))).outcome.value == "not_applicable"
    assert judge(data_kept_too_long, policy(TWO)).outcome.value == "error"
