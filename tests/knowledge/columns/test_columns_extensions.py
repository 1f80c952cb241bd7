"""Detectors and words from other packages: checked as ours are, and never left out in silence."""

from importlib.metadata import EntryPoint

import pytest

from auditor.errors import DiscoveryError
from auditor.knowledge.columns import Detector, Extension
from auditor.knowledge.columns.data import GROUP, load_extensions


def detector(**changes: object) -> Detector:
    """Return a detector as a team may add it."""
    fields: dict[str, object] = {
        "id": "staff-number",
        "category": "user.unique_id",
        "regex": "EMP-[0-9]{6}",
        "share": 0.5,
        "examples": ("EMP-123456",),
        "counter_examples": ("EMP-1",),
    }
    return Detector(**{**fields, **changes})  # type: ignore[arg-type]


GOOD = Extension(detectors=(detector(),))
NOT_PORTABLE = Extension(detectors=(detector(regex=r"\bEMP"),))
NO_CATEGORY = Extension(detectors=(detector(category="user.shoe"),))
NOTHING = {"detectors": ()}


def point(name: str) -> EntryPoint:
    """Return an entry point to something in this module, as `pip` would register it."""
    return Here(name=name, value=name, group=GROUP)


class Here(EntryPoint):
    def load(self) -> object:
        return globals()[self.value]


def test_an_extension_is_loaded() -> None:
    """What keeps to the rules is taken as it is."""
    assert load_extensions([point("GOOD")]) == (GOOD,)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("NOT_PORTABLE", "only punctuation is escaped"),
        ("NO_CATEGORY", "is no data category"),
        ("NOTHING", "make it an Extension"),
        ("MISSING", "does not load"),
    ],
)
def test_anything_else_ends_the_run(name: str, says: str) -> None:
    """A pattern that engines read differently, a wrong category or object, or an import error."""
    with pytest.raises(DiscoveryError, match=says):
        load_extensions([point(name)])
