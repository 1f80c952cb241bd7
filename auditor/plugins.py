"""What an entry point brings. Fails closed: half of what a package brings would look like all."""

from importlib.metadata import EntryPoint
from traceback import format_exception_only
from typing import Any, Final, TypeVar

from auditor.errors import DiscoveryError

LONGEST_ERROR: Final = 500  # characters

T = TypeVar("T")


def brought(point: EntryPoint, kind: type[T], what: str, else_: str) -> tuple[T, ...]:
    """Return the objects of one kind that an entry point names: one, or several.

    `DiscoveryError` for an import that fails and for anything of another kind; `what` is what the
    entry point is called there, `else_` says of an object that it is none.
    """
    try:
        loaded: Any = point.load()
        items = (loaded,) if isinstance(loaded, kind) else tuple(loaded)
    except (Exception, SystemExit) as error:
        # A package may raise anything while it is imported; the run must not go on without it.
        told = "".join(format_exception_only(error)).strip()[:LONGEST_ERROR]
        raise DiscoveryError(f"{what} does not load: {told}") from error
    for item in items:
        if not isinstance(item, kind):
            message = f"{what}: {point.value} holds a {type(item).__name__}"
            raise DiscoveryError(f"{message}, {else_}")
    return items
