"""What a visit costs beside a bare one: the same pages, the same browser, in one run.

    python benchmarks/site_visit.py                 ratios, and growth from 5 to 50 pages
    python benchmarks/site_visit.py --long          500 pages too: some ten minutes
    python benchmarks/site_visit.py --pages 10      more pages for the ratios

`bare` opens a tab, loads the page and closes it. `bare, waiting` also scrolls, waits until the
page's late timer has fired, and leaves it: what it takes to see everything without moving the
clock. `audit` is our visit: a process, a browser and the network log for all of it. Facts are the
requests that each page plants (`site_pages.py`), and how many of them were told. Seconds a page
are without start and end; the whole is with them. The three take turns, and the median is told.
Memory is what the processes below us hold for themselves (USS), looked at twice a second.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import psutil
from msgspec import Struct
from playwright.async_api import BrowserContext, async_playwright
from site_pages import LATE, PLANTED

from auditor.collect.site.browser import Browser, find_browser, no_sandbox
from auditor.collect.site.launch import FLAGS
from auditor.collect.site.plan import Limits, Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_site
from auditor.evidence import RequestSent
from auditor.policy import ConsentBanner, Crawl, Site

ROUNDS = 3
MIB = 1024**2
SANDBOX = not no_sandbox()


class Took(Struct):
    """One visit: seconds in all, seconds for each page, planted facts that were told, gaps."""

    whole: float
    pages: list[float]
    facts: int
    gaps: int = 0


@contextmanager
def served() -> Iterator[str]:
    """Serve the site from a process of its own, and give its address."""
    command = [sys.executable, str(Path(__file__).with_name("site_pages.py"))]
    with subprocess.Popen(  # noqa: S603 -- our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout  # noqa: S101 -- it has a pipe
        yield f"http://shop.localhost:{process.stdout.readline().strip()}"
        process.terminate()


async def bare(browser: Browser, addresses: list[str], *, waits: bool) -> Took:
    """Visit pages with nothing but Playwright."""
    asked: set[str] = set()
    pages: list[float] = []
    began = time.perf_counter()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=browser.path, chromium_sandbox=SANDBOX, args=list(FLAGS)
        )
        context = await running.new_context()
        context.on("request", lambda request: asked.add(request.url))
        for address in addresses:
            start = time.perf_counter()
            await bare_page(context, address, waits=waits)
            pages.append(time.perf_counter() - start)
        await running.close()
    return Took(time.perf_counter() - began, pages, told(asked, addresses))


async def bare_page(context: BrowserContext, address: str, *, waits: bool) -> None:
    """Open, load, close; see everything in between if it `waits`."""
    page = await context.new_page()
    await page.goto(address, wait_until="load")
    if waits:
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        await asyncio.sleep(LATE + 0.1)
        await page.goto("about:blank")
        await asyncio.sleep(0.1)
    await page.close()


def audit(browser: Browser, addresses: list[str]) -> Took:
    """Visit pages as `audit run` does."""
    home, paths = addresses[0], tuple(address[address.index("/", 8) :] for address in addresses)
    crawl = Crawl(start=paths, max_pages=len(paths))
    site = Site(id="www", url=home, crawl=crawl, consent=ConsentBanner(banner="none"))
    turns: list[float] = []
    limits = Limits(deadline=3600, events=10**6)
    looking = Looking(network=Network(sandbox=SANDBOX), limits=limits)
    began = time.perf_counter()
    seen = visit_site(
        site,
        looking=looking,
        browser=browser,
        progress=lambda _page, _done: turns.append(time.perf_counter()),
    )
    whole = time.perf_counter() - began
    pages = [after - before for before, after in pairwise(turns)]
    requests = {item.url for item in seen.observations if isinstance(item, RequestSent)}
    for gap in seen.gaps[:3]:
        print(f"  gap: {gap.what}: {gap.reason}: {gap.needs}")
    return Took(whole, pages, told(requests, addresses), len(seen.gaps))


def told(urls: set[str], addresses: list[str]) -> int:
    """Return how many of the planted facts are among the addresses that were told."""
    paths = {url.partition("localhost:")[2].partition("/")[2] for url in urls}
    names = [address.rpartition("/")[2] for address in addresses]
    return sum(f"{name}{fact}" in paths for name in names for fact in PLANTED)


def compare(browser: Browser, home: str, number: int) -> None:
    """Tell what the three cost on the same pages, in turns."""
    addresses = [f"{home}/page-{i}" for i in range(number)]
    ways: dict[str, Callable[[], Took]] = {
        "bare": lambda: asyncio.run(bare(browser, addresses, waits=False)),
        "bare, waiting": lambda: asyncio.run(bare(browser, addresses, waits=True)),
        "audit": lambda: audit(browser, addresses),
    }
    took: dict[str, list[Took]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            took[name].append(way())
    print(f"{number} pages, {len(PLANTED)} planted facts each, median of {ROUNDS} rounds")
    print(f"{'':15}s a page   whole s   start and end s   facts told")
    page_of: dict[str, float] = {}
    for name, several in took.items():
        page_of[name] = statistics.median(page for one in several for page in one.pages)
        whole = statistics.median(one.whole for one in several)
        rest = statistics.median(
            one.whole - statistics.mean(one.pages) * number for one in several
        )
        facts = min(one.facts for one in several)
        print(
            f"{name:15}{page_of[name]:8.2f} {whole:9.2f} {rest:17.2f}"
            f"   {facts} of {number * len(PLANTED)}"
        )
    for name in ("bare", "bare, waiting"):
        print(f"a page costs {page_of['audit'] / page_of[name]:.2f} times that of: {name}")


def grow(browser: Browser, home: str, sizes: list[int]) -> None:
    """Tell what more pages cost, and how much memory that takes."""
    print(f"\n{'pages':>5}  whole s  s a page: first, last tenth   MiB ours: early, most  browser")
    for number in sizes:
        addresses = [f"{home}/page-{i}" for i in range(number)]
        with watched() as memory:
            took = audit(browser, addresses)
        tenth = max(1, len(took.pages) // 10)
        first, last = (statistics.mean(part) for part in (took.pages[:tenth], took.pages[-tenth:]))
        ours, theirs = zip(*memory, strict=True)
        early = max(ours[: max(4, len(ours) // 10)])
        print(
            f"{number:5} {took.whole:8.1f} {first:16.2f} {last:12.2f}"
            f" {early / MIB:15.0f} {max(ours) / MIB:6.0f} {max(theirs) / MIB:8.0f}"
            f"   {took.facts} of {number * len(PLANTED)} facts, {took.gaps} gaps"
        )


@contextmanager
def watched() -> Iterator[list[tuple[int, int]]]:
    """Give pairs of bytes held by our processes and by the browser's, while the block runs."""
    found: list[tuple[int, int]] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            found.append(_held())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()
        found.append(_held())


def _held() -> tuple[int, int]:
    ours = theirs = 0
    me = psutil.Process()
    for process in (me, *me.children(recursive=True)):
        with suppress(psutil.Error):
            name, size = process.name(), process.memory_full_info().uss
            if "site_pages.py" in " ".join(process.cmdline()):
                continue
            if "chrom" in name or "headless" in name:
                theirs += size
            else:
                ours += size
    return ours, theirs


def start_up() -> None:
    """Tell how long `audit --help` takes."""
    command = [str(Path(sys.executable).with_name("audit")), "--help"]
    times = []
    for _ in range(10):
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 -- our own
        times.append(time.perf_counter() - began)
    print(f"\naudit --help: {statistics.median(times):.2f} s (median of {len(times)})")


def main() -> None:
    """Serve, visit and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--sizes", nargs="*", type=int, default=[5, 50])
    parser.add_argument("--long", action="store_true", help="500 pages too")
    options = parser.parse_args()
    browser = find_browser(os.environ.get("AUDIT_BROWSER", ""))
    print(f"{browser.kind.replace('_', ' ')} {browser.version}, {os.cpu_count()} processors")
    with served() as home:
        compare(browser, home, options.pages)
        grow(browser, home, [*options.sizes, *([500] if options.long else [])])
    start_up()


if __name__ == "__main__":
    main()
