"""Plug-ins for stores: found by the scheme of an address, and never left out in silence."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from auditor.collect.stores import opening, plugins
from auditor.collect.stores.reader import Reader, RefusedError
from auditor.evidence import Reason
from auditor.policy import Store

OPENED: list[tuple[str, Path, float]] = []
NO_FUNCTION = 1


def open_oracle(address: str, folder: Path, seconds: float) -> Reader:
    """Stand in for a plug-in."""
    OPENED.append((address, folder, seconds))
    raise RefusedError(Reason.NOT_VERIFIED, "an oracle")


def points(*values: str) -> list[EntryPoint]:
    """Return entry points for oracle://."""
    return [EntryPoint("oracle", value, plugins.GROUP) for value in values]


def test_it_opens_its_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with its scheme is its own; built-in schemes stay ours."""
    monkeypatch.setattr(plugins, "entry_points", lambda **_: points(f"{__name__}:open_oracle"))
    store = Store(id="s", connector="sql", url="oracle://x")
    with pytest.raises(RefusedError, match="an oracle"):
        opening.open_store(store, tmp_path, {}, seconds=3)
    (opened,) = OPENED
    assert opened == ("oracle://x", tmp_path, 3)


@pytest.mark.parametrize(
    ("values", "needs"),
    [
        (["no_such_package:f"], "to load: it raises ModuleNotFoundError"),
        ([f"{__name__}:NO_FUNCTION"], "a function as the plug-in for oracle://, not a int"),
        ([f"{__name__}:open_oracle"] * 2, "there are two"),
    ],
)
def test_what_is_no_plug_in(values: list[str], needs: str) -> None:
    """It is a gap of the store that says what is wrong."""
    with pytest.raises(RefusedError) as refused:
        plugins.opener_for("oracle", points(*values))
    assert needs in refused.value.needs


def test_no_plug_in() -> None:
    """Other schemes have none."""
    assert plugins.opener_for("oracle2", points("a:b")) is None
