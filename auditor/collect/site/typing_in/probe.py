"""The probe `type_into_forms`: types on each page, and tells where it went.

Off, it does nothing.
"""

import asyncio

from playwright.async_api import BrowserContext, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.plan import Plan
from auditor.collect.site.story import Story
from auditor.collect.site.typing_in.listening import Listening
from auditor.collect.site.typing_in.person import Datum, person
from auditor.collect.site.typing_in.search import Search
from auditor.collect.site.typing_in.typist import Typist
from auditor.evidence import Aspect, FormTyped, Reason

MOST_LEFT = 100  # fields that are told one by one


class TypingIn:
    """The probe of one visit: one somebody, who types on every page."""

    def __init__(self, plan: Plan, story: Story) -> None:
        """Make somebody up, if the plan wants it."""
        self._is_on, self._story, self._limits = plan.type_into_forms, story, plan.limits
        self._data = person(plan.seed, plan.locale) if self._is_on else {}
        self._search = Search()
        self._listening = Listening(story, self._search, step=plan.limits.step)

    def listen(self, context: BrowserContext) -> None:
        """Hear of every request of the context."""
        if self._is_on:
            self._listening.listen(context)

    def listen_closely(self, page: Page, session: CDPSession) -> None:
        """Hear what a page sends."""
        if self._is_on:
            self._listening.listen_closely(page, session)

    def kept(self, place: str, name: str, host: str, value: str) -> None:
        """Look into something that is kept on the device."""
        self._listening.kept(place, name, host, value)

    async def type(self, session: CDPSession) -> None:
        """Type into the fields of the page, and tell that it was done."""
        if not self._is_on:
            return
        typist = Typist(session, self._data)
        seconds = self._limits.page / 2
        try:
            await asyncio.wait_for(typist.type(self._begin, self._done), seconds)
        except TimeoutError:
            needs = f"fields that can be typed into within {seconds:g} seconds"
            self._missed(Reason.TIMEOUT, needs)
        except PlaywrightError:
            typist.broke = True
        typed, left = tuple(sorted(typist.typed)), tuple(sorted(typist.left))
        self._story.saw(FormTyped(typed=typed, left=left[:MOST_LEFT]))
        self._tell_gaps(typist)

    async def finish(self, context: BrowserContext) -> None:
        """Look into what is left when a page is done with, and into the cookies that are there."""
        if not self._search:
            return
        try:
            for cookie in await asyncio.wait_for(context.cookies(), self._limits.step):
                domain = str(cookie.get("domain", "")).removeprefix(".").lower()
                self.kept("cookie", str(cookie.get("name")), domain, str(cookie.get("value")))
        except (PlaywrightError, TimeoutError):
            self._missed(Reason.TIMEOUT, "a browser that tells its cookies")
        await self._listening.finish()

    def _begin(self, datum: Datum) -> None:
        self._listening.moment = "typed"
        self._search.learn(datum, datum.value)

    def _done(self, datum: Datum, text: str) -> None:
        self._listening.moment = "left"
        self._search.learn(datum, text)

    def _tell_gaps(self, typist: Typist) -> None:
        if typist.broke:
            self._missed(Reason.PROBE_NOT_ARMED, "frames that stay until they were typed into")
        if typist.too_many:
            self._missed(Reason.CAP_REACHED, "fewer fields and frames: some were not typed into")
        if typist.refused:
            needs = f"fields that take what is typed: {_few(typist.refused)} did not"
            self._missed(Reason.PROBE_NOT_ARMED, needs)
        if typist.hidden:
            needs = f"a page or a journey on which {_few(typist.hidden)} can be seen"
            self._missed(Reason.PROBE_NOT_ARMED, needs)

    def _missed(self, reason: Reason, needs: str) -> None:
        self._story.missed(f"typing on {self._story.page}", reason, needs, (Aspect.INPUT,))


def _few(labels: set[str]) -> str:
    first, *others = sorted(labels)
    return f"{first} and {len(others)} more" if others else first
