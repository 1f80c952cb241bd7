"""Records of which nobody can tell whether they are kept too long: counted, and judged."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Ages, TableSeen
from auditor.example import USERS
from auditor.findings import Result
from auditor.testing import ages, field, judge, policy, store, table
from auditor_checks.unprovable import age_not_known

YOUNG = {"2026-01-10": 90}


def run(text: str, *tables: TableSeen) -> Result:
    """Judge a store's tables."""
    return judge(age_not_known, policy(text), store(*tables))


def found(text: str, *seen: Ages) -> list[tuple[str, str, str]]:
    """Return object, severity and message of each finding about `users`."""
    result = run(text, table("users", field("email"), *seen))
    return [(f.object, f.severity.value, f.message) for f in result.findings]


def test_every_kind_of_missing_date_is_counted() -> None:
    """Undated, unreadable, ahead: each with how many of how many."""
    seen = ages({**YOUNG, "2026-01-16": 2, "2190-01-01": 1}, undated=3, unreadable=4)
    assert found(USERS, seen) == snapshot(
        [
            (
                "table:users",
                "medium",
                (
                    "3 of 100 records of users have a date after 2026-01-15, up to 2190-01-01 "
                    "(last_used); whether accounts keeps them longer than P12M cannot be told"
                ),
            ),
            (
                "table:users",
                "medium",
                (
                    "3 of 100 records of users have no date (last_used); whether accounts keeps "
                    "them longer than P12M cannot be told"
                ),
            ),
            (
                "table:users",
                "medium",
                (
                    "4 of 100 records of users have a date that cannot be read (last_used); "
                    "whether accounts keeps them longer than P12M cannot be told"
                ),
            ),
        ]
    )


@pytest.mark.parametrize("day", ["2026-01-15", "2026-01-14"])
def test_the_day_that_is_judged_is_not_ahead(day: str) -> None:
    """A date is ahead from the day after."""
    assert found(USERS, ages({day: 1})) == []


@pytest.mark.parametrize(
    ("anchor", "severity"),
    [("last_used", "medium"), ("event_end", "low"), ("contract_end", "low")],
)
def test_what_is_planned_may_lie_ahead(anchor: str, severity: str) -> None:
    """A contract that still runs is listed, and does not fail a run."""
    text = USERS.replace("last_used", anchor)
    seen = ages({**YOUNG, "2027-01-01": 2}, anchor)
    assert [row[1] for row in found(text, seen)] == [severity]


def test_most_of_a_table_without_a_date_is_worse() -> None:
    """Then the promise rests on few records."""
    assert [row[1] for row in found(USERS, ages({"2026-01-10": 1}, undated=2))] == ["high"]
    assert [row[1] for row in found(USERS, ages({"2026-01-10": 2}, undated=2))] == ["medium"]


def test_the_ways_out_are_those_that_are_left() -> None:
    """Where creation stands in already, it is not proposed again."""
    falls = USERS.replace(
        "anchor: last_used}", "anchor: last_used, on_missing_anchor: use_created}"
    ).replace("{last_used: last_seen}", "{last_used: last_seen, created: made}")
    plain = run(USERS, table("users", field("email"), ages(YOUNG, undated=1)))
    used = run(falls, table("users", field("email"), ages(YOUNG, undated=1, fallback="created")))
    assert [remedy.yaml for remedy in plain.findings[0].remedies] == [
        "",
        "on_missing_anchor: use_created\n",
    ]
    assert [remedy.yaml for remedy in used.findings[0].remedies] == [""]
    assert "(last_used, else created)" in used.findings[0].message


@pytest.mark.parametrize(
    ("change", "facet"),
    [
        (("period: P12M, ", ""), "how long"),
        ((", anchor: last_used}", "}"), "from when"),
        (("{last_used: last_seen}", "{created: last_seen}"), "which column"),
    ],
)
def test_a_promise_that_cannot_be_asked(change: tuple[str, str], facet: str) -> None:
    """The finding says what policy.yaml lacks."""
    (only,) = run(USERS.replace(*change), table("users", field("email"))).findings
    assert (only.object, only.severity.value) == ("table:users", "medium")
    assert only.remedies[0].text.startswith(f"say {facet}")


@pytest.mark.parametrize(
    "change",
    [
        ("period: P12M", "period: TODO"),
        ("anchor: last_used", "anchor: TODO"),
        ("{last_used: last_seen}", "{last_used: TODO}"),
    ],
)
def test_what_nobody_decided_yet_is_no_finding(change: tuple[str, str]) -> None:
    """It is a gap, until somebody decides."""
    result = run(USERS.replace(*change), table("users", field("email")))
    assert result.outcome.value == "error"
    assert "undecided" in {gap.reason.value for gap in result.gaps}


def test_a_table_that_is_for_nothing() -> None:
    """Personal data without an activity have no period; a table without any need none."""
    text = USERS.replace("        activities: [accounts]\n", "")
    assert found(text) == snapshot(
        [
            (
                "table:users",
                "medium",
                "nothing says what users is for, so nobody can say how long it may be kept",
            )
        ]
    )
    assert found(text.replace("user.contact.email", "system.operations")) == []
    unknown = "stores: [{id: app, connector: sql, tables: [{name: users}]}]"
    assert len(found(unknown)) == 1


def test_a_field_for_which_no_period_is_meant() -> None:
    """In a list of periods each is for some categories; the rest is kept for ever."""
    listed = USERS.replace(
        "{period: P12M, anchor: last_used}",
        "[{period: P12M, anchor: last_used, data_categories: [user.name]}]",
    )
    assert found(listed) == snapshot(
        [
            (
                "field:users.email",
                "medium",
                "no period of accounts is for user.contact.email, which users.email holds",
            )
        ]
    )


def test_no_table_is_no_promise() -> None:
    """A store without declared tables."""
    assert run("stores: [{id: app, connector: sql}]").outcome.value == "not_applicable"


def test_nothing_seen_is_nothing_proved() -> None:
    """A table that is not there, and one whose ages nobody asked for."""
    for tables in ((), (table("users", field("email")),)):
        result = run(USERS, *tables)
        assert (result.outcome.value, result.findings) == ("error", ())


def test_without_a_period_nothing_is_proved() -> None:
    """Nobody asked how old the records are, so that they are dated is not known."""
    text = USERS.replace("    retention: {period: P12M, anchor: last_used}\n", "")
    assert run(text, table("users", field("email"))).outcome.value == "not_applicable"
