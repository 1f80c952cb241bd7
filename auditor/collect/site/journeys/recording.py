"""Reading what Chrome DevTools' Recorder exports as JSON.

Source: the schema of `@puppeteer/replay`, which the Recorder writes. Steps that would run code of
the recording are refused: a recording is data. Keys that are not known are passed over, as the
Recorder's own runner does.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

MOST_BYTES = 5 * 1024 * 1024
MOST_STEPS = 500
WEB = ("http://", "https://")
EMPTY = ("about:blank", "chrome://")  # where a recording may begin, before the site
LONGEST_WAIT = 30_000  # milliseconds for one step, as the schema has it

Text = Annotated[str, Meta(max_length=10_000)]
Selector = Text | Annotated[tuple[Text, ...], Meta(min_length=1, max_length=20)]
Wait = Annotated[float, Meta(ge=0)]
Number = Annotated[float, Meta(ge=-1_000_000, le=1_000_000)]


class RecordingError(Exception):
    """A recording that cannot be replayed: the text names the step and what to do."""


class Event(Struct, frozen=True, kw_only=True):
    """What followed a step when it was recorded; only `navigation` is known."""

    type: str
    url: Text = ""


class Step(Struct, frozen=True, kw_only=True):
    """One step. Which of the fields count depends on `type`; `timeout` is in milliseconds.

    `x` and `y` are CSS pixels from the page's corner, `left` and `top` from the element's.
    """

    type: str
    selectors: Annotated[tuple[Selector, ...], Meta(max_length=50)] = ()
    value: Text = ""
    key: Annotated[str, Meta(max_length=50)] = ""
    url: Text = ""
    width: Annotated[int, Meta(ge=1, le=10_000)] = 1280
    height: Annotated[int, Meta(ge=1, le=10_000)] = 720
    x: Number = 0
    y: Number = 0
    left: Number = msgspec.field(default=0, name="offsetX")
    top: Number = msgspec.field(default=0, name="offsetY")
    button: Literal["primary", "auxiliary", "secondary", "back", "forward"] = "primary"
    operator: Literal[">=", "==", "<="] = ">="
    count: int = 1
    visible: bool = True
    attributes: dict[Text, Text] = {}
    properties: dict[Text, Any] = {}
    timeout: Wait | None = None
    frame: Annotated[tuple[int, ...], Meta(max_length=20)] = ()
    target: Text = "main"
    events: Annotated[tuple[Event, ...], Meta(max_length=20)] = msgspec.field(
        default=(), name="assertedEvents"
    )

    @property
    def leads_on(self) -> bool:
        """Return whether another page followed when it was recorded."""
        return any(event.type == "navigation" for event in self.events)

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Return the addresses that followed, () where the recording names none."""
        return tuple(event.url for event in self.events if event.url.startswith(WEB))

    @property
    def is_empty(self) -> bool:
        """Return whether it only opens the empty page with which a new tab begins."""
        return self.type == "navigate" and self.url.startswith(EMPTY)


class Recording(Struct, frozen=True, kw_only=True):
    """A recording: its title, the steps, and milliseconds for those that say none."""

    title: Text = ""
    timeout: Wait = 5000
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=MOST_STEPS)]


POINTED = {"click", "doubleClick", "hover", "change", "waitForElement"}  # need an element
KNOWN = POINTED | {
    *("setViewport", "emulateNetworkConditions", "navigate", "keyDown", "keyUp", "scroll", "close")
}
REFUSED = {
    "customStep": "is somebody's own program",
    "waitForExpression": "runs code of the recording; record a step that waits for an element",
}


def read_file(path: Path) -> Recording:
    """Return the recording in a file; OSError where there is none."""
    with path.open("rb") as file:
        return read_recording(file.read(MOST_BYTES + 1))


def read_recording(data: bytes) -> Recording:
    """Return the recording; `RecordingError` says which step cannot be replayed, and why."""
    if len(data) > MOST_BYTES:
        raise RecordingError(f"larger than {MOST_BYTES // 2**20} MiB")
    try:
        found = msgspec.convert(_plain(msgspec.json.decode(data)), Recording)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        advice = "export it from Chrome DevTools' Recorder as a JSON file"
        raise RecordingError(f"no recording ({str(error)[:200]}); {advice}") from error
    for number, step in enumerate(found.steps, start=1):
        if why := _objection(step):
            raise RecordingError(f"step {number}, {step.type[:50]}: {why}")
    if not any(step.type == "navigate" and not step.is_empty for step in found.steps):
        raise RecordingError("no step says where it begins: record a `navigate` step first")
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401 -- JSON
    """Leave out what is null: the Recorder writes that for what is not there."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _objection(step: Step) -> str:
    """Return why a step cannot be replayed, "" if it can."""
    if step.type not in KNOWN:
        unknown = "is not known here; leave it out, or record it in another way"
        return REFUSED.get(step.type, unknown)
    is_lost = step.type == "navigate" and not step.is_empty and not step.url.startswith(WEB)
    objections = {
        "no selector says which element": step.type in POINTED and not step.selectors,
        "goes to no address of the web": is_lost,
        "no key is named": step.type in {"keyDown", "keyUp"} and not step.key,
        "a step back or forward by a button of the mouse; record it as a click on the page": (
            step.button in {"back", "forward"}
        ),
    }
    return next((text for text, holds in objections.items() if holds), "")
