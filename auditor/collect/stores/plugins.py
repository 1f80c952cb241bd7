"""Entry points -> readers of other stores, by the scheme of their address (`auditor.stores`).

    [project.entry-points."auditor.stores"]
    oracle = "our_package:open_oracle"

`open_oracle(address, folder, seconds)` returns a `Reader`, or raises `RefusedError`. A plug-in
that does not load is a gap of the store, never silence; two for one scheme are, too.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from auditor.collect.stores.reader import Reader, RefusedError
from auditor.evidence import Reason

GROUP = "auditor.stores"
Opener = Callable[[str, Path, float], Reader]


def opener_for(scheme: str, points: Iterable[EntryPoint] | None = None) -> Opener | None:
    """Return what opens addresses of a scheme, None where no plug-in does."""
    known = points if points is not None else entry_points(group=GROUP)
    found = [point for point in known if point.name == scheme]
    if not found:
        return None
    if len(found) > 1:
        raise RefusedError(Reason.NOT_VERIFIED, f"one plug-in for {scheme}://: there are two")
    try:
        loaded: object = found[0].load()
    except (Exception, SystemExit) as error:
        kind = type(error).__name__
        needs = f"the plug-in for {scheme}:// to load: it raises {kind}"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from error
    if not callable(loaded):
        needs = f"a function as the plug-in for {scheme}://, not a {type(loaded).__name__}"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    opener: Opener = loaded
    return opener
