"""Reading an address in a profile of its own, without scripts: what it holds, not what it does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from msgspec import structs
from playwright.async_api import Browser, Route
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.access import send_headers
from auditor.collect.site.launch import context_options
from auditor.collect.site.plan import Plan

Read = Callable[[str], Awaitable[bytes]]


@asynccontextmanager
async def reader(running: Browser, plan: Plan) -> AsyncIterator[Read]:
    """Yield a function that returns the body at an address.

    It raises Playwright's errors where there is no answer. Nothing beside the address is loaded.
    """
    unkept = structs.replace(plan, keep="", storage_state="")
    options = context_options(unkept, running) | {"java_script_enabled": False}
    context = await running.new_context(**options)
    try:
        await context.route("**/*", _only_the_address)
        page = await context.new_page()
        await send_headers(await context.new_cdp_session(page), plan)

        async def read(url: str) -> bytes:
            response = await page.goto(url, timeout=plan.limits.step * 1000)
            return await response.body() if response else b""

        yield read
    finally:
        with suppress(PlaywrightError):
            await context.close()


async def _only_the_address(route: Route) -> None:
    if route.request.is_navigation_request():
        await route.continue_()
    else:
        await route.abort()
