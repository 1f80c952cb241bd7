import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.report.safe import LONGEST, visible


def test_what_is_hidden_is_shown() -> None:
    """Escapes, line breaks, marks that turn text around and lone surrogates become readable."""
    assert visible("a\x1b[31m\r\nb\u202ec\u200b\u2028\ud800\x9b") == snapshot(
        "a\\u001b[31m\\u000d\\u000ab\\u202ec\\u200b\\u2028\\ud800\\u009b"
    )


@pytest.mark.parametrize("text", ["", "_ga", "Bäckerei 面包 🥖", "a::b", "::1", "#top", "<b>&lt;"])
def test_what_is_harmless_stays(text: str) -> None:
    """Names in any script, markup and addresses are as they were."""
    assert visible(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "::error::x",
        "a name ::add-mask::x",
        "##[error]x",
        "a##vso[task.setvariable variable=x]y",
        "##teamcity[buildStatus text='fine']",
    ],
)
def test_commands_to_ci_systems_are_broken(text: str) -> None:
    """A log viewer obeys such lines; the first character becomes an escape."""
    shown = visible(text)
    assert not re.search(r"(?:^|\s)::[a-z]|##(?:vso|teamcity)?\[", shown)
    assert re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), shown) == text


def test_what_is_long_is_cut_with_a_count() -> None:
    """The end of a long name is not kept in silence."""
    assert visible("x" * (LONGEST + 7)) == "x" * LONGEST + "... (7 characters more)"
    assert visible("abcdef", 3) == "abc... (3 characters more)"


@given(st.text())
def test_one_line_without_control_characters(text: str) -> None:
    """Whatever comes in, one printable line goes out, and twice is the same as once."""
    shown = visible(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)
    assert len(shown.splitlines()) <= 1
    assert visible(shown, 10 * LONGEST) == shown
