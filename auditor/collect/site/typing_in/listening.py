"""All that goes out while a page is open, handed on to be looked into.

The page's session tells most: headers as they are on the wire, and bodies that only the browser
can read back. What it does not see, requests of workers and windows, Playwright's events bring.
"""

import asyncio
import base64
from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace
from playwright.async_api import BrowserContext, CDPSession, Page, Request, WebSocket
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.soon import Tasks, soon
from auditor.collect.site.story import Story
from auditor.collect.site.traffic import starter
from auditor.collect.site.typing_in.search import Search
from auditor.collect.site.typing_in.telling import Moment, Telling, Where
from auditor.collect.web.address import locate
from auditor.evidence import Reason
from auditor.names import template

_WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}  # methods


class Listening:
    """Hears what goes out and what is kept; before anything was typed it pays no heed."""

    def __init__(self, story: Story, search: Search, *, step: float) -> None:
        """Begin with nothing heard; a question to the browser takes `step` seconds at most."""
        self._story, self._search, self._step = story, search, step
        self._telling = Telling(story, search)
        self._tasks: Tasks = set()
        self._by_session: set[tuple[str, str]] = set()
        self._by_events: list[tuple[Request, Moment]] = []
        self.moment: Moment = "typed"

    def listen(self, context: BrowserContext) -> None:
        """Hear of every request of the context."""
        context.on("request", self._story.careful(self._asked))

    def listen_closely(self, page: Page, session: CDPSession) -> None:
        """Hear what a page's requests and its WebSockets carry."""
        careful = self._story.careful
        page.on("websocket", careful(self._websocket))
        session.on("Network.requestWillBeSent", careful(partial(self._sent, session)))
        session.on("Network.requestWillBeSentExtraInfo", careful(self._on_the_wire))
        session.on("Network.loadingFailed", careful(self._failed))

    async def finish(self) -> None:
        """Look into what is left of a page, while it is still there."""
        for request, moment in self._by_events:
            if (request.method, _plain(request.url)) not in self._by_session:
                await self._other(request, moment)
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=self._step)
        self._telling.finish()
        self._by_events.clear()
        self._by_session.clear()

    def kept(self, place: str, name: str, host: str, value: str) -> None:
        """Look into something that is kept on the device."""
        if self._search:
            self._kept(place, name, value, Where(host=host, place=place, moment=self.moment))

    def _kept(self, place: str, name: str, value: str, where: Where) -> None:
        there = Where(host=where.host, place=place, name=template(name), moment=where.moment)
        self._telling.look(f"{name}={value}", there)

    def _asked(self, request: Request) -> None:
        if self._search:
            self._by_events.append((request, self.moment))

    def _sent(self, session: CDPSession, event: dict[str, Any]) -> None:
        request, request_id = event["request"], str(event["requestId"])
        url = str(request["url"])
        address = locate(url)
        if not self._search or address is None:
            return
        self._by_session.add((str(request["method"]), url))
        where = Where(
            host=address.host,
            place="url",
            moment=self.moment,
            by=starter(event.get("initiator", {})),
            request=request_id,
        )
        self._telling.look(url, where)
        if request.get("hasPostData"):
            self._body(session, request, replace(where, place="body"))

    def _body(self, session: CDPSession, request: dict[str, Any], where: Where) -> None:
        parts = request.get("postDataEntries", ())
        if parts and all("bytes" in part for part in parts):
            self._telling.look(b"".join(base64.b64decode(part["bytes"]) for part in parts), where)
        else:
            asked, lost = self._read_body(session, where), partial(self._unread, where)
            soon(asked, seconds=self._step, among=self._tasks, otherwise=lost)

    async def _read_body(self, session: CDPSession, where: Where) -> None:
        answer = await session.send("Network.getRequestPostData", {"requestId": where.request})
        text = str(answer["postData"])
        self._telling.look(base64.b64decode(text) if answer.get("base64Encoded") else text, where)

    def _on_the_wire(self, event: dict[str, Any]) -> None:
        self._telling.went(str(event["requestId"]))
        headers = {str(k).lower(): str(v) for k, v in event.get("headers", {}).items()}
        host = headers.get(":authority") or headers.get("host", "")
        address = locate(f"http://{host}/")
        if self._search and address:
            where = Where(host=address.host, place="header", moment=self.moment)
            self._headers(headers, where)

    def _failed(self, event: dict[str, Any]) -> None:
        if event.get("blockedReason"):
            self._telling.refused(str(event["requestId"]))

    async def _other(self, request: Request, moment: Moment) -> None:
        """Look into a request that the page's session did not tell of."""
        address = locate(request.url)
        if address is None or "BLOCKED_BY_CSP" in (request.failure or ""):
            return
        self._telling.look(request.url, Where(host=address.host, place="url", moment=moment))
        self._headers(request.headers, Where(host=address.host, place="header", moment=moment))
        body, where = (
            request.post_data_buffer,
            Where(host=address.host, place="body", moment=moment),
        )
        if body is not None:
            self._telling.look(body, where)
        elif request.method in _WITH_BODY and await _has_body(request):
            self._unread(where)

    def _headers(self, headers: Mapping[str, str], where: Where) -> None:
        """Look into headers: all at once, and only where something is in them one by one."""
        if not self._search.find("\n".join(headers.values()).encode(errors="replace")).found:
            return
        for name, value in headers.items():
            if name == "cookie":
                for pair in value.split(";"):
                    cookie, _, content = pair.strip().partition("=")
                    self._kept("cookie", cookie, content, where)
            elif name not in {"host", ":authority", ":path"}:  # the address says these
                there = Where(host=where.host, place="header", name=name, moment=where.moment)
                self._telling.look(value, there)

    def _websocket(self, socket: WebSocket) -> None:
        address = locate(socket.url)
        if address is None:
            return
        self._telling.look(socket.url, Where(host=address.host, place="url", moment=self.moment))

        def sent(payload: str | bytes) -> None:
            where = Where(host=address.host, place="websocket", moment=self.moment)
            self._telling.look(payload, where)

        socket.on("framesent", self._story.careful(sent))

    def _unread(self, where: Where) -> None:
        if not self._telling.is_refused(where.request):
            needs = "a body that can be read: whether it holds what was typed is not known"
            self._telling.missed(f"a body for {where.host}", Reason.NOT_IN_EVIDENCE, needs)


async def _has_body(request: Request) -> bool:
    """Return whether a request has a body; one whose headers nobody knows may have."""
    try:
        headers = await asyncio.wait_for(request.all_headers(), 1)
    except (PlaywrightError, TimeoutError):
        return True
    return headers.get("content-length", "") != "0"


def _plain(url: str) -> str:
    return url.partition("#")[0]
