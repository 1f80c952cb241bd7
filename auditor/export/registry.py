"""Which formats there are. Fails closed, as the checks do: half a list would look like all of it.

Whatever a plug-in does wrong is a `DiscoveryError`: an import that fails, an object that is no
`Format`, a name used twice.
"""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from traceback import format_exception_only
from typing import Any, Final

from auditor.errors import DiscoveryError
from auditor.export.cookie_table import COOKIE_TABLE, COOKIE_TABLE_HTML
from auditor.export.format import Format
from auditor.export.iab import IAB
from auditor.export.processors import PROCESSORS, PROCESSORS_HTML
from auditor.export.ropa.as_csv import ROPA_CSV
from auditor.export.ropa.as_html import ROPA_HTML

GROUP: Final = "auditor.exports"
LONGEST_ERROR = 500  # characters

FORMATS: Final[dict[str, Format]] = {
    built_in.name: built_in
    for built_in in (
        COOKIE_TABLE,
        COOKIE_TABLE_HTML,
        PROCESSORS,
        PROCESSORS_HTML,
        ROPA_CSV,
        ROPA_HTML,
        IAB,
    )
}


def formats(points: Iterable[EntryPoint] | None = None) -> dict[str, Format]:
    """Return every format by its name: those built in, then those of plug-ins, sorted."""
    found = dict(FORMATS)
    chosen = points if points is not None else entry_points(group=GROUP)
    for point in sorted(chosen, key=lambda one: one.name):
        for made in _load(point):
            if made.name in found:
                message = f"export {made.name} is there twice, once in {point.value}; keep one"
                raise DiscoveryError(message)
            found[made.name] = made
    return found


def _load(point: EntryPoint) -> tuple[Format, ...]:
    try:
        loaded: Any = point.load()
        items = (loaded,) if isinstance(loaded, Format) else tuple(loaded)
    except (Exception, SystemExit) as error:
        # A plug-in may raise anything while it is imported.
        told = "".join(format_exception_only(error)).strip()[:LONGEST_ERROR]
        raise DiscoveryError(f"export plug-in {point.name} does not load: {told}") from error
    for item in items:
        if not isinstance(item, Format):
            kind = type(item).__name__
            message = f"export plug-in {point.name}: {point.value} holds a {kind}, no Format"
            raise DiscoveryError(message)
    return items
