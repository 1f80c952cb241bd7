"""What documents and scripts hold: searched for keys that nobody should be given, and not kept."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

from playwright.async_api import Browser, CDPSession, Request
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import host_of
from auditor.collect.site.apart import reader
from auditor.collect.site.containers import tell_tags
from auditor.collect.site.plan import Plan
from auditor.collect.site.soon import Tasks, soon
from auditor.collect.site.story import Story
from auditor.collect.web.address import locate
from auditor.evidence import Aspect, Reason, SecretFound
from auditor.knowledge.secrets import TooManyError, find_secrets
from auditor.names import url_shape

LONGEST = 10 * 1024 * 1024  # characters that are searched of one
MOST_AGAIN = 10  # addresses that are read again

_KINDS = {"Document", "Script"}
_REDIRECTS = range(300, 400)
_NO_CONTENT = {204, 205, 304}


class Contents:
    """Searches each document and script once, when it is there."""

    def __init__(self, story: Story, *, step: float) -> None:
        """Begin with nothing; a question to the browser takes `step` seconds at most."""
        self._story = story
        self._step = step
        self._tasks: Tasks = set()
        self._unread: dict[str, tuple[CDPSession, str]] = {}
        self._lost: list[tuple[str, str]] = []  # address, and page that it was loaded by

    def listen(self, session: CDPSession) -> None:
        """Hear of what a page's session brings."""
        careful = self._story.careful
        session.on("Network.responseReceived", careful(partial(self._received, session)))
        session.on("Network.loadingFinished", careful(self._loaded))

    def take(self, request: Request) -> None:
        """Search what no session of a page brings: of workers and of windows."""
        if request.resource_type.capitalize() in _KINDS:
            self._do(self._search_answer(request), request.url)

    async def finish(self) -> None:
        """Wait for what is searched; also for that of which nobody told that it is there."""
        for request_id in list(self._unread):
            self._loaded({"requestId": request_id})
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=self._step)

    async def read_again(self, running: Browser, plan: Plan) -> None:
        """Search what was gone before it could be read, as where a page leads on at once."""
        lost, self._lost = self._lost, []
        again = list(dict(lost[:MOST_AGAIN]).items())
        with suppress(TimeoutError, PlaywrightError):
            async with asyncio.timeout(2 * self._step), reader(running, plan) as read:
                while again:
                    body = await read(again[0][0])
                    url, page = again.pop(0)
                    self._search(body.decode("utf-8", "replace"), url, page)
        for url, _ in [*again, *lost[MOST_AGAIN:]]:
            self._unsearched(url)

    def _received(self, session: CDPSession, event: dict[str, Any]) -> None:
        response = event["response"]
        url = str(response["url"])
        is_script = "javascript" in str(response.get("mimeType", ""))  # of a worker, too
        wanted = is_script or event["type"] in _KINDS
        if locate(url) and wanted and _has_body(int(response["status"])):
            self._unread[str(event["requestId"])] = (session, url)

    def _loaded(self, event: dict[str, Any]) -> None:
        request_id = str(event["requestId"])
        if found := self._unread.pop(request_id, None):
            session, url = found
            self._do(self._search_body(session, request_id, url), url)

    def _do(self, work: Any, url: str) -> None:  # noqa: ANN401 -- a coroutine
        lost = partial(self._lost.append, (url, self._story.page))
        soon(work, seconds=self._step, among=self._tasks, otherwise=lost)

    async def _search_answer(self, request: Request) -> None:
        response = await request.response()
        if response and _has_body(response.status):
            body = await response.body()
            self._search(body.decode("utf-8", "replace"), request.url)

    async def _search_body(self, session: CDPSession, request_id: str, url: str) -> None:
        answer = await session.send("Network.getResponseBody", {"requestId": request_id})
        if not answer["base64Encoded"]:  # text never is
            self._search(str(answer["body"]), url)

    def _search(self, text: str, url: str, page: str = "") -> None:
        if len(text) > LONGEST:
            self._unsearched(url)
        tell_tags(self._story, text[:LONGEST], url, page)
        try:
            found = find_secrets(text[:LONGEST])
        except TooManyError as error:
            found = error.found
            self._unsearched(url)
        for secret in found:
            host = host_of(url)
            self._story.saw(SecretFound(secret=secret, url=url_shape(url), host=host, page=page))

    def _unsearched(self, url: str) -> None:
        self._story.missed(
            f"the content of {url_shape(url)}",
            Reason.NOT_IN_EVIDENCE,
            "a visit in which it can be read: it was not searched for keys",
            (Aspect.CONTENT,),
        )


def _has_body(status: int) -> bool:
    return status not in _REDIRECTS and status not in _NO_CONTENT
