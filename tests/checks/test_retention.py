"""Records that are kept longer than promised: exactly those, and never for want of looking."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec import to_builtins

from auditor.durations import is_overdue, parse_duration
from auditor.evidence import Aspect, Gap, Reason, TableSeen
from auditor.example import USERS
from auditor.findings import Result
from auditor.testing import TODAY, ages, field, judge, policy, store, table
from auditor_checks.retention import record_kept_too_long

OLD = {"2019-03-02": 3, "2024-05-01": 7, "2026-01-10": 90}


def run(text: str, *tables: TableSeen, gaps: tuple[Gap, ...] = (), as_of: date = TODAY) -> Result:
    """Judge a store's tables."""
    return judge(record_kept_too_long, policy(text), store(*tables, gaps=gaps), as_of=as_of)


def promising(retention: str, fields: str = "email: user.contact.email") -> str:
    """Return a policy with another promise, and other fields."""
    text = USERS.replace("{period: P12M, anchor: last_used}", retention)
    return text.replace("email: user.contact.email, last_seen: system.operations", fields)


@given(
    as_of=st.dates(date(2020, 1, 1), date(2028, 12, 31)),
    back=st.integers(0, 900),
    period=st.sampled_from(["P1M", "P12M", "P1Y6M", "P30D", "P2M10D", "P0D", "P100Y"]),
    grace=st.sampled_from(["", "P7D", "P1M"]),
)
def test_a_record_is_kept_too_long_if_and_only_if_its_day_says_so(
    as_of: date, back: int, period: str, grace: str
) -> None:
    """The forward rule of the contract, on each side of every month's end."""
    day = as_of - timedelta(days=back)
    rule = f"{{period: {period}, anchor: last_used{f', grace: {grace}' if grace else ''}}}"
    result = run(promising(rule), table("users", ages({str(day): 1})), as_of=as_of)
    assert result.gaps == () or result.gaps[0].reason is Reason.NOT_VERIFIED  # from another day
    spare = parse_duration(grace or "P0D")
    assert bool(result.findings) == is_overdue(day, as_of, parse_duration(period), spare)


def test_a_whole_finding() -> None:
    """How many of how many, what was promised, from which day on, how old; and the ways out."""
    seen = ages(OLD, undated=2, assumed="dates without a zone: UTC")
    result = run(USERS, table("users", field("email", "user.contact.email"), seen))
    assert result.outcome.value == "fail"
    (found,) = result.findings
    assert to_builtins(found) == snapshot(
        {
            "fingerprint": "ba5b390a85583314b508f1713ef04a5e4073542a65752202a2902f505ec8254a",
            "object": "table:users",
            "severity": "high",
            "message": (
                "10 of 102 records of users are kept too long: accounts promises P12M from "
                "last_used, so nothing of 2025-01-14 or before may be left; the oldest is of "
                "2019-03-02 (over 6 years)"
            ),
            "waived_by": None,
            "policy": {"path": "policy.yaml", "line": 8, "column": 16},
            "seen": (
                {
                    "page": "",
                    "state": "",
                    "by": "",
                    "detail": (
                        "table users: too old by year, 2019: 3, 2024: 7; dates without a zone: UTC"
                    ),
                },
            ),
            "remedies": (
                {
                    "kind": "remove",
                    "text": "delete them, and let a job do so every day",
                    "yaml": "",
                },
                {
                    "kind": "remove",
                    "text": "anonymise them, so that nobody in them can be told apart any more",
                    "yaml": "",
                },
                {
                    "kind": "declare",
                    "text": (
                        "promise a longer period only if the purpose needs it, and tell people"
                    ),
                    "yaml": "",
                },
            ),
        }
    )


def test_the_fingerprint_is_of_the_promise_and_not_of_the_day() -> None:
    """Another day, other counts and a longer period are the same objection."""
    one = run(USERS, table("users", ages(OLD))).findings[0]
    other = run(
        promising("{period: P13M, anchor: last_used, grace: P1D}"),
        table("users", ages({"2020-01-01": 1})),
        as_of=TODAY + timedelta(days=1),
    ).findings[0]
    assert one.fingerprint == other.fingerprint
    assert one.message != other.message
    created = USERS.replace("anchor: last_used", "anchor: created").replace(
        "{last_used: last_seen}", "{created: made}"
    )
    moved = run(created, table("users", ages(OLD, "created"))).findings[0]
    assert moved.fingerprint != one.fingerprint


@pytest.mark.parametrize(
    ("fields", "day", "severity"),
    [
        ("email: user.contact.email", "2019-01-01", "high"),
        ("email: user.contact.email", "2025-01-14", "medium"),
        ("ip: user.device.ip_address", "2019-01-01", "medium"),
        ("ip: user.device.ip_address", "2025-01-14", "medium"),
        ("n: system.operations", "2019-01-01", "medium"),
        ("ill: user.health_and_medical", "2019-01-01", "critical"),
        ("ill: user.health_and_medical", "2025-01-08", "high"),
        ("ill: user.health_and_medical", "2025-01-07", "critical"),
    ],
)
def test_severity_is_by_what_is_kept(fields: str, day: str, severity: str) -> None:
    """Up to a week late is a job that runs late; nothing that is overdue is less than medium."""
    result = run(
        promising("{period: P12M, anchor: last_used}", fields), table("users", ages({day: 1}))
    )
    assert [found.severity.value for found in result.findings] == [severity]


def test_what_was_found_in_the_records_counts_as_well() -> None:
    """Whatever the policy calls it."""
    seen = table("users", field("n", "user.demographic.religious_belief"), ages(OLD))
    result = run(promising("{period: P12M, anchor: last_used}", "n: system.operations"), seen)
    assert result.findings[0].severity.value == "critical"


def test_each_period_of_a_list_is_judged_by_its_own_fields() -> None:
    """One is kept, the other is not; the finding names the fields to empty."""
    text = promising(
        "[{period: P1M, anchor: last_used, data_categories: [user.contact]},"
        " {period: P10Y, anchor: last_used, data_categories: [user.payment]}]",
        "email: user.contact.email, card: user.payment",
    )
    seen = table(
        "users",
        ages({"2025-06-01": 5}, holding=("email",)),
        ages({"2025-06-01": 8}, holding=("card",)),
    )
    (found,) = run(text, seen).findings
    assert "5 of 5 records of users that still hold email are kept too long" in found.message
    assert [remedy.text for remedy in found.remedies] == snapshot(
        [
            "empty email in them, and let a job do so every day",
            "promise a longer period only if the purpose needs it, and tell people",
        ]
    )


def test_fallback_and_grace_are_told() -> None:
    """What was promised is said as it was promised."""
    text = promising(
        "{period: P12M, anchor: last_used, on_missing_anchor: use_created, grace: P7D}"
    ).replace("{last_used: last_seen}", "{last_used: last_seen, created: made}")
    (found,) = run(text, table("users", ages(OLD, fallback="created"))).findings
    assert "P12M and P7D of grace from last_used, else created" in found.message
    assert "nothing of 2025-01-07 or before" in found.message


def test_days_without_records_and_days_ahead_are_not_overdue() -> None:
    """A count of nothing is nothing; what lies ahead is told by another check."""
    seen = table("users", ages({"2019-01-01": 0, "2030-01-01": 5}))
    assert run(USERS, seen).outcome.value == "pass"


def test_an_empty_table_passes() -> None:
    """Nothing is kept too long where nothing is kept; coverage says how little it was."""
    assert run(USERS, table("users", ages({}), rows=0)).outcome.value == "pass"


def test_without_a_period_there_is_no_promise() -> None:
    """A store of which nothing is promised; and a period for what the table does not hold."""
    assert run("stores: [{id: app, connector: sql}]").outcome.value == "not_applicable"
    anonymous = promising(
        "{period: P1M, anchor: last_used, action: anonymize}", "n: system.operations"
    )
    assert run(anonymous, table("users")).outcome.value == "not_applicable"


@pytest.mark.parametrize(
    ("text", "tables", "reason"),
    [
        (USERS, (), "not_in_evidence"),
        (USERS, (table("users", field("email")),), "not_in_evidence"),
        (promising("{anchor: last_used}"), (table("users"),), "nobody_looks"),
        (promising("{period: P1M, anchor: created}"), (table("users"),), "nobody_looks"),
    ],
    ids=["no table", "no ages", "no period", "no column"],
)
def test_what_nobody_asked_is_not_kept(
    text: str, tables: tuple[TableSeen, ...], reason: str
) -> None:
    """Each is a gap that says what is needed."""
    result = run(text, *tables)
    assert result.outcome.value == "error"
    assert {gap.reason.value for gap in result.gaps} == {reason}


def test_a_refused_look_is_a_gap_and_other_aspects_are_not() -> None:
    """A time-out while counting keeps it open; what is in the fields does not matter here."""
    refused = Gap(
        what="the ages of users", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.AGES,)
    )
    result = run(USERS, table("users"), gaps=(refused,))
    assert (result.outcome.value, [gap.what for gap in result.gaps]) == ("error", [refused.what])
    values = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.FIELDS,))
    young = table("users", ages({"2026-01-01": 1}))
    assert run(USERS, young, gaps=(values,)).outcome.value == "pass"


def test_findings_and_gaps_of_two_tables_stand_together() -> None:
    """One table is too old, the other was not seen."""
    text = USERS + "      - {name: more, activities: [accounts], anchors: {last_used: t}}\n"
    result = run(text, table("users", ages(OLD)))
    assert (result.outcome.value, len(result.findings), len(result.gaps)) == ("fail", 1, 1)


def test_a_table_that_is_not_there_passes_for_no_other_gap() -> None:
    """What could not be read of its namesake says nothing of how old its records are."""
    gap = Gap(
        what="the fields of users_old", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.FIELDS,)
    )
    result = judge(record_kept_too_long, policy(USERS), store(table("users_old"), gaps=(gap,)))
    assert (result.outcome.value, [one.what for one in result.gaps]) == ("error", ["table:users"])
