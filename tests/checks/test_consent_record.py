"""Whoever is contacted has agreed, and it shows."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, ConsentCounted, Gap, Reason
from auditor.findings import Result
from auditor.testing import judge, policy, store, table
from auditor_checks.consent_record import LETTERS, contact_without_consent


def run(text: str, *counted: ConsentCounted, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge the readers."""
    return judge(
        contact_without_consent, policy(text), store(table("readers", *counted), gaps=gaps)
    )


def letters(**facts: int) -> ConsentCounted:
    """Return the count of the letters' audience."""
    return ConsentCounted(activity="letters", audience=4000, **facts)


def test_all_have_agreed() -> None:
    """An empty audience, too."""
    assert run(LETTERS, letters()).outcome.value == "pass"
    nobody = ConsentCounted(activity="letters", audience=0)
    assert run(LETTERS, nobody).outcome.value == "pass"


def test_some_have_not() -> None:
    """Without consent, and with one that was taken back: two objections, both high."""
    result = run(LETTERS, letters(without=120, withdrawn=3))
    assert [(f.object, f.severity.value, f.message) for f in result.findings] == snapshot(
        [
            (
                "table:readers",
                "high",
                "120 of 4,000 people in the audience of letters (readers) show no consent",
            ),
            (
                "table:readers",
                "high",
                "3 of 4,000 people in the audience of letters (readers) took their consent back",
            ),
        ]
    )
    assert [f.seen[0].detail for f in result.findings] == snapshot(
        ["readers: 120 of 4,000 people, without", "readers: 3 of 4,000 people, withdrawn"]
    )
    assert len({f.fingerprint for f in result.findings}) == 2


@pytest.mark.parametrize("activity", ["letters", ""])
def test_the_activity_may_be_left_out(activity: str) -> None:
    """The table's first is meant; the fingerprint is the same."""
    counted = ConsentCounted(activity=activity, audience=10, without=1)
    one, other = (run(LETTERS, c).findings[0] for c in (counted, letters(without=2)))
    assert one.fingerprint == other.fingerprint


def test_a_consent_that_is_recorded_nowhere() -> None:
    """Without a column nobody can show anything; while it is TODO, nobody decided."""
    nothing = run(LETTERS.replace("given_at: agreed_at, ", ""))
    assert [f.message for f in nothing.findings] == snapshot(
        ["no column of readers is said to hold when people agreed"]
    )
    todo = run(LETTERS.replace("agreed_at", "TODO"))
    assert (todo.outcome.value, todo.findings) == ("error", ())


def test_no_table_shows_consent() -> None:
    """There is nothing to compare."""
    text = LETTERS.replace(
        "        consent: {given_at: agreed_at, audience: {field: subscribed}}\n", ""
    )
    assert run(text).outcome.value == "not_applicable"


def test_what_nobody_counted() -> None:
    """No count, another activity's count, a refused one, and a table that is not there."""
    assert run(LETTERS).outcome.value == "error"
    assert run(LETTERS, ConsentCounted(activity="news", audience=1)).outcome.value == "error"
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.CONSENTS,))
    assert run(LETTERS, letters(), gaps=(gap,)).outcome.value == "error"
    absent = judge(contact_without_consent, policy(LETTERS), store())
    assert absent.outcome.value == "error"
