"""Is everything here that a look at a website takes? Tried for real, not looked up.

What is missing is a row of the answer with what to do about it, never an error.
"""

import platform
from importlib.metadata import version

from msgspec.structs import replace

from auditor.collect.site.browser import Browser, find_browser, no_sandbox
from auditor.collect.site.selftest import Probe, self_test
from auditor.errors import CollectError

KINDS = {"chrome": "Chrome", "chromium": "Chromium", "headless_shell": "headless shell"}
REMOTE = "runs elsewhere: its network log is not seen, so every visit has a gap"


def examine(wanted: str = "", sandbox: str = "") -> tuple[Probe, ...]:
    """Return what was found and tried; takes a few seconds, and 30 at most.

    `wanted` is a browser's path or "", `sandbox` is as in `no_sandbox`.
    """
    found = (
        Probe(name="Python", ok=True, detail=platform.python_version()),
        Probe(name="Playwright", ok=True, detail=version("playwright")),
    )
    try:
        browser, why_not = find_browser(wanted), no_sandbox(sandbox)
    except CollectError as error:
        what, *todo = str(error).splitlines()
        return *found, Probe(name="browser", ok=False, detail=what, todo="\n".join(todo))
    if browser.kind == "remote":
        return *found, Probe(name="browser", ok=True, detail=f"{browser.version}, {REMOTE}")
    probes = self_test(browser, sandbox=not why_not).probes
    return *found, _browser(browser), *(_with_reason(probe, why_not) for probe in probes)


def _browser(browser: Browser) -> Probe:
    detail = f"{KINDS[browser.kind]} {browser.version}, {browser.path}"
    return Probe(name="browser", ok=True, detail=detail)


def _with_reason(probe: Probe, why_not: str) -> Probe:
    """Say why the sandbox is off, where it is meant to be."""
    if probe.name != "sandbox" or not probe.ok or not why_not:
        return probe
    return replace(probe, detail=f"{probe.detail}: {why_not}")
