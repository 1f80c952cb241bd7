"""Recordings that a policy names: what is there has to be one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.policy_file.meaning.journeys import MOST_BYTES

SITE = "sites: [{id: a, url: https://a.example, journeys: [j/a.json, j/b.json]}]"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"steps": []}',
        b'{"steps": [{}]}',
        b'{"steps": [{"type": 1}]}',
        b"\xff",
        b"[" * 100_000,
        b'{"steps": [{"type": "close"}]}' + b" " * MOST_BYTES,
    ],
)
def test_what_is_no_recording(
    refusal: Callable[[str], str], tmp_path: Path, content: bytes
) -> None:
    """It is refused, with its place in the policy and what to do."""
    (tmp_path / "j").mkdir()
    (tmp_path / "j" / "b.json").write_bytes(content)
    assert refusal(SITE) == (
        'policy.yaml:3:62: sites[0].journeys[1]: "j/b.json" is no recording: export it from Chrome'
        " DevTools' Recorder as a JSON file"
    )


def test_what_is_one_or_is_not_there(accepted: Callable[[str], object], tmp_path: Path) -> None:
    """What its steps say is not judged here; a file that is not there is the gap of who looks."""
    (tmp_path / "j").mkdir()
    (tmp_path / "j" / "a.json").write_text('{"steps": [{"type": "fly"}], "more": 1}')
    assert accepted(SITE)


def test_nothing_outside_is_opened(refusal: Callable[[str], str], tmp_path: Path) -> None:
    """A link out of the folder is refused for what it is, whatever it leads to."""
    (tmp_path / "j").symlink_to("/dev")
    said = refusal("sites: [{id: a, url: https://a.example, journeys: [j/zero]}]")
    assert "leads through a link" in said
