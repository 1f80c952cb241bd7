"""Scripts of our own beside a page's: in its documents, but out of the page's reach.

Each frame gets an isolated world: the same elements, other globals. A page can neither see what
runs there nor replace what it uses. Only what lives in the page's own world is asked there, and
taken as the page's statement.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.frames import frames_of
from auditor.collect.site.tab import HungError

T = TypeVar("T")

WORLD = "audit"
STEP = 4.0  # seconds for one question
MOST_FRAMES = 40
_IS_ON_TOP = """function () {
  const box = this.getBoundingClientRect();
  let found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  while (found?.shadowRoot) {
    const inner = found.shadowRoot.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!inner || inner === found) break;
    found = inner;
  }
  return this === found || this.contains(found);
}"""
_IS_SHOWN = """function () {
  const box = this.getBoundingClientRect();
  return this.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
    box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0;
}"""


class Worlds:
    """The worlds of a page's frames. A frame that is gone says None.

    `HungError` when one does not answer.
    """

    def __init__(self, session: CDPSession) -> None:
        """Listen for frames that come and go."""
        self._session = session
        self.root = ""
        self._own: dict[str, int] = {}
        self._main: dict[str, int] = {}
        session.on("Runtime.executionContextCreated", self._created)
        session.on("Runtime.executionContextDestroyed", self._destroyed)
        session.on("Runtime.executionContextsCleared", self._cleared)

    @property
    def frames(self) -> tuple[str, ...]:
        """Return the ids of the frames in which we can ask, the document's own first."""
        return tuple(self._own)[:MOST_FRAMES]

    async def arm(self) -> None:
        """Open a world in every frame there is, and in those to come."""
        await self.send("Runtime.enable")
        await self.send("DOM.enable")
        await self.on_new_document("0")
        tree = await self.send("Page.getFrameTree")
        self.root = tree["frameTree"]["frame"]["id"]
        for frame in frames_of(tree["frameTree"])[:MOST_FRAMES]:
            with suppress(PlaywrightError):
                given = {"frameId": frame["id"], "worldName": WORLD}
                world = await self.send("Page.createIsolatedWorld", given)
                self._own[frame["id"]] = world["executionContextId"]

    async def on_new_document(self, source: str) -> None:
        """Run a script in our world of each document to come, as long as we are attached."""
        given = {"source": source, "worldName": WORLD}
        await self.send("Page.enable")
        await self.send("Page.addScriptToEvaluateOnNewDocument", given)

    async def ask(self, frame: str, expression: str, *, main: bool = False) -> object:
        """Return the value of an expression in our world of a frame, or in the page's own."""
        context = (self._main if main else self._own).get(frame)
        if context is None:
            return None
        with suppress(*((HungError,) if main else ())):  # a page may replace what it would need
            return await self.ask_in(context, expression)
        return None

    async def ask_in(self, context: int, expression: str) -> object:
        """Return the value of an expression in a world."""
        given = {
            "expression": expression,
            "contextId": context,
            "awaitPromise": True,
            "returnByValue": True,
        }
        with suppress(PlaywrightError):
            answer = await self.send("Runtime.evaluate", given)
            if "exceptionDetails" not in answer:
                value: object = answer["result"].get("value")
                return value
        return None

    async def ask_all(self, expression: str) -> Mapping[str, object]:
        """Return what each frame says, by its id."""
        frames = self.frames
        said = await asyncio.gather(*(self.ask(frame, expression) for frame in frames))
        return dict(zip(frames, said, strict=True))

    def frame_of(self, context: int) -> str:
        """Return the frame whose world of ours this is, "" if none."""
        return next((frame for frame, own in self._own.items() if own == context), "")

    def hear(self, name: str, listener: Callable[[int, str], None]) -> Awaitable[object]:
        """Give our worlds a function that tells us a text; `listener` gets world and text."""

        def called(event: Mapping[str, Any]) -> None:
            if event["name"] == name:
                listener(event["executionContextId"], event["payload"])

        self._session.on("Runtime.bindingCalled", called)
        return self.send("Runtime.addBinding", {"name": name, "executionContextName": WORLD})

    async def click(self, frame: str, element: str) -> bool:
        """Click what an expression names, with the mouse where nothing covers it."""
        with suppress(PlaywrightError):
            thing = await self._object(frame, element)
            await self.send("DOM.scrollIntoViewIfNeeded", {"objectId": thing})
            quads = await self.send("DOM.getContentQuads", {"objectId": thing})
            if quads["quads"] and await self._call(thing, _IS_ON_TOP):
                corners = quads["quads"][0]
                where = {"x": sum(corners[::2]) / 4, "y": sum(corners[1::2]) / 4}
                for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
                    button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
                    await self.send("Input.dispatchMouseEvent", {"type": kind, **where, **button})
                return True
            await self._call(thing, "function () { this.click(); return true; }")
            return True
        return False

    async def is_shown(self, frame: str) -> bool:
        """Return whether the element that holds a frame can be seen; a page itself can."""
        with suppress(PlaywrightError, KeyError):
            owner = await self.send("DOM.getFrameOwner", {"frameId": frame})
            node = {"backendNodeId": owner["backendNodeId"]}
            thing = await self.send("DOM.resolveNode", node)
            return await self._call(thing["object"]["objectId"], _IS_SHOWN) is True
        return True

    async def send(self, method: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the browser."""
        try:
            return dict(await within(STEP, self._session.send(method, given or {})))
        except TimeoutError as error:
            raise HungError(method) from error

    async def _object(self, frame: str, element: str) -> str:
        given = {"expression": element, "contextId": self._own.get(frame, -1)}
        answer = await self.send("Runtime.evaluate", given)
        return str(answer["result"].get("objectId", ""))

    async def _call(self, thing: str, function: str) -> object:
        given = {
            "objectId": thing,
            "functionDeclaration": function,
            "returnByValue": True,
            "userGesture": True,
        }
        answer = await self.send("Runtime.callFunctionOn", given)
        value: object = answer["result"].get("value")
        return value

    def _created(self, event: Mapping[str, Any]) -> None:
        context = event["context"]
        about = context.get("auxData", {})
        if about.get("isDefault"):
            self._main[about.get("frameId", "")] = context["id"]
        elif context["name"] == WORLD:
            self._own[about.get("frameId", "")] = context["id"]

    def _destroyed(self, event: Mapping[str, Any]) -> None:
        for known in (self._own, self._main):
            for frame in [key for key, own in known.items() if own == event["executionContextId"]]:
                del known[frame]

    def _cleared(self, _: object) -> None:
        self._own.clear()
        self._main.clear()


@asynccontextmanager
async def worlds(page: Page) -> AsyncIterator[Worlds]:
    """Open worlds of our own in a page, and leave nothing of them."""
    try:
        session = await within(STEP, page.context.new_cdp_session(page))
    except TimeoutError as error:
        raise HungError("a session") from error
    opened = Worlds(session)
    try:
        await opened.arm()
        yield opened
    finally:
        with suppress(PlaywrightError, TimeoutError):
            await within(STEP, session.detach())


async def within(seconds: float, asked: Awaitable[T]) -> T:
    """Wait for an answer so long at most; `TimeoutError` after that."""
    return await asyncio.wait_for(asked, seconds)


def call(function: str, *given: object) -> str:
    """Return the expression that calls a function with values."""
    return f"({function})({', '.join(json.dumps(value) for value in given)})"
