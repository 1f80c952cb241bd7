"""`--store-url`: another database, or other files, stand in for a store."""

import pytest
from inline_snapshot import snapshot

from auditor.errors import UsageError
from auditor.policy_file.overrides import with_store_url
from auditor.testing import policy

POLICY = """
stores:
- {id: app, connector: sql, url: {env: DATABASE_URL}}
- {id: exports, connector: files, path: exports}
"""


def test_an_address_and_a_path() -> None:
    """A database gets the address, files the path; other stores keep theirs."""
    moved = with_store_url(policy(POLICY), "app=sqlite:///copy.db?a=b")
    assert [(store.url, store.path) for store in moved.stores] == [
        ("sqlite:///copy.db?a=b", ""),
        (None, "exports"),
    ]
    moved = with_store_url(policy(POLICY), "exports=copy/*.csv")
    assert moved.stores[1].path == "copy/*.csv"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shop=x", snapshot("--store-url ID: write ID=URL; stores in the policy: app, exports")),
        ("app", snapshot("--store-url app: write ID=URL; stores in the policy: app, exports")),
        (
            "hunter2-secret",
            snapshot("--store-url ID: write ID=URL; stores in the policy: app, exports"),
        ),
        (
            "app=hunter2-secret",
            snapshot("--store-url app: write the address as sqlite:///copy.db"),
        ),
    ],
)
def test_what_is_wrong(text: str, message: str) -> None:
    """It says what to write, and repeats no address: a password may be in it."""
    with pytest.raises(UsageError) as raised:
        with_store_url(policy(POLICY), text)
    assert str(raised.value) == message
    assert "hunter2" not in str(raised.value)
