"""What the policy asks of a store and its evidence does not show, is a gap."""

import pytest

from auditor.evidence import Ages, Aspect, ConsentCounted, Gap, Reason, TableSeen
from auditor.example import USERS
from auditor.matching import unanswered
from auditor.testing import ages, field, policy, store, table

CONSENT = USERS + "        consent: {given_at: agreed}\n"
EMAIL = field("email", "user.contact.email")
DATED = ages({"2026-01-01": 100})
AGREED = ConsentCounted(activity="accounts", audience=1)


def open_in(text: str, *tables: TableSeen, gaps: tuple[Gap, ...] = ()) -> list[tuple[str, ...]]:
    """Return what is open, and in which aspects."""
    found = list(unanswered(policy(text), store(*tables, gaps=gaps)))
    assert all(gap.reason is Reason.NOT_IN_EVIDENCE and gap.needs for gap in found)
    return [(gap.what, *gap.aspects) for gap in found]


def test_a_whole_answer_leaves_nothing_open() -> None:
    """Fields, ages and consents are there; tables that nobody declared are not asked for."""
    assert open_in(CONSENT, table("users", EMAIL, DATED, AGREED), table("x")) == []
    assert open_in("stores: [{id: app, connector: sql}]") == []


def test_a_declared_table_that_is_not_there() -> None:
    """Its name may be misspelt, or hidden from this role: nothing is known of it."""
    assert open_in(USERS) == [("table:users", "fields", "ages", "consents")]


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (ages({"2026-01-01": 100}, "created"),),
        (ages({"2026-01-01": 9}, rows=10),),
        (ages({"2026-01-01": 9}, undated=1, unreadable=2, rows=13),),
    ],
    ids=["nobody asked", "asked otherwise", "one is lost", "lost again"],
)
def test_ages_that_do_not_answer_what_the_policy_says_now(answers: tuple[Ages, ...]) -> None:
    """The policy may have changed; and records that no count holds are not young."""
    gap = ("table:users, ages by last_used", "ages")
    assert open_in(USERS, table("users", EMAIL, *answers)) == [gap]


def test_a_rule_that_cannot_be_asked_is_left_to_the_checks() -> None:
    """They say what the policy lacks."""
    text = USERS.replace("{last_used: last_seen}", "{created: last_seen}")
    assert open_in(text, table("users", EMAIL)) == []


def test_consents_that_nobody_counted() -> None:
    """A count for another activity is no answer."""
    other = ConsentCounted(activity="other", audience=1)
    assert open_in(CONSENT, table("users", EMAIL, DATED, other)) == [
        ("table:users, who agreed", "consents")
    ]


def test_values_that_nobody_looked_into() -> None:
    """A field full of values, and a table whose columns nobody could list."""
    unread = field("notes", filled=5, looked_at=0, exhaustive=False)
    empty = field("none", filled=0, looked_at=0)
    known = field("text", looked_at=0, exhaustive=False, documented=True)
    assert open_in(USERS, table("users", EMAIL, unread, empty, known, DATED)) == [
        ("table:users, 1 fields", "fields")
    ]
    assert open_in(USERS, table("users", DATED)) == [("table:users", "fields")]
    assert open_in(USERS, table("users", ages({}), rows=0)) == []


@pytest.mark.parametrize(
    ("what", "aspects", "left"),
    [
        ("the ages of users", (Aspect.AGES,), 0),
        ("the ages of users", (), 0),
        ("the ages of orders", (Aspect.AGES,), 1),
        ("the ages of users_old", (Aspect.AGES,), 1),
        ("what users.a holds", (Aspect.FIELDS,), 1),
    ],
)
def test_what_the_evidence_tells_is_not_told_twice(
    what: str, aspects: tuple[Aspect, ...], left: int
) -> None:
    """A gap of the same table in the same aspect says why; another one does not."""
    gap = Gap(what=what, reason=Reason.TIMEOUT, needs="n", aspects=aspects)
    assert len(open_in(USERS, table("users", EMAIL), gaps=(gap,))) == left


@pytest.mark.parametrize("what", ["the fields of users_old", "the fields of users"])
def test_a_gap_that_leaves_less_open_hides_none_of_more(what: str) -> None:
    """A table that is not there has no ages, whatever is told of fields, or of its namesakes."""
    gap = Gap(what=what, reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.FIELDS,))
    assert open_in(USERS, gaps=(gap,)) == [("table:users", "fields", "ages", "consents")]


def test_a_store_that_could_not_be_read_is_told_once() -> None:
    """Nothing more has to be said of each table."""
    gap = Gap(what="store:app", reason=Reason.CHECK_CRASHED, needs="n")
    assert open_in(USERS, gaps=(gap,)) == []


def test_ages_that_count_nothing_of_something() -> None:
    """None counted is an answer only where no record is of the kind that was asked for."""
    gap = ("table:users, ages by last_used", "ages")
    assert open_in(USERS, table("users", EMAIL, ages({}), rows=1)) == [gap]
    text = USERS.replace("anchor: last_used}", "anchor: last_used, action: anonymize}")
    none = ages({}, holding=("email",))
    assert open_in(text, table("users", EMAIL, none)) == [gap]
    empty = field("email", filled=0, looked_at=0)
    assert open_in(text, table("users", empty, field("x"), none)) == []


def test_tables_that_share_a_name() -> None:
    """One of them would hide what is in the other."""
    twin = table("users", EMAIL, DATED)
    assert open_in(USERS, twin, twin, table("x")) == [("table:users, 2 of them",)]
