"""The process in which a browser is tried out: a plan comes in, a line for each probe goes out."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import psutil
from playwright.async_api import BrowserContext, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.hooks import Hooks
from auditor.collect.site.launch import context_options, launched
from auditor.collect.site.plan import Plan
from auditor.collect.site.said import Said, Saw
from auditor.collect.site.selftest import Probe
from auditor.collect.site.selftest_pages import (
    SCRIPT_COOKIES,
    SITE,
    THIRD_PARTY,
    THIRD_PARTY_COOKIES,
    served,
)
from auditor.collect.site.story import Story
from auditor.errors import CollectError
from auditor.evidence import CookieSet, State

Tell = Callable[[Probe], None]

STEP = 5.0  # seconds for one probe; each takes a tenth of one
MOST = 100  # observations
ANOTHER = "use another browser, best a headless shell: AUDIT_BROWSER=/path/to/it"
ALLOW = (
    "the browser is managed by an organisation, or set to block them: use a headless shell"
    " (AUDIT_BROWSER=/path/to/it)"
)
READ = "docs/browser.md says what to do"
NO_SANDBOX = "start the browser without flags of your own (/etc/chromium.d, a wrapper script)"


async def try_out(plan: Plan, tell: Tell) -> None:
    """Start the plan's browser, and tell of each probe as it is done."""
    try:
        with served() as port:
            async with async_playwright() as playwright, launched(playwright, plan) as running:
                context = await running.new_context(**context_options(plan, running))
                hooks, told = await _hooked(context)
                page = await context.new_page()
                await page.goto(f"http://{SITE}:{port}/", timeout=2 * STEP * 1000)
                tell(Probe(name="start", ok=True, detail=f"version {running.version}"))
                tell(await _tried("sandbox", _sandbox(plan), NO_SANDBOX))
                tell(await _tried("third-party cookies", _cookies(context), ALLOW))
                tell(await _tried("service worker", _worker(page, context), ANOTHER))
                tell(await _tried("hooks", _hooks(page, hooks, told), ANOTHER))
    except (CollectError, PlaywrightError) as error:
        tell(Probe(name="start", ok=False, detail=_short(error), todo=READ))
        return
    tell(await _tried("network log", _network_log(plan), ANOTHER))


async def _tried(name: str, work: Awaitable[str], todo: str) -> Probe:
    try:
        async with asyncio.timeout(STEP):
            return Probe(name=name, ok=True, detail=await work)
    except TimeoutError:
        return Probe(name=name, ok=False, detail=f"nothing within {STEP:g} seconds", todo=todo)
    except (CollectError, PlaywrightError, OSError, ValueError) as error:
        return Probe(name=name, ok=False, detail=_short(error), todo=todo)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


async def _sandbox(plan: Plan) -> str:
    """Look at the processes, not at what was asked for."""
    if not plan.sandbox:
        return "off"
    commands = [_command(process) for process in psutil.Process().children(recursive=True)]
    if any("--no-sandbox" in command for command in commands):
        raise CollectError("off, although it should be on")
    return "on"


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


async def _cookies(context: BrowserContext) -> str:
    kept = {str(cookie.get("name")) for cookie in await context.cookies()}
    if missing := sorted({*THIRD_PARTY_COOKIES} - kept):
        raise CollectError(f"blocked by the browser: {', '.join(missing)}")
    return "kept"


async def _worker(page: Page, context: BrowserContext) -> str:
    """Ask the page, which is ours, and see that the context knows of it as well."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await _until(lambda: bool(context.service_workers))
    return "registered"


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 -- Playwright tells of it in the same loop
        await asyncio.sleep(0.02)


async def _hooked(context: BrowserContext) -> tuple[Hooks, list[CookieSet]]:
    """Put the hooks of a visit into each page; the list is of cookies that they will tell of."""
    told: list[CookieSet] = []

    def say(said: Said) -> None:
        if isinstance(said, Saw) and isinstance(said.seen, CookieSet):
            told.append(said.seen)

    hooks = Hooks(Story(say, State.BEFORE, MOST))
    await hooks.arm(context)
    return hooks, told


async def _hooks(page: Page, hooks: Hooks, told: list[CookieSet]) -> str:
    """Wait until page and frame are armed, and each has told of the cookie that it writes."""
    await _until(lambda: all(hooks.is_armed(frame) for frame in page.frames))
    await _until(lambda: {*SCRIPT_COOKIES} <= {cookie.name for cookie in told})
    return "heard from the page and from a frame of another site"


async def _network_log(plan: Plan) -> str:
    """Read it after the browser has closed: it is complete only then."""
    text = await asyncio.to_thread(Path(plan.netlog).read_bytes)
    asked = [str(event.get("params", {}).get("url", "")) for event in json.loads(text)["events"]]
    if not any(url.startswith(f"http://{THIRD_PARTY}:") for url in asked):
        raise CollectError("does not tell of a request that was made")
    return f"complete, {len(asked)} events"


def main() -> None:
    """Read a plan, and write one line of JSON for each probe."""

    def tell(probe: Probe) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(probe) + b"\n")
        sys.stdout.buffer.flush()

    asyncio.run(try_out(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan), tell))


if __name__ == "__main__":
    main()
