"""What a page keeps on the device beside cookies, as the browser says: pages cannot hide it.

Read through the DevTools protocol, by storage key, so that frames of third parties are seen too.
"""

import asyncio
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import host_of
from auditor.collect.site.frames import frames_of
from auditor.collect.site.hooks import Hooks, Place
from auditor.collect.site.story import Heed, Story
from auditor.collect.web.set_cookie import value_shape
from auditor.evidence import Aspect, Reason, StorageKept, StorageKind, ValueShape
from auditor.names import template, url_shape

MOST = 20_000  # keys of one kind in one place

_AREAS: dict[bool, StorageKind] = {True: "local_storage", False: "session_storage"}

Item = tuple[StorageKind, str, str, str | None]  # kind, name, host, value


class Storage:
    """The storage of a visit's pages: what is in it is told when it is new or has changed."""

    def __init__(self, story: Story, hooks: Hooks, heed: Heed, *, step: float) -> None:
        """Begin with empty storage: a visit has a profile of its own.

        Values are for `heed` alone.
        """
        self._heed = heed
        self._story, self._hooks, self._step = story, hooks, step
        self._known: dict[Place, int | None] = {}
        self._live: dict[tuple[StorageKind, str, str], str] = {}
        self._workers: set[str] = set()
        self.local: dict[str, dict[str, str]] = {}

    def forget(self) -> None:
        """Tell once more of everything that is still there."""
        self._known.clear()

    async def listen(self, session: CDPSession) -> None:
        """Hear of what is written while a page lives, also of what it takes away again."""
        careful = self._story.careful
        session.on("DOMStorage.domStorageItemAdded", careful(self._written))
        session.on("DOMStorage.domStorageItemUpdated", careful(self._written))
        session.on("ServiceWorker.workerRegistrationUpdated", careful(self._registered))
        await asyncio.gather(
            session.send("DOMStorage.enable"), session.send("ServiceWorker.enable")
        )

    async def databases(self, session: CDPSession) -> None:
        """Tell of IndexedDB; not to be asked once the page's clock has been moved."""
        for key in await self._keys(session):
            found = await self._ask(session, "IndexedDB.requestDatabaseNames", storageKey=key)
            for name in found.get("databaseNames", ()):
                self._tell(("indexed_db", str(name), _host(key), None))

    async def read(self, session: CDPSession) -> None:
        """Tell of everything else that is there."""
        keys = await self._keys(session)
        found = await asyncio.gather(*(self._read_one(session, key) for key in keys))
        present = [item for items in found for item in items]
        for item in present:
            self._tell(item)
        for (kind, name, host), value in self._live.items():
            self._tell((kind, name, host, value))
        self._live.clear()
        for kind, host, name in list(self._hooks.authors):
            self._tell((kind, name, host, None))
        for scope in sorted(self._workers):
            self._tell(("service_worker", scope, host_of(scope), None))

    async def _keys(self, session: CDPSession) -> list[str]:
        tree = await session.send("Page.getFrameTree")
        asked = (
            self._ask(session, "Storage.getStorageKeyForFrame", quiet=True, frameId=frame["id"])
            for frame in frames_of(tree["frameTree"])
        )
        found = await asyncio.gather(*asked)
        keys = {str(answer["storageKey"]) for answer in found if "storageKey" in answer}
        return sorted(key for key in keys if key.startswith("http"))

    async def _read_one(self, session: CDPSession, key: str) -> list[Item]:
        host = _host(key)
        areas = (
            self._ask(
                session,
                "DOMStorage.getDOMStorageItems",
                storageId={"storageKey": key, "isLocalStorage": local},
            )
            for local in _AREAS
        )
        caches = self._ask(session, "CacheStorage.requestCacheNames", storageKey=key)
        local, in_session, cached = await asyncio.gather(*areas, caches)
        items: list[Item] = []
        for kind, answer in zip(_AREAS.values(), (local, in_session), strict=True):
            entries = answer.get("entries", [])
            if len(entries) > MOST:
                self._missed(f"{kind} of {host}", Reason.CAP_REACHED, f"fewer than {MOST:,} keys")
            items += [(kind, str(name), host, str(value)) for name, value in entries[:MOST]]
        if "^" not in key:
            self.local[key.rstrip("/")] = {
                str(name): str(value) for name, value in local.get("entries", [])[:MOST]
            }
        items += [
            ("cache_storage", str(cache["cacheName"]), host, None)
            for cache in cached.get("caches", ())
        ]
        return items

    def _tell(self, item: Item) -> None:
        kind, name, host, value = item
        place = (kind, host, name)
        mark = None if value is None else hash(value)
        if place in self._known and (self._known[place] == mark or mark is None):
            return
        self._known[place] = mark
        self._heed(kind, name, host, value or "")
        author = self._hooks.authors.get(place)
        self._story.saw(
            StorageKept(
                storage=kind,
                name=url_shape(name) if kind == "service_worker" else template(name),
                host=host,
                writer=author.host if author else "",
                by=author.shape if author else "",
                value=ValueShape(length=0) if value is None else value_shape(value),
            )
        )

    def _written(self, event: dict[str, Any]) -> None:
        where = event["storageId"]
        key = str(where.get("storageKey") or where.get("securityOrigin") or "")
        if not key.startswith("http"):
            return
        kind, host = _AREAS[bool(where["isLocalStorage"])], _host(key)
        if len(self._live) < MOST:
            self._live[kind, str(event["key"]), host] = str(event["newValue"])
        else:
            self._missed(f"{kind} of {host}", Reason.CAP_REACHED, f"fewer than {MOST:,} keys")

    def _registered(self, event: dict[str, Any]) -> None:
        for registration in event.get("registrations", ()):
            self._workers.add(str(registration["scopeURL"]))

    async def _ask(
        self, session: CDPSession, method: str, *, quiet: bool = False, **given: object
    ) -> dict[str, Any]:
        """Ask the browser; what it cannot say is a gap, unless it is said to be unimportant."""
        try:
            return dict(await asyncio.wait_for(session.send(method, dict(given)), self._step))
        except (PlaywrightError, TimeoutError) as error:
            if not quiet:
                place = str(given.get("storageKey") or "storage")
                late = isinstance(error, TimeoutError)
                reason = Reason.TIMEOUT if late else Reason.NOT_VERIFIED
                self._missed(f"{method.partition('.')[0]} of {_host(place)}", reason, "an answer")
            return {}

    def _missed(self, what: str, reason: Reason, needs: str) -> None:
        self._story.missed(what, reason, needs, (Aspect.STORAGE,))


def _host(key: str) -> str:
    """Return the host of a storage key: an origin, then `^` and more about the site around."""
    return host_of(key.partition("^")[0])
