"""Starting a browser that shows what a visitor's browser does, and hides nothing from us."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser as Running
from playwright.async_api import BrowserContext, Playwright
from playwright.async_api import Error as PlaywrightError

from auditor.collect.ownership import origin_of
from auditor.collect.site.plan import Network, Plan
from auditor.errors import CollectError

# Playwright's own list gives frames of third parties storage that is not kept apart by the site
# around them, and this replaces it. Frames stay in the page's process, so that one session and
# one clock reach all of them; lazy ones load. http stays http: what upgrades it is the site.
SWITCHED_OFF = (
    "AcceptCHFrame",
    "AutofillServerCommunication",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "GlobalMediaControls",
    "HttpsUpgrades",
    "IsolateOrigins",
    "LazyFrameLoading",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "Translate",
    "site-per-process",
)
FLAGS = (
    "--disable-background-networking",
    "--disable-blink-features=AutomationControlled",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-site-isolation-trials",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(SWITCHED_OFF)}",
)
# With this alone a full Chrome or Chromium keeps cookies of third parties, as headless shells do
PREFERENCES = {"profile": {"cookie_controls_mode": 0}}
_PLATFORM = {"darwin": "Macintosh; Intel Mac OS X 10_15_7", "win32": "Windows NT 10.0; Win64; x64"}
_HINTS = {"darwin": ("macOS", "15.0.0"), "win32": ("Windows", "19.0.0")}
NO_SANDBOX = (
    "the browser cannot use its sandbox here. In a container, or as root, run it without:"
    " AUDIT_SANDBOX=off; elsewhere, allow user namespaces, or use the distribution's browser"
)


def flags(network: Network, netlog: str = "") -> list[str]:
    """Return the flags of the browser's command line, beside those that Playwright gives."""
    given = list(FLAGS)
    rules = [f"MAP {rule.replace('=', ' ', 1)}" for rule in network.resolve]
    if network.offline:
        here = ("localhost", "*.localhost", "127.0.0.1")
        rules += [*(f"MAP {host} 127.0.0.1" for host in here), "MAP * ~NOTFOUND"]
        given.append("--force-webrtc-ip-handling-policy=disable_non_proxied_udp")
    if rules:
        given.append(f"--host-resolver-rules={', '.join(rules)}")
    if network.accept_any_certificate:
        given.append("--ignore-certificate-errors")
    if network.trusted_keys:
        keys = ",".join(network.trusted_keys)
        given.append(f"--ignore-certificate-errors-spki-list={keys}")
    if netlog:
        given += [f"--log-net-log={netlog}", "--net-log-capture-mode=Default"]
    return given


@asynccontextmanager
async def launched(playwright: Playwright, plan: Plan) -> AsyncIterator[Running]:
    """Run the plan's browser, or reach it; `CollectError` if it does not start."""
    if plan.browser.kind == "remote":
        async with _reached(playwright, plan) as running:
            yield running
        return
    common: dict[str, Any] = {
        "executable_path": plan.browser.path,
        "args": flags(plan.network, plan.netlog),
        "chromium_sandbox": plan.sandbox,
        "proxy": {"server": plan.proxy} if plan.proxy else None,
    }
    base: BrowserContext | None = None
    try:
        if plan.browser.kind == "headless_shell":
            running = await playwright.chromium.launch(**common)
        else:
            base = await playwright.chromium.launch_persistent_context(_profile(plan), **common)
            running = _of(base)
    except PlaywrightError as error:
        raise CollectError(_why_not(plan, str(error))) from error
    try:
        yield running
    finally:
        await (base or running).close()


@asynccontextmanager
async def _reached(playwright: Playwright, plan: Plan) -> AsyncIterator[Running]:
    """Connect to a browser that runs elsewhere, with the command line that it has."""
    network = plan.network
    if network.resolve or network.offline or network.trusted_keys:
        message = "--resolve and --offline need a browser on this machine: leave out AUDIT_BROWSER"
        raise CollectError(message)
    try:
        running = await playwright.chromium.connect_over_cdp(
            plan.browser.path, timeout=plan.limits.load * 1000
        )
    except PlaywrightError as error:
        raise CollectError(f"{plan.browser.path}: the browser there does not answer") from error
    try:
        yield running
    finally:
        await running.close()  # lets go of it; it goes on


def _of(base: BrowserContext) -> Running:
    if base.browser is None:
        raise CollectError("this Playwright does not say which browser a profile belongs to")
    return base.browser


def _profile(plan: Plan) -> str:
    folder = Path(plan.directory, "profile", "Default")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Preferences").write_text(json.dumps(PREFERENCES))
    return str(folder.parent)


def _why_not(plan: Plan, text: str) -> str:
    if plan.sandbox and ("No usable sandbox" in text or "sandbox_linux" in text):
        return NO_SANDBOX
    said = next((line.strip() for line in text.splitlines() if "ERROR" in line), text[:300])
    return f"{plan.browser.path} does not start: {said[:300]}; `audit doctor` tests it"


def context_options(plan: Plan, running: Running) -> dict[str, Any]:
    """Return what makes a new context look like a visitor's browser at the plan's vantage."""
    version = plan.browser.version
    options: dict[str, Any] = {
        "accept_downloads": False,
        "locale": plan.locale or None,
        "timezone_id": plan.timezone or None,
        "user_agent": plan.user_agent or None,
        "storage_state": plan.storage_state or None,
    }
    if plan.browser.kind == "remote":
        options["ignore_https_errors"] = plan.network.accept_any_certificate
        options["proxy"] = {"server": plan.proxy} if plan.proxy else None
    if not plan.user_agent:
        options["user_agent"] = _user_agent(version or running.version)
    if plan.basic_auth:
        user, _, password = plan.basic_auth.partition(":")
        options["http_credentials"] = {
            "username": user,
            "password": password,
            "origin": origin_of(plan.url).removesuffix("/"),
        }
    if plan.keep:
        options["record_har_path"] = f"{plan.keep}/visit.har"
        options["record_har_content"] = "omit"
    return {name: value for name, value in options.items() if value is not None}


def brands(plan: Plan) -> dict[str, Any] | None:
    """Return the hints that a browser with a window sends (User-Agent Client Hints).

    None for browsers that send them by themselves; a headless shell has to be told, and one that
    runs elsewhere may be one.
    """
    if plan.user_agent or plan.browser.kind not in {"headless_shell", "remote"}:
        return None
    version = plan.browser.version
    major = version.partition(".")[0]
    names = ("Chromium", "Google Chrome")
    platform, number = _HINTS.get(sys.platform, ("Linux", ""))
    told: dict[str, Any] = {
        "userAgent": _user_agent(version),
        "userAgentMetadata": {
            "brands": [{"brand": name, "version": major} for name in names],
            "fullVersionList": [{"brand": name, "version": version} for name in names],
            "fullVersion": version,
            "platform": platform,
            "platformVersion": number,
            "architecture": "x86",
            "model": "",
            "mobile": False,
        },
    }
    return told | ({"acceptLanguage": plan.locale} if plan.locale else {})


def _user_agent(version: str) -> str:
    """Return what the browser would call itself with a window (Chromium's reduced form)."""
    major = version.partition(".")[0]
    platform = _PLATFORM.get(sys.platform, "X11; Linux x86_64")
    return (
        f"Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko)"
        f" Chrome/{major}.0.0.0 Safari/537.36"
    )
