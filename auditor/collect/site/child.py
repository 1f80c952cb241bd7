"""The process that makes one visit: a site, in one visitor state, in a browser of its own.

Reads a `Plan` from standard input and says on standard output what it sees (`said.py`).
"""

import asyncio
import os
import sys

import msgspec
from playwright.async_api import async_playwright

from auditor.collect.site.launch import launched
from auditor.collect.site.plan import Plan
from auditor.collect.site.said import Began, Hung, Said, encode
from auditor.collect.site.story import Say
from auditor.collect.site.tab import HungError
from auditor.collect.site.visitor import Visit
from auditor.errors import CollectError

STUCK = 7  # exit code: the browser no longer answers, and somebody has to end it


async def visit(plan: Plan, say: Say) -> int:
    """Make the visit; return the exit code."""
    async with async_playwright() as playwright:
        try:
            async with launched(playwright, plan) as running:
                say(Began(conditions=_conditions(plan)))
                await Visit(plan, say).make(running)
        except HungError:
            say(Hung())
            return STUCK
    return 0


def _conditions(plan: Plan) -> dict[str, str]:
    is_remote = plan.browser.kind == "remote"
    said = {
        "browser": f"{plan.browser.kind.replace('_', ' ')} {plan.browser.version}",
        "cookies of third parties": "not known" if is_remote else "taken",
        "language": plan.locale,
        "time zone": plan.timezone,
        "simulated time": f"{plan.limits.skipped:g} s a page",
        "sandbox": "" if plan.sandbox or is_remote else "off",
        "certificates": "any accepted" if plan.network.accept_any_certificate else "",
        "reached through": ", ".join(plan.network.resolve),
    }
    return {name: text for name, text in said.items() if text}


def main() -> int:
    """Read a plan, visit, and say what is seen."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    os.environ["TMPDIR"] = plan.directory  # with it goes whatever an ended browser leaves
    out = sys.stdout.buffer

    def say(said: Said) -> None:
        out.write(encode(said) + b"\n")
        out.flush()

    try:
        code = asyncio.run(visit(plan, say))
    except CollectError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return code


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # what hangs would keep the interpreter from ending
