import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import pytest
from inline_snapshot import snapshot
from playwright.async_api import BrowserContext, Page
from shop import Shop

from auditor.collect.site.consent import Consent, worlds
from auditor.collect.site.launch import brands
from auditor.collect.site.plan import Plan
from auditor.evidence import ChoiceMade, State
from auditor.policy.site import ChoiceState, ChoiceStates, Step

T = TypeVar("T")
Work = Callable[[BrowserContext], Awaitable[T]]
Browse = Callable[[Work[T]], T]

ACCEPT, REJECT, WITHDRAW = State.ACCEPT, State.REJECT, State.WITHDRAW
KEPT = ChoiceStates(
    accept=ChoiceState(cookie="choice", matches="^yes$"),
    reject=ChoiceState(cookie="choice", matches="^no$"),
)


async def opened(context: BrowserContext, pages: Shop, name: str, query: str = "") -> Page:
    """Open one of the pages."""
    page = await context.new_page()
    await page.goto(f"{pages.url}{name}.html?{query}")
    return page


def followed(pages: Shop, since: int, name: str, query: str = "") -> bool:
    """Return whether visitors of a page were followed since then."""
    return f"tracker.third.localhost/{name}/{query}" in pages.log[since:]


async def chosen(
    context: BrowserContext, pages: Shop, name: str, state: State, consent: Consent
) -> tuple[ChoiceMade, bool]:
    """Make a choice and come back; return what is said of it, and whether it had us followed."""
    await consent.prepare(context)
    page = await opened(context, pages, name, state)
    since = len(pages.log)
    made = await consent.choose(page, state)
    assert made.outcome in {"claimed", "failed"}
    await asyncio.sleep(0.2)
    is_followed = followed(pages, since, name, state)
    await page.close()
    return await consent.confirm(await opened(context, pages, name, state)), is_followed


async def together(works: Iterable[Awaitable[T]]) -> list[T]:
    """Do several things at a time: most of it is waiting."""
    few = asyncio.Semaphore(6)

    async def one(work: Awaitable[T]) -> T:
        async with few:
            return await work

    return await asyncio.gather(*map(one, works))


LOOKED = (
    "klaro settings shadow frame onetrust german slow only-ok first-layer cosmetic none"
).split()


def test_looking(browse: Browse[None], pages: Shop) -> None:
    """Each banner is seen, with its clicks and what is ticked; nothing is clicked or kept."""

    async def look(context: BrowserContext, name: str) -> tuple[object, ...] | None:
        page = await opened(context, pages, name)
        since = len(pages.log)
        seen = await Consent({}, patience=5).look(page)
        assert not followed(pages, since, name) or name == "cosmetic"
        return (seen.platform, seen.accept, seen.reject, seen.preticked) if seen else None

    async def look_everywhere(context: BrowserContext) -> None:
        found = await together(look(context, name) for name in LOOKED)
        assert await context.cookies() == []
        assert dict(zip(LOOKED, found, strict=True)) == snapshot(
            {
                "klaro": ("Klaro", 1, 1, ()),
                "settings": ("", 1, 2, ()),
                "shadow": ("", 1, 1, ()),
                "frame": ("", 1, 1, ()),
                "onetrust": ("Onetrust", 1, 2, ()),
                "german": ("", 1, 1, ()),
                "slow": ("", 1, 1, ()),
                "only-ok": ("", 1, None, ()),
                "first-layer": ("", 1, 2, ("Statistics for *",)),
                "cosmetic": None,
                "none": None,
            }
        )

    browse(look_everywhere)


def test_a_banner_that_hides_from_machines(browse: Browse[None], pages: Shop, plan: Plan) -> None:
    """A browser that says what it is sees none; one that visits a site as we do sees it."""

    async def look(context: BrowserContext) -> None:
        assert context.browser
        bare = await context.browser.new_context(user_agent="HeadlessChrome")
        assert await Consent({}, patience=0.5).look(await opened(bare, pages, "hides")) is None
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        if told := brands(plan):
            await session.send("Emulation.setUserAgentOverride", told)
        await page.goto(f"{pages.url}hides.html")
        seen = await Consent({}).look(page)
        assert seen
        assert (seen.accept, seen.reject) == (1, 1)

    browse(look)


CHOSEN = (
    "klaro settings shadow frame german slow only-ok first-layer dark tcf liar stubborn cosmetic"
).split()


def test_choosing(browse: Browse[None], pages: Shop) -> None:
    """Both choices are made where they can be, and no more is said of them than is known.

    For accepting, then for refusing: what came of it, and whether the visitor was then followed.
    (The page with TCF sends what was chosen, too.)
    """

    async def choose(context: BrowserContext, name: str) -> tuple[object, ...]:
        assert context.browser
        came: list[object] = []
        for state in (ACCEPT, REJECT):
            fresh = await context.browser.new_context(user_agent="Mozilla/5.0 Chrome/156.0.0.0")
            consent = Consent({}, patience=6 if name == "slow" else 3)
            made, is_followed = await chosen(fresh, pages, name, state, consent)
            assert (made.outcome == "failed") == bool(consent.trouble)
            came += [made.outcome, is_followed]
            await fresh.close()
        return tuple(came)

    async def choose_everywhere(context: BrowserContext) -> None:
        came = await together(choose(context, name) for name in CHOSEN)
        assert dict(zip(CHOSEN, came, strict=True)) == snapshot(
            {
                "klaro": ("claimed", True, "verified", False),
                "settings": ("claimed", True, "claimed", False),
                "shadow": ("claimed", True, "claimed", False),
                "frame": ("claimed", True, "claimed", False),
                "german": ("claimed", True, "claimed", False),
                "slow": ("claimed", True, "claimed", False),
                "only-ok": ("claimed", True, "failed", False),
                "first-layer": ("claimed", True, "claimed", False),
                "dark": ("claimed", True, "claimed", True),
                "tcf": ("verified", True, "verified", True),
                "liar": ("verified", True, "claimed", False),
                "stubborn": ("failed", False, "failed", False),
                "cosmetic": ("failed", False, "failed", False),
            }
        )

    browse(choose_everywhere)


def test_a_rule_that_misses_the_switches(browse: Browse[ChoiceMade], pages: Shop) -> None:
    """Where the rule's own test says that it did not refuse, no choice was made."""

    async def choose(context: BrowserContext) -> ChoiceMade:
        made, is_followed = await chosen(context, pages, "onetrust", REJECT, Consent({}))
        assert is_followed
        return made

    made = browse(choose)
    assert made == ChoiceMade(
        outcome="failed",
        how="autoconsent",
        clicks=made.clicks,
        signals=("self-test says otherwise",),
    )


def test_what_is_ticked_inside(browse: Browse[None], pages: Shop) -> None:
    """What a further layer has ticked is told, without names of people."""

    async def choose(context: BrowserContext) -> None:
        consent = Consent({})
        made, _ = await chosen(context, pages, "settings", REJECT, consent)
        assert (made.how, made.clicks) == ("finder", 4)
        assert consent.preticked == ("Statistics for *", "Advertising")

    browse(choose)


def test_what_the_page_and_its_requests_say(browse: Browse[ChoiceMade], pages: Shop) -> None:
    """TCF, Consent Mode and requests that carry it are heard."""

    async def choose(context: BrowserContext) -> ChoiceMade:
        made, _ = await chosen(context, pages, "tcf", ACCEPT, Consent({}))
        return made

    signals = ("Consent Mode", "Consent Mode in requests", "TCF")
    made = browse(choose)
    assert made == ChoiceMade(outcome="verified", how="finder", clicks=1, signals=signals)


STEPS = (
    Step(click="text=Manage options"),
    Step(wait_for="dialog[open]"),
    Step(click="#stats"),
    Step(click="#ads"),
    Step(click="role=button[name='Save my choices']"),
)


def test_the_steps_of_the_policy(browse: Browse[float], pages: Shop) -> None:
    """They are followed, the cookie that the policy names verifies them, and it is quick."""

    async def choose(context: BrowserContext) -> float:
        consent = Consent({REJECT: STEPS}, KEPT)
        page = await opened(context, pages, "settings")
        began = time.monotonic()
        assert (await consent.choose(page, REJECT)).outcome == "claimed"
        took = time.monotonic() - began
        made = await consent.confirm(await opened(context, pages, "settings"))
        signals = ("cookie named in the policy",)
        assert made == ChoiceMade(outcome="verified", how="policy", clicks=4, signals=signals)
        return took

    assert browse(choose) < 2  # it takes about 0.3 s on an idle machine


def test_steps_that_lead_elsewhere(browse: Browse[ChoiceMade], pages: Shop) -> None:
    """Steps that agree under the name of refusing are found out by the cookie."""

    async def choose(context: BrowserContext) -> ChoiceMade:
        consent = Consent({REJECT: (Step(click="text=Accept all"),)}, KEPT)
        made, _ = await chosen(context, pages, "settings", REJECT, consent)
        return made

    signals = ("cookie named in the policy says otherwise",)
    made = browse(choose)
    assert made == ChoiceMade(outcome="failed", how="policy", clicks=1, signals=signals)


def test_steps_inside_a_frame(browse: Browse[None], pages: Shop) -> None:
    """A selector is looked for in frames too; one that leads nowhere is named."""

    async def choose(context: BrowserContext) -> None:
        consent = Consent({REJECT: (Step(click="text=Continue without"),)})
        made, is_followed = await chosen(context, pages, "frame", REJECT, consent)
        assert (made.outcome, made.how, is_followed) == ("claimed", "policy", False)
        consent = Consent({ACCEPT: (Step(click="#missing"),)}, patience=0.5)
        await consent.choose(await opened(context, pages, "none"), ACCEPT)
        assert consent.trouble == "step 1 of the policy: nothing to be seen at `#missing`"

    browse(choose)


def test_changing_ones_mind(browse: Browse[None], pages: Shop) -> None:
    """The link back to the choice is found, and the refusal made there."""

    async def choose(context: BrowserContext) -> None:
        await chosen(context, pages, "settings", ACCEPT, Consent({}))
        consent = Consent({})
        made, is_followed = await chosen(context, pages, "settings", WITHDRAW, consent)
        assert (made.outcome, made.how, made.clicks) == ("claimed", "finder", 4)
        assert not is_followed
        kept = {cookie["name"]: cookie["value"] for cookie in await context.cookies()}
        assert kept == {"choice": "no"}

    browse(choose)


def test_no_way_back(browse: Browse[None], pages: Shop) -> None:
    """Where nothing leads back to the choice, it cannot be changed."""

    async def choose(context: BrowserContext) -> None:
        consent = Consent({})
        made, _ = await chosen(context, pages, "none", WITHDRAW, consent)
        assert made.outcome == "failed"
        assert consent.trouble == "no link or button leads back to the choice"

    browse(choose)


def test_a_page_that_never_answers_again(
    browse: Browse[None], pages: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click after which the page hangs ends in a failed choice, not in a hang."""
    monkeypatch.setattr(worlds, "STEP", 1.5)

    async def choose(context: BrowserContext) -> None:
        consent = Consent({})
        page = await opened(context, pages, "spins")
        made = await asyncio.wait_for(consent.choose(page, ACCEPT), 40)
        assert made.outcome == "failed"
        assert consent.trouble == "the page did not answer (HungError)"

    browse(choose)
