"""Types into the fields of one page as a person does: key by key, then on to the next field.

It never presses Enter, clicks nothing, and leaves alone what is filled in already.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct
from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.frames import frames_of
from auditor.collect.site.typing_in.fields import Field, wanted
from auditor.collect.site.typing_in.person import Datum

MOST_FRAMES = 50
MOST_FIELDS = 60  # of one page that are typed into

_FIELDS = files(__package__).joinpath("fields.js").read_text()
_FOCUS = """(() => { const one = found[NUMBER]; one.focus({ preventScroll: true });
  return one.getRootNode().activeElement === one; })()"""
_TEXT = "((one) => one.value ?? one.textContent)(found[NUMBER])"
_BLUR = "found[NUMBER].blur()"
_KEYS = {" ": 32, "-": 189, ".": 190, "/": 191}  # Windows virtual key codes, as browsers tell them
_SHIFT = 8
_LEAST = 8  # characters

Begin = Callable[[Datum], None]  # before the first key of a field
Typed = Callable[[Datum, str], None]  # when the last key was pressed: what stands there now


class _Place(Struct, frozen=True):
    number: int  # among the fields that were listed in this world
    world: int


class _Listed(Struct, frozen=True):
    """What `fields.js` returns."""

    fields: tuple[Field, ...]
    more: bool


class Typist:
    """Somebody at the keyboard, before one page; what came of it stands in the attributes."""

    def __init__(self, session: CDPSession, data: dict[str, Datum]) -> None:
        """Sit down; `data` is what there is to type, by kind."""
        self._session, self._data = session, data
        self.typed: set[str] = set()
        self.left: set[str] = set()
        self.refused: set[str] = set()  # fields that took nothing
        self.hidden: set[str] = set()  # fields of forms that cannot be seen
        self.too_many = False
        self.broke = False  # a frame went away, or did not answer
        self._count = 0

    async def type(self, begin: Begin, done: Typed) -> None:
        """Go through all frames, and in each from field to field."""
        tree = await self._session.send("Page.getFrameTree")
        frames = frames_of(tree["frameTree"])
        self.too_many = len(frames) > MOST_FRAMES
        for frame in frames[:MOST_FRAMES]:
            try:
                await self._frame(frame["id"], begin, done)
            except (PlaywrightError, msgspec.ValidationError):
                self.broke = True

    async def _frame(self, frame: str, begin: Begin, done: Typed) -> None:
        made = await self._session.send("Page.createIsolatedWorld", {"frameId": frame})
        world = int(made["executionContextId"])
        listed = msgspec.convert(await self._evaluate(_FIELDS, world), _Listed)
        self.too_many = self.too_many or listed.more
        shown = {field.form for field in listed.fields if field.visible}
        for number, field in enumerate(listed.fields):
            datum = self._data.get(wanted(field))
            if datum is None or not field.visible or field.filled or field.locked:
                self.left.add(field.label)
                if datum and not field.visible and field.form not in shown:
                    self.hidden.add(field.label)
            elif self._count == MOST_FIELDS:
                self.too_many = True
            else:
                self._count += 1
                await self._field(_Place(number, world), field, datum, begin, done)

    async def _field(
        self, place: _Place, field: Field, datum: Datum, begin: Begin, done: Typed
    ) -> None:
        if not await self._ask(_FOCUS, place):
            self.refused.add(field.label)
            return
        begin(datum)
        for key in datum.value:
            await self._press(key)
        text = str(await self._ask(_TEXT, place))
        done(datum, text)
        await self._ask(_BLUR, place)
        if _has_taken(datum, text):
            self.typed.add(datum.data)
        else:
            self.refused.add(field.label)

    async def _press(self, key: str) -> None:
        is_plain = key.isascii() and key.isalnum()
        common = {
            "key": key,
            "code": f"{'Digit' if key.isdigit() else 'Key'}{key.upper()}" if is_plain else "",
            "windowsVirtualKeyCode": ord(key.upper()) if is_plain else _KEYS.get(key, 0),
            "modifiers": _SHIFT if key.isupper() else 0,
        }
        down = {"type": "keyDown", "text": key, "unmodifiedText": key, **common}
        await self._session.send("Input.dispatchKeyEvent", down)
        await self._session.send("Input.dispatchKeyEvent", {"type": "keyUp", **common})

    async def _ask(self, script: str, place: _Place) -> object:
        return await self._evaluate(script.replace("NUMBER", str(place.number)), place.world)

    async def _evaluate(self, script: str, world: int) -> Any:  # noqa: ANN401 -- as JSON has it
        asked = {"expression": script, "contextId": world, "returnByValue": True}
        answer = await self._session.send("Runtime.evaluate", asked)
        return answer["result"].get("value")


def _has_taken(datum: Datum, text: str) -> bool:
    """Return whether enough of a value stands in its field to be found again."""
    digits = "".join(filter(str.isdigit, text))
    return digits.endswith(datum.digits) if datum.digits else len(text.strip()) >= _LEAST
