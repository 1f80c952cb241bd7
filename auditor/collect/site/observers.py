"""All that listens while pages are open: armed together, told of each page, asked at its end."""

import asyncio
from contextlib import suppress

from playwright.async_api import Browser as Running
from playwright.async_api import BrowserContext, Dialog, Page
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.access import look_like_a_window, send_headers
from auditor.collect.site.answers import Answers
from auditor.collect.site.hooks import Hooks
from auditor.collect.site.jar import tell_jar
from auditor.collect.site.plan import Plan
from auditor.collect.site.probes.probing import Probes
from auditor.collect.site.storage import Storage
from auditor.collect.site.story import Story
from auditor.collect.site.tab import Tab
from auditor.collect.site.traffic import Traffic
from auditor.collect.site.typing_in.probe import TypingIn
from auditor.evidence import Aspect, Reason
from auditor.names import url_shape


class Observers:
    """Requests, answers, storage, hooks, probes, and what becomes of what is typed."""

    def __init__(self, plan: Plan, story: Story) -> None:
        """Prepare them; nobody listens yet."""
        self._plan, self._story = plan, story
        step = plan.limits.step
        self._answers = Answers(story, step=step)
        self.traffic = Traffic(story, self._answers, frozenset(plan.own))
        self.typing = TypingIn(plan, story)
        self._hooks = Hooks(story, self.typing.kept)
        self._probes = Probes(story)
        self.storage = Storage(story, self._hooks, self.typing.kept, step=step)

    async def arm(self, context: BrowserContext) -> None:
        """Listen to everything that the context will open."""
        await self._hooks.arm(context)
        await self._probes.arm(context)
        self.traffic.listen(context)
        self.typing.listen(context)

    async def listen(self, opened: Tab) -> None:
        """Listen closely to one tab, before it goes anywhere."""
        opened.page.on("dialog", dismiss)
        self.typing.listen_closely(opened.page, opened.session)
        await asyncio.gather(
            self.traffic.listen_closely(opened.page, opened.session),
            self.storage.listen(opened.session),
            send_headers(opened.session, self._plan),
            look_like_a_window(opened.session, self._plan),
        )

    def forget(self) -> None:
        """Begin a new page."""
        self._hooks.forget()
        self._probes.forget()

    def begin_again(self) -> None:
        """Begin a new visitor state: what is still kept then is told once more."""
        self._answers.set_names.clear()
        self._hooks.set_names.clear()
        self.storage.forget()

    def unarmed(self, page: Page, shape: str) -> None:
        """Tell of frames in which no hook was heard: who writes there, and what is gone again."""
        self._probes.unarmed(page, shape)
        frames = [frame for frame in page.frames if frame.url.startswith(("http:", "https:"))]
        silent = [frame for frame in frames if not self._hooks.is_armed(frame)]
        for frame in silent[:1]:
            self._story.missed(
                f"{url_shape(frame.url)} on {shape}",
                Reason.PROBE_NOT_ARMED,
                "a frame in which the hooks can be heard: who writes there is not known",
                (Aspect.COOKIES, Aspect.STORAGE),
            )

    async def finish(self, context: BrowserContext) -> None:
        """Wait for what was asked of the browser; a page is done with."""
        await self.traffic.finish()
        self._probes.finish()
        await self.typing.finish(context)
        await self.jar(context)

    async def jar(self, context: BrowserContext) -> None:
        """Tell of cookies that are there, and of which nobody has told."""
        known = dict(self._answers.set_names)
        for name, life in self._hooks.set_names.items():
            known[name] = max(life, known.get(name, 0))
        local = self.storage.local
        found = await tell_jar(context, self._story, known, self._plan, local)
        self._answers.set_names.update(found)

    async def end(self, context: BrowserContext, running: Running) -> None:
        """Give workers a last moment, and tell which hosts never answered."""
        if context.service_workers:
            await asyncio.sleep(0.2)
        await self.traffic.finish()
        await self.jar(context)
        await self._answers.contents.read_again(running, self._plan)
        for host, why in self.traffic.unanswered().items():
            needs = f"an answer of this host ({why}): what it might have set is not known"
            self._story.missed(host, Reason.UNREACHABLE, needs, (Aspect.REQUESTS, Aspect.COOKIES))


async def dismiss(dialog: Dialog) -> None:
    """Answer a page's question as somebody who closes it."""
    with suppress(PlaywrightError):
        await dialog.dismiss()
