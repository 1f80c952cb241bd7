"""How long cookies ask to be kept, against how long people were told (contract, meaning 4)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from auditor.durations import add, parse_duration
from auditor.evidence import SiteEvidence, SiteObservation, Source, State
from auditor.findings import Result
from auditor.testing import MOMENT, cookie, judge, policy, sent, site
from auditor_checks.cookie_lifetime import cookie_kept_too_long

DAY = 86_400
CAP = 400 * DAY


def row(max_age: str, name: str = "session", **keys: str) -> str:
    """Write a row with a lifetime; "" leaves it out."""
    keys = {"max_age": max_age, **keys}
    said = "".join(f", {key}: {value}" for key, value in keys.items() if value)
    return f"device_storage: [{{identifier: {name}, type: cookie{said}}}]"


def run(text: str, *seen: SiteObservation) -> Result:
    """Judge what was seen on the 15th of January 2026."""
    return judge(cookie_kept_too_long, policy(text), site(*seen))


def outcome(max_age: str, **facts: object) -> str:
    """Return the outcome for one cookie."""
    return run(row(max_age), cookie("session", **facts)).outcome.value


@pytest.mark.parametrize(
    ("max_age", "lifetime", "expected"),
    [
        ("P1D", 0, "pass"),
        ("P1D", 60, "pass"),
        ("P1D", 2 * DAY, "pass"),
        ("P1D", 2 * DAY + 1, "fail"),
        ("PT1H", DAY + 3600, "pass"),
        ("PT1H", DAY + 3601, "fail"),
        ("P0D", DAY, "pass"),
        ("P1Y", 366 * DAY, "pass"),
        ("P1Y", 366 * DAY + 1, "fail"),
        ("P1D", None, "pass"),
        ("session", None, "pass"),
        ("session", 1, "fail"),
        ("P99999Y", 10**11, "pass"),
    ],
)
def test_the_requested_lifetime(max_age: str, lifetime: int | None, expected: str) -> None:
    """Longer than promised by more than a day fails; shorter is fine, and so is a session."""
    assert outcome(max_age, lifetime=lifetime) == expected


@pytest.mark.parametrize(
    ("day", "max_age", "days"),
    [
        (datetime(2026, 1, 15, tzinfo=UTC), "P1M", 31),
        (datetime(2026, 2, 1, tzinfo=UTC), "P1M", 28),
        (datetime(2024, 2, 1, tzinfo=UTC), "P1M", 29),
        (datetime(2026, 1, 31, tzinfo=UTC), "P1M", 28),
        (datetime(2023, 3, 1, tzinfo=UTC), "P1Y", 366),
        (datetime(2026, 3, 1, tzinfo=UTC), "P13M", 396),
    ],
)
def test_months_are_those_of_the_calendar(day: datetime, max_age: str, days: int) -> None:
    """A month counts from the day on which the cookie was set, with a day's tolerance."""

    def at(lifetime: int) -> str:
        seen = site(cookie("session", lifetime=lifetime))
        source = structs.replace(seen.sources[0], collected_at=day)
        moved = structs.replace(seen, sources=(source,))
        promised = policy(row(max_age))
        return judge(cookie_kept_too_long, promised, moved, as_of=day.date()).outcome.value

    assert at((days + 1) * DAY) == "pass"
    assert at((days + 1) * DAY + 1) == "fail"


def test_each_recording_counts_from_its_own_day() -> None:
    """A cookie that was set in March is kept for a month of March."""
    days = {State.BEFORE: (2026, 1, 31), State.ACCEPT: (2026, 3, 1)}
    sources = tuple(
        Source(kind="har", collected_at=datetime(*day, tzinfo=UTC), state=state)
        for state, day in days.items()
    )

    def seen(state: State) -> SiteEvidence:
        one = cookie("session", lifetime=32 * DAY, state=state)
        return structs.replace(site(one), sources=sources)

    def judged(state: State) -> str:
        promised = policy(row("P1M"))
        march = date(2026, 3, 2)
        return judge(cookie_kept_too_long, promised, seen(state), as_of=march).outcome.value

    assert (judged(State.BEFORE), judged(State.ACCEPT)) == ("fail", "pass")


lifetimes = st.integers(min_value=0, max_value=3 * 366)


@given(lifetimes, st.integers(min_value=0, max_value=36))
def test_a_promise_kept_by_the_calendar_passes(days: int, months: int) -> None:
    """As `durations.add` reckons, to the day."""
    limit = (add(MOMENT, parse_duration(f"P{months}M")) - MOMENT).days
    expected = "pass" if days <= limit + 1 else "fail"
    assert outcome(f"P{months}M", lifetime=days * DAY) == expected


@pytest.mark.parametrize("facts", [{"deleted": True}, {"refused": "domain"}])
def test_what_is_never_kept_has_no_lifetime(facts: dict[str, object]) -> None:
    """A deletion, and a cookie that browsers refuse, last for no time at all."""
    never = cookie("session", lifetime=CAP, **facts)
    for seen in ([never], [never, cookie("session")], [never, cookie("session", lifetime=60)]):
        result = run(row("P1D"), *seen)
        assert (result.outcome.value, result.gaps) == ("pass", ())


@pytest.mark.parametrize(
    ("max_age", "expected"),
    [("P13M", "fail"), ("P1Y", "fail"), ("session", "fail"), ("P399D", "error"), ("P2Y", "error")],
)
def test_a_lifetime_that_a_browser_cut(max_age: str, expected: str) -> None:
    """At least 400 days were asked for: more than a year, and nobody knows whether than two."""
    moment = "at least 400 days"
    result = run(row(max_age), cookie("session", lifetime=CAP, capped=True))
    assert result.outcome.value == expected
    if result.findings:
        assert moment in result.findings[0].message
        assert moment in result.findings[0].seen[0].detail
    else:
        (gap,) = result.gaps
        assert (gap.what, "400 days" in gap.needs) == (
            "lifetime of cookie:session@example.org",
            True,
        )


def test_a_cookie_that_only_travelled_is_a_gap() -> None:
    """How long it lasts is said where it is set, and nobody saw that."""
    result = run(row("P1D"), sent("session"))
    assert result.outcome.value == "error"
    assert [gap.what for gap in result.gaps] == ["lifetime of cookie:session@example.org"]
    assert run(row("P1D"), sent("session"), cookie("session")).outcome.value == "pass"


@pytest.mark.parametrize("lifetime", [60, CAP])
def test_a_row_that_does_not_say_how_long(lifetime: int) -> None:
    """A cookie that outlives the session, and a row without max_age: people are not told."""
    (finding,) = run(row(""), cookie("session", lifetime=lifetime)).findings
    assert finding.severity.value == "low"
    assert finding.message.endswith("policy.yaml does not say how long")
    assert [remedy.kind for remedy in finding.remedies] == ["remove", "declare"]


@pytest.mark.parametrize("seen", [cookie("session"), sent("session")], ids=["session", "sent"])
def test_nobody_has_to_tell_of_a_session(seen: SiteObservation) -> None:
    """Without max_age, and without a lifetime, nothing is promised and nothing broken."""
    result = run(row(""), seen)
    assert (result.outcome.value, result.gaps) == ("pass", ())


def test_a_row_of_another_cookie_promises_nothing() -> None:
    """A cookie on a domain that its row does not cover is undeclared, not kept too long."""
    text = row("P1D", domains="[shop.example.org]")
    assert run(text, cookie("session", lifetime=CAP)).outcome.value == "pass"
    assert run(row("P1D", name="other"), cookie("session", lifetime=CAP)).outcome.value == "pass"


def test_each_page_has_its_row() -> None:
    """Two rows for one name: each setting is held against the one of its page."""
    text = (
        "device_storage:\n"
        "  - {identifier: a, type: cookie, pages: [/one], max_age: P1D}\n"
        "  - {identifier: a, type: cookie, pages: [/two], max_age: P1Y}\n"
    )
    one, two = "https://example.org/one", "https://example.org/two"
    long = {"lifetime": 300 * DAY}
    assert run(text, cookie("a", page=two, **long)).outcome.value == "pass"
    (finding,) = run(text, cookie("a", page=two, **long), cookie("a", page=one, **long)).findings
    assert finding.policy.line == 5
    assert [seen.page for seen in finding.seen] == [one]


def test_the_longest_is_told() -> None:
    """Set in three ways, the finding names the worst and shows those that are too long."""
    seen = [cookie("session", lifetime=days * DAY) for days in (1, 30, 365)]
    (finding,) = run(row("P7D"), *seen).findings
    assert finding.message == ("`session` asks to be kept for 1 year; policy.yaml promises P7D")
    assert [told.detail for told in finding.seen] == ["asks for 30 days", "asks for 1 year"]
    assert finding.severity.value == "medium"
