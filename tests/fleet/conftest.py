"""A fleet to audit: policies in folders, and websites on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from shop import HTML, Shop, shop

POLICY = "version: 1\ncontroller: {name: Example}\n"
BROKEN_PROMISE = """
device_storage:
  - {identifier: theme, type: cookie, consent: exempt_strictly_necessary, purpose: analytics}
"""


@pytest.fixture(scope="session")
def open_shop() -> Iterator[Shop]:
    """Open a shop that sets one cookie."""
    with shop({"/": ("<p>Shop", HTML, {"Set-Cookie": "visit=1"})}) as opened:
        yield opened


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a folder with three policies: one is fine, one breaks a promise, one is broken."""
    texts = {
        "bakery": POLICY,
        "club": POLICY + BROKEN_PROMISE,
        "broken": "version: 1\n  controller: [\n",
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text)
    return tmp_path
