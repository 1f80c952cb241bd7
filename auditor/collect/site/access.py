"""What a server is told beside what a browser says by itself: logins, and its own name."""

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession

from auditor.collect.site.launch import brands
from auditor.collect.site.plan import Plan
from auditor.collect.site.soon import soon
from auditor.collect.web.address import PORTS


async def look_like_a_window(session: CDPSession, plan: Plan) -> None:
    """Let a headless shell send the hints that a browser with a window sends."""
    if told := brands(plan):
        await session.send("Emulation.setUserAgentOverride", told)


async def send_headers(session: CDPSession, plan: Plan) -> None:
    """Send the plan's headers to the site's own origin, and only there: not after a redirect.

    Overrides of `Fetch.continueRequest` do not extend to where a request is redirected.
    """
    if not plan.headers:
        return

    def paused(event: dict[str, Any]) -> None:
        headers = {**event["request"]["headers"], **plan.headers}
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        given = {"requestId": event["requestId"], "headers": listed}
        soon(session.send("Fetch.continueRequest", given))

    session.on("Fetch.requestPaused", paused)
    parts = urlsplit(plan.url)
    port = "" if parts.port in {None, PORTS.get(parts.scheme)} else f":{parts.port}"
    origin = f"{parts.scheme}://{(parts.hostname or '').lower()}{port}"
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": f"{origin}/*"}]})
