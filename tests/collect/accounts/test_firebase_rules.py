"""Security rules of Firebase: open ones are told, closed ones pass, of the rest nobody is sure."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.accounts.firebase_rules import judged

LONGEST = 256 * 1024


@pytest.mark.parametrize(
    "rules",
    [
        "match /a { allow read: if true; }",
        "match /a { allow read, write; }",
        "match /a { allow read, write: if true; }",
        "match /a { allow get: if ((true)); }",
        "match /a { allow\n list :\n if true ; }",
        "match /a { allow read: if request.time < timestamp.date(2026, 2, 1); }",
        # A text that looks like a comment hides nothing behind it.
        "match /a { allow get: if x == 'http://a'; allow read; }",
        "match /a { allow get: if x == '/*'; allow read; }",
        r"match /a { allow get: if x == 'it\'s //'; allow read; }",
        "match /allow { allow read; }",
    ],
)
def test_rules_that_let_anybody_read(rules: str) -> None:
    """Always true, or until a day."""
    assert judged(rules).open.startswith("allow")


@pytest.mark.parametrize(
    "rules",
    [
        "match /a { allow write: if true; }",
        "match /a { allow create, update, delete; }",
        "match /a { allow read: if false; }",
        "match /a { allow read: if request.auth != null; }",
        "match /a { allow read: if (request.auth != null); }",
        "match /a { allow read: if null != request.auth && isOpen(a, b); }",
        "match /a { allow read: if request.auth.uid == user; }",
        "match /a { allow read: if user == request.auth.uid && (a || b); }",
        "match /a { allow read: if request.auth.token.admin == true; }",
        "// allow read: if true;\nmatch /a { allow read: if false; }",
        "/* allow read; */",
        "/* allow read;",
        "match /a { allow write: if x == 'allow read;'; }",
        "match /a { allow write: if disallow_read; }",
        "",
    ],
)
def test_rules_that_refuse_strangers(rules: str) -> None:
    """By one of the conditions that all have to be true; comments and texts are none."""
    found = judged(rules)
    assert (found.open, found.unclear) == ("", 0)


@pytest.mark.parametrize(
    "condition",
    [
        "isOwner()",
        "request.auth != null || isOpen()",
        "request.auth != null || resource.data.public",
        "request.auth != null ? true : true",
        "isOpen() || x && request.auth != null",
        "isOpen() ? true : x && request.auth != null",
        "(request.auth != null || true)",
        "isOpen(request.auth != null && true)",
        "!(request.auth != null)",
        "request.auth == null",
        "resource.data.public == true",
        "debug.request.auth.uid == x",
        "maybe(request.auth.uid)",
        "true && isOpen()",
    ],
)
def test_rules_of_which_nobody_is_sure(condition: str) -> None:
    """Neither open nor closed: a person has to read them."""
    found = judged(f"match /a {{ allow read: if {condition}; allow write: if {condition}; }}")
    assert (found.open, found.unclear) == ("", 1)


@given(st.text(alphabet="allow read:if true;/*'\"\\\n{}()&|?!=.", max_size=300))
def test_no_rules_break_it(rules: str) -> None:
    """Whatever is written there."""
    assert judged(rules).open == "" or judged(rules).open.startswith("allow")


@pytest.mark.parametrize(
    "piece",
    [
        *("/*", "/* */", "'", '"', "'\\", "\\", "'a\n", "//", "(", ";", " "),
        *("allow ", "allow read", "allow read: if ", "allow read,", "a&&", "request.auth."),
    ],
)
@pytest.mark.parametrize("start", ["", "allow ", "allow read: if "])
def test_long_rules_end(start: str, piece: str) -> None:
    """The longest that Firebase allows, made to be slow: half a second's work, else minutes of it.

    Counted is what this process works, so that a busy machine is no failure.
    """
    began = time.process_time()
    judged((start + piece * (LONGEST // len(piece)))[:LONGEST])
    assert time.process_time() - began < 30
