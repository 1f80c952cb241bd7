"""How large a share of a column may be, by what a random sample of it showed."""

from math import sqrt
from typing import Final

_Z: Final = 1.959964  # of the normal distribution: 95 % lie within
_MISSED: Final = 0.05  # how often nothing is seen although there is as much as said


def bounds(hits: int, looked_at: int, *, is_all: bool = False) -> tuple[float, float]:
    """Return the least and the largest share, 95 % sure: Wilson (1927), exact if `is_all`.

    Without a hit among n values there may still be up to 1 - 0.05^(1/n) of them: of 1,000 none
    means at most 0.3 %. Of no values nothing is known.
    """
    if not looked_at:
        return 0.0, 1.0
    share = hits / looked_at
    if is_all:
        return share, share
    if not hits:
        return 0.0, _rounded(1 - _MISSED ** (1 / looked_at))
    spread = _Z * _Z / looked_at
    middle = share + spread / 2
    width = _Z * sqrt(share * (1 - share) / looked_at + spread / (4 * looked_at))
    low, high = (middle - width) / (1 + spread), (middle + width) / (1 + spread)
    return _rounded(max(0.0, low)), _rounded(min(1.0, high))


def _rounded(share: float) -> float:
    """Keep six digits: the same on every machine, and in every file of evidence."""
    return round(share, 6)
