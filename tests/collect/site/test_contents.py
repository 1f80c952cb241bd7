"""What documents and scripts hold, also when it is gone before it could be read."""

import asyncio
import os
from pathlib import Path

from playwright.async_api import Request, async_playwright
from shop import HTML, SCRIPT, Page, shop

from auditor.collect.site.browser import find_browser
from auditor.collect.site.contents import MOST_AGAIN, Contents
from auditor.collect.site.launch import launched
from auditor.collect.site.plan import Plan
from auditor.collect.site.said import Missed, Said, Saw
from auditor.collect.site.story import Story
from auditor.evidence import SecretFound, State

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0
KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
PAGE: Page = ("<script src=/key.js></script><p>Shop", HTML, {})


async def look(url: str, folder: Path, numbers: range) -> list[Said]:
    """Search what pages bring after they were closed: only a second reading can."""
    said: list[Said] = []
    story = Story(said.append, State.BEFORE, 100)
    story.page = url
    contents = Contents(story, step=5)
    plan = Plan(
        site="www",
        url=url,
        state=State.BEFORE,
        browser=find_browser(),
        sandbox=SANDBOX,
        start=(url,),
        directory=str(folder),
    )
    asked: list[Request] = []
    async with async_playwright() as playwright, launched(playwright, plan) as running:
        context = await running.new_context()
        context.on("request", lambda request: asked.append(request))  # noqa: PLW0108 -- no builtin
        page = await context.new_page()
        for number in numbers:
            await page.goto(f"{url}?{number}")
        await context.close()
        for request in asked:
            contents.take(request)
        await contents.finish()
        await contents.read_again(running, plan)
    return said


def test_what_was_gone_is_read_again(tmp_path: Path) -> None:
    """A key in a script is found although its page had been closed, and nothing is missed."""
    with shop({"/": PAGE, "/key.js": (f"const key = '{KEY}'", SCRIPT, {})}) as opened:
        said = asyncio.run(look(opened.url, tmp_path, range(1)))
    found = [one.seen for one in said if isinstance(one, Saw)]
    assert len(said) == 1
    assert [one.host for one in found if isinstance(one, SecretFound)] == ["shop.localhost"]


def test_what_cannot_be_read_again_is_missed(tmp_path: Path) -> None:
    """Of too many, and of a server that is gone, nobody knows what they held."""
    with shop({"/": ("<p>Shop", HTML, {})}) as opened:
        said = asyncio.run(look(opened.url, tmp_path, range(MOST_AGAIN + 1)))
    assert [isinstance(one, Missed) for one in said] == [True]
