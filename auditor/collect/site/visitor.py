"""A visitor: opens page after page of a site, makes journeys, and tells what comes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser as Running
from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import is_own
from auditor.collect.site import sitemap
from auditor.collect.site.choosing import Chooser
from auditor.collect.site.crawl import Frontier
from auditor.collect.site.journeys import MOST_AGAIN
from auditor.collect.site.journeys.preparing import Journey
from auditor.collect.site.journeys.replay import Replay
from auditor.collect.site.journeys.way import Way
from auditor.collect.site.launch import context_options
from auditor.collect.site.look import Look
from auditor.collect.site.observers import Observers, dismiss
from auditor.collect.site.plan import Plan
from auditor.collect.site.said import Turned
from auditor.collect.site.soon import soon
from auditor.collect.site.story import Say, Story
from auditor.collect.site.tab import FailedError, HungError, Tab, tab
from auditor.evidence import Aspect, Reason
from auditor.names import matches, url_shape

_DEVICE = (Aspect.COOKIES, Aspect.STORAGE)


class Visit:
    """One visit under way."""

    def __init__(self, plan: Plan, say: Say) -> None:
        """Prepare what listens, and the addresses to open."""
        self._plan, self._say = plan, say
        self._story = Story(say, plan.state, plan.limits.events)
        self._observers = Observers(plan, self._story)
        self._chooser = Chooser(plan, self._story)
        self._look = Look(plan, self._story, self._observers, self._chooser)
        self._begun: tuple[str, ...] = ()  # journeys
        self._tabs = 0  # that we have asked for and that were not opened yet
        self._own = frozenset(plan.own)
        self._pages = Frontier(plan.url, exclude=plan.exclude, max_pages=plan.max_pages)
        self._pages.skip(plan.done)
        self._pages.start(plan.start)
        self._pages.found(plan.waiting)

    async def make(self, running: Running) -> None:
        """Open page after page in one profile; `HungError` when the browser is stuck."""
        context = await self._context(running)
        if context is None:
            return
        context.on("page", self._popup)
        await self._observers.arm(context)
        await self._chooser.prepare(context)
        if self._chooser.is_due:
            await self._choose(context)
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
        self._chooser.finish()
        for journey in self._plan.journeys:
            await self._travel(context, journey)
        await self._observers.end(context, running)
        await context.close()

    async def _context(self, running: Running) -> BrowserContext | None:
        """Begin a profile; None, and a gap, where the browser does not take the saved login."""
        try:
            return await running.new_context(**context_options(self._plan, running))
        except PlaywrightError:
            if not self._plan.login:
                raise
            needs = "a saved login that the browser takes: save it anew with Playwright"
            self._story.missed("the saved login", Reason.NO_CREDENTIAL, needs)
            return None

    async def _choose(self, context: BrowserContext) -> None:
        """Make the plan's choice in a tab of its own; what is still kept then is told again."""
        url = next(iter(self._plan.start), self._plan.url)
        self._story.page = url_shape(url)

        async def begin() -> None:
            await self._observers.finish(context)
            self._say(Turned(done=(), waiting=self._pages.waiting, current=url))
            self._story.state = self._plan.state
            self._observers.begin_again()

        async with self._tab(context, f"the choice {self._plan.state}") as opened:
            await self._observers.listen(opened)
            await self._chooser.choose(opened, url, begin)

    async def _page(self, context: BrowserContext, url: str) -> None:
        """Look at one page, whatever it does: what it did not let us see is a gap."""
        shape = url_shape(url)
        self._story.page = shape
        self._observers.forget()
        async with self._tab(context, shape) as opened:
            try:
                self._pages.found(await self._look.at(opened, url))
            except FailedError as error:
                self._failed(shape, error)
            except PlaywrightError:
                why = "its process crashed" if opened.has_crashed else "it closed itself"
                self._failed(shape, FailedError(why))

    async def _travel(self, context: BrowserContext, journey: Journey) -> None:
        """Make a journey in a tab of its own, and look at every page that it passes."""
        what = f"journey {journey.name}"
        if journey.trouble:
            self._story.missed(what, journey.reason, journey.trouble)
            return
        self._turn("", journey.name)
        self._observers.forget()
        async with self._tab(context, what) as opened:
            await self._observers.listen(opened)
            way = Way(opened.page, self._story)
            replay = Replay(journey, self._story, self._own)
            try:
                await replay.run(opened.page, way, lambda: self._look.passes(opened, way))
                await self._look.where_it_leads(opened)
            except FailedError as error:
                self._failed(what, error)
            except PlaywrightError:
                self._failed(what, FailedError("it closed itself or crashed"))
        await self._again(context, what, way.behind())

    async def _again(self, context: BrowserContext, what: str, urls: list[str]) -> None:
        """Open pages on the way of a journey once more: what they do late was not seen yet."""
        own = [url for url in dict.fromkeys(urls) if is_own(self._own, url)]
        wanted = [url for url in own if not self._is_excluded(url)]
        if len(wanted) > MOST_AGAIN:
            needs = f"a journey of fewer pages: what those after {MOST_AGAIN} do late is not seen"
            self._story.missed(what, Reason.CAP_REACHED, needs)
        for url in wanted[:MOST_AGAIN]:
            self._turn(url)
            await self._page(context, url)
        self._turn("")

    @asynccontextmanager
    async def _tab(self, context: BrowserContext, what: str) -> AsyncIterator[Tab]:
        """Open a tab, and wait at its end for all that was asked; where it hangs is a gap."""
        try:
            self._tabs += 1
            async with tab(context, self._plan.limits, self._observers.traffic) as opened:
                try:
                    yield opened
                finally:
                    await self._observers.finish(context)
        except HungError as error:
            self._story.missed(what, Reason.TIMEOUT, f"a page that answers: it hung at {error}")
            raise

    def _turn(self, current: str, journey: str = "") -> None:
        self._begun += (journey,) if journey else ()
        self._say(
            Turned(
                done=self._pages.done,
                waiting=self._pages.waiting,
                current=current,
                begun=self._begun,
                journey=journey,
            )
        )

    def _is_excluded(self, url: str) -> bool:
        return any(matches(pattern, urlsplit(url).path) for pattern in self._plan.exclude)

    def _failed(self, what: str, error: FailedError) -> None:
        reason = Reason.TIMEOUT if error.is_timeout else Reason.UNREACHABLE
        self._story.missed(what, reason, f"a page that loads: {error}")

    def _popup(self, page: Page) -> None:
        """Hear of a window: ours, or one that a page has opened, which is not looked at whole."""
        page.on("dialog", dismiss)
        if self._tabs:
            self._tabs -= 1
            return
        needs = "a page that opens no window: what it keeps on the device is not looked at"
        self._story.missed(f"a window of {self._story.page}", Reason.NOT_VERIFIED, needs, _DEVICE)
        most = self._plan.limits.windows
        if len(page.context.pages) > most:
            needs = f"a page that opens fewer windows: more than {most} are closed unseen"
            self._story.missed(f"windows of {self._story.page}", Reason.CAP_REACHED, needs)
            soon(page.close())
