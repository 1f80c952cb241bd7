"""The browser's cookie jar: the witness for cookies that nobody was seen setting."""

import asyncio
import json
import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from auditor.collect.site.plan import Plan
from auditor.collect.site.story import Story
from auditor.collect.web.set_cookie import value_shape
from auditor.evidence import Aspect, CookieSet, Reason
from auditor.names import template

Names = dict[tuple[str, str], float]  # name and domain: the longest life in seconds, 0: session

CAP = 400 * 86_400 - 86_400  # seconds; a browser keeps no cookie for longer (RFC 6265bis §5.5)


A_DAY = 86_400


def note(names: Names, cookie: CookieSet) -> None:
    """Take notice of a cookie that was told, and of how long it lives."""
    name = (cookie.name, cookie.domain)
    names[name] = max(names.get(name, 0), cookie.lifetime or 0)


async def tell_jar(
    context: BrowserContext,
    story: Story,
    known: Names,
    plan: Plan,
    local: Mapping[str, Mapping[str, str]],
) -> Names:
    """Tell of cookies that are not known, or live longer than was told, and return them.

    What a second attempt needs is saved.
    `local` is local storage by origin.
    """
    try:
        cookies = await asyncio.wait_for(context.cookies(), plan.limits.step)
    except (PlaywrightError, TimeoutError):
        needs = "a browser that answers: which cookies were kept is not known"
        story.missed("the cookie jar", Reason.TIMEOUT, needs, (Aspect.COOKIES,))
        return {}
    found: Names = {}
    for cookie in cookies:
        seen = _kept(dict(cookie))
        name = (seen.name, seen.domain)
        told = max(known.get(name, -1), found.get(name, -1))
        if told < 0 or (seen.lifetime or 0) > told + A_DAY:
            note(found, seen)
            story.saw(seen)
    _save(plan.saved_state, cookies, local)
    return found


def _kept(cookie: dict[str, Any]) -> CookieSet:
    """Return a cookie of the jar, of which only what the browser keeps is known."""
    expires = float(cookie.get("expires", -1))
    lifetime = None if expires < 0 else max(0, round(expires - time.time()))
    domain = str(cookie["domain"])
    return CookieSet(
        name=template(str(cookie["name"])),
        domain=domain.removeprefix(".").lower(),
        host_only=not domain.startswith("."),
        writer="",
        path=str(cookie.get("path", "/")) if cookie.get("path") == "/" else "/*",
        lifetime=lifetime,
        capped=lifetime is not None and lifetime >= CAP,
        secure=bool(cookie.get("secure")),
        http_only=bool(cookie.get("httpOnly")),
        same_site=str(cookie.get("sameSite", "")),
        partitioned=bool(cookie.get("partitionKey")),
        value=value_shape(str(cookie.get("value", ""))),
    )


def _save(path: str, cookies: Iterable[Any], local: Mapping[str, Mapping[str, str]]) -> None:
    origins = [
        {
            "origin": origin,
            "localStorage": [{"name": name, "value": value} for name, value in items.items()],
        }
        for origin, items in local.items()
    ]
    state = {"cookies": list(cookies), "origins": origins}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(state, file)
