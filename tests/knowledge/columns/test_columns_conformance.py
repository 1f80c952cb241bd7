"""Each detector finds its examples and nothing in its counter-examples; patterns are portable."""

import pytest
import re2

from auditor.knowledge.columns import (
    Detector,
    NotPortableError,
    check_portable,
    detectors,
    union,
    which,
)


@pytest.mark.parametrize("row", detectors(), ids=lambda row: row.id)
def test_examples(row: Detector) -> None:
    """Examples are found by the detector and by the union, counter-examples not by it."""
    searched = re2.compile(union())
    assert [text for text in row.examples if row.id not in which(text)] == []
    missed = [text for text in row.examples if not searched.search(text)]
    assert row.is_loose or missed == []
    assert [text for text in row.counter_examples if row.id in which(text)] == []


@pytest.mark.parametrize("row", detectors(), ids=lambda row: row.id)
def test_portable(row: Detector) -> None:
    """Every pattern stays in the subset that all engines read alike."""
    check_portable(row.regex)


@pytest.mark.parametrize(
    "pattern", [r"\bfoo\b", "(?i)a", "a{1,300}", "[[:alpha:]]", "a.b", "a+?", "^x$", r"(a)\1"]
)
def test_refused(pattern: str) -> None:
    """What engines read differently is refused."""
    with pytest.raises(NotPortableError):
        check_portable(pattern)
