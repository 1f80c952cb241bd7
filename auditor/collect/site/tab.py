"""One page in one tab: opened, read to its end, given time, looked at, and left.

Every question to the browser has its own deadline: some pages make it never answer.
"""

import asyncio
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from typing import Any, TypeVar

import msgspec
from playwright.async_api import BrowserContext, CDPSession, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from auditor.collect.site.frames import frames_of
from auditor.collect.site.plan import Limits
from auditor.collect.site.shown import Facts, Shown
from auditor.collect.site.soon import soon
from auditor.collect.site.traffic import Traffic
from auditor.collect.web.failures import known_error

T = TypeVar("T")

WIDTH = 1280  # CSS pixels
SMALLER, QUALITY = 0.6, 50  # of a picture: how its sides compare, and percent
TALLEST = 20_000  # CSS pixels that are made visible at once
MOST_FRAMES = 50  # that are asked what they show
MOST_LOADS = 10  # of one address: a page that reloads more often never ends
SLICES = 8  # in which the clock is moved on
BETWEEN = 0.008  # seconds of real time between them
QUIET = 0.1  # seconds without news after which a page with workers is taken to have settled
LONGEST_QUIET = 0.5  # the same while something is still under way, such as a stream of events

_SCRIPTS = {
    name: files(__package__).joinpath(f"{name}.js").read_text()
    for name in ("facts", "leave", "scroll")
}
_MOVES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 200, "y": 200}),
    ("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 320, "y": 240}),
    ("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Shift", "code": "ShiftLeft"}),
    ("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Shift", "code": "ShiftLeft"}),
)


class HungError(Exception):
    """The page no longer answers; the text names the question."""


class FailedError(Exception):
    """The page did not load; the text is the network's error, or says what came instead."""

    def __init__(self, why: str, *, is_timeout: bool = False) -> None:
        """Keep whether it was too slow."""
        super().__init__(why)
        self.is_timeout = is_timeout


class Tab:
    """A page under observation."""

    def __init__(self, page: Page, session: CDPSession, limits: Limits, traffic: Traffic) -> None:
        """Watch what could keep the page from ever ending."""
        self.page, self.session = page, session
        self._limits, self._traffic = limits, traffic
        self.loads = 0
        self.has_crashed = False
        page.on("domcontentloaded", self._loaded)
        page.on("crash", self._crashed)

    async def open(self, url: str) -> tuple[int, str]:
        """Go there; return HTTP status and address of the answer. `FailedError` if none came."""
        timeout = self._limits.load
        try:
            response = await asyncio.wait_for(
                self.page.goto(url, wait_until="load", timeout=timeout * 1000), timeout + 2
            )
        except (PlaywrightTimeout, TimeoutError) as error:
            why = f"it did not finish loading within {timeout:g} seconds"
            raise FailedError(why, is_timeout=True) from error
        except PlaywrightError as error:
            raise FailedError(_why(str(error))) from error
        if response is None:
            raise FailedError("nothing was answered")
        return response.status, response.url

    async def arrive(self) -> None:
        """Wait for the page to which the one before has led."""
        with suppress(PlaywrightError):
            await self._within("arriving", self.page.wait_for_load_state("load"))

    async def wake(self) -> None:
        """Move the mouse, press a key, scroll to the end, and let everything be visible."""
        for method, given in _MOVES:
            soon(self.session.send(method, given.copy()))
        tree = await self._send("Page.getFrameTree")
        answer = await self._evaluate("scroll", tree["frameTree"]["frame"]["id"])
        if isinstance(answer, int | float) and answer > 0:
            size = {"width": WIDTH, "height": min(int(answer), TALLEST), "mobile": False}
            await self._send("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1, **size)

    async def skip_time(self) -> None:
        """Let the page's clock run ahead, a little at a time: some answers come in real time.

        From then on time stands still on this page: nothing but looking and leaving may follow.
        Where a stream or a slow answer holds the clock, it goes on regardless of those.
        """
        policy, slices = "pauseIfNetworkFetchesPending", SLICES
        while slices:
            if not await self._skip(policy, self._limits.settle / 2) and policy != "advance":
                policy = "advance"
                continue
            slices -= 1
            await asyncio.sleep(BETWEEN)
            if policy == "advance":
                await self._answers_come()

    async def _answers_come(self) -> None:
        """Wait a moment for answers to what was asked since the clock last moved."""
        end = time.monotonic() + LONGEST_QUIET / 2
        while self._traffic.under_way:
            if time.monotonic() > end:
                return
            await asyncio.sleep(BETWEEN)

    async def _skip(self, policy: str, wall: float) -> bool:
        expired = asyncio.Event()

        def expire(_: object) -> None:
            expired.set()

        self.session.once("Emulation.virtualTimeBudgetExpired", expire)
        budget = self._limits.skipped * 1000 / SLICES
        await self._send("Emulation.setVirtualTimePolicy", policy=policy, budget=budget)
        with suppress(TimeoutError):
            return await asyncio.wait_for(expired.wait(), wall)
        return False

    async def settle(self) -> None:
        """Wait for workers and for answers that are under way: their clock cannot be moved."""
        end = time.monotonic() + self._limits.settle
        while time.monotonic() < end:
            since = time.monotonic() - self._traffic.last
            busy = self._traffic.under_way > 0
            if since > LONGEST_QUIET or (not busy and (since > QUIET or not self._has_workers)):
                return
            await asyncio.sleep(0.01)

    @property
    def _has_workers(self) -> bool:
        return bool(self.page.workers or self.page.context.service_workers)

    async def facts(self) -> Shown:
        """Return what the document and its frames show."""
        tree = await self._send("Page.getFrameTree")
        first, *ids = [frame["id"] for frame in frames_of(tree["frameTree"])]
        page, *frames = await asyncio.gather(*map(self._facts_of, [first, *ids[:MOST_FRAMES]]))
        known = tuple(facts for facts in frames if facts)
        return Shown(page=page, frames=known, unread=len(ids) - len(known))

    async def _facts_of(self, frame: str) -> Facts | None:
        try:
            return msgspec.convert(await self._evaluate("facts", frame), Facts)
        except (PlaywrightError, msgspec.ValidationError):
            return None

    async def _evaluate(self, script: str, frame: str) -> object:
        """Return what a script says in a world of its own, where the page cannot reach it."""
        world = await self._send("Page.createIsolatedWorld", frameId=frame)
        answer = await self._send(
            "Runtime.evaluate",
            expression=_SCRIPTS[script],
            contextId=world["executionContextId"],
            awaitPromise=True,
            returnByValue=True,
        )
        return answer["result"].get("value")

    async def leave(self) -> None:
        """Make the page and its frames believe that they are being left."""
        frames = self.page.frames[:MOST_FRAMES]
        asked = (frame.evaluate(_SCRIPTS["leave"]) for frame in frames)
        await self._within("leaving", asyncio.gather(*asked, return_exceptions=True))

    async def screenshot(self, path: str) -> None:
        """Keep a picture of the page; one that cannot be made is left out."""
        with suppress(PlaywrightError, TimeoutError):
            picture = self.page.screenshot(path=path, full_page=True, timeout=5000)
            await asyncio.wait_for(picture, self._limits.step)

    async def window(self) -> bytes:
        """Return a picture of what is in the window, b"" where none can be made (lossy WebP)."""
        with suppress(PlaywrightError, HungError):
            where = (await self._send("Page.getLayoutMetrics"))["cssVisualViewport"]
            clip = {
                "x": where["pageX"],
                "y": where["pageY"],
                "width": where["clientWidth"],
                "height": where["clientHeight"],
                "scale": SMALLER,
            }
            how = {"format": "webp", "quality": QUALITY, "optimizeForSpeed": False}
            answer = await self._send("Page.captureScreenshot", clip=clip, **how)
            return b64decode(answer["data"])
        return b""

    async def _send(self, method: str, **given: object) -> dict[str, Any]:
        asked: Awaitable[Any] = self.session.send(method, dict(given))
        return dict(await self._within(method, asked))

    async def _within(self, what: str, asked: Awaitable[T]) -> T:
        try:
            return await asyncio.wait_for(asked, self._limits.step)
        except TimeoutError as error:
            raise HungError(what) from error

    def _loaded(self, _: Page) -> None:
        self.loads += 1
        if self.loads > MOST_LOADS:
            soon(self.session.send("Page.stopLoading"))

    def _crashed(self, _: Page) -> None:
        self.has_crashed = True


@asynccontextmanager
async def tab(context: BrowserContext, limits: Limits, traffic: Traffic) -> AsyncIterator[Tab]:
    """Open a tab and close it, with the windows that its page has opened; `HungError` if stuck."""
    try:
        page = await asyncio.wait_for(context.new_page(), limits.step)
        session = await asyncio.wait_for(context.new_cdp_session(page), limits.step)
    except TimeoutError as error:
        raise HungError("a new tab") from error
    try:
        yield Tab(page, session, limits, traffic)
    finally:
        closing = [page.close() for page in context.pages]
        try:
            await asyncio.wait_for(asyncio.gather(*closing, return_exceptions=True), limits.step)
        except TimeoutError as error:
            raise HungError("closing the tab") from error


def _why(text: str) -> str:
    """Return the network's error in a message of Playwright, or what came instead of a page."""
    for word in text.replace("\n", " ").split():
        if word.startswith("net::ERR_"):
            return known_error(word)
    return "a download came instead of a page" if "Download is starting" in text else "net::ERR"
