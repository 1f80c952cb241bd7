"""Recordings that sites name: where one is there, it has the form that Chrome's Recorder writes.

One that is not there is no fault of the policy, as with all files: whoever needs it says so.
"""

from collections.abc import Iterator
from pathlib import Path as FilePath

import msgspec
from msgspec import Struct

from auditor.policy import Policy
from auditor.policy_file.messages import Fault, shown

MOST_BYTES = 5 * 1024 * 1024


class _Step(Struct):
    type: str


class _Recording(Struct):
    steps: list[_Step]


def journey_faults(policy: Policy, folder: FilePath) -> Iterator[Fault]:
    """Yield files that are there and are no recordings; what their steps say is not judged."""
    for i, site in enumerate(policy.sites):
        for j, text in enumerate(site.journeys):
            if (folder / text).is_file() and not _is_recording(folder / text):
                message = (
                    f"{shown(text)} is no recording: export it from Chrome DevTools' Recorder as a"
                    " JSON file"
                )
                yield Fault(path=("sites", i, "journeys", j), message=message)


def _is_recording(path: FilePath) -> bool:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        return len(data) <= MOST_BYTES and bool(msgspec.json.decode(data, type=_Recording).steps)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
