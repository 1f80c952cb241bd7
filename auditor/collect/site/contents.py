"""What documents and scripts hold: searched for keys that nobody should be given, and not kept."""

import asyncio
from functools import partial
from typing import Any

from playwright.async_api import CDPSession, Request

from auditor.collect.site.soon import Tasks, soon
from auditor.collect.site.story import Story
from auditor.collect.web.address import Address, locate
from auditor.evidence import Aspect, Reason, SecretFound
from auditor.knowledge.secrets import TooManyError, find_secrets

LONGEST = 10 * 1024 * 1024  # characters that are searched of one

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
        self._unread: dict[str, tuple[CDPSession, Address]] = {}

    def listen(self, session: CDPSession) -> None:
        """Hear of what a page's session brings."""
        careful = self._story.careful
        session.on("Network.responseReceived", careful(partial(self._received, session)))
        session.on("Network.loadingFinished", careful(self._loaded))

    def take(self, request: Request, address: Address) -> None:
        """Search what no session of a page brings: of workers and of windows."""
        if request.resource_type.capitalize() in _KINDS:
            self._do(self._search_answer(request, address), address)

    async def finish(self) -> None:
        """Wait for what is searched; also for that of which nobody told that it is there."""
        for request_id in list(self._unread):
            self._loaded({"requestId": request_id})
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=self._step)

    def _received(self, session: CDPSession, event: dict[str, Any]) -> None:
        response = event["response"]
        address = locate(str(response["url"]))
        is_script = "javascript" in str(response.get("mimeType", ""))  # of a worker, too
        wanted = is_script or event["type"] in _KINDS
        if address and wanted and _has_body(int(response["status"])):
            self._unread[str(event["requestId"])] = (session, address)

    def _loaded(self, event: dict[str, Any]) -> None:
        request_id = str(event["requestId"])
        if found := self._unread.pop(request_id, None):
            session, address = found
            self._do(self._search_body(session, request_id, address), address)

    def _do(self, work: Any, address: Address) -> None:  # noqa: ANN401 -- a coroutine
        unsearched = partial(self._unsearched, address)
        soon(work, seconds=self._step, among=self._tasks, otherwise=unsearched)

    async def _search_answer(self, request: Request, address: Address) -> None:
        response = await request.response()
        if response and _has_body(response.status):
            body = await response.body()
            self._search(body.decode("utf-8", "replace"), address)

    async def _search_body(self, session: CDPSession, request_id: str, address: Address) -> None:
        answer = await session.send("Network.getResponseBody", {"requestId": request_id})
        if not answer["base64Encoded"]:  # text never is
            self._search(str(answer["body"]), address)

    def _search(self, text: str, address: Address) -> None:
        if len(text) > LONGEST:
            self._unsearched(address)
        try:
            found = find_secrets(text[:LONGEST])
        except TooManyError as error:
            found = error.found
            self._unsearched(address)
        for secret in found:
            self._story.saw(SecretFound(secret=secret, url=address.shape, host=address.host))

    def _unsearched(self, address: Address) -> None:
        self._story.missed(
            f"the content of {address.shape}",
            Reason.NOT_IN_EVIDENCE,
            "a visit in which it can be read: it was not searched for keys",
            (Aspect.CONTENT,),
        )


def _has_body(status: int) -> bool:
    return status not in _REDIRECTS and status not in _NO_CONTENT
