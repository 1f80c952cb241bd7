"""What fields hold against what they are said to hold."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, FieldSeen, Found, Gap, Reason
from auditor.findings import Result
from auditor.testing import field, found_in, judge, policy, store, table
from auditor_checks.stored_categories import undeclared_category

TEXT = """
processing_activities:
  - {{id: accounts, data_categories: [{}]}}
  - {{id: other, data_categories: [user.device]}}
stores:
  - id: app
    connector: sql
    tables:
      - {{name: users, activities: [accounts], fields: {{x: {}}}, {}}}
"""


def run(
    declared: str,
    *found: str | Found,
    listed: str = "user.contact, user.content",
    more: str = "subject_key: id",
    seen: FieldSeen | None = None,
    gaps: tuple[Gap, ...] = (),
) -> Result:
    """Judge field `x` of a declared category in which others were found."""
    text = TEXT.format(listed, declared, more)
    return judge(
        undeclared_category,
        policy(text),
        store(table("users", seen or field("x", *found)), gaps=gaps),
    )


def found(*args: str | Found, **facts: str) -> list[tuple[str, str]]:
    """Return severity and message of each finding."""
    result = run(*args, **facts)  # type: ignore[arg-type]
    return [(f.severity.value, f.message) for f in result.findings]


@pytest.mark.parametrize(
    ("declared", "category"),
    [
        ("user.contact.email", "user.contact.email"),
        ("user.contact", "user.contact.email"),
        ("user.contact.email", "user.contact"),
        ("user.contact.email", "system.operations"),
        ("system.operations", "system.authentication"),
        ("{category: user.device, activity: other}", "user.device.ip_address"),
    ],
)
def test_what_agrees_passes(declared: str, category: str) -> None:
    """The same key, a wider or a narrower one; and nothing personal anywhere."""
    assert run(declared, category).outcome.value == "pass"


@pytest.mark.parametrize(
    ("declared", "category", "severity"),
    [
        ("system.operations", "user.contact.email", "high"),
        ("system.operations", "user.device.ip_address", "medium"),
        ("system.operations", "user.health_and_medical", "critical"),
        ("user.contact.email", "user.contact.phone_number", "high"),
        ("user.content", "user.demographic.religious_belief", "critical"),
        ("user", "user.health_and_medical", "critical"),
        ("user", "user.name", "high"),
    ],
)
def test_what_contradicts(declared: str, category: str, severity: str) -> None:
    """Something else, something special under a wide key, something the activity does not list."""
    assert [row[0] for row in found(declared, category)] == [severity]


def test_each_objection_in_words() -> None:
    """What it holds, in how many values, and what is said of it instead."""
    some = found_in("user.contact.email", hits=3, looked_at=1000, low=0.001, high=0.0088,
                    exhaustive=False, by_name=False, embedded=True)  # fmt: skip
    name = found_in("user.name", hits=0, confidence="medium")
    messages = [
        *found("system.operations", some),
        *found("user.contact", name),
        *found("user", "user.name"),
        *found("user", "user.health_and_medical"),
    ]
    assert messages == snapshot(
        [
            (
                "high",
                (
                    "users.x holds user.contact.email (3 of 1,000 values of a sample: 0.1% to "
                    "0.9% of all, inside longer text) and is declared as system.operations: "
                    "nothing personal"
                ),
            ),
            (
                "high",
                (
                    "users.x holds user.name (by its name) and is declared as user.contact, "
                    "which is something else"
                ),
            ),
            (
                "high",
                (
                    "users.x holds user.name (100 of 100 values, and by its name) and is for "
                    "accounts, which does not list that"
                ),
            ),
            (
                "critical",
                (
                    "users.x holds user.health_and_medical (100 of 100 values, and by its name) "
                    "and is declared as user, which does not say that"
                ),
            ),
        ]
    )


def test_text_of_people_holds_addresses() -> None:
    """In what people write it is to be expected, and still told; a special category is not."""
    inside = found_in("user.contact.email", embedded=True)
    assert found("user.content.private", inside)[0][0] == "medium"
    assert found("user.content.private", found_in("user.contact.email"))[0][0] == "high"
    ill = found_in("user.health_and_medical", embedded=True)
    assert found("user.content.private", ill)[0][0] == "critical"


def test_a_guess_is_listed_and_fails_nothing() -> None:
    """Whatever it is a guess at."""
    guess = found_in("user.health_and_medical", confidence="low")
    assert [row[0] for row in found("system.operations", guess)] == ["low"]


@pytest.mark.parametrize(
    ("listed", "declared", "severities"),
    [
        ("user.name", "user.contact.email", ["medium"]),
        ("user.contact.email", "user.contact", []),
        ("user.name", "user.health_and_medical", ["critical"]),
        ("user.name", "system.operations", []),
        ("", "user.contact.email", []),
    ],
)
def test_what_is_declared_is_listed_with_its_activity(
    listed: str, declared: str, severities: list[str]
) -> None:
    """Once for each field, whether or not it was found; an empty list is told elsewhere."""
    assert [row[0] for row in found(declared, declared, listed=listed)] == severities


@pytest.mark.parametrize("more", ["undeclared_fields: ignore", "subject_key: y"])
def test_what_counts_as_nothing_personal_is_compared_too(more: str) -> None:
    """Ignoring a field, or using it as a key, does not make its data vanish."""
    result = run("user.contact", more=more, seen=field("y", "user.contact.email"))
    assert [(f.object, f.severity.value) for f in result.findings] == [("field:users.y", "high")]
    assert "it is not under `fields`" in result.findings[0].message


def test_an_undeclared_field_is_left_to_its_own_check() -> None:
    """It is told once."""
    assert run("user.contact", seen=field("y", "user.contact.email")).outcome.value == "pass"


def test_the_fingerprint_is_of_field_and_category() -> None:
    """Other shares and another declaration are the same objection; another category is not."""
    one = run("system.operations", "user.contact.email").findings[0]
    other = run("user.device", found_in("user.contact.email", hits=5)).findings
    same = next(found for found in other if "holds" in found.message)
    different = run("system.operations", "user.name").findings[0]
    assert one.fingerprint == same.fingerprint != different.fingerprint


def test_what_nobody_decided() -> None:
    """A category that is still to be written is a gap."""
    result = run("TODO", "user.contact.email", more="undeclared_fields: ignore")
    assert (result.outcome.value, result.findings) == ("error", ())


def test_what_nobody_looked_into() -> None:
    """A field full of values without a look, and a refused one."""
    unread = run("system.operations", seen=field("x", looked_at=0))
    assert (unread.outcome.value, unread.findings) == ("error", ())
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.FIELDS,))
    assert run("user.contact", "user.contact.email", gaps=(gap,)).outcome.value == "error"


def test_without_declared_tables_nothing_is_compared() -> None:
    """That is no pass: there is nothing that a field is said to hold."""
    promised = policy("stores: [{id: app, connector: sql, undeclared_tables: ignore}]")
    seen = store(table("users", field("x", "user.biometric")))
    assert judge(undeclared_category, promised, seen).outcome.value == "not_applicable"
