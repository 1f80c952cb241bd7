"""Recordings: read strictly, whatever is in the file."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.journeys.recording import (
    MOST_BYTES,
    Recording,
    RecordingError,
    read_recording,
)

BEGIN = {"type": "navigate", "url": "https://x.org/", "assertedEvents": [{"type": "navigation"}]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


def recording(*steps: object) -> bytes:
    """Return a file with a beginning and these steps."""
    return json.dumps({"title": "x", "steps": [BEGIN, *steps]}).encode()


def test_what_chrome_writes() -> None:
    """Alternatives, chains, nulls and keys that do not matter here are taken as they come."""
    step = {
        "type": "click",
        "target": "main",
        "selectors": [["aria/Sign in"], "#in", ["my-app", "button"]],
        "offsetX": 1.5,
        "offsetY": 2,
        "duration": None,
        "frame": [0, 1],
    }
    found = read_recording(recording(step))
    assert found.steps[0].leads_on
    assert found.steps[1].selectors == (("aria/Sign in",), "#in", ("my-app", "button"))
    assert found.steps[1].frame == (0, 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no recording"),
        (b"{}", "no recording .*export it from Chrome"),
        (b"\xff\xfe", "no recording"),
        (b"[" * 100_000, "no recording"),
        (b" " * (MOST_BYTES + 1), "larger than 5 MiB"),
        (b'{"steps": []}', "no recording"),
        (b'{"steps": [{"type": "close"}]}', "no step says where it begins"),
        (recording({"type": "customStep", "name": "x"}), "step 2, customStep: is somebody's own"),
        (recording({"type": "waitForExpression"}), "step 2, .*: runs code of the recording"),
        (recording({"type": "fly"}), "step 2, fly: is not known here"),
        (recording({"type": "click"}), "no selector says which element"),
        (recording({"type": "keyDown"}), "no key is named"),
        (recording({"type": "close", "target": "https://pop.up/"}), "in another window"),
        (recording({"type": "navigate", "url": "file:///etc/passwd"}), "no address of the web"),
    ],
)
def test_what_is_refused(data: bytes, message: str) -> None:
    """It says which step, and what to do."""
    with pytest.raises(RecordingError, match=message):
        read_recording(data)


@given(st.binary(max_size=200) | st.builds(recording, JSON) | JSON.map(json.dumps).map(str.encode))
def test_nothing_breaks_it(data: bytes) -> None:
    """Whatever is in the file, it is a recording, or the error that says that it is none."""
    with suppress(RecordingError):
        assert isinstance(read_recording(data), Recording)
