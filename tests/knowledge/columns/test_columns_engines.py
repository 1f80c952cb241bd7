"""The same patterns in other engines, and made-up values that are found or are not."""

import re
import sqlite3
import string
from datetime import date

import duckdb
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.knowledge.columns import detectors, union, which
from auditor.knowledge.columns.engine import coarse, fenced

DIGITS = st.text(string.digits, min_size=15, max_size=15)


def examples() -> list[tuple[str, str, bool]]:
    """Return each pattern with each of its examples, and what RE2 says of it."""
    return [
        (fenced(row), text, bool(re2.search(fenced(row), text)))
        for row in detectors()
        for text in (*row.examples, *row.counter_examples)
    ]


def test_engines_agree() -> None:
    """DuckDB, SQLite with a function of ours, and Python's `re` say the same as RE2."""
    rows = examples()
    duck = duckdb.connect()
    lite = sqlite3.connect(":memory:")
    lite.create_function("REGEXP", 2, lambda form, text: bool(re2.search(form, text)))
    for form, text, expected in rows:
        asked = duck.execute("select regexp_matches(?, ?)", [text, form]).fetchone()
        assert asked == (expected,), (form, text)
        assert lite.execute("select ? regexp ?", [text, form]).fetchone() == (expected,)
        assert bool(re.search(form, text)) is expected, (form, text)
    lite.close()
    duck.close()


def test_the_union_in_duckdb() -> None:
    """What any detector finds, the union finds in the engine."""
    texts = [text for row in detectors() if not row.is_loose for text in row.examples]
    with duckdb.connect() as duck:
        asked = "select t from (select unnest(?) t) where not regexp_matches(t, ?)"
        assert duck.execute(asked, [texts, union()]).fetchall() == []


def test_coarse_patterns_miss_nothing() -> None:
    """What is searched first counts less, but finds every example; so does a scan's pattern."""
    assert coarse("a{0,9}b{1,20}c{3,200}d{2}e{2,4}") == "a*b+c{3,}d{2}e{2,4}"
    for row in detectors():
        assert all(re2.search(coarse(fenced(row)), text) for text in row.examples), row.id


def luhn(body: str) -> str:
    """Return digits with their check digit."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


@given(DIGITS)
def test_cards(digits: str) -> None:
    """A number with a scheme's first digit and Luhn's check is a card; the next one is not."""
    number = luhn(f"4{digits[1:]}")
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    if len(set(number)) > 1:
        assert "card" in which(number)
    assert "card" not in which(wrong)


@given(st.integers(0, 10**18 - 1))
def test_ibans(account: int) -> None:
    """An IBAN with its check digits is found, alone and in a text; a wrong one is not."""
    body = f"{account:018}"
    check = 98 - int(f"{body}131400") % 97
    assert "iban" in which(f"DE{check:02}{body}")
    assert "iban" in which(f"please pay to DE{check:02}{body} by Friday")
    assert "iban" not in which(f"DE{(check + 1) % 97:02}{body}")


@given(
    st.from_regex(r"[a-z][a-z0-9._+]{0,20}[a-z0-9]@[a-z]{1,12}\.(org|com|de|fr)", fullmatch=True)
)
def test_mail_addresses(address: str) -> None:
    """Made-up addresses are found, alone and in a text."""
    assert "email" in which(address)
    assert "email" in which(f"ask {address}, please")


@given(st.integers(20_000_000, 89_999_999))
def test_phone_numbers(number: int) -> None:
    """Numbers with a country's code are found."""
    assert "phone-international" in which(f"+49 30 {number}")


@given(
    st.uuids(),
    st.floats(0, 10_000),
    st.dates(date(1000, 1, 1), date(2999, 1, 1)),
    st.integers(1, 999_999),
)
def test_what_is_no_person(ident: object, amount: float, day: date, order: int) -> None:
    """Random ids, prices, dates and small numbers fit no detector."""
    for text in (str(ident), f"{amount:.2f}", str(day), str(order)):
        assert which(text) == ()


@given(st.text(max_size=5000) | st.text("@.:0123456789+-", max_size=5000))
@settings(deadline=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    """Whatever a value holds, looking at it ends."""
    assert set(which(text)) <= {row.id for row in detectors()}


def test_a_lone_surrogate_and_a_long_value() -> None:
    """Broken text does not stop the look, and only the beginning of a long one is looked at."""
    assert "email" in which("\ud800 a@example.org")
    assert which("x " * 4000 + "a@example.org") == ()


@pytest.mark.parametrize("between", [" ", ",", ", and "])
def test_what_ends_a_wrong_one_may_begin_a_right_one(between: str) -> None:
    """A file's name that looks like an address does not hide the address after it."""
    assert which(f"icon@2x.png{between}ada@example.org") == ("email",)
