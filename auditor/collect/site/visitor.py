"""A visitor: opens page after page of a site, does what people do, and tells what comes of it."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.async_api import Browser as Running
from playwright.async_api import BrowserContext, Dialog, Page
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import is_own
from auditor.collect.site import sitemap
from auditor.collect.site.access import look_like_a_window, send_headers
from auditor.collect.site.answers import Answers
from auditor.collect.site.choosing import Chooser
from auditor.collect.site.crawl import Frontier
from auditor.collect.site.hooks import Hooks
from auditor.collect.site.identity import what_it_is_not
from auditor.collect.site.jar import tell_jar
from auditor.collect.site.journeys import MOST_AGAIN
from auditor.collect.site.journeys.preparing import Journey
from auditor.collect.site.journeys.replay import Replay
from auditor.collect.site.journeys.way import Way
from auditor.collect.site.launch import context_options
from auditor.collect.site.plan import Plan
from auditor.collect.site.said import Turned
from auditor.collect.site.shown import Shown
from auditor.collect.site.soon import soon
from auditor.collect.site.storage import Storage
from auditor.collect.site.story import Say, Story
from auditor.collect.site.tab import MOST_LOADS, FailedError, HungError, Tab, tab
from auditor.collect.site.traffic import Traffic
from auditor.collect.site.typing_in.probe import TypingIn
from auditor.evidence import FIRST_ERROR, Aspect, FormSeen, PageLoaded, Reason
from auditor.names import matches, template, url_shape

SOON = 0.05  # seconds in which a page begins with what a step makes it do

_DEVICE = (Aspect.COOKIES, Aspect.STORAGE)


class Visit:
    """One visit under way."""

    def __init__(self, plan: Plan, say: Say) -> None:
        """Prepare what listens, and the addresses to open."""
        self._plan, self._say = plan, say
        self._story = Story(say, plan.state, plan.limits.events)
        step = plan.limits.step
        self._answers = Answers(self._story, step=step)
        self._traffic = Traffic(self._story, self._answers, frozenset(plan.own))
        self._typing = TypingIn(plan, self._story)
        self._hooks = Hooks(self._story, self._typing.kept)
        self._storage = Storage(self._story, self._hooks, self._typing.kept, step=step)
        self._chooser = Chooser(plan, self._story)
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
        await self._hooks.arm(context)
        self._traffic.listen(context)
        self._typing.listen(context)
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
        await self._end(context, running)

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
            await self._traffic.finish()
            await self._jar(context)
            self._say(Turned(done=(), waiting=self._pages.waiting, current=url))
            self._story.state = self._plan.state
            self._answers.set_names.clear()
            self._hooks.set_names.clear()
            self._storage.forget()

        try:
            self._tabs += 1
            async with tab(context, self._plan.limits, self._traffic) as opened:
                await self._listen(opened)
                await self._chooser.choose(opened, url, begin)
                await self._traffic.finish()
                await self._jar(context)
        except HungError as error:
            what = f"the choice {self._plan.state}"
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

    async def _travel(self, context: BrowserContext, journey: Journey) -> None:
        """Make a journey in a tab of its own, and look at every page that it passes."""
        what = f"journey {journey.name}"
        if journey.trouble:
            self._story.missed(what, journey.reason, journey.trouble)
            return
        self._turn("", journey.name)
        self._hooks.forget()
        try:
            self._tabs += 1
            async with tab(context, self._plan.limits, self._traffic) as opened:
                await self._listen(opened)
                way = Way(opened.page, self._story)
                replay = Replay(journey, self._story, self._own)
                try:
                    await replay.run(opened.page, way, lambda: self._passes(opened, way))
                    await self._live_where_it_leads(opened)
                except FailedError as error:
                    self._failed(what, error)
                except PlaywrightError:
                    self._failed(what, FailedError("it closed itself or crashed"))
                finally:
                    await self._traffic.finish()
                    await self._typing.finish(context)
                    await self._jar(context)
        except HungError as error:
            self._story.missed(what, Reason.TIMEOUT, f"a page that answers: it hung at {error}")
            raise
        await self._again(context, what, way.behind())

    async def _passes(self, opened: Tab, way: Way) -> None:
        """Look at what a step has led to, without keeping the page from going on."""
        await asyncio.sleep(SOON)
        await opened.settle()
        if opened.loads > MOST_LOADS:
            raise FailedError(f"it loaded anew more than {MOST_LOADS} times", is_timeout=True)
        opened.loads = 0
        await self._storage.databases(opened.session)
        shown, _ = await asyncio.gather(opened.facts(), self._storage.read(opened.session))
        if shown.page is None:  # it was just being left
            await opened.arrive()
            shown = await opened.facts()
        if way.has_turned() and is_own(self._own, opened.page.url):
            self._page_loaded(opened.page.url, way.status, shown)
            self._unarmed(opened.page, self._story.page)

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

    def _is_excluded(self, url: str) -> bool:
        return any(matches(pattern, urlsplit(url).path) for pattern in self._plan.exclude)

    async def _page(self, context: BrowserContext, url: str) -> None:
        """Look at one page, whatever it does: what it did not let us see is a gap."""
        shape = url_shape(url)
        self._story.page = shape
        self._hooks.forget()
        try:
            self._tabs += 1
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
                    await self._typing.finish(context)
                    await self._jar(context)
        except HungError as error:
            self._story.missed(shape, Reason.TIMEOUT, f"a page that answers: it hung at {error}")
            raise

    async def _look(self, opened: Tab, url: str) -> None:
        page = opened.page
        await self._listen(opened)
        status, answered = await opened.open(url)
        shown = Shown()
        try:
            shown = await self._live_where_it_leads(opened)
        finally:
            shape = url_shape(page.url)
            if not is_own(self._own, page.url):
                self._led_away(url, shape)
            elif url_shape(answered) != shape:  # the page itself led on
                self._story.saw(PageLoaded(url=url_shape(answered), status=status))
            self._page_loaded(page.url, status, shown)
        if not is_own(self._own, page.url):
            return
        if status < FIRST_ERROR and (why := what_it_is_not(shown.page, status)):
            self._story.missed(shape, Reason.NOT_VERIFIED, f"the page itself: {why}")
        self._unarmed(page, shape)
        if shown.page:
            self._pages.found(shown.page.links)
        if shown.unread or any(one.too_many_forms for one in (shown.page, *shown.frames) if one):
            needs = "a page with fewer frames and forms, that can all be read"
            self._story.missed(f"forms on {shape}", Reason.CAP_REACHED, needs, (Aspect.CONTENT,))
        if status >= FIRST_ERROR and url in self._plan.start:
            needs = f"a start page that loads: it answered {status}"
            self._story.missed(f"start page {url_shape(url)}", Reason.UNREACHABLE, needs)
        self._is_let_in(url, shape)

    def _is_let_in(self, url: str, shape: str) -> None:
        """Tell of a start page that a saved login did not open: it may have ended."""
        wanted, found = (urlsplit(one).path.rstrip("/") for one in (url_shape(url), shape))
        if self._plan.login and url in self._plan.start and wanted != found:
            needs = f"a login that holds, or a start page that leads nowhere else: it led to {shape}"
            self._story.missed(f"start page {url_shape(url)}", Reason.NO_CREDENTIAL, needs)

    async def _listen(self, opened: Tab) -> None:
        opened.page.on("dialog", _dismiss)
        self._typing.listen_closely(opened.page, opened.session)
        await asyncio.gather(
            self._traffic.listen_closely(opened.page, opened.session),
            self._storage.listen(opened.session),
            send_headers(opened.session, self._plan),
            look_like_a_window(opened.session, self._plan),
        )

    async def _live_where_it_leads(self, opened: Tab) -> Shown:
        """Look at the page at which the visitor ends up: a script may lead on to another."""
        for again in (True, False):
            shape = url_shape(opened.page.url)
            self._story.page = shape
            if not is_own(self._own, opened.page.url):
                return Shown()
            try:
                return await self._live(opened)
            except PlaywrightError:
                if not again or opened.has_crashed or opened.page.is_closed():
                    raise
            await opened.arrive()
        return Shown()

    async def _live(self, opened: Tab) -> Shown:
        """Do what visitors do, let time pass, and look at what came of it."""
        await self._chooser.look(opened.page)
        await opened.wake()
        await self._storage.databases(opened.session)
        if self._plan.keep:
            number = len(self._pages.done)
            await opened.screenshot(f"{self._plan.keep}/page-{number:03}-{self._plan.state}.png")
        await self._typing.type(opened.session)
        await opened.skip_time()
        await opened.settle()
        if opened.loads > MOST_LOADS:
            raise FailedError(
                f"it loaded itself anew more than {MOST_LOADS} times", is_timeout=True
            )
        shown, _ = await asyncio.gather(opened.facts(), self._storage.read(opened.session))
        await opened.leave()
        await opened.settle()
        return shown

    def _page_loaded(self, url: str, status: int, shown: Shown) -> None:
        """Tell of a page of the site; what others show at its address is theirs."""
        if not is_own(self._own, url):
            return
        shape = url_shape(url)
        first = shown.page
        links = None
        if first and not first.too_many:
            links = tuple(sorted({url_shape(link) for link in first.links}))
        self._story.saw(PageLoaded(url=shape, status=status, links=links))
        for form in (form for one in (first, *shown.frames) if one for form in one.forms):
            fields = tuple(template(field) for field in form.fields)
            action = url_shape(form.action)
            self._story.saw(FormSeen(action=action, method=form.method[:10], fields=fields))

    def _led_away(self, url: str, shape: str) -> None:
        needs = f"a page of the site: it leads to {shape}"
        self._story.missed(url_shape(url), Reason.NOT_VERIFIED, needs)

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
        known = dict(self._answers.set_names)
        for name, life in self._hooks.set_names.items():
            known[name] = max(life, known.get(name, 0))
        local = self._storage.local
        found = await tell_jar(context, self._story, known, self._plan, local)
        self._answers.set_names.update(found)

    async def _end(self, context: BrowserContext, running: Running) -> None:
        """Give workers a last moment, and tell which hosts never answered."""
        if context.service_workers:
            await asyncio.sleep(0.2)
        await self._traffic.finish()
        await self._jar(context)
        await self._answers.contents.read_again(running, self._plan)
        for host, why in self._traffic.unanswered().items():
            needs = f"an answer of this host ({why}): what it might have set is not known"
            self._story.missed(host, Reason.UNREACHABLE, needs, (Aspect.REQUESTS, Aspect.COOKIES))
        await context.close()

    def _popup(self, page: Page) -> None:
        """Hear of a window: ours, or one that a page has opened, which is not looked at whole."""
        page.on("dialog", _dismiss)
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


async def _dismiss(dialog: Dialog) -> None:
    with suppress(PlaywrightError):
        await dialog.dismiss()
