"""Addresses that a sitemap lists (sitemaps.org protocol 0.9), read in a profile of its own."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import host_of
from auditor.collect.site.apart import Read, reader
from auditor.collect.site.crawl import plain
from auditor.collect.site.plan import Plan

MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024
MOST_ADDRESSES = 5_000


async def read(running: Browser, plan: Plan) -> tuple[str, ...]:
    """Return the addresses listed under `/sitemap.xml`, sorted; none where there is no sitemap."""
    try:
        async with asyncio.timeout(3 * plan.limits.step), reader(running, plan) as read_body:
            return await _addresses(read_body, plan)
    except (TimeoutError, PlaywrightError):
        return ()


async def _addresses(read_body: Read, plan: Plan) -> tuple[str, ...]:
    waiting = [urljoin(plan.url, "/sitemap.xml")]
    found: set[str] = set()
    for _ in range(MOST_FILES):
        if not waiting:
            break
        for is_sitemap, url in entries(await read_body(waiting.pop(0))):
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
