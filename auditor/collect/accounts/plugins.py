"""From an account's `connector` to the code that asks it: built in, or by an entry point."""

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import get_args

from auditor.collect.accounts.connector import Connector
from auditor.collect.refused import RefusedError
from auditor.evidence import Reason
from auditor.policy.data import BuiltinConnector

GROUP = "auditor.connectors"


def connector_for(name: str, points: Iterable[EntryPoint] | None = None) -> Connector:
    """Return a connector by its name; `RefusedError` where none, two or a broken one is there."""
    if name in get_args(BuiltinConnector):
        module = import_module(f"auditor.collect.accounts.{name}")
        loaded: object = getattr(module, name.upper())
    else:
        loaded = _plugged(name, entry_points(group=GROUP) if points is None else points)
    if not isinstance(loaded, Connector):
        needs = f"a Connector as the plug-in {name}, not a {type(loaded).__name__}"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    return loaded


def _plugged(name: str, points: Iterable[EntryPoint]) -> object:
    found = [point for point in points if point.name == name]
    if len(found) != 1:
        needs = f"one plug-in that is a connector for {name}: there are {len(found) or 'none'}"
        raise RefusedError(Reason.NOT_IN_EVIDENCE, needs)
    try:
        return found[0].load()
    except (Exception, SystemExit) as error:
        needs = f"the plug-in {name} to load: it raises {type(error).__name__}"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from error
