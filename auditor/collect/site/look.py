"""Looking at one page: doing what visitors do there, and telling what the page is and shows."""

import asyncio
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import is_own
from auditor.collect.site.choosing import Chooser
from auditor.collect.site.identity import what_it_is_not
from auditor.collect.site.journeys.way import Way
from auditor.collect.site.observers import Observers
from auditor.collect.site.plan import Plan
from auditor.collect.site.shown import Shown
from auditor.collect.site.story import Story
from auditor.collect.site.tab import MOST_LOADS, FailedError, Tab
from auditor.evidence import (
    FIRST_ERROR,
    MOST_PICTURE,
    Aspect,
    FormSeen,
    PageLoaded,
    Reason,
    WindowShown,
)
from auditor.names import template, url_shape

SOON = 0.05  # seconds in which a page begins with what a step makes it do


class Look:
    """Looks at pages, one after the other; what they do not let us see is a gap."""

    def __init__(self, plan: Plan, story: Story, observers: Observers, chooser: Chooser) -> None:
        """Look at nothing yet."""
        self._plan, self._story = plan, story
        self._observers, self._chooser = observers, chooser
        self._own = frozenset(plan.own)
        self._pictures = 0

    async def at(self, opened: Tab, url: str) -> tuple[str, ...]:
        """Open an address, look at where it leads, and return the links that are there."""
        page = opened.page
        await self._observers.listen(opened)
        status, answered = await opened.open(url)
        shown = Shown()
        try:
            shown = await self.where_it_leads(opened)
        finally:
            shape = url_shape(page.url)
            if not is_own(self._own, page.url):
                needs = f"a page of the site: it leads to {shape}"
                self._story.missed(url_shape(url), Reason.NOT_VERIFIED, needs)
            elif url_shape(answered) != shape:  # the page itself led on
                self._story.saw(PageLoaded(url=url_shape(answered), status=status))
            self._tell(page.url, status, shown)
        if not is_own(self._own, page.url):
            return ()
        self._observers.unarmed(page, shape)
        self._is_the_page(url, shape, status, shown)
        return shown.page.links if shown.page else ()

    def _is_the_page(self, url: str, shape: str, status: int, shown: Shown) -> None:
        """Tell what keeps this from being the page, seen whole."""
        if status < FIRST_ERROR and (why := what_it_is_not(shown.page, status)):
            self._story.missed(shape, Reason.NOT_VERIFIED, f"the page itself: {why}")
        if shown.unread or any(one.too_many_forms for one in (shown.page, *shown.frames) if one):
            needs = "a page with fewer frames and forms, that can all be read"
            self._story.missed(f"forms on {shape}", Reason.CAP_REACHED, needs, (Aspect.CONTENT,))
        if url not in self._plan.start:
            return
        what = f"start page {url_shape(url)}"
        if status >= FIRST_ERROR:
            needs = f"a start page that loads: it answered {status}"
            self._story.missed(what, Reason.UNREACHABLE, needs)
        wanted, found = (urlsplit(one).path.rstrip("/") for one in (url_shape(url), shape))
        if self._plan.login and wanted != found:  # the saved login may have ended
            needs = f"a login that holds, or a start page that leads nowhere: it led to {shape}"
            self._story.missed(what, Reason.NO_CREDENTIAL, needs)

    async def where_it_leads(self, opened: Tab) -> Shown:
        """Look at the page at which the visitor ends up: a script may lead on to another."""
        for again in (True, False):
            self._story.page = url_shape(opened.page.url)
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
        storage = self._observers.storage
        if await self._chooser.look(opened.page) and self._plan.is_public:
            await self._picture(opened)
        await opened.wake()
        await storage.databases(opened.session)
        if self._plan.keep:
            self._pictures += 1
            name = f"page-{self._pictures:03}-{self._plan.state}.png"
            await opened.screenshot(f"{self._plan.keep}/{name}")
        await self._observers.typing.type(opened.session)
        await opened.skip_time()
        await opened.settle()
        _ends(opened)
        shown, _ = await asyncio.gather(opened.facts(), storage.read(opened.session))
        await opened.leave()
        await opened.settle()
        return shown

    async def _picture(self, opened: Tab) -> None:
        """Keep what visitors see of the banner; nobody is logged in, and nothing was typed yet."""
        picture = await opened.window()
        if 0 < len(picture) <= MOST_PICTURE:
            self._story.saw(WindowShown(picture=picture))

    async def passes(self, opened: Tab, way: Way) -> None:
        """Look at what a journey's step has led to, without keeping the page from going on."""
        storage = self._observers.storage
        await asyncio.sleep(SOON)
        await opened.settle()
        _ends(opened)
        opened.loads = 0
        await storage.databases(opened.session)
        shown, _ = await asyncio.gather(opened.facts(), storage.read(opened.session))
        if shown.page is None:  # it was just being left
            await opened.arrive()
            shown = await opened.facts()
        if way.has_turned() and is_own(self._own, opened.page.url):
            self._tell(opened.page.url, way.status, shown)
            self._observers.unarmed(opened.page, self._story.page)

    def _tell(self, url: str, status: int, shown: Shown) -> None:
        """Tell of a page of the site; what others show at its address is theirs."""
        if not is_own(self._own, url):
            return
        first = shown.page
        links = None
        if first and not first.too_many:
            links = tuple(sorted({url_shape(link) for link in first.links}))
        self._story.saw(PageLoaded(url=url_shape(url), status=status, links=links))
        for form in (form for one in (first, *shown.frames) if one for form in one.forms):
            fields = tuple(template(field) for field in form.fields)
            action = url_shape(form.action)
            self._story.saw(FormSeen(action=action, method=form.method[:10], fields=fields))


def _ends(opened: Tab) -> None:
    """Refuse a page that loads itself anew without end."""
    if opened.loads > MOST_LOADS:
        raise FailedError(f"it loaded itself anew more than {MOST_LOADS} times", is_timeout=True)
