"""Which periods concern a table, how its records are asked for their age, and what is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Ages, TableSeen
from auditor.matching import Rule, activities_of, ages_of, category_of, rules_of, unruled
from auditor.policy import AnchorField, Policy, Table
from auditor.testing import ages, policy, table
from auditor.vocabulary import CATEGORIES, covers

ACTIVITIES = """
processing_activities:
  - {{id: accounts, retention: {}}}
  - {{id: orders, retention: {{period: P10Y, anchor: transaction}}}}
  - {{id: silent}}
stores:
  - id: app
    connector: sql
    tables:
      - name: users
        {}
"""
PLAIN = "{period: P12M, anchor: last_used}"
FALLING = "{period: P12M, anchor: last_used, on_missing_anchor: use_created}"
SEEN = "anchors: {last_used: seen, created: made, transaction: paid}"


def of(retention: str, *lines: str) -> tuple[Policy, Table]:
    """Return a policy and its table `users`."""
    promised = policy(ACTIVITIES.format(retention, "\n        ".join((*lines, SEEN))))
    return promised, promised.stores[0].tables[0]


def rules(retention: str, *lines: str) -> tuple[Rule, ...]:
    """Return the rules of that table."""
    return rules_of(*of(retention, *lines))


def told(retention: str, *lines: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Return of each rule its activity, the fields it is about, and what is missing."""
    return [(r.activity, r.holding, r.missing) for r in rules(retention, *lines)]


def test_a_period_for_whole_records() -> None:
    """Records are deleted, so all of them are asked for; the column is that of the anchor."""
    (rule,) = rules(PLAIN, "activities: [accounts]", "fields: {email: user.contact.email}")
    assert (rule.activity, rule.anchor, rule.holding) == ("accounts", "last_used", ())
    assert rule.columns == (AnchorField(field="seen"),)
    assert (rule.fallback, rule.missing, rule.facet) == ("", "", "accounts/last_used")


@pytest.mark.parametrize(
    ("retention", "columns", "fallback"),
    [
        (PLAIN, ("seen",), ""),
        (FALLING, ("seen", "made"), "created"),
        (FALLING.replace("last_used", "created"), ("made",), ""),
    ],
)
def test_creation_stands_in_only_where_the_policy_says_so(
    retention: str, columns: tuple[str, ...], fallback: str
) -> None:
    """Falling back without being told would hide missing dates."""
    (rule,) = rules(retention, "activities: [accounts]")
    assert tuple(column.field for column in rule.columns) == columns
    assert rule.fallback == fallback


def test_an_anchor_in_another_form_is_kept_as_it_is() -> None:
    """Form, time zone and another table belong to the column."""
    text = ACTIVITIES.format(
        PLAIN, "anchors: {last_used: {field: t, format: epoch_s}}\n        activities: [accounts]"
    )
    promised = policy(text)
    (rule,) = rules_of(promised, promised.stores[0].tables[0])
    assert rule.columns[0].format == "epoch_s"


@pytest.mark.parametrize(
    ("retention", "missing"),
    [
        ("{anchor: last_used}", "how long: `period`, such as P12M"),
        ("{period: P1M}", "from when the period counts: `anchor`, such as last_used"),
        (
            "{period: P1M, anchor: last_login}",
            "which column holds that date: `anchors: {last_login: COLUMN}`",
        ),
        (
            "{period: P1M, anchor: last_login, on_missing_anchor: use_created}",
            "which column holds that date: `anchors: {last_login: COLUMN}`",
        ),
    ],
)
def test_what_cannot_be_asked_says_why(retention: str, missing: str) -> None:
    """The rule stays, so that nobody takes it for kept."""
    assert told(retention, "activities: [accounts]") == [("accounts", (), missing)]


def test_a_period_for_some_categories_is_about_their_fields() -> None:
    """Each key covers those below it; what the table does not hold concerns it not."""
    periods = ("P1M", "user.contact"), ("P2M", "user.payment")
    rows = (f"{{period: {p}, anchor: created, data_categories: [{key}]}}" for p, key in periods)
    retention = f"[{', '.join(rows)}]"
    fields = "fields: {phone: user.contact.phone_number, email: user.contact.email, n: user.name}"
    assert told(retention, "activities: [accounts]", fields) == [
        ("accounts", ("email", "phone"), "")
    ]
    assert [
        (a.id, field) for a, field in unruled(*of(retention, "activities: [accounts]", fields))
    ] == [("accounts", "n")]


@pytest.mark.parametrize("action", ["anonymize", "aggregate"])
def test_records_may_stay_without_what_is_personal(action: str) -> None:
    """Then the personal fields must be empty; a table that has none holds nothing to empty."""
    retention = f"{{period: P12M, anchor: last_used, action: {action}}}"
    fields = "fields: {email: user.contact.email, n: system.operations, k: system}"
    assert told(retention, "activities: [accounts]", fields) == [("accounts", ("email",), "")]
    assert told(retention, "activities: [accounts]", "fields: {n: system.operations}") == []
    assert told(retention, "activities: [accounts]") == [
        ("accounts", (), "which columns it is about: `fields` for accounts")
    ]


def test_records_that_serve_several_activities() -> None:
    """A record may stay for its longer purpose; what is only for the shorter one may not."""
    fields = (
        "fields: {email: user.contact.email, iban: {category: user.payment, activity: orders}}"
    )
    assert told(PLAIN, "activities: [accounts, orders]", fields) == [
        ("accounts", ("email",), ""),
        ("orders", ("iban",), ""),
    ]
    assert told(PLAIN, "activities: [accounts]", fields)[1] == ("orders", ("iban",), "")
    assert told(PLAIN, "activities: [accounts, orders]", "fields: {email: user.contact}") == [
        ("accounts", ("email",), ""),
        ("orders", (), "which columns it is about: `fields` for orders"),
    ]


def test_an_activity_without_a_period_asks_nothing() -> None:
    """There is no promise; that there is none is told by a check of the policy."""
    assert told(PLAIN, "activities: [silent]") == []
    promised, users = of(PLAIN, "activities: [silent]")
    assert [activity.id for activity in activities_of(promised, users)] == ["silent"]
    assert list(unruled(promised, users)) == []


def test_answers_are_found_by_what_was_asked() -> None:
    """Of another anchor, stand-in or field there is no answer."""
    (rule,) = rules(FALLING, "activities: [accounts]")
    right = ages({"2026-01-01": 1}, fallback="created")
    assert ages_of(rule, table("users", right)) == right
    for other in (
        ages({}),
        ages({}, "created"),
        ages({}, fallback="created", holding=("email",)),
    ):
        assert ages_of(rule, table("users", other)) is None


KEYS = sorted(key for key in CATEGORIES if key.startswith("user"))


@given(
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True),
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(KEYS), max_size=6),
)
def test_each_personal_field_has_a_period_or_is_said_to_have_none(
    wanted: list[str], fields: dict[str, str]
) -> None:
    """No field falls between the periods of a list unseen."""
    periods = [f"{{period: P1M, anchor: created, data_categories: [{key}]}}" for key in wanted]
    promised, users = of(f"[{', '.join(periods)}]", "activities: [accounts]", f"fields: {fields}")
    asked = {name for rule in rules_of(promised, users) for name in rule.holding}
    left = {name for _, name in unruled(promised, users)}
    assert (asked | left, asked & left) == (set(fields), set())
    for name in asked:
        assert any(covers(key, category_of(users, name)) for key in wanted)


def test_dates_of_another_column_are_no_answer() -> None:
    """Where the policy has come to name another column, old evidence does not speak of it."""
    text = """
processing_activities: [{id: accounts, retention: {period: P12M, anchor: last_used}}]
stores: [{id: app, connector: sql, tables: [
  {name: users, activities: [accounts], anchors: {last_used: {field: seen, format: epoch_s}}}]}]
"""
    promised = policy(text)
    (rule,) = rules_of(promised, promised.stores[0].tables[0])
    same = Ages(anchor="last_used", columns=("seen, epoch_s",), rows=1)
    other = Ages(anchor="last_used", columns=("seen, iso",), rows=1)
    assert ages_of(rule, TableSeen(name="users", ages=(other, same))) == same
    assert ages_of(rule, TableSeen(name="users", ages=(other,))) is None
