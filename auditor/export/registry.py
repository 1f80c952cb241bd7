"""Which formats there are. Fails closed, as the checks do: half a list would look like all of it.

Whatever a plug-in does wrong is a `DiscoveryError`: an import that fails, an object that is no
`Format`, a name used twice.
"""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from auditor.errors import DiscoveryError
from auditor.export.cookie_table import COOKIE_TABLE
from auditor.export.format import Format
from auditor.export.iab import IAB
from auditor.export.processors import PROCESSORS
from auditor.export.ropa.as_csv import ROPA_CSV
from auditor.export.ropa.as_html import ROPA_HTML
from auditor.plugins import brought

GROUP: Final = "auditor.exports"

FORMATS: Final[dict[str, Format]] = {
    built_in.name: built_in
    for built_in in (
        *COOKIE_TABLE,
        *PROCESSORS,
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
        for made in brought(point, Format, f"export plug-in {point.name}", "no Format"):
            if made.name in found:
                message = f"export {made.name} is there twice, once in {point.value}; keep one"
                raise DiscoveryError(message)
            found[made.name] = made
    return found
