"""When a banner appears, when it goes, and what is said of one that was seen."""

import asyncio
import time
from contextlib import suppress

from playwright.async_api import Page

from auditor.collect.site.consent.autoconsent import Run
from auditor.collect.site.consent.finder import Banner, asking
from auditor.collect.site.consent.steps import in_sight
from auditor.collect.site.consent.words import Meaning
from auditor.collect.site.consent.worlds import Worlds, within
from auditor.evidence import BannerSeen
from auditor.policy.site import Step

PATIENCE = 4.5  # seconds of a page's life within which a banner has to appear
VANISH = 2.5  # seconds in which a banner goes away after the last click
PAUSE = 0.1
LAYER = 2  # clicks, at least, where only the settings are offered


def seen(banner: Banner | None, platform: str, how: str) -> BannerSeen:
    """Return what is said of a banner that was seen; clicks count from its first layer on."""
    ways = banner.ways if banner else {}
    reject = 1 if Meaning.REJECT in ways else None
    if reject is None and {Meaning.SETTINGS, Meaning.SAVE} & ways.keys():
        reject = LAYER
    return BannerSeen(
        platform=platform,
        accept=1 if Meaning.ACCEPT in ways else None,
        reject=reject,
        preticked=banner.labels if banner else (),
        how=how,
    )


async def appears(opened: Worlds, run: Run | None, patience: float) -> Banner | None:
    """Wait for a banner until a page is so old; None if there is none, or only a rule sees it."""
    end = time.monotonic() + patience
    while True:
        banner = await asking(opened)
        is_old = time.monotonic() > end or await age(opened) > patience
        if banner or is_old or (run and run.popup.is_set()):
            return banner or await asking(opened)
        await asyncio.sleep(PAUSE)


async def recognises(run: Run, seconds: float) -> None:
    """Wait until one of the rules knows the banner."""
    with suppress(TimeoutError):
        await within(seconds, run.popup.wait())


async def vanishes(
    opened: Worlds, page: Page | None = None, last: list[Step] | None = None
) -> bool:
    """Return whether the banner goes away, and with it what was clicked last."""
    end = time.monotonic() + VANISH
    while time.monotonic() < end:
        still = await asking(opened)
        if not still and not (page and last and await in_sight(page, last)):
            return True
        await asyncio.sleep(0.03)
    return False


async def age(opened: Worlds) -> float:
    """Return how old the page is, in seconds by its own clock."""
    age = await opened.ask(opened.root, "performance.now()")
    return age / 1000 if isinstance(age, int | float) else PATIENCE
