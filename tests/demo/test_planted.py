"""Everything that examples/reach4help/PLANTED.yaml says really happens, in a real browser."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from msgspec import Struct
from playwright.sync_api import BrowserContext, Frame, Page

from auditor.demo import Demo, example_policy, site_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "reach4help"
PLAN: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (EXAMPLE / "PLANTED.yaml").read_text("utf-8")
)
PAGES = ["/", "/about", "/volunteer", "/donate", "/contact", "/confidentialite", "/thanks"]
HOME = "https://reach4help.org"
DAY = 86_400
LONGEST = 400 * DAY  # that a browser keeps a cookie (RFC 6265bis section 5.5)
QUIET, EARLY = 0.25, 2.5  # seconds without a request; before what is late begins
# Tells of every cookie that a script writes, also of one that is gone a moment later.
WRITES = """
  const was = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    ...was, set(line) { console.debug(`wrote ${line}`); was.set.call(this, line); },
  });
"""
KEPT = """async () => ({
  local_storage: Object.keys(localStorage),
  session_storage: Object.keys(sessionStorage),
  indexed_db: (await indexedDB.databases()).map((one) => one.name),
  cache_storage: await caches.keys(),
  service_worker: (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
})"""


class Seen(Struct):
    """What a visit to all pages saw: hosts by (page, when), storage by (origin, kind)."""

    hosts: dict[tuple[str, str], set[str]] = {}
    kept: dict[tuple[str, str], set[str]] = {}
    wanted: set[str] = set()
    written: list[str] = []
    cookies: list[dict[str, Any]] = []


@pytest.fixture(scope="module")
def seen(demo: Demo, browser: BrowserContext) -> Seen:
    """Return what happened on a visit to all pages, without any choice in the banner."""
    seen = Seen()
    browser.add_init_script(WRITES)
    page = browser.pages[0]
    page.on("console", lambda message: seen.written.append(message.text))
    browser.on("request", lambda request: seen.wanted.add(urlsplit(request.url).netloc))
    for path in PAGES:
        visit(demo, page, path, seen)
    seen.cookies = [dict(cookie) for cookie in browser.cookies()]
    return seen


def visit(demo: Demo, page: Page, path: str, seen: Seen) -> None:
    """Open a page, wait, scroll, wait for what is late, and leave."""

    def during(when: str, act: Callable[[], object]) -> None:
        before = len(demo.log)
        act()
        settle(demo, page)
        seen.hosts[path, when] = {asked.host for asked in demo.log[before:] if asked.method}

    during("load", lambda: page.goto(HOME + path))
    during("scroll", lambda: page.mouse.wheel(0, 500))
    during("late", lambda: page.wait_for_timeout(3000 if path == "/" else 0))
    for frame in page.frames:
        look(frame, seen)
    during("leaving", lambda: page.goto("about:blank"))


def settle(demo: Demo, page: Page) -> None:
    """Wait until nothing was asked for a moment."""
    start = last = monotonic()
    known = len(demo.log)
    while monotonic() - last < QUIET and monotonic() - start < EARLY:
        page.wait_for_timeout(50)
        if len(demo.log) > known:
            known, last = len(demo.log), monotonic()


def look(frame: Frame, seen: Seen) -> None:
    """Read what is kept for the origin of a frame."""
    origin = frame.evaluate("location.host")
    for kind, names in frame.evaluate(KEPT).items():
        seen.kept.setdefault((origin, kind), set()).update(names)


def planted(*kinds: str) -> list[Any]:
    """Return the entries of some kinds, named by their objects."""
    split = [(entry, *entry["object"].partition(":")) for entry in PLAN["planted"]]
    return [
        pytest.param(entry, name, id=entry["object"])
        for entry, kind, _, name in split
        if kind in kinds
    ]


@pytest.mark.parametrize(("entry", "name"), planted("host"))
def test_hosts(seen: Seen, entry: dict[str, Any], name: str) -> None:
    """Each third party is talked to on its page at its time, and on that page not before."""
    order = ["load", "scroll", "late", "leaving"]
    when = "load" if entry["when"] == "worker" else entry["when"]
    for page in PAGES if entry["page"] == "*" else [entry["page"]]:
        assert name in seen.hosts[page, when]
        for earlier in order[: order.index(when)]:
            assert name not in seen.hosts[page, earlier]


def test_no_other_hosts(demo: Demo, seen: Seen) -> None:
    """No host is talked to that the plan does not name, and none that is not played."""
    named = {entry["object"].removeprefix("host:") for entry in PLAN["planted"]}
    asked = set[str]().union(*seen.hosts.values())
    assert asked - named == {"reach4help.org", "app.reach4help.org"}
    assert seen.wanted - {"", *demo.hosts} == set()


@pytest.mark.parametrize(("entry", "name"), planted("cookie"))
def test_cookies(seen: Seen, entry: dict[str, Any], name: str) -> None:
    """Each cookie is asked for with its lifetime and attributes, and kept unless deleted."""
    name, _, domain = name.rpartition("@")
    if entry["when"] != "response":
        lines = [line for line in seen.written if fnmatchcase(line, f"wrote {name}=*")]
        assert any(f"Max-Age={entry['seconds']};" in line for line in lines)
    found = [
        cookie
        for cookie in seen.cookies
        if cookie["domain"].lstrip(".") == domain and fnmatchcase(cookie["name"], name)
    ]
    if entry["seconds"] == 0:
        assert found == []
        return
    cookie = min(found, key=lambda one: len(one["name"]))
    attributes = [
        word for word, key in [("Secure", "secure"), ("HttpOnly", "httpOnly")] if cookie[key]
    ]
    same_site = [word for word in entry["attributes"] if word.startswith("SameSite=")]
    assert [*attributes, *same_site] == entry["attributes"]
    assert cookie["sameSite"] == (same_site or ["=Lax"])[0].partition("=")[2]


def test_no_other_cookies(seen: Seen) -> None:
    """No cookie is kept that the plan does not name."""
    named = [entry["object"].removeprefix("cookie:") for entry in PLAN["planted"]]
    kept = [f"{cookie['name']}@{cookie['domain'].lstrip('.')}" for cookie in seen.cookies]
    assert [one for one in kept if not any(fnmatchcase(one, name) for name in named)] == []


KINDS = ("local_storage", "session_storage", "indexed_db", "cache_storage", "service_worker")


@pytest.mark.parametrize(("entry", "name"), planted(*KINDS))
def test_storage(seen: Seen, entry: dict[str, Any], name: str) -> None:
    """Each other thing is kept for the origin that the plan names."""
    kept = seen.kept[entry["origin"], entry["object"].partition(":")[0]]
    assert any(fnmatchcase(one, name) for one in kept)


def test_no_other_storage(seen: Seen) -> None:
    """Nothing is kept that the plan does not name."""
    named = [entry["object"] for entry in PLAN["planted"]]
    kept = [f"{kind}:{name}" for (_, kind), names in seen.kept.items() for name in names]
    assert [one for one in kept if not any(fnmatchcase(one, name) for name in named)] == []


def test_the_secret(seen: Seen, browser: BrowserContext) -> None:
    """A secret key reaches the browser, and stands in no file of the example."""
    del seen
    page = browser.new_page()
    with page.expect_response("**/donate.js") as answered:
        page.goto(f"{HOME}/donate")
    assert re.search(r'"sk_live_\w{24}"', answered.value.text())
    page.close()
    texts = [file.read_text("utf-8") for file in EXAMPLE.rglob("*") if file.is_file()]
    assert not [text for text in texts if re.search(r"sk_live_\w{8}|AIza\w{8}|PRIVATE KEY", text)]


def test_the_notice_is_not_linked_everywhere() -> None:
    """The pages that the plan names, and only these, lead nobody to the notice."""
    without = [
        f"/{file.stem}"
        for file in sorted((site_folder() / "reach4help.org").glob("*.html"))
        if "/confidentialite" not in file.read_text("utf-8")
    ]
    faults = [e["page"] for e in PLAN["planted"] if e["object"].startswith("page:")]
    assert without == faults


def test_the_banner(seen: Seen, demo: Demo, browser: BrowserContext) -> None:
    """After a refusal the tag stays away, but for /donate; the choice can be taken back."""
    del seen
    page = browser.new_page()
    page.goto(HOME)
    page.click("#reject")
    browser.clear_cookies(name=re.compile("^_ga"))
    tags = []
    for path in ("/contact", "/donate"):
        before = len(demo.log)
        page.goto(HOME + path)
        assert page.locator("#consent").count() == 0
        page.wait_for_timeout(300)
        tags.append("www.googletagmanager.com" in {one.host for one in demo.log[before:]})
    assert tags == [False, True]
    page.click("#choices")
    page.click("#accept")
    choices = [c["value"] for c in browser.cookies() if c["name"] == "r4h_consent"]
    assert choices == ["accept"]
    page.close()


def test_every_page_is_in_the_plan() -> None:
    """The visit above goes to every page that the example has."""
    pages = {file.stem for file in (site_folder() / "reach4help.org").glob("*.html")}
    assert {path.strip("/") or "index" for path in PAGES} == pages


def test_the_policy_is_this_projects() -> None:
    """The site is judged by the policy.yaml at the top, or by the copy that a wheel carries."""
    assert "Our Commitment to Your Privacy" in example_policy().read_text("utf-8")
