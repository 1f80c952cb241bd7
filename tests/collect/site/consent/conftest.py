"""A browser as visits have it, and the pages beside this file on a server of this machine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.async_api import BrowserContext, async_playwright
from shop import Shop, shop

from auditor.collect.site.browser import find_browser, no_sandbox
from auditor.collect.site.launch import context_options, launched
from auditor.collect.site.plan import Plan
from auditor.evidence import State

T = TypeVar("T")
Browse = Callable[[Callable[[BrowserContext], Awaitable[T]]], T]

CSP = {"Content-Security-Policy": "default-src * data:; script-src 'self' 'unsafe-inline'"}


@pytest.fixture(scope="module")
def pages() -> Iterator[Shop]:
    """Serve the pages, with a policy that lets no strange script in."""
    folder = Path(__file__).parent / "pages"
    kinds = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}
    served = {
        f"/{path.name}": (path.read_text(), kinds[path.suffix], CSP) for path in folder.iterdir()
    }
    with shop(served) as opened:
        yield opened


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Return what the browser is started with."""
    return Plan(
        site="shop",
        url="http://shop.localhost/",
        state=State.BEFORE,
        browser=find_browser(),
        sandbox=not no_sandbox(),
        start=("/",),
        directory=str(tmp_path),
    )


@pytest.fixture
def browse(plan: Plan) -> Browse[T]:
    """Return what does something in a fresh context of a visitor's browser."""

    async def run(work: Callable[[BrowserContext], Awaitable[T]]) -> T:
        async with async_playwright() as playwright, launched(playwright, plan) as running:
            context = await running.new_context(**context_options(plan, running))
            return await work(context)

    return lambda work: asyncio.run(run(work))
