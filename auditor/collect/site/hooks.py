"""What hooks in pages tell: which script writes a cookie or into storage, and that they are there.

The script is `hooks.js`. Pages can tell that it is there, and can lie to it: what it says adds to
what the browser says, and never stands alone. After its first 2,000 tellings a frame is silent.
"""

import json
import re
import secrets
import time
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs
from playwright.async_api import BrowserContext, Frame

from auditor.collect.site.jar import Names, note
from auditor.collect.site.story import Heed, Story, nobody
from auditor.collect.web.address import Address, locate
from auditor.collect.web.cookie_rules import Answer, cookie_set
from auditor.collect.web.set_cookie import Asked, read_set_cookie
from auditor.evidence import Aspect, CookieSet, Reason, StorageKind
from auditor.hosts import is_this_machine

MOST = 2_000  # tellings of one frame

_IN_STACK = re.compile(r"https?://[^\s()]{1,2000}?(?=:\d+:\d+\)?$)", re.MULTILINE)
_SAME_SITE = {"none": "None", "lax": "Lax", "strict": "Strict"}

Kind = Literal[
    "armed",
    "cap",
    "cookie",
    "cookie_store",
    "local_storage",
    "session_storage",
    "indexed_db",
    "cache_storage",
    "service_worker",
    "files",
]


class Told(Struct, frozen=True):
    """One telling of `hooks.js`; anybody on the page may have made it up."""

    kind: Kind
    name: str = ""
    line: str = ""
    stack: str = ""
    value: str = ""
    domain: str = ""
    path: str = "/"
    expires: float | None = None  # milliseconds since 1970
    same_site: str = ""
    partitioned: bool = False


Place = tuple[StorageKind, str, str]  # kind, host, name


_DECODE = msgspec.json.Decoder(Told).decode


class Hooks:
    """Hears the hooks of a context, and tells of cookies at once."""

    def __init__(self, story: Story, heed: Heed = nobody) -> None:
        """Begin with nothing told; values of cookies are for `heed` alone."""
        self._story, self._heed = story, heed
        self._armed: set[Frame] = set()
        self.authors: dict[Place, Address] = {}  # of the page's storage; the last one counts
        self.set_names: Names = {}

    async def arm(self, context: BrowserContext) -> None:
        """Put the hooks into every page and frame that the context will open."""
        name = f"_{secrets.token_hex(8)}"
        await context.expose_binding(name, self._hear)
        script = files(__package__).joinpath("hooks.js").read_text()
        await context.add_init_script(script.replace("ARGUMENTS", json.dumps([name, MOST])))

    def is_armed(self, frame: Frame) -> bool:
        """Return whether a frame's hooks told that they are there."""
        return frame in self._armed

    def forget(self) -> None:
        """Begin a new page."""
        self._armed.clear()
        self.authors.clear()

    def _hear(self, source: dict[str, Any], text: str) -> None:
        try:
            told = _DECODE(text)
        except (msgspec.MsgspecError, TypeError, UnicodeError):
            self._story.missed(
                f"something that a script wrote on {self._story.page}",
                Reason.NOT_VERIFIED,
                "a writing whose name can be read",
                (Aspect.COOKIES, Aspect.STORAGE),
            )
            return
        frame: Frame = source["frame"]
        match told.kind:
            case "armed":
                self._armed.add(frame)
            case "cap":
                self._story.missed(
                    "writings of scripts",
                    Reason.CAP_REACHED,
                    f"a page that writes less: after {MOST:,} in one frame nobody counts them",
                    (Aspect.COOKIES, Aspect.STORAGE),
                )
            case "cookie" | "cookie_store":
                self._cookie(told, frame)
            case "files":
                needs = "a page that keeps no files on the device: they cannot be looked at"
                what = f"files that {self._story.page} keeps"
                self._story.missed(what, Reason.NOT_VERIFIED, needs, (Aspect.STORAGE,))
            case kind:
                self._stored(kind, told, frame)

    def _cookie(self, told: Told, frame: Frame) -> None:
        home = home_of(frame)
        asked = read_set_cookie(told.line) if told.kind == "cookie" else _asked(told)
        if home is None or asked is None:
            return
        by = _author(told) or home
        set_at = cookie_set(asked, _answer(home, frame))
        cookie: CookieSet = structs.replace(
            set_at,
            by=by.shape,
            writer=by.host,
            frame=home.shape if frame.parent_frame else "",
            http_only=False,
            refused=set_at.refused or ("HttpOnly from a script" if asked.http_only else ""),
        )
        if cookie.is_kept:
            note(self.set_names, cookie)
        self._heed("cookie", asked.name, cookie.domain, asked.value)
        self._story.saw(cookie)

    def _stored(self, kind: StorageKind, told: Told, frame: Frame) -> None:
        if home := home_of(frame):
            by = _author(told) or home
            self.authors[kind, home.host, told.name] = by


def _author(told: Told) -> Address | None:
    """Return the script on top of the stack; code in a page has the page's address."""
    found = _IN_STACK.search(told.stack)
    return locate(found[0]) if found else None


def home_of(frame: Frame | None) -> Address | None:
    """Return the address whose cookies and storage a frame has: its own, or its parent's."""
    while frame:
        if address := locate(frame.url):
            return address
        frame = frame.parent_frame
    return None


def _answer(home: Address, frame: Frame) -> Answer:
    over_tls = home.scheme == "https"
    return Answer(
        url=home.shape,
        host=home.host,
        path=urlsplit(frame.url).path if locate(frame.url) else "/",
        over_tls=over_tls,
        secure=over_tls or is_this_machine(home.host),
        at=time.time(),
    )


def _asked(told: Told) -> Asked:
    """Read what `cookieStore.set` was asked for (Cookie Store API §3.3)."""
    return Asked(
        name=told.name,
        value=told.value,
        domain=told.domain,
        path=told.path,
        expires=None if told.expires is None else int(told.expires / 1000),
        same_site=_SAME_SITE.get(told.same_site, told.same_site),
        secure=True,
        partitioned=told.partitioned,
    )
