"""The process that makes one visit: a site, in one visitor state, in a browser of its own.

Reads a `Plan` from standard input and says on standard output what it sees (`said.py`).
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from playwright.async_api import Browser as Running
from playwright.async_api import BrowserContext, CDPSession, Dialog, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import is_own
from auditor.collect.site import sitemap
from auditor.collect.site.answers import Answers
from auditor.collect.site.crawl import Frontier
from auditor.collect.site.hooks import Hooks
from auditor.collect.site.identity import what_it_is_not
from auditor.collect.site.launch import brands, context_options, launched
from auditor.collect.site.plan import Plan
from auditor.collect.site.said import Began, Hung, Said, Turned, encode
from auditor.collect.site.soon import soon
from auditor.collect.site.storage import Storage
from auditor.collect.site.story import Say, Story
from auditor.collect.site.tab import MOST_LOADS, Facts, FailedError, HungError, Tab, tab
from auditor.collect.site.traffic import Traffic
from auditor.collect.web.set_cookie import value_shape
from auditor.errors import CollectError
from auditor.evidence import Aspect, CookieSet, FormSeen, PageLoaded, Reason
from auditor.names import template, url_shape

STUCK = 7  # exit code: the browser no longer answers, and somebody has to end it
FIRST_ERROR = 400
CAP = 400 * 86_400 - 86_400  # seconds; a browser keeps no cookie for longer (RFC 6265bis §5.5)
_DEVICE = (Aspect.COOKIES, Aspect.STORAGE)


class Visit:
    """One visit under way."""

    def __init__(self, plan: Plan, say: Say) -> None:
        """Prepare what listens, and the addresses to open."""
        self._plan, self._say = plan, say
        self._story = Story(say, plan.state, plan.limits.events)
        step = plan.limits.step
        self._answers = Answers(self._story, step=step)
        self._traffic = Traffic(self._story, self._answers)
        self._hooks = Hooks(self._story)
        self._storage = Storage(self._story, self._hooks, step=step)
        self._own = frozenset(plan.own)
        self._pages = Frontier(plan.url, exclude=plan.exclude, max_pages=plan.max_pages)
        self._pages.skip(plan.done)
        self._pages.start(plan.start)
        self._pages.found(plan.waiting)

    async def make(self, running: Running) -> None:
        """Open page after page in one profile; `HungError` when the browser is stuck."""
        context = await running.new_context(**context_options(self._plan, running))
        context.on("page", self._popup)
        await self._hooks.arm(context)
        self._traffic.listen(context)
        wants_sitemap = self._plan.max_pages > len(self._plan.start) and not self._plan.done
        while not self._story.is_full:
            if wants_sitemap and not self._pages.must:
                wants_sitemap = False
                self._pages.found(await sitemap.read(running, self._plan))
            url = self._pages.next()
            if url is None:
                break
            self._turn(url)
            await self._page(context, url)
            self._turn("")
            if self._plan.delay:
                await asyncio.sleep(self._plan.delay)
        await self._end(context)

    def _turn(self, current: str) -> None:
        self._say(Turned(done=self._pages.done, waiting=self._pages.waiting, current=current))

    async def _page(self, context: BrowserContext, url: str) -> None:
        """Look at one page, whatever it does: what it did not let us see is a gap."""
        shape = url_shape(url)
        self._story.page = shape
        self._hooks.forget()
        try:
            async with tab(context, self._plan.limits, self._traffic) as opened:
                try:
                    await self._look(opened, url)
                except FailedError as error:
                    self._failed(shape, error)
                except PlaywrightError:
                    why = "its process crashed" if opened.has_crashed else "it closed itself"
                    self._failed(shape, FailedError(why))
                finally:
                    await self._traffic.finish()
                    await self._jar(context)
        except HungError as error:
            self._story.missed(shape, Reason.TIMEOUT, f"a page that answers: it hung at {error}")
            raise

    async def _look(self, opened: Tab, url: str) -> None:
        page = opened.page
        page.on("dialog", _dismiss)
        await asyncio.gather(
            self._traffic.listen_closely(page, opened.session),
            self._storage.listen(opened.session),
            _send_headers(opened.session, self._plan),
            _look_like_a_window(opened.session, self._plan),
        )
        status, answered = await opened.open(url)
        facts: tuple[Facts, ...] = ()
        try:
            facts = await self._live_where_it_leads(opened)
        finally:
            shape = url_shape(page.url)
            if not is_own(self._own, page.url):
                needs = f"a page of the site: it leads to {shape}"
                self._story.missed(url_shape(url), Reason.NOT_VERIFIED, needs)
            elif url_shape(answered) != shape:  # the page itself led on
                self._story.saw(PageLoaded(url=url_shape(answered), status=status))
            self._page_loaded(page.url, status, facts)
        if status < FIRST_ERROR and (why := what_it_is_not(facts, status)):
            self._story.missed(shape, Reason.NOT_VERIFIED, f"the page itself: {why}")
        self._unarmed(page, shape)
        if facts:
            self._pages.found(facts[0].links)

    async def _live_where_it_leads(self, opened: Tab) -> tuple[Facts, ...]:
        """Look at the page at which the visitor ends up: a script may lead on to another."""
        for again in (True, False):
            shape = url_shape(opened.page.url)
            self._story.page = shape
            if not is_own(self._own, opened.page.url):
                return ()
            try:
                return await self._live(opened)
            except PlaywrightError:
                if not again or opened.has_crashed or opened.page.is_closed():
                    raise
            await opened.arrive()
        return ()

    async def _live(self, opened: Tab) -> tuple[Facts, ...]:
        """Do what visitors do, let time pass, and look at what came of it."""
        await opened.wake()
        await self._storage.databases(opened.session)
        if self._plan.keep:
            number = len(self._pages.done)
            await opened.screenshot(f"{self._plan.keep}/page-{number:03}-{self._plan.state}.png")
        await opened.skip_time()
        await opened.settle()
        if opened.loads > MOST_LOADS:
            raise FailedError(
                f"it loaded itself anew more than {MOST_LOADS} times", is_timeout=True
            )
        facts, _ = await asyncio.gather(opened.facts(), self._storage.read(opened.session))
        await opened.leave()
        await opened.settle()
        return facts

    def _page_loaded(self, url: str, status: int, facts: Sequence[Facts]) -> None:
        """Tell of a page of the site; what others show at its address is theirs."""
        if not is_own(self._own, url):
            return
        shape = url_shape(url)
        first = facts[0] if facts else None
        links = None
        if first and not first.too_many:
            links = tuple(sorted({url_shape(link) for link in first.links}))
        self._story.saw(PageLoaded(url=shape, status=status, links=links))
        for form in (form for shown in facts for form in shown.forms):
            fields = tuple(template(field) for field in form.fields)
            action = url_shape(form.action)
            self._story.saw(FormSeen(action=action, method=form.method[:10], fields=fields))

    def _failed(self, shape: str, error: FailedError) -> None:
        reason = Reason.TIMEOUT if error.is_timeout else Reason.UNREACHABLE
        self._story.missed(shape, reason, f"a page that loads: {error}")

    def _unarmed(self, page: Page, shape: str) -> None:
        """Tell of frames in which no hook was heard: who writes there, and what is gone again."""
        frames = [frame for frame in page.frames if frame.url.startswith(("http:", "https:"))]
        silent = [frame for frame in frames if not self._hooks.is_armed(frame)]
        for frame in silent[:1]:
            where = url_shape(frame.url)
            needs = "a frame in which the hooks can be heard: who writes there is not known"
            self._story.missed(f"{where} on {shape}", Reason.PROBE_NOT_ARMED, needs, _DEVICE)

    async def _jar(self, context: BrowserContext) -> None:
        """Tell of cookies that nobody was seen setting, and save what a second attempt needs."""
        try:
            cookies = await asyncio.wait_for(context.cookies(), self._plan.limits.step)
        except (PlaywrightError, TimeoutError):
            needs = "a browser that answers: which cookies were kept is not known"
            self._story.missed("the cookie jar", Reason.TIMEOUT, needs, (Aspect.COOKIES,))
            return
        known = self._answers.set_names | self._hooks.set_names
        for cookie in cookies:
            seen = _kept(dict(cookie))
            if (seen.name, seen.domain) not in known:
                self._answers.set_names.add((seen.name, seen.domain))
                self._story.saw(seen)
        _save(self._plan.saved_state, cookies, self._storage.local)

    async def _end(self, context: BrowserContext) -> None:
        """Give workers a last moment, and tell which hosts never answered."""
        if context.service_workers:
            await asyncio.sleep(0.2)
        await self._traffic.finish()
        for host, why in self._traffic.unanswered().items():
            needs = f"an answer of this host ({why}): what it might have set is not known"
            self._story.missed(host, Reason.UNREACHABLE, needs, (Aspect.REQUESTS, Aspect.COOKIES))
        await context.close()

    def _popup(self, page: Page) -> None:
        page.on("dialog", _dismiss)
        most = self._plan.limits.windows
        if len(page.context.pages) > most:
            needs = f"a page that opens fewer windows: more than {most} are closed unseen"
            self._story.missed(f"windows of {self._story.page}", Reason.CAP_REACHED, needs)
            soon(page.close())


async def _dismiss(dialog: Dialog) -> None:
    with suppress(PlaywrightError):
        await dialog.dismiss()


async def _look_like_a_window(session: CDPSession, plan: Plan) -> None:
    if told := brands(plan):
        await session.send("Emulation.setUserAgentOverride", told)


async def _send_headers(session: CDPSession, plan: Plan) -> None:
    """Send the plan's headers to the site's own origin, and only there: not after a redirect.

    Overrides of `Fetch.continueRequest` do not extend to where a request is redirected.
    """
    if not plan.headers:
        return

    def paused(event: dict[str, Any]) -> None:
        headers = {**event["request"]["headers"], **plan.headers}
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        given = {"requestId": event["requestId"], "headers": listed}
        soon(session.send("Fetch.continueRequest", given))

    session.on("Fetch.requestPaused", paused)
    origin = plan.url.rstrip("/")
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": f"{origin}/*"}]})


def _kept(cookie: dict[str, Any]) -> CookieSet:
    """Return a cookie of the jar, of which only what the browser keeps is known."""
    expires = float(cookie.get("expires", -1))
    lifetime = None if expires < 0 else max(0, round(expires - time.time()))
    domain = str(cookie["domain"])
    return CookieSet(
        name=template(str(cookie["name"])),
        domain=domain.removeprefix(".").lower(),
        host_only=not domain.startswith("."),
        writer="",
        path=str(cookie.get("path", "/")) if cookie.get("path") == "/" else "/*",
        lifetime=lifetime,
        capped=lifetime is not None and lifetime >= CAP,
        secure=bool(cookie.get("secure")),
        http_only=bool(cookie.get("httpOnly")),
        same_site=str(cookie.get("sameSite", "")),
        partitioned=bool(cookie.get("partitionKey")),
        value=value_shape(str(cookie.get("value", ""))),
    )


def _save(path: str, cookies: Iterable[Any], local: dict[str, dict[str, str]]) -> None:
    origins = [
        {
            "origin": origin,
            "localStorage": [{"name": name, "value": value} for name, value in items.items()],
        }
        for origin, items in local.items()
    ]
    state = {"cookies": list(cookies), "origins": origins}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(state, file)


async def visit(plan: Plan, say: Say) -> int:
    """Make the visit; return the exit code."""
    async with async_playwright() as playwright:
        try:
            async with launched(playwright, plan) as running:
                say(Began(conditions=_conditions(plan)))
                await Visit(plan, say).make(running)
        except HungError:
            say(Hung())
            return STUCK
    return 0


def _conditions(plan: Plan) -> dict[str, str]:
    said = {
        "browser": f"{plan.browser.kind.replace('_', ' ')} {plan.browser.version}",
        "cookies of third parties": "taken",
        "language": plan.locale,
        "time zone": plan.timezone,
        "simulated time": f"{plan.limits.skipped:g} s a page",
        "sandbox": "" if plan.sandbox else "off",
        "certificates": "any accepted" if plan.network.accept_any_certificate else "",
        "reached through": ", ".join(plan.network.resolve),
    }
    return {name: text for name, text in said.items() if text}


def main() -> int:
    """Read a plan, visit, and say what is seen."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    out = sys.stdout.buffer

    def say(said: Said) -> None:
        out.write(encode(said) + b"\n")
        out.flush()

    try:
        code = asyncio.run(visit(plan, say))
    except CollectError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return code


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # what hangs would keep the interpreter from ending
