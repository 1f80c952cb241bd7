"""Addresses that a sitemap lists (sitemaps.org protocol 0.9), read in a profile of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import structs
from playwright.async_api import Browser, BrowserContext
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import host_of
from auditor.collect.site.access import send_headers
from auditor.collect.site.crawl import plain
from auditor.collect.site.launch import context_options
from auditor.collect.site.plan import Plan

MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024
MOST_ADDRESSES = 5_000
_OK = 200


async def read(running: Browser, plan: Plan) -> tuple[str, ...]:
    """Return the addresses listed under `/sitemap.xml`, sorted; none where there is no sitemap."""
    unkept = structs.replace(plan, keep="")
    options = context_options(unkept, running) | {"java_script_enabled": False}
    context = await running.new_context(**options)
    try:
        return await asyncio.wait_for(_addresses(context, plan), 3 * plan.limits.step)
    except (TimeoutError, PlaywrightError):
        return ()
    finally:
        with suppress(PlaywrightError):
            await context.close()


async def _addresses(context: BrowserContext, plan: Plan) -> tuple[str, ...]:
    waiting = [urljoin(plan.url, "/sitemap.xml")]
    found: set[str] = set()
    page = await context.new_page()
    await send_headers(await context.new_cdp_session(page), plan)
    for _ in range(MOST_FILES):
        if not waiting:
            break
        response = await page.goto(waiting.pop(0), timeout=plan.limits.step * 1000)
        body = await response.body() if response and response.status == _OK else b""
        for is_sitemap, url in entries(body):
            if is_sitemap and url.startswith(("http://", "https://")):
                waiting += [url] if host_of(url) == host_of(plan.url) else []
            elif len(found) < MOST_ADDRESSES:
                found.add(plain(url))
    return tuple(sorted(found))


def entries(body: bytes) -> Iterator[tuple[bool, str]]:
    """Yield (is it another sitemap, address) of a sitemap or an index; nothing if broken."""
    if not body or len(body) > MOST_BYTES:
        return
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return
    for entry in root:
        for part in entry:
            if part.tag.rpartition("}")[2] == "loc" and part.text:
                yield entry.tag.rpartition("}")[2] == "sitemap", part.text.strip()
