"""Doing one step of a recording on a page, as a person would."""

import asyncio
import time
from typing import Any

from playwright.async_api import Locator, Page

from auditor.collect.site.journeys.elements import (
    PAUSE,
    NotFoundError,
    find,
    frame_of,
    matching,
)
from auditor.collect.site.journeys.recording import Step

LEAST_LOAD = 20_000  # milliseconds that an address has to be opened

_BUTTONS = {"auxiliary": "middle", "secondary": "right"}
_IS_TYPED = """element => element.isContentEditable || element.tagName === 'TEXTAREA' ||
  (element.tagName === 'INPUT' && !['checkbox', 'color', 'date', 'datetime-local', 'file', 'month',
    'radio', 'range', 'time', 'week'].includes(element.type))"""


class CannotError(Exception):
    """A step that is not taken; the text says what it needs."""


async def act(page: Page, step: Step, secret: str | None = None) -> None:
    """Take a step; `secret` is what is typed where the recording only names it."""
    match step.type:
        case "navigate" if not step.is_empty:
            await page.goto(step.url, timeout=max(step.timeout or 0, LEAST_LOAD))
        case "setViewport":
            await page.set_viewport_size({"width": step.width, "height": step.height})
        case "click" | "doubleClick":
            await _click(page, step)
        case "hover":
            await (await find(page, step)).hover(timeout=step.timeout)
        case "change":
            await _change(await find(page, step), step, secret)
        case "keyDown":
            await page.keyboard.down(step.key)
        case "keyUp":
            await page.keyboard.up(step.key)
        case "scroll":
            await _scroll(page, step)
        case "waitForElement":
            await _wait(page, step)
        case _:  # emulateNetworkConditions, and close: the page is looked at before it is closed
            pass


async def _click(page: Page, step: Step) -> None:
    found = await find(page, step)
    given: dict[str, Any] = {
        "button": _BUTTONS.get(step.button, "left"),
        "click_count": 2 if step.type == "doubleClick" else 1,
        "timeout": step.timeout,
    }
    box = await found.bounding_box(timeout=step.timeout)
    left, top = step.left, step.top
    if box and 0 < left < box["width"] and 0 < top < box["height"]:
        given["position"] = {"x": left, "y": top}
    await found.click(**given)


async def _change(found: Locator, step: Step, secret: str | None) -> None:
    """Type with real keys, so that those who listen hear them; choose in what is chosen."""
    value = step.value if secret is None else secret
    kind = (await found.get_attribute("type", timeout=step.timeout) or "").lower()
    if kind == "file":
        raise CannotError("a journey without files to upload")
    if kind == "password" and secret is None and value:
        raise CannotError(
            'no password in the file: write "{env: NAME}" as the value of the step, keep the'
            " password in that variable, and choose another one, since this one was written down"
        )
    if await found.evaluate("element => element.tagName === 'SELECT'"):
        await found.select_option(value, timeout=step.timeout)
    elif kind in {"checkbox", "radio"}:
        await found.set_checked(value not in {"false", "off", ""}, timeout=step.timeout)
    elif await found.evaluate(_IS_TYPED):
        await found.fill("", timeout=step.timeout)
        await found.press_sequentially(value, timeout=step.timeout)
    else:
        await found.fill(value, timeout=step.timeout)


async def _scroll(page: Page, step: Step) -> None:
    if step.selectors:
        found = await find(page, step)
        await found.evaluate("(element, to) => element.scrollTo(...to)", [step.x, step.y])
        return
    frame = frame_of(page, step)
    if frame is None:
        raise NotFoundError
    await frame.evaluate("to => window.scrollTo(...to)", [step.x, step.y])


async def _wait(page: Page, step: Step) -> None:
    """Wait until as many elements are there as the recording says, or no longer are."""
    end = time.monotonic() + (step.timeout or 0) / 1000
    fits = {">=": int.__ge__, "==": int.__eq__, "<=": int.__le__}[step.operator]
    while fits(await matching(page, step), step.count) is not step.visible:
        if time.monotonic() > end:
            raise NotFoundError
        await asyncio.sleep(PAUSE)
