"""Random runs are told from names, most of the time."""

import random
import string

import pytest

from auditor.names.randomness import looks_random

ALPHABETS = {
    "base62": string.ascii_letters + string.digits,
    "base36": string.ascii_lowercase + string.digits,
    "hex": string.hexdigits[:16],
}


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize(("size", "least"), [(16, 0.9), (22, 0.95), (32, 0.98)])
def test_random_runs(alphabet: str, size: int, least: float) -> None:
    """As many random runs are found as the module says."""
    dice = random.Random(7)  # noqa: S311 -- the same runs each time
    runs = ["".join(dice.choices(ALPHABETS[alphabet], k=size)) for _ in range(2000)]
    assert sum(map(looks_random, runs)) / len(runs) >= least


@pytest.mark.parametrize(
    "run", ["D8LRHP9HJ8", "cafe2026", "V1StGXR8", "k3j9x0q2lz7m", "aXbQzWkLmP"]
)
def test_short_random_runs(run: str) -> None:
    """From eight characters on, an odd enough mixture is random."""
    assert looks_random(run)


@pytest.mark.parametrize(
    "run",
    [
        *("", "a1", "abc1234", "qzxkwvjt", "GA4Event", "step1of3", "1024x768", "1920x1080x24"),
        *("geoIP2Country", "utf8mb4general", "firebaseLocalStorageDb2", "iOSAppURLOpener"),
    ],
)
def test_names(run: str) -> None:
    """Words with a number in them, sizes, and what is too short to tell are not random."""
    assert not looks_random(run)
