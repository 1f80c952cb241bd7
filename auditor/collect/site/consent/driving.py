"""The way through a banner that nobody described: refuse, or untick everything and save."""

import asyncio
import time

from msgspec import Struct

from auditor.collect.site.consent.finder import (
    Banner,
    Clickable,
    banners,
    click,
    untick,
    way_back,
)
from auditor.collect.site.consent.words import Meaning
from auditor.collect.site.consent.worlds import Worlds

LAYERS = 3
OPENING = 2.0  # seconds that a further layer may take to appear
_PAUSE = 0.05


class Driven(Struct, frozen=True, kw_only=True):
    """What was done: `preticked` are labels of what was ticked before; `trouble` says why not."""

    clicks: int = 0
    preticked: tuple[str, ...] = ()
    trouble: str = ""


async def agree(worlds: Worlds) -> Driven:
    """Click what agrees."""
    for banner in await banners(worlds):
        if way := banner.ways.get(Meaning.ACCEPT):
            return await _last_click(worlds, banner, way, Driven())
    return Driven(trouble="no button that agrees was found")


async def refuse(worlds: Worlds, *, clicks: int = 0) -> Driven:
    """Click what refuses; where there is no such button, untick everything and save."""
    driven = Driven(clicks=clicks)
    for _ in range(LAYERS):
        found = await banners(worlds)
        if way := _way(found, Meaning.REJECT):
            return await _last_click(worlds, *way, driven)
        save = _way(found, Meaning.SAVE)
        if save and any(banner.toggles for banner in found):
            labels = tuple(label for banner in found for label in banner.labels)
            unticked = sum([await untick(worlds, banner) for banner in found])
            driven = Driven(clicks=driven.clicks + unticked, preticked=labels)
            return await _last_click(worlds, *save, driven)
        opens = _way(found, Meaning.SETTINGS)
        if not opens or not await click(worlds, opens[0].frame, opens[1]):
            break
        driven = Driven(clicks=driven.clicks + 1)
        await _changed(worlds, found)
    return Driven(clicks=driven.clicks, trouble="no way to refuse was found")


async def withdraw(worlds: Worlds) -> Driven:
    """Find the link that leads back to the choice, and refuse there."""
    before = await banners(worlds)
    back = await way_back(worlds)
    if back is None:
        return Driven(trouble="no link or button leads back to the choice")
    if not await click(worlds, *back):
        return Driven(trouble="what leads back to the choice could not be clicked")
    await _changed(worlds, before)
    return await refuse(worlds, clicks=1)


def _way(found: tuple[Banner, ...], means: Meaning) -> tuple[Banner, Clickable] | None:
    return next(((one, one.ways[means]) for one in found if means in one.ways), None)


async def _last_click(worlds: Worlds, banner: Banner, way: Clickable, driven: Driven) -> Driven:
    clicked = await click(worlds, banner.frame, way)
    trouble = "" if clicked else "the button could not be clicked"
    return Driven(clicks=driven.clicks + clicked, preticked=driven.preticked, trouble=trouble)


async def _changed(worlds: Worlds, before: tuple[Banner, ...]) -> None:
    """Wait until something else is shown."""
    end = time.monotonic() + OPENING
    while _faces(await banners(worlds)) == _faces(before):
        if time.monotonic() > end:
            return
        await asyncio.sleep(_PAUSE)


def _faces(found: tuple[Banner, ...]) -> set[tuple[str, ...]]:
    return {
        (banner.frame, *(way.text for way in banner.ways.values()), *banner.labels)
        for banner in found
    }
