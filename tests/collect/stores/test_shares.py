"""Bounds for a share: what a sample allows to say of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.stores.shares import bounds


def test_none_of_a_thousand_may_still_be_some() -> None:
    """Without a hit the bound is what would be missed once in twenty times."""
    low, high = bounds(0, 1000)
    assert low == 0
    assert (1 - high) ** 1000 == pytest.approx(0.05, rel=1e-3)


def test_wilson() -> None:
    """Ten of a hundred: the textbook's interval."""
    assert bounds(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)


def test_all_values_leave_no_doubt_and_none_leave_all() -> None:
    """An exhaustive look is exact; without values the share may be anything."""
    assert bounds(3, 4, is_all=True) == (0.75, 0.75)
    assert bounds(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_sample_lies_within(pair: tuple[int, int]) -> None:
    """The share that was seen lies between the bounds, and these between nothing and all."""
    hits, looked_at = pair
    low, high = bounds(hits, looked_at)
    assert 0 <= low <= hits / looked_at + 1e-6
    assert hits / looked_at - 1e-6 <= high <= 1
