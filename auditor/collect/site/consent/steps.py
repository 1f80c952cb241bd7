"""The policy's own way through the banner: selectors to click and to wait for."""

import asyncio
import time
from collections.abc import Sequence

from msgspec import Struct
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from auditor.collect.site.consent.worlds import within
from auditor.policy.site import Step

WAIT = 5.0  # seconds for each step
MOST_FRAMES = 40


class Followed(Struct, frozen=True, kw_only=True):
    """How far the steps led: `trouble` says which of them could not be made, "" if none."""

    clicks: int = 0
    trouble: str = ""


async def follow(page: Page, steps: Sequence[Step], *, wait: float = WAIT) -> Followed:
    """Make the steps in their order, in whichever frame the element is."""
    clicks = 0
    for number, step in enumerate(steps, 1):
        try:
            found = await within(wait + 1, _find(page, step.click or step.wait_for, wait))
            if found and step.click:
                await within(wait + 1, found.click(timeout=wait * 1000))
                clicks += 1
        except (PlaywrightError, TimeoutError):
            found = None
        if not found:
            selector = step.click or step.wait_for
            trouble = f"step {number} of the policy: nothing to be seen at `{selector}`"
            return Followed(clicks=clicks, trouble=trouble)
    return Followed(clicks=clicks)


async def in_sight(page: Page, steps: Sequence[Step]) -> frozenset[str]:
    """Return which of the selectors that are clicked can be seen."""
    clicked = {step.click for step in steps if step.click}
    return frozenset({selector for selector in clicked if await _find(page, selector, 0)})


async def _find(page: Page, selector: str, seconds: float) -> Locator | None:
    """Return the first element that can be seen, in any frame, waiting for it so long."""
    end = time.monotonic() + seconds
    while True:
        for frame in page.frames[:MOST_FRAMES]:
            found = frame.locator(selector).filter(visible=True).first
            try:
                if await within(WAIT, found.count()):
                    return found
            except (PlaywrightError, TimeoutError):
                continue  # this frame is gone
        if time.monotonic() >= end:
            return None
        await asyncio.sleep(0.05)
