"""What services are set to keep, copy, add and show, against the promise."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, Gap, Reason, SettingSeen
from auditor.findings import Result
from auditor.testing import account, judge, policy, setting, store
from auditor_checks.processor_settings import (
    open_to_others,
    script_put_into_pages,
    setting_keeps_too_long,
)

TEXT = """
processing_activities:
  - {id: statistics, retention: {period: P12M, anchor: created}}
processors: [{id: cdn, domains: ["*.cdn.example"]}]
accounts:
  - {id: app, connector: google_analytics, property: p, activities: [statistics]}
"""
GRACE = TEXT.replace("anchor: created", "anchor: created, grace: P7D")
USED = TEXT.replace("anchor: created", "anchor: last_used")


HOSTED = TEXT.replace("google_analytics, property: p", "netlify, site: s")
BUCKET = TEXT.replace("google_analytics, property: p", "cloud_storage, bucket: b")


def run(text: str, *seen: SettingSeen, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge how long things are kept."""
    return judge(setting_keeps_too_long, policy(text), account(*seen, gaps=gaps))


@pytest.mark.parametrize(
    ("period", "outcome"),
    [
        ("P2M", "pass"),
        ("P12M", "pass"),
        ("P365D", "pass"),
        ("P366D", "pass"),
        ("P367D", "fail"),
        ("P14M", "fail"),
        ("", "fail"),
    ],
)
def test_how_long_a_service_keeps(period: str, outcome: str) -> None:
    """Two months and fourteen: nothing between fits a promise of twelve."""
    result = run(TEXT, setting("deletes_after", "X", period=period, of="user data"))
    assert result.outcome.value == outcome


def test_what_is_said() -> None:
    """The service's own words, and the promise."""
    seen = SettingSeen(
        name="retention",
        value="FOURTEEN_MONTHS",
        effect="deletes_after",
        of="events",
        period="P14M",
    )
    (found,) = run(TEXT, seen).findings
    assert (found.object, found.severity.value) == ("setting:retention", "high")
    assert found.message == snapshot(
        "events: retention is FOURTEEN_MONTHS, P14M; statistics promises P12M from created"
    )


def test_the_longest_promise_counts() -> None:
    """What the books need for ten years may be set to ten years."""
    text = TEXT.replace("activities: [statistics]", "activities: [statistics, books]").replace(
        "processors:", "  - {id: books, retention: {period: P10Y, anchor: created}}\nprocessors:"
    )
    assert run(text, setting("deletes_after", period="P10Y")).outcome.value == "pass"
    assert run(text, setting("deletes_after", period="P11Y")).outcome.value == "fail"


@pytest.mark.parametrize(
    ("text", "facts", "severity"),
    [
        (TEXT, {"period": "P7D"}, "low"),
        (GRACE, {"period": "P7D"}, None),
        (GRACE, {"period": "P90D"}, "medium"),
        (TEXT, {"period": ""}, "medium"),
        (TEXT, {"period": "P7D", "is_on": False}, None),
    ],
)
def test_what_outlives_its_deletion(
    text: str, facts: dict[str, Any], severity: str | None
) -> None:
    """A bin of a week is told as such; `grace` says that people know."""
    found = run(text, setting("outlives_deletion", **facts)).findings
    assert [one.severity.value for one in found] == ([severity] if severity else [])


def test_a_time_that_starts_anew() -> None:
    """That is from the last use, and was promised from the first day."""
    anew = setting("counts_from_last_use")
    assert run(TEXT, anew).outcome.value == "fail"
    assert run(USED, anew).outcome.value == "pass"
    assert run(TEXT, setting("counts_from_last_use", is_on=False)).outcome.value == "pass"


def test_copies_elsewhere() -> None:
    """The setting deletes nothing there."""
    (found,) = run(TEXT, setting("copies_to", to="BigQuery")).findings
    assert "data goes on to BigQuery" in found.message


def test_outcomes_without_a_look() -> None:
    """No promise, no account, no answer, an answer that is no period."""
    assert run(TEXT.replace("[statistics]", "[]")).outcome.value == "not_applicable"
    assert judge(setting_keeps_too_long, policy(TEXT)).outcome.value == "error"
    gap = Gap(what="w", reason=Reason.CANNOT_BE_SHOWN, needs="n", aspects=(Aspect.SETTINGS,))
    assert run(TEXT, gaps=(gap,)).outcome.value == "error"
    assert run(TEXT, setting("deletes_after", period="soon")).outcome.value == "error"


def test_a_setting_that_only_a_person_can_state() -> None:
    """With an attestation that stands, it is attested: never a pass."""
    text = f"""{TEXT}
attestations:
  - id: A1
    covers: "account:app:processor-retention-setting"
    statement: set to 2 months
    by: Ada
    date: 2026-01-01
    expires: 2026-03-01
"""
    gap = Gap(what="w", reason=Reason.CANNOT_BE_SHOWN, needs="n", aspects=(Aspect.SETTINGS,))
    assert run(text, gaps=(gap,)).outcome.value == "attested"


@pytest.mark.parametrize(
    ("host", "outcome"),
    [("example.org", "pass"), ("a.cdn.example", "pass"), ("ads.example.net", "fail")],
)
def test_scripts_that_a_host_adds(host: str, outcome: str) -> None:
    """Of ourselves and of declared processors they may be."""
    seen = account(setting("injects", to=host))
    assert judge(script_put_into_pages, policy(HOSTED), seen).outcome.value == outcome


def test_no_scripts_are_added() -> None:
    """Good; a gap, where they could not be seen; and nothing, where nobody can ask."""
    assert judge(script_put_into_pages, policy(HOSTED), account()).outcome.value == "pass"
    gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.SCRIPTS,))
    seen = account(gaps=(gap,))
    assert judge(script_put_into_pages, policy(HOSTED), seen).outcome.value == "error"
    assert judge(script_put_into_pages, policy(HOSTED)).outcome.value == "error"
    assert judge(script_put_into_pages, policy(TEXT), account()).outcome.value == "not_applicable"


def test_what_others_can_read() -> None:
    """Open is open, unless it is closed again."""
    seen = account(setting("exposes", "allUsers", of="objects"))
    (found,) = judge(open_to_others, policy(BUCKET), seen).findings
    assert found.severity.value == "critical"
    closed = account(setting("exposes", is_on=False))
    assert judge(open_to_others, policy(BUCKET), closed).outcome.value == "pass"
    gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.SETTINGS,))
    assert judge(open_to_others, policy(BUCKET), account(gaps=(gap,))).outcome.value == "error"
    assert judge(open_to_others, policy(TEXT), account()).outcome.value == "not_applicable"


def test_a_database_of_our_own_has_no_settings() -> None:
    """Nobody looks, so nothing is good; those of Firestore are looked at."""
    text = TEXT.partition("accounts:")[0] + "stores: [{id: db, connector: CONNECTOR, tables: [T]}]"
    text = text.replace("T]", "{name: t, activities: [statistics]}]")
    for connector, outcome in (("sql", "not_applicable"), ("firestore", "pass")):
        promised = policy(text.replace("CONNECTOR", connector))
        for check in (setting_keeps_too_long,):
            assert judge(check, promised, store(store_id="db")).outcome.value == outcome
        for check in (script_put_into_pages, open_to_others):
            found = judge(check, promised, store(store_id="db"))
            assert found.outcome.value == "not_applicable"
