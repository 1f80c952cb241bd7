"""What answers bring: cookies, and who the host is.

The page's session brings the headers of its answers as they were on the wire; for workers and
windows, which have sessions of their own, they are asked for one by one.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from msgspec import structs
from playwright.async_api import CDPSession, Request, Response

from auditor.collect.site.contents import Contents
from auditor.collect.site.jar import Names, note
from auditor.collect.site.soon import Tasks, soon
from auditor.collect.site.story import Story
from auditor.collect.web.address import Address, locate
from auditor.collect.web.cookie_rules import Answer, cookie_set
from auditor.collect.web.dates import cookie_date
from auditor.collect.web.set_cookie import read_set_cookie, value_shape
from auditor.evidence import Aspect, CookieSent, HostFacts, Reason, Tls
from auditor.hosts import is_this_machine
from auditor.names import template

_BY_SETTING = {"UserPreferences", "ThirdPartyPhaseout", "ThirdPartyBlockedInFirstPartySet"}


_Headers = tuple[int, list[str], str, dict[str, str]]  # hop, cookies, date, refusals


class Answers:
    """Tells of what answers bring, once for each."""

    def __init__(self, story: Story, *, step: float) -> None:
        """Begin with nothing; a question to the browser takes `step` seconds at most."""
        self._story = story
        self._step = step
        self._tasks: Tasks = set()
        self._hops: dict[str, list[str]] = defaultdict(list)
        self._answered: dict[str, int] = defaultdict(int)
        self._expected: set[str] = set()
        self._early: dict[str, list[_Headers]] = defaultdict(list)
        self.contents = Contents(story, step=step)
        self._sent: set[tuple[str, str, str]] = set()
        self.set_names: Names = {}

    def listen(self, session: CDPSession) -> None:
        """Hear of headers on the session of a page."""
        careful = self._story.careful
        session.on("Network.requestWillBeSentExtraInfo", careful(self._request_headers))
        session.on("Network.responseReceivedExtraInfo", careful(self._response_headers))
        self.contents.listen(session)

    def expect(self, request_id: str, url: str) -> None:
        """Take notice of a request whose headers the session will bring."""
        self._hops[request_id].append(url)
        self._expected.add(url)
        for early in self._early.pop(request_id, ()):
            self._told(request_id, *early)

    def take(self, response: Response, address: Address) -> None:
        """Ask for what the session does not bring of an answer."""
        if response.request.service_worker or response.url not in self._expected:
            headers = self._headers(response)
            soon(headers, seconds=self._step, among=self._tasks, otherwise=self._unread)
        if self._story.is_new(address.host):
            soon(self._meet(response, address.host), seconds=self._step, among=self._tasks)

    def search(self, request: Request) -> None:
        """Search what the session does not bring of an answer that has ended."""
        if request.url not in self._expected:
            self.contents.take(request)

    async def finish(self) -> None:
        """Wait for what was asked; a page is done with."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=self._step)
        self._early.clear()  # of workers' requests, which were asked for one by one
        await self.contents.finish()
        self._hops.clear()
        self._answered.clear()
        self._expected.clear()

    def _request_headers(self, event: dict[str, Any]) -> None:
        headers = {str(k).lower(): str(v) for k, v in event.get("headers", {}).items()}
        scheme = headers.get(":scheme", "")
        host = headers.get(":authority") or headers.get("host", "")
        address = locate(f"{scheme or 'http'}://{host}/")
        for item in event.get("associatedCookies", ()) if address else ():
            if item.get("blockedReasons") or not address:
                continue
            name = template(str(item["cookie"]["name"]))
            key = (self._story.page, name, address.host)
            if key not in self._sent:
                self._sent.add(key)
                self._story.saw(
                    CookieSent(
                        name=name,
                        host=address.host,
                        over_tls=scheme == "https" or self._over_tls(event),
                        value=value_shape(str(item["cookie"].get("value", ""))),
                    )
                )

    def _over_tls(self, event: dict[str, Any]) -> bool:
        hops = self._hops.get(str(event["requestId"]))
        return bool(hops and hops[-1].startswith("https:"))

    def _response_headers(self, event: dict[str, Any]) -> None:
        request_id = str(event["requestId"])
        number = self._answered[request_id]
        self._answered[request_id] += 1
        refused = dict(self._refusals(event.get("blockedCookies", ())))
        headers = {str(k).lower(): str(v) for k, v in event.get("headers", {}).items()}
        lines = headers.get("set-cookie", "")
        if lines:
            date = headers.get("date", "")
            self._told(request_id, number, lines.split("\n"), date, refused)

    def _told(
        self, request_id: str, number: int, lines: list[str], dated: str, refused: dict[str, str]
    ) -> None:
        """Take the cookies of a request's answer, or wait for the request to be told."""
        hops = self._hops.get(request_id, [])
        if number < len(hops):
            self._cookies(hops[number], lines, dated, refused)
        else:
            self._early[request_id].append((number, lines, dated, refused))

    def _refusals(self, blocked: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
        for item in blocked:
            reasons = [str(reason) for reason in item.get("blockedReasons", ())]
            if _BY_SETTING.intersection(reasons):
                self._story.missed(
                    "cookies of third parties: this browser refuses them",
                    Reason.PROBE_NOT_ARMED,
                    "a browser that takes them, as most visitors' do; `audit doctor` tests it",
                    (Aspect.COOKIES,),
                )
            yield str(item.get("cookieLine", "")), ", ".join(reasons)[:100]

    async def _headers(self, response: Response) -> None:
        headers = await response.headers_array()
        named = [(header["name"].lower(), header["value"]) for header in headers]
        several = [value for name, value in named if name == "set-cookie"]
        lines = [line for joined in several for line in joined.split("\n")]
        dated = next((value for name, value in named if name == "date"), "")
        self._cookies(response.url, lines, dated, {})

    def _unread(self) -> None:
        self._story.missed(
            f"the headers of an answer on {self._story.page}",
            Reason.NOT_IN_EVIDENCE,
            "a visit in which they can be read: which cookies it sets is not known",
            (Aspect.COOKIES,),
        )

    def _cookies(self, url: str, lines: list[str], dated: str, refused: dict[str, str]) -> None:
        address = locate(url)
        if address is None:
            return
        said = cookie_date(dated) if dated else None
        over_tls = address.scheme == "https"
        answer = Answer(
            url=address.shape,
            host=address.host,
            path=urlsplit(url).path,
            over_tls=over_tls,
            secure=over_tls or is_this_machine(address.host),
            at=time.time() if said is None else said,
        )
        for line in lines:
            asked = read_set_cookie(line)
            if asked is None:
                continue
            cookie = cookie_set(asked, answer)
            if not cookie.refused and (why := refused.get(line)):
                cookie = structs.replace(cookie, refused=f"by the browser: {why}")
            if cookie.is_kept:
                note(self.set_names, cookie)
            self._story.saw(cookie)

    async def _meet(self, response: Response, host: str) -> None:
        where, tls = await asyncio.gather(response.server_addr(), response.security_details())
        self._story.met(
            host,
            HostFacts(
                registrable_domain=host,  # the parent looks it up: the list is large
                address=str(where["ipAddress"]) if where else "",
                tls=_tls(dict(tls)) if tls and tls.get("protocol") else None,
            ),
        )


def _tls(said: dict[str, Any]) -> Tls:
    until = float(said.get("validTo") or 0)
    return Tls(
        protocol=str(said.get("protocol", ""))[:40],
        issuer=str(said.get("issuer", ""))[:100],
        valid_until=time.strftime("%Y-%m-%d", time.gmtime(until)) if until else "",
    )
