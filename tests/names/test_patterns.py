"""A pattern covers whole names, its star anything, in bounded time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names import check_pattern, matches

few = st.text("ab*", max_size=12)


def covers_by_definition(pattern: str, name: str) -> bool:
    """Match as the contract says it, trying each length for a star."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(covers_by_definition(pattern[1:], name[i:]) for i in range(len(name) + 1))
    return name[:1] == pattern[0] and covers_by_definition(pattern[1:], name[1:])


@given(few, few)
def test_matches(pattern: str, name: str) -> None:
    """The quick way and the definition agree."""
    assert matches(pattern, name) == covers_by_definition(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("_ga", "_ga", True),
        ("_ga", "_gat", False),
        ("_ga*", "_ga", True),
        ("_ga*", "_GA_1", False),
        ("mp_*_mixpanel", "mp_1_mixpanel", True),
        ("mp_*_mixpanel", "mp_mixpanel", False),
        ("aba*aba", "aba", False),
        ("*aa*a*", "aa", False),
        ("a.c", "abc", False),
        ("[ab]*", "ab", False),
        ("a?c", "abc", False),
    ],
)
def test_only_the_star_is_special(pattern: str, name: str, *, expected: bool) -> None:
    """The whole name has to fit, its case counts, and other signs stand for themselves."""
    assert matches(pattern, name) is expected


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*a" * 50_000 + "b", "a" * 100_000),
        ("*" + "a" * 50_000 + "b*", "a" * 100_000),
        ("*" + ("a" * 300 + "b*") * 300, "a" * 100_000),
        ("*" * 100_000 + "b", "a" * 100_000),
    ],
)
def test_hostile_patterns(pattern: str, name: str) -> None:
    """A pattern made to be slow is not."""
    started = time.perf_counter()
    assert not matches(pattern, name)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("pattern", ["_ga", "x", "_ga*", "a*bc", "*.js"])
def test_good_patterns(pattern: str) -> None:
    """Any name will do, and a star beside three other characters."""
    check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["", "*", "**", "ab*", "*a*b*"])
def test_bad_patterns(pattern: str) -> None:
    """An empty name covers nothing, a star with too little beside it nearly everything."""
    with pytest.raises(ValueError, match="_ga_"):
        check_pattern(pattern)
