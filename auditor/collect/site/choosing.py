"""A visitor's choice in the consent banner, before the site is looked at.

What happens until the choice is the visitor's who has not chosen yet; what happens from then on,
and what is still on the device, is the one's who has.
"""

from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext, Page

from auditor.collect.site.consent import Consent
from auditor.collect.site.plan import CHOICES, Plan
from auditor.collect.site.story import Story
from auditor.collect.site.tab import FailedError, Tab
from auditor.evidence import Aspect, BannerSeen, ChoiceMade, Reason, State
from auditor.names import url_shape
from auditor.policy.site import ChoiceState, ChoiceStates, Step

GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });"


class Chooser:
    """Makes the plan's choice, and finds out on the next page whether it holds."""

    def __init__(self, plan: Plan, story: Story) -> None:
        """Begin as somebody who has not chosen, where the plan has a choice to make."""
        self._plan, self._story = plan, story
        steps = {
            state: tuple(Step(click=click, wait_for=wait_for) for click, wait_for in pairs)
            for state, pairs in plan.steps.items()
        }
        known = {
            state: ChoiceState(cookie=cookie, matches=matches)
            for state, (cookie, matches) in plan.recognised.items()
        }
        states = ChoiceStates(
            accept=known.get(State.ACCEPT),
            reject=known.get(State.REJECT),
            withdraw=known.get(State.WITHDRAW),
        )
        self._consent = Consent(steps, states, found=plan.found)
        self._made: ChoiceMade | None = None
        self._has_looked = plan.banner == "none" or bool(plan.done)

    @property
    def is_due(self) -> bool:
        """Return whether a choice has to be made first; one that was made is in the profile."""
        return self._plan.state in CHOICES and not self._plan.done

    async def prepare(self, context: BrowserContext) -> None:
        """Let the context do what the state asks for, from its first request on."""
        await self._consent.prepare(context)
        if self._plan.state is State.GPC:
            await context.set_extra_http_headers({"Sec-GPC": "1"})
            await context.add_init_script(GPC)

    async def choose(self, opened: Tab, url: str, begin: Callable[[], Awaitable[None]]) -> None:
        """Open a page and choose; `begin` is called when the choice begins."""
        self._story.state = State.BEFORE
        try:
            await opened.open(url)
        except FailedError:
            await begin()
            self._made = ChoiceMade(outcome="failed")
            return
        self._story.page = url_shape(opened.page.url)
        await opened.settle()
        if self._plan.state not in self._plan.steps:
            await self._consent.wait(opened.page)
        if self._plan.state is State.WITHDRAW:
            await self._withdraw(opened, begin)
            return
        await begin()
        self._made = await self._consent.choose(opened.page, self._plan.state)
        if self._consent.preticked:
            how = self._made.how
            self._story.saw(BannerSeen(preticked=self._consent.preticked, how=how))
        await opened.settle()

    async def _withdraw(self, opened: Tab, begin: Callable[[], Awaitable[None]]) -> None:
        self._story.state = State.ACCEPT
        agreed = await self._consent.choose(opened.page, State.ACCEPT)
        await opened.settle()
        await begin()
        if agreed.outcome == "failed":
            self._made = ChoiceMade(outcome="failed")
            return
        self._made = await self._consent.choose(opened.page, State.WITHDRAW)
        await opened.settle()

    async def look(self, page: Page) -> bool:
        """Look for the banner on the first page, or whether the choice holds there.

        Return whether this page was the one that shows it.
        """
        if self._made is not None:
            made, self._made = self._made, None
            if made.outcome != "failed":
                made = await self._consent.confirm(page)
            self._tell(made)
            return True
        if not self._has_looked and self._plan.state is State.BEFORE:
            self._has_looked = True
            if banner := await self._consent.look(page):
                self._story.saw(banner)
            return True
        return False

    def finish(self) -> None:
        """Tell of a choice of which no page showed whether it holds."""
        if self._made is not None:
            self._tell(self._made)
            self._made = None

    def _tell(self, made: ChoiceMade) -> None:
        self._story.saw(made)
        if made.outcome == "failed":
            why = self._consent.trouble or "no way was found"
            self._story.missed(
                f"the choice {self._plan.state}",
                Reason.NOT_VERIFIED,
                f"a choice that can be confirmed ({why}): say how it is made, under"
                f" consent: {{{self._plan.state}: {{steps: [...]}}}}",
                (Aspect.CHOICES, Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE),
            )
