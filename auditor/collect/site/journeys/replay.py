"""Doing again what was recorded: step by step, each within its own time."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from auditor.collect.ownership import host_of, is_own
from auditor.collect.site.journeys.acting import LEAST_LOAD, CannotError, act
from auditor.collect.site.journeys.elements import PAUSE, NotFoundError, frame_of, target_of
from auditor.collect.site.journeys.preparing import Journey
from auditor.collect.site.journeys.recording import Step
from auditor.collect.site.journeys.way import Way
from auditor.collect.site.story import Story
from auditor.collect.web.failures import known_error
from auditor.evidence import FIRST_ERROR, Reason, StepTaken
from auditor.names import template, url_shape

GRACE = 5.0  # seconds beyond a step's own time, after which nothing answers any more

_ELSEWHERE = {"navigate", "setViewport", "emulateNetworkConditions", "close"}  # do nothing there
_ERROR = re.compile(r"net::ERR_[A-Z0-9_]+")


class _FailedError(Exception):
    """A step that was not taken, or led elsewhere: why, and what it needs."""

    def __init__(self, needs: str, reason: Reason = Reason.NOT_VERIFIED) -> None:
        super().__init__(needs)
        self.reason = reason


class Replay:
    """Replays one journey in one page, and tells of each step before what it causes."""

    def __init__(self, journey: Journey, story: Story, own: frozenset[str]) -> None:
        """Begin before the first step; `own` are the names that are the site."""
        self._journey, self._story, self._own = journey, story, own

    async def run(self, page: Page, way: Way, after: Callable[[], Awaitable[None]]) -> bool:
        """Take all steps; `after` each, what came of it is looked at. Return whether all were.

        The first that cannot be taken is a gap, and the last: what follows rests on it.
        """
        for number, step in enumerate(self._journey.steps, start=1):
            name = self._journey.name
            self._story.saw(StepTaken(journey=name, step=number, does=step.type))
            try:
                await self._guarded(page, way, number)
                await after()
                _has_loaded(way)
            except _FailedError as error:
                self._failed(number, step, error)
                return False
        return True

    async def _guarded(self, page: Page, way: Way, number: int) -> None:
        """Take a step within its time, and say in one way how it failed."""
        step = self._journey.steps[number - 1]
        seconds = (step.timeout or 0) / 1000
        seconds = max(seconds, LEAST_LOAD / 1000) if step.type == "navigate" else seconds
        try:
            await asyncio.wait_for(self._take(page, way, number), seconds + GRACE)
        except CannotError as error:
            raise _FailedError(str(error)) from error
        except NotFoundError as error:
            needs = f"a page with what the recording points to: {_shown(step)}"
            raise _FailedError(needs) from error
        except (TimeoutError, PlaywrightTimeout) as error:
            needs = "a page that lets it be done in time"
            raise _FailedError(needs, Reason.TIMEOUT) from error
        except PlaywrightError as error:
            why = _ERROR.search(str(error))
            needs = f"an answer ({known_error(why[0])})" if why else "a page that is still there"
            raise _FailedError(needs, Reason.UNREACHABLE) from error

    async def _take(self, page: Page, way: Way, number: int) -> None:
        step = self._journey.steps[number - 1]
        end = time.monotonic() + (step.timeout or 0) / 1000
        await _is_followed(page, step, end)
        if step.type not in _ELSEWHERE:
            self._stay(page.url)
        secret = self._journey.secrets.get(number)
        if secret is not None and (frame := frame_of(page, step)):
            self._stay(frame.url)
        way.begin()
        turns = way.turns
        await act(page, step, secret)
        if step.leads_on and not step.is_empty:
            await _arrive(page, way, step, turns, max(end, time.monotonic() + 1))

    def _stay(self, url: str) -> None:
        """Refuse to act where the recording was not: nobody knows who would hear the secrets."""
        host = host_of(url) if url.startswith("http") else ""
        if host and host not in self._journey.hosts and not is_own(self._own, f"//{host}"):
            raise _FailedError(f"the way that was recorded: it leads to {url_shape(url)}")

    def _failed(self, number: int, step: Step, error: _FailedError) -> None:
        last = len(self._journey.steps)
        rest = f"; steps {number + 1} to {last} were not taken" if number < last else ""
        what = f"journey {self._journey.name}, step {number} ({step.type})"
        self._story.missed(what, error.reason, f"{error}{rest}")


async def _is_followed(page: Page, step: Step, end: float) -> None:
    """Wait for the frame in which a step was recorded; another window is none."""
    while step.target != "main" and target_of(page, step) is None:
        if time.monotonic() > end:
            where = url_shape(step.target)
            raise CannotError(f"no other window: it was recorded in {where}, which is no frame")
        await asyncio.sleep(PAUSE)


async def _arrive(page: Page, way: Way, step: Step, turns: int, end: float) -> None:
    """Wait for the page that followed when it was recorded."""
    wanted = {_place(url) for url in step.leads_to}
    while not (_is_there(way, wanted) if wanted else way.turns > turns or step.frame):
        if time.monotonic() > end:
            raise _astray(page, way, turns, step)
        await asyncio.sleep(PAUSE)
    left = max(end - time.monotonic(), 1)
    await page.wait_for_load_state("load", timeout=left * 1000)


def _has_loaded(way: Way) -> None:
    if way.status >= FIRST_ERROR:
        needs = f"a page that loads: it answered {way.status}"
        raise _FailedError(needs, Reason.UNREACHABLE)


def _astray(page: Page, way: Way, turns: int, step: Step) -> _FailedError:
    if way.turns == turns:
        needs = "another page, as when it was recorded: none came"
        return _FailedError(needs, Reason.TIMEOUT)
    was = url_shape(step.leads_to[0])
    return _FailedError(
        f"the page that was recorded, {was}: it led to {url_shape(page.url)}; if that may differ"
        " each time, take `url` out of the step's assertedEvents"
    )


def _is_there(way: Way, wanted: set[tuple[str, str]]) -> bool:
    return any(_place(url) in wanted for url in way.passed)


def _place(url: str) -> tuple[str, str]:
    """Return what two visits of the same page have in common."""
    parts = urlsplit(url_shape(url))
    return (parts.netloc.removeprefix("www."), parts.path.rstrip("/"))


def _shown(step: Step) -> str:
    """Return the first selector as people may know it, without what may be personal in it."""
    first = step.selectors[0] if step.selectors else ""
    return template(first if isinstance(first, str) else " ".join(first))[:100]
