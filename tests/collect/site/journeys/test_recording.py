"""Recordings: read strictly, whatever is in the file."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.journeys.hiding import Hidden
from auditor.collect.site.journeys.preparing import Journey, journeys_of
from auditor.collect.site.journeys.recording import (
    KNOWN,
    LONGEST_WAIT,
    MOST_BYTES,
    REFUSED,
    Recording,
    RecordingError,
    read_recording,
)
from auditor.evidence import CookieSet, State
from auditor.testing import policy

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
        (
            recording({"type": "click", "selectors": ["a"], "button": "back"}),
            "button of the mouse",
        ),
        (
            b'{"steps": [{"type": "navigate", "url": "about:blank"}]}',
            "no step says where it begins",
        ),
        (recording({"type": "scroll", "x": "far"}), r"Expected `float`, got `str` .*steps\[1\].x"),
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


STEPS = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(KNOWN | REFUSED.keys()))},
    optional={
        "selectors": st.lists(st.text(max_size=5) | st.lists(st.text(max_size=5)), max_size=3),
        "value": st.sampled_from(["{env: A}", "{env: B}", "a {env: A}", "x"]) | JSON,
        "url": st.sampled_from(["http://[", "https://x.org/a", "about:blank"]) | st.text(),
        "target": st.sampled_from(["main", "http://[", "https://x.org/a"]) | JSON,
        "assertedEvents": st.lists(st.fixed_dictionaries({"type": st.just("navigation")})) | JSON,
        "timeout": st.integers() | st.floats(),
        "frame": st.lists(st.integers()),
        "properties": st.dictionaries(st.text(max_size=3), JSON, max_size=2),
    },
)


@given(st.lists(STEPS, max_size=4))
def test_a_journey_or_why_not(steps: list[object]) -> None:
    """Whatever its steps are: it can be replayed, in a bounded time, or says what it needs."""
    site = policy("sites: [{id: www, url: https://x.org/, journeys: [j.json]}]").sites[0]
    with TemporaryDirectory() as folder:
        Path(folder, "j.json").write_bytes(recording(*steps))
        (found,) = journeys_of(site, folder, {"A": "open sesame"})
    assert bool(found.trouble) is not bool(found.steps)
    assert all(0 <= (step.timeout or 0) <= LONGEST_WAIT for step in found.steps)
    assert "sesame" not in found.trouble
    assert set(found.secrets.values()) <= {"open sesame"}


def test_what_is_hidden() -> None:
    """A secret is hidden wherever it stands, also as it is written in addresses and by scripts."""
    journey = Journey(name="j", secrets={1: "open sesame/7", 2: "hunter22222"})
    hide = Hidden([journey])
    for text in ("Open Sesame/7", "open%20sesame%2F7", "b3BlbiBzZXNhbWUvNw", "a-hunter*-b"):
        seen = CookieSet(name=f"x{text}y", domain="x.org", writer="x.org", state=State.BEFORE)
        assert hide(seen).name.replace("*", "") in {"xy", "xa--by"}
    plain = CookieSet(name="session", domain="x.org", writer="x.org")
    assert hide(plain) is plain
