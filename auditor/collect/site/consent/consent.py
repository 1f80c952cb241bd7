"""One visitor's consent: is there a banner, the choice in it, and whether it was really made."""

import asyncio
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace
from playwright.async_api import BrowserContext, Page, Request
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.consent.autoconsent import Action, Run
from auditor.collect.site.consent.consent_mode import ConsentMode, consent_mode
from auditor.collect.site.consent.driving import Driven, agree, refuse, withdraw
from auditor.collect.site.consent.finder import asking
from auditor.collect.site.consent.outcome import OWN_STATE, SELF_TEST, is_kept, outcome, told
from auditor.collect.site.consent.statements import Statements, statements, what_fits
from auditor.collect.site.consent.steps import follow, in_sight
from auditor.collect.site.consent.waiting import (
    PATIENCE,
    PAUSE,
    age,
    appears,
    recognises,
    seen,
    vanishes,
)
from auditor.collect.site.consent.worlds import Worlds, within, worlds
from auditor.collect.site.tab import HungError
from auditor.evidence import BannerSeen, ChoiceMade, State
from auditor.policy.site import ChoiceStates, Step

NAME = 1.5  # seconds more for the name of its platform
RECOGNISE = 1.2  # seconds that autoconsent has for a banner that we see
AUTOCONSENT, FINDER = "autoconsent", "finder"
CHOOSE = 40.0  # seconds for a choice in all


class _Made(Struct, frozen=True, kw_only=True):
    """A choice: how it was made and what was known before it, for the second visit."""

    state: State
    how: str = ""
    clicks: int = 0
    gone: bool = False
    before: Statements = Statements()
    signals: dict[str, bool] = {}
    back_by: float = 0.0  # seconds of a page's life by which the banner had appeared
    stays: frozenset[str] = frozenset()


class Consent:
    """Drives the banner of one site in one browser context.

    `trouble` says why a choice could not be made, and `preticked` which boxes were already ticked
    in a layer that only a choice opens.
    """

    def __init__(
        self,
        steps: Mapping[State, tuple[Step, ...]],
        states: ChoiceStates | None = None,
        *,
        found: str = "",
        patience: float = PATIENCE,
    ) -> None:
        """Take the policy's own steps for each choice, and how each is recognised afterwards.

        `found` says what saw the banner on an earlier visit (`BannerSeen.how`), "" for nobody yet.
        """
        self._steps, self._states, self._patience = steps, states, patience
        self._rules_first = not found or AUTOCONSENT in found
        self._appeared = 0.0  # seconds of a page's life
        self._sent: list[ConsentMode] = []
        self._made = _Made(state=State.BEFORE)
        self.trouble = ""
        self.preticked: tuple[str, ...] = ()

    async def prepare(self, context: BrowserContext) -> None:
        """Listen for what requests say of consent; nothing is put into pages before we look."""
        context.on("request", self._request)

    def _request(self, request: Request) -> None:
        if said := consent_mode(request.url):
            self._sent = [*self._sent[-50:], said]

    async def wait(self, page: Page) -> None:
        """Wait until the banner that an earlier visit saw is there again, or ought to be."""
        if self._rules_first:
            await self.look(page)
            return
        try:
            async with worlds(page) as opened:
                await appears(opened, None, self._patience)
                self._appeared = await age(opened)
        except TimeoutError as error:
            raise HungError("waiting for a consent banner") from error

    async def look(self, page: Page) -> BannerSeen | None:
        """Return the banner of a page, None if there is none; nothing is clicked.

        `HungError` if the page does not answer: then nobody knows.
        """
        try:
            async with worlds(page) as opened:
                return await within(self._patience + NAME + 10, self._look(page, opened))
        except TimeoutError as error:
            raise HungError("looking for a consent banner") from error

    async def _look(self, page: Page, opened: Worlds) -> BannerSeen | None:
        run = Run(opened, None)
        await run.start()
        banner = await appears(opened, run, self._patience)
        if banner:
            await recognises(run, NAME)
        await run.stop()
        by_rule = run.popup.is_set()
        hows = [name for name, found in ((AUTOCONSENT, by_rule), (FINDER, banner)) if found]
        if not hows and any([await in_sight(page, steps) for steps in self._described]):
            hows = ["policy"]
        if not hows:
            return None
        return seen(banner, run.platform, " and ".join(hows))

    @property
    def _described(self) -> list[tuple[Step, ...]]:
        return [self._steps.get(state, ()) for state in (State.ACCEPT, State.REJECT)]

    async def choose(self, page: Page, state: State) -> ChoiceMade:
        """Make a choice: by the policy's steps, else by autoconsent, else by what buttons say.

        It is claimed at most: `confirm` tells more. Whatever the page does, this returns.
        """
        self.trouble, self.preticked, self._made = "", (), self._unmade(state)
        try:
            async with worlds(page) as opened:
                await within(CHOOSE, self._choose(page, opened))
        except (PlaywrightError, TimeoutError, HungError) as error:
            self.trouble = self.trouble or f"the page did not answer ({type(error).__name__})"
            self._made = replace(self._made, gone=False)
        return self._say(None)

    async def confirm(self, page: Page) -> ChoiceMade:
        """Return what may be said of the choice, on a page that was opened after it."""
        if not self._made.gone:
            return self._say(None)
        try:
            async with worlds(page) as opened:
                back = await within(CHOOSE, self._comes_back(page, opened))
                await self._listen(page, opened)
        except (PlaywrightError, TimeoutError, HungError):
            self.trouble = "the page of the second visit did not answer"
            return self._say(None)
        if back:
            self.trouble = "the banner was back on the second visit"
        return self._say(back)

    def _say(self, back: bool | None) -> ChoiceMade:  # noqa: FBT001 -- three answers, one of them unknown
        made = self._made
        return ChoiceMade(
            outcome=outcome(gone=made.gone, back=back, signals=made.signals),
            how=made.how,
            clicks=made.clicks,
            signals=told(made.signals),
        )

    async def _choose(self, page: Page, opened: Worlds) -> None:
        state = self._made.state
        self._made = replace(self._made, before=await statements(opened))
        self._sent.clear()
        steps = self._steps.get(state, ())
        done = bool(steps) and await self._by_policy(page, opened, steps)
        done = done or await self._by_itself(opened)
        if not done:
            self.trouble = self.trouble or "the banner is still there"
        self._made = replace(self._made, gone=done)
        await self._listen(page, opened)

    def _unmade(self, state: State) -> _Made:
        return _Made(state=state, back_by=self._appeared)

    async def _by_itself(self, opened: Worlds) -> bool:
        """Make the choice as nobody described it; first by what saw the banner before."""
        if self._made.state is State.WITHDRAW:
            return await self._by_finder(opened)
        if self._rules_first:
            return await self._by_autoconsent(opened) or await self._by_finder(opened)
        return await self._by_finder(opened) or await self._by_autoconsent(opened)

    async def _by_policy(self, page: Page, opened: Worlds, steps: tuple[Step, ...]) -> bool:
        followed = await follow(page, steps)
        self._saw_it(await age(opened))
        self._did("policy", followed.clicks)
        self.trouble = followed.trouble
        if followed.trouble:
            return False
        last = [step for step in steps if step.click][-1:]
        if not await vanishes(opened, page, last):
            return False
        stays = await in_sight(page, steps)  # links that are always there
        self._made = replace(self._made, stays=stays)
        return True

    async def _by_autoconsent(self, opened: Worlds) -> bool:
        action: Action = "optIn" if self._made.state is State.ACCEPT else "optOut"
        run = Run(opened, action)
        await run.start()
        banner = await appears(opened, run, self._patience)
        self._saw_it(await age(opened))
        if banner:
            await recognises(run, RECOGNISE)
        made = run.popup.is_set() and await run.finish()
        await run.stop()
        if not made:
            return False
        self._did(AUTOCONSENT, run.clicks)
        if run.self_test is not None and run.platform:  # another's only looks whether it is gone
            self._made = replace(self._made, signals={SELF_TEST: run.self_test})
        return await vanishes(opened)

    async def _by_finder(self, opened: Worlds) -> bool:
        """Click what the words say; twice, as a click may come before the page listens."""
        for _ in range(2):
            if not await self._click(opened):
                return False
            if await vanishes(opened):
                return True
        return False

    async def _click(self, opened: Worlds) -> bool:
        drive = {State.ACCEPT: agree, State.REJECT: refuse, State.WITHDRAW: withdraw}
        self._saw_it(await age(opened))
        driven: Driven = await drive[self._made.state](opened)
        if driven.trouble:
            self.trouble = self.trouble or driven.trouble
            return False
        self.trouble, self.preticked = "", driven.preticked
        self._made = replace(self._made, signals={})  # of a way that led nowhere
        self._did(FINDER, driven.clicks)
        return True

    def _saw_it(self, by: float) -> None:
        self._made = replace(self._made, back_by=self._made.back_by or by)

    def _did(self, how: str, clicks: int) -> None:
        self._made = replace(self._made, how=how, clicks=clicks)

    async def _listen(self, page: Page, opened: Worlds) -> None:
        """Add what the page, its requests and its cookies say of the choice."""
        agreed = self._made.state is State.ACCEPT
        now = await statements(opened)
        fits = what_fits(self._made.before, now, tuple(self._sent), agreed=agreed)
        own = getattr(self._states, self._made.state, None)
        if own and own.cookie:
            jar = await within(5, page.context.cookies())
            kept = {cookie["name"]: cookie["value"] for cookie in jar}
            fits[OWN_STATE] = is_kept(own, kept)
        self._made = replace(self._made, signals=self._made.signals | fits)

    async def _comes_back(self, page: Page, opened: Worlds) -> bool:
        """Return whether the banner appears again, within the time it took the first time."""
        steps = self._steps.get(self._made.state, ()) if self._made.how == "policy" else ()
        asks = () if self._made.state is State.WITHDRAW else steps
        while True:
            if await asking(opened) or await in_sight(page, asks) - self._made.stays:
                return True
            if await age(opened) > min(self._made.back_by, self._patience) + 0.3:
                return False
            await asyncio.sleep(PAUSE)
