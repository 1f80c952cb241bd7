"""Warehouses without what reads them: the extra is named, and the address is not."""

import sys
from pathlib import Path

import pytest

from auditor.collect import stores
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import RefusedError
from auditor.evidence import Reason
from auditor.policy import Store


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("spark", "pip install 'policy-auditor[spark]', to read spark://"),
        (
            "bigquery",
            "pip install 'policy-auditor[warehouse]' 'ibis-framework[bigquery]', to read bigquery://",
        ),
        (
            "snowflake",
            "pip install 'policy-auditor[warehouse]' 'ibis-framework[snowflake]', to read snowflake://",
        ),
        (
            "trino",
            "pip install 'policy-auditor[warehouse]' 'ibis-framework[trino]', to read trino://",
        ),
    ],
)
def test_what_to_install(
    scheme: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a gap that says what to type."""
    monkeypatch.setitem(sys.modules, "ibis", None)
    for name in [name for name in sys.modules if "stores.warehouse" in name]:
        monkeypatch.delitem(sys.modules, name)
        monkeypatch.delattr(stores, name.rpartition(".")[2], raising=False)
    store = Store(id="s", connector="sql", url=f"{scheme}://jo:secret@host/a/b")
    with pytest.raises(RefusedError) as refused:
        open_store(store, tmp_path, {}, seconds=5)
    assert (refused.value.reason, refused.value.needs) == (Reason.NOT_VERIFIED, said)
