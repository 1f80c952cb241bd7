"""Requests, as the browser tells of them while they happen: to whom, from which frame, by whom.

Playwright's events name the requests of every kind of frame and worker; the page's own session
adds who started each.
"""

import asyncio
import time
from collections import defaultdict, deque
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, Request, Response, WebSocket
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import is_own
from auditor.collect.site.answers import Answers
from auditor.collect.site.story import Story
from auditor.collect.web.address import PORTS, Address, locate
from auditor.collect.web.failures import known_error
from auditor.evidence import FIRST_ERROR, Aspect, Reason, RequestSent
from auditor.names import url_shape

KEPT = {
    "enableDurableMessages": True,
    "maxTotalBufferSize": 200 * 1024 * 1024,
    "maxResourceBufferSize": 20 * 1024 * 1024,
}
STACK = 32  # callbacks
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

_WORDS = {"ping": "beacon"}  # of Chromium, to those of HAR files
_NOT_SENT = {"net::ERR_BLOCKED_BY_CSP", "csp"}  # the page's own policy forbids it
_MIXED = "mixed-content"  # in Chromium's words: other browsers may send it, and this one will not
_ANSWERED = {"net::ERR_BLOCKED_BY_ORB", "net::ERR_BLOCKED_BY_RESPONSE"}


class _Asked:
    """A request under way."""

    def __init__(self, request: Request, address: Address, t: int) -> None:
        self.request, self.address, self.t = request, address, t
        self.status: int | None = None


class Traffic:
    """Listens to a context and tells of each request when it has ended."""

    def __init__(self, story: Story, answers: Answers, own: frozenset[str]) -> None:
        """Begin with nothing under way; `own` are the names that are the site."""
        self._own = own
        self._story = story
        self._answers = answers
        self._open: dict[Request, _Asked] = {}
        self._starters: dict[tuple[str, str], deque[str]] = defaultdict(deque)
        self._first: dict[str, str] = {}
        self._answered: set[str] = set()
        self._failed: dict[str, str] = {}
        self.last = time.monotonic()

    @property
    def under_way(self) -> int:
        """Return how many requests were not answered yet.

        Of those that were, some never end: nobody reads what they brought, or it is a stream.
        """
        return sum(asked.status is None for asked in self._open.values())

    def listen(self, context: BrowserContext) -> None:
        """Hear of every request of the context."""
        careful = self._story.careful
        context.on("request", careful(self._request))
        context.on("response", careful(self._response))
        context.on("requestfinished", careful(self._finished))
        context.on("requestfailed", careful(self._did_fail))

    async def listen_closely(self, page: Page, session: CDPSession) -> None:
        """Hear who starts a page's requests, and what is in the headers of its answers."""
        careful = self._story.careful
        page.on("websocket", careful(self._websocket))
        session.on("Network.requestWillBeSent", careful(self._started))
        session.on("Network.webSocketCreated", careful(self._socket_started))
        self._answers.listen(session)
        # Answers stay readable when the page leads on, and stacks reach across callbacks.
        await asyncio.gather(
            session.send("Network.enable", dict(KEPT)),
            session.send("Runtime.enable"),
            session.send("Runtime.setAsyncCallStackDepth", {"maxDepth": STACK}),
        )

    async def finish(self) -> None:
        """Wait for what was asked of the browser, and tell of what has not ended."""
        await self._answers.finish()
        for asked in list(self._open.values()):
            if asked.status is None:
                self._unanswered(asked.address.host)
            self._tell(asked, "")
        self._starters.clear()

    def _unanswered(self, host: str) -> None:
        needs = "an answer before the page is left: what it might have set is not known"
        aspects = (Aspect.REQUESTS, Aspect.COOKIES)
        self._story.missed(f"an answer of {host}", Reason.TIMEOUT, needs, aspects)

    def unanswered(self) -> dict[str, str]:
        """Return the hosts that never answered, each with the network's error."""
        return {h: why for h, why in sorted(self._failed.items()) if h not in self._answered}

    def _request(self, request: Request) -> None:
        self.last = time.monotonic()
        address = None if self._story.is_full else locate(request.url)
        if address:
            self._open[request] = _Asked(request, address, self._story.now())

    def _response(self, response: Response) -> None:
        self.last = time.monotonic()
        if asked := self._open.get(response.request):
            asked.status = response.status
            self._answered.add(asked.address.host)
            self._answers.take(response, asked.address)
            self._refused(asked)

    def _refused(self, asked: _Asked) -> None:
        """Tell of an own script that did not come: nobody knows what the page does with it."""
        is_script = asked.request.resource_type == "script"
        if is_script and asked.status and asked.status >= FIRST_ERROR and self._is_own(asked):
            needs = f"an answer that is a script: it was {asked.status}"
            self._story.missed(asked.address.shape, Reason.UNREACHABLE, needs)

    def _is_own(self, asked: _Asked) -> bool:
        return is_own(self._own, f"//{asked.address.host}")

    def _finished(self, request: Request) -> None:
        self.last = time.monotonic()
        if asked := self._open.get(request):
            self._answers.search(request)
            self._tell(asked, "")

    def _did_fail(self, request: Request) -> None:
        self.last = time.monotonic()
        asked = self._open.get(request)
        why = request.failure or ""
        failed = why if why == _MIXED else known_error(why)
        if asked and why in _NOT_SENT:
            self._open.pop(request)
        elif asked:
            if failed not in {*_ANSWERED, _MIXED}:
                self._failed[asked.address.host] = failed
            self._tell(asked, failed)

    def _tell(self, asked: _Asked, failed: str) -> None:
        request, address = asked.request, asked.address
        self._open.pop(request, None)
        before = request.redirected_from
        started = self._starters.get((request.method, _plain(request.url)))
        by = started.popleft() if started else ""
        if before:
            by = self._first.get(before.url, by)
        self._first[request.url] = by
        kind = request.resource_type
        self._story.saw(
            RequestSent(
                url=address.shape,
                host=address.host,
                frame=_frame(request),
                by=by,
                method=request.method if request.method in METHODS else "OTHER",
                resource=_WORDS.get(kind, kind),
                status=asked.status,
                failed=failed,
                redirected_from=url_shape(before.url) if before else "",
            ),
            asked.t,
        )

    def _websocket(self, socket: WebSocket) -> None:
        address = locate(socket.url)
        if not address:
            return

        def failed(_: str) -> None:
            self._failed.setdefault(address.host, "net::ERR")

        socket.on("socketerror", failed)
        started = self._starters.get(("GET", _plain(socket.url)))
        by = started.popleft() if started else ""
        self._story.saw(
            RequestSent(url=address.shape, host=address.host, by=by, resource="websocket")
        )

    def _started(self, event: dict[str, Any]) -> None:
        request = event["request"]
        key = (str(request["method"]), _plain(str(request["url"])))
        self._starters[key].append(starter(event.get("initiator", {})))
        self._answers.expect(str(event["requestId"]), str(request["url"]))

    def _socket_started(self, event: dict[str, Any]) -> None:
        url = str(event["url"])
        self._starters["GET", _plain(url)].append(starter(event.get("initiator", {})))
        self._answers.expect(str(event["requestId"]), url.replace("ws", "http", 1))


def starter(initiator: dict[str, Any]) -> str:
    """Return the script or document that started a request, "" where nobody is named."""
    stack = initiator.get("stack")
    while stack:
        for call in stack.get("callFrames", ()):
            if str(call.get("url", "")).partition(":")[0] in PORTS:
                return url_shape(str(call["url"]))
        stack = stack.get("parent")
    url = str(initiator.get("url", ""))
    return url_shape(url) if url.partition(":")[0] in PORTS else ""


def _frame(request: Request) -> str:
    """Return the frame or service worker that asked, "" for the page itself."""
    if request.service_worker:
        return url_shape(request.service_worker.url)
    try:
        frame = request.frame
    except PlaywrightError:  # a navigation: there is no frame yet
        return ""
    address = locate(frame.url) if frame.parent_frame else None
    return address.shape if address else ""


def _plain(url: str) -> str:
    return url.partition("#")[0]
