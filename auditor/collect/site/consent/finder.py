"""Consent banners, found by what their buttons say, in frames and open shadow trees."""

import asyncio
import time
from collections.abc import Sequence
from importlib.resources import files

import msgspec
from msgspec import Struct

from auditor.collect.site.consent.words import ANY, Meaning, is_about_consent, leads_back, meaning
from auditor.collect.site.consent.worlds import Worlds, call
from auditor.collect.site.tab import HungError
from auditor.names import template

MOST = 200  # clickables, and toggles, of one frame
MOST_LABELS = 20
LABEL = 80  # characters
ARRIVING = 4.0  # seconds until a document has to be there
_SHOWN = call(files(__package__).joinpath("shown.js").read_text(), ANY, MOST)
_UNTICK = """(places) => {
  const on = (one) => one.checked === true || one.ariaChecked === "true";
  const ticked = places.map((place) => elements[place]).filter((one) => one && on(one));
  for (const one of ticked) one.click();
  return ticked.filter((one) => !on(one)).length;
}"""


class Clickable(Struct, frozen=True):
    """A button or link: its text, the box that it is in, and its place in the world's list."""

    text: str
    box: int
    at: int


class Toggle(Struct, frozen=True):
    """A box to tick, or a switch."""

    label: str
    box: int
    at: int
    ticked: bool
    locked: bool
    visible: bool


class Box(Struct, frozen=True, rename="camel"):
    """What buttons are in: a dialog or another part of the page. `name`: its id and classes."""

    text: str
    name: str
    floats: bool
    in_sight: bool

    @property
    def is_about_consent(self) -> bool:
        """Return whether it speaks of cookies, consent or tracking, or is called after them."""
        return self.in_sight and (is_about_consent(self.text) or is_about_consent(self.name))


class Shown(Struct, frozen=True):
    """What a document shows (`shown.js`)."""

    clickables: tuple[Clickable, ...]
    toggles: tuple[Toggle, ...]
    boxes: tuple[Box, ...]


class Banner(Struct, frozen=True, kw_only=True):
    """A box that asks for consent: its buttons by what they do, and what is ticked in it."""

    frame: str
    floats: bool
    ways: dict[Meaning, Clickable]
    toggles: tuple[Toggle, ...] = ()

    @property
    def asks(self) -> bool:
        """Return whether it is a banner's first layer: it can be agreed to, or refused."""
        return Meaning.ACCEPT in self.ways or Meaning.REJECT in self.ways

    @property
    def ticked(self) -> tuple[Toggle, ...]:
        """Return what is ticked and could be left unticked."""
        return tuple(toggle for toggle in self.toggles if toggle.ticked and not toggle.locked)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of what visitors see ticked, cut, and without ids of people."""
        seen = (toggle.label for toggle in self.ticked if toggle.visible)
        return tuple(dict.fromkeys(template(label[:LABEL]) for label in seen))[:MOST_LABELS]


async def banners(worlds: Worlds) -> tuple[Banner, ...]:
    """Return what asks for consent on a page, what lies above the page first."""
    shown = await _shown(worlds)
    found = [banner for frame in shown for banner in sorted_out(frame, shown[frame])]
    visible = await asyncio.gather(*(worlds.is_shown(banner.frame) for banner in found))
    kept = [banner for banner, is_shown in zip(found, visible, strict=True) if is_shown]
    return tuple(sorted(kept, key=lambda banner: not banner.floats))


async def asking(worlds: Worlds) -> Banner | None:
    """Return the banner whose first layer is shown, None if there is none."""
    return next((banner for banner in await banners(worlds) if banner.asks), None)


async def way_back(worlds: Worlds) -> tuple[str, Clickable] | None:
    """Return frame and link by which visitors reach their cookie settings again."""
    for frame, shown in (await _shown(worlds)).items():
        for clickable in shown.clickables:
            if leads_back(clickable.text):
                return frame, clickable
    return None


async def click(worlds: Worlds, frame: str, clickable: Clickable) -> bool:
    """Click it; False if it is not there any more."""
    return await worlds.click(frame, f"elements[{clickable.at}]")


async def untick(worlds: Worlds, banner: Banner) -> int:
    """Untick whatever can be; return how many."""
    places = [toggle.at for toggle in banner.ticked]
    done = await worlds.ask(banner.frame, call(_UNTICK, places)) if places else 0
    return done if isinstance(done, int) else 0


def sorted_out(frame: str, shown: Shown) -> list[Banner]:
    """Return the boxes of a document that are about consent, with what their buttons do."""
    found = []
    for number, box in enumerate(shown.boxes):
        ways = _ways([one for one in shown.clickables if one.box == number])
        if not box.is_about_consent or not ways:
            continue
        toggles = tuple(one for one in shown.toggles if one.box == number)
        found.append(Banner(frame=frame, floats=box.floats, ways=ways, toggles=toggles))
    return found


def _ways(clickables: Sequence[Clickable]) -> dict[Meaning, Clickable]:
    """Return the first button for each meaning; buttons come in the order of the page."""
    ways: dict[Meaning, Clickable] = {}
    for clickable in clickables:
        if means := meaning(clickable.text):
            ways.setdefault(means, clickable)
    return ways


async def _shown(worlds: Worlds) -> dict[str, Shown]:
    """Return what each frame shows; a page that leads elsewhere is waited for.

    `HungError` where the document cannot be read: then nobody knows what it shows.
    """
    end = time.monotonic() + ARRIVING
    while True:
        said = await worlds.ask_all(_SHOWN)
        read = {frame: shown for frame, answer in said.items() if (shown := _read(answer))}
        if worlds.root in read:
            return read
        if time.monotonic() > end:
            raise HungError("reading its document")
        await asyncio.sleep(0.05)


def _read(answer: object) -> Shown | None:
    try:
        return msgspec.convert(answer, Shown)
    except msgspec.ValidationError:
        return None
