"""How a collector tells that it is still at work."""

from collections.abc import Callable

Progress = Callable[[str, float], None]  # what is being looked at; how much is done, from 0 to 1


def quiet(what: str, done: float) -> None:
    """Tell nobody."""
