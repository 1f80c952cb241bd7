"""Entry points -> checks. Fails closed: a pack that does not load ends the run before it begins.

A pack that is silently left out would turn its checks green. So anything unexpected is a
`DiscoveryError` (exit 2): an import that fails, an object that is no `Check`, an id used twice, a
pack without checks, no packs at all.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from auditor.check import Check
from auditor.engine import AnyCheck
from auditor.errors import DiscoveryError
from auditor.plugins import brought
from auditor.vocabulary import CHECK_SCOPES

GROUP = "auditor.checks"


def discover(points: Iterable[EntryPoint] | None = None) -> tuple[AnyCheck, ...]:
    """Return every installed check, sorted by id."""
    found: dict[str, AnyCheck] = {}
    origin: dict[str, str] = {}
    for point in sorted(points if points is not None else entry_points(group=GROUP), key=_name):
        pack = _name(point)
        for check in _load(point):
            if check.id in found:
                packs = " and ".join(dict.fromkeys([origin[check.id], pack]))
                raise DiscoveryError(f"check {check.id} is there twice, in {packs}; keep one")
            found[check.id], origin[check.id] = check, pack
    if not found:
        message = "no checks are installed; install the package itself (pip install -e .)"
        raise DiscoveryError(message)
    return tuple(found[check_id] for check_id in sorted(found))


def scopes_by_id(checks: Iterable[AnyCheck]) -> Mapping[str, tuple[str, ...]]:
    """Return every check id that may be named: the contract's, and those of installed packs."""
    return {**CHECK_SCOPES, **{check.id: check.scopes for check in checks}}


def _load(point: EntryPoint) -> tuple[AnyCheck, ...]:
    what = f"check pack {_name(point)}"
    items = brought(point, Check, what, "which is no check; make one with @check")
    if not items:
        raise DiscoveryError(f"{what} has no checks in it; uninstall it")
    return items


def _name(point: EntryPoint) -> str:
    distribution = getattr(point, "dist", None)
    return f"{distribution.name}:{point.name}" if distribution else point.name
