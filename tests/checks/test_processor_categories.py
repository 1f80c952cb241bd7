"""At a processor is what people were told, and nothing else."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, Gap, Reason, SettingSeen, TableSeen
from auditor.findings import Result
from auditor.testing import account, field, found_in, judge, policy, setting, table
from auditor_checks.processor_categories import category_at_processor

TEXT = """
processing_activities:
  - {id: accounts, data_categories: [user.contact]}
  - {id: doctors, data_categories: [user.health_and_medical]}
accounts:
  - {id: app, connector: stripe, activities: [accounts]}
"""


def run(text: str, *seen: TableSeen | SettingSeen, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge the account."""
    return judge(category_at_processor, policy(text), account(*seen, gaps=gaps))


def test_what_the_activities_list() -> None:
    """A wider key covers a narrower one, and the other way round."""
    mail = field("email", "user.contact.email")
    assert run(TEXT, table("people", mail, field("any", "user"))).outcome.value == "pass"


def test_what_they_do_not_list() -> None:
    """Named with its field, and with how it was told."""
    known = found_in("user.demographic.date_of_birth", hits=0, looked_at=0)
    (found,) = run(TEXT, table("people", field("dob", known))).findings
    assert (found.object, found.severity.value) == ("field:people.dob", "high")
    assert found.message == snapshot(
        "people.dob at account:app holds user.demographic.date_of_birth (by the service's own"
        " description), which accounts does not list"
    )


def test_a_guess_is_no_finding() -> None:
    """Low confidence is not enough to blame anybody."""
    guess = found_in("user.demographic", confidence="low")
    assert run(TEXT, table("people", field("x", guess))).outcome.value == "pass"


def test_special_categories_need_their_own_key() -> None:
    """A wide key does not cover what Art. 9 singles out."""
    wide = TEXT.replace("[user.contact]", "[user]")
    medical = table("people", field("note", "user.health_and_medical"))
    (found,) = run(wide, medical).findings
    assert found.severity.value == "critical"
    assert run(wide.replace("[accounts]}", "[doctors]}"), medical).outcome.value == "pass"


def test_a_declared_field_counts_as_what_it_is_declared_as() -> None:
    """And contradicts that, if it holds something else."""
    text = TEXT.replace(
        "activities: [accounts]}",
        "activities: [accounts], tables: [{name: people, fields: {dob: user.demographic}}]}",
    )
    born = field("dob", "user.demographic.date_of_birth")
    assert run(text, table("people", born)).outcome.value == "pass"
    assert run(text, table("people", field("dob", "user.financial"))).outcome.value == "fail"


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (setting("collects", category="user.device.ip_address"), "fail"),
        (setting("collects", category="user.device.ip_address", is_on=False), "pass"),
        (setting("collects", category="user.contact.email"), "pass"),
    ],
)
def test_what_is_set_to_be_collected(seen: SettingSeen, outcome: str) -> None:
    """A switch that is on collects, whether or not anything has come yet."""
    assert run(TEXT, seen).outcome.value == outcome


def test_outcomes_without_a_look() -> None:
    """Nothing there is not applicable; nobody there, and fields nobody saw, are gaps."""
    assert run(TEXT).outcome.value == "not_applicable"
    assert judge(category_at_processor, policy(TEXT)).outcome.value == "error"
    gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.FIELDS,))
    mail = table("people", field("email", "user.contact.email"))
    assert run(TEXT, mail, gaps=(gap,)).outcome.value == "error"
    assert run(TEXT, gaps=(gap,)).outcome.value == "error"
