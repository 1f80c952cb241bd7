"""Hears the probes of a page, and tells what scripts read and who records visits.

Pages can tell that probes are there; they answer and throw as what they watch. After 2,000 kinds
of things in one frame they are silent, and that is a gap. Who has drawn is not asked, only who
reads: a script that lets another do the reading is not named.
"""

import json
import secrets
from collections import Counter
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urljoin

import msgspec
from msgspec import Struct
from playwright.async_api import BrowserContext, Frame, Page

from auditor.collect.site.hooks import home_of
from auditor.collect.site.probes.following import Followers
from auditor.collect.site.story import Story
from auditor.collect.web.address import Address, locate
from auditor.evidence import Aspect, DeviceRead, Reason
from auditor.names import url_shape

MOST = 2_000  # different things that one frame tells
ASPECTS = (Aspect.DEVICE, Aspect.INPUT)

_BIGGEST = 1 << 40
_START = (
    "(() => {{ const kit = ({})({}); if (!kit) return;"
    " const heed = ({})(kit); ({})(kit, heed); kit.ready(); }})()"
)


class Fact(Struct, frozen=True):
    """One telling of the probes; anybody on the page may have made it up."""

    kind: Literal["armed", "cap", "read", "talks", "hears", "sends"]
    what: str = ""
    sign: str = ""
    by: str = ""
    size: float = 0


_Read = tuple[str, Address, Address]  # frame, home, script
_DECODE = msgspec.json.Decoder(Fact).decode


class Probes:
    """Hears the probes of a context."""

    def __init__(self, story: Story) -> None:
        """Begin with nothing told."""
        self._story = story
        self._armed: set[Frame] = set()
        self._followers = Followers()
        self._offers: Counter[_Read] = Counter()  # of WebRTC, until it is seen that nobody talks

    async def arm(self, context: BrowserContext) -> None:
        """Put the probes into every page and frame that the context will open."""
        name = f"_{secrets.token_hex(8)}"
        await context.expose_binding(name, self._hear)
        await context.add_init_script(_program(name))

    def forget(self) -> None:
        """Begin a new page."""
        self._armed.clear()
        self._followers = Followers()
        self._offers.clear()

    def unarmed(self, page: Page, shape: str) -> None:
        """Tell of frames in which no probe was heard."""
        frames = [frame for frame in page.frames if frame.url.startswith(("http:", "https:"))]
        silent = [frame for frame in frames if frame not in self._armed]
        for frame in silent[:1]:
            where = f"{url_shape(frame.url)} on {shape}"
            needs = "a frame in which probes are heard: what scripts read there is not known"
            self._story.missed(where, Reason.PROBE_NOT_ARMED, needs, ASPECTS)

    def finish(self) -> None:
        """Tell what only a whole page shows: who records, and offers that nobody ever took up."""
        for (frame, home, script), count in self._offers.items():
            if count > 0:
                self._reads("webrtc", "addresses asked for, without a call", frame, home, script)
        self._offers.clear()
        for recorder in self._followers.recorders():
            self._story.saw(recorder)

    def _hear(self, source: dict[str, Any], text: str) -> None:
        frame: Frame = source["frame"]
        try:
            fact = _DECODE(text)
        except (msgspec.MsgspecError, TypeError, UnicodeError):
            self._unread()
            return
        home = home_of(frame)
        if fact.kind == "armed":
            self._armed.add(frame)
        elif fact.kind == "cap":
            needs = f"a page that does less: after {MOST:,} things in one frame nobody counts them"
            self._story.missed("what scripts read", Reason.CAP_REACHED, needs, ASPECTS)
        elif home:
            script = locate(fact.by) or home
            self._take(fact, frame, home, script)

    def _take(self, fact: Fact, frame: Frame, home: Address, script: Address) -> None:
        inside = home.shape if frame.parent_frame else ""
        match fact.kind:
            case "read" if fact.what == "webrtc":
                self._offers[inside, home, script] += 1
            case "talks":
                self._offers[inside, home, script] -= 1
            case "read":
                self._reads(fact.what, fact.sign, inside, home, script)
            case "hears":
                self._followers.hears(inside, script, fact.what[:20])
            case _:
                if to := locate(_absolute(frame.url, fact.what)):
                    size = int(min(max(fact.size, 0), _BIGGEST))
                    self._followers.sends(inside, script, to.host, size)

    def _reads(self, what: str, sign: str, frame: str, home: Address, script: Address) -> None:
        signs = (sign[:100],) if sign else ()
        self._story.saw(
            DeviceRead(
                what=what[:20],
                host=home.host,
                writer=script.host,
                signs=signs,
                by=script.shape,
                frame=frame,
            )
        )

    def _unread(self) -> None:
        what = f"something that a script read on {self._story.page}"
        needs = "a telling of the probes that can be read"
        self._story.missed(what, Reason.NOT_VERIFIED, needs, ASPECTS)


def _program(name: str) -> str:
    """Return what runs in each frame: the three scripts, one handing on to the next."""
    watching, device, visitors = (
        files(__package__).joinpath(f"{part}.js").read_text().strip()
        for part in ("watching", "device", "visitors")
    )
    return _START.format(watching, json.dumps([name, MOST]), device, visitors)


def _absolute(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
