"""Visits with a real browser: nothing that a shop does escapes them."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from inline_snapshot import snapshot
from shop import HTML, PAGES, Page, Shop, shop

from auditor.collect.site.browser import find_browser
from auditor.collect.site.plan import Limits, Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import (
    CookieSet,
    FormSeen,
    PageLoaded,
    Reason,
    RequestSent,
    SiteEvidence,
    StorageKept,
)
from auditor.policy import Site
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0


def site_of(opened: Shop, more: str = "") -> Site:
    """Return the shop as a policy declares it."""
    text = f"sites: [{{id: www, url: '{opened.url}', consent: {{banner: none}}{more}}}]"
    return policy(text).sites[0]


def visited(opened: Shop, more: str = "", **limits: float) -> SiteEvidence:
    """Visit the shop."""
    looking = Looking(
        network=Network(sandbox=SANDBOX),
        limits=Limits(**limits),  # type: ignore[arg-type]
        secrets={"KEY": "open sesame", "LOGIN": "jo:secret"},
    )
    return visit_sites([site_of(opened, more)], looking)[0]


@pytest.fixture(scope="module")
def open_shop() -> Iterator[Shop]:
    """Open the shop for all that only look at it."""
    with shop() as opened:
        yield opened


@pytest.fixture(scope="module")
def others() -> set[psutil.Process]:
    """Return the processes that other tests have begun before."""
    return set(psutil.Process().children(recursive=True))


@pytest.fixture(scope="module")
def seen(open_shop: Shop, others: set[psutil.Process]) -> SiteEvidence:
    """Visit the shop once."""
    assert all(process.pid for process in others)
    return visited(open_shop, ", crawl: {exclude: ['/logout']}")


def names(seen: SiteEvidence) -> list[str]:
    """Return what is kept on the device, with writers' hosts without the common end."""
    lines = []
    for item in seen.observations:
        if isinstance(item, CookieSet):
            end = " deleted" if item.deleted else ""
            lines.append(f"cookie {item.name} on {item.domain} by {item.writer or '?'}{end}")
        elif isinstance(item, StorageKept):
            name = item.name.split("localhost")[0]
            lines.append(f"{item.storage} {name} on {item.host} by {item.writer or '?'}")
    return sorted(set(lines))


def test_what_is_kept_and_by_whom(seen: SiteEvidence) -> None:
    """Every kind of storage, in frames of others too, also what is gone again, with its writer."""
    assert names(seen) == snapshot(
        [
            "cache_storage pictures on shop.localhost by shop.localhost",
            "cookie framed on ads.other.localhost by ads.other.localhost",
            "cookie gone on shop.localhost by shop.localhost",
            "cookie gone on shop.localhost by shop.localhost deleted",
            "cookie inline on shop.localhost by shop.localhost",
            "cookie late on shop.localhost by shop.localhost",
            "cookie lib on shop.localhost by cdn.third.localhost",
            "cookie team on shop.localhost by shop.localhost",
            "cookie third on ads.other.localhost by ads.other.localhost",
            "cookie visit on bye.third.localhost by bye.third.localhost",
            "cookie visit on shop.localhost by shop.localhost",
            "indexed_db orders on shop.localhost by shop.localhost",
            "local_storage ad on ads.other.localhost by ads.other.localhost",
            "local_storage brief on shop.localhost by shop.localhost",
            "local_storage called on shop.localhost by shop.localhost",
            "local_storage direct on shop.localhost by ?",
            "local_storage lib on shop.localhost by cdn.third.localhost",
            "service_worker http://shop. on shop.localhost by shop.localhost",
            "session_storage tab on shop.localhost by shop.localhost",
        ]
    )


def test_every_request_of_the_servers_log_is_seen(seen: SiteEvidence, open_shop: Shop) -> None:
    """Workers, sockets, beacons on leaving, late and scrolled-to requests: all are seen."""
    told = {
        item.host + item.url.partition("localhost")[2].partition("/")[2].join(("/", ""))
        for item in seen.observations
        if isinstance(item, RequestSent)
    }
    asked = {line for line in open_shop.log if not line.endswith(("/favicon.ico", "/sitemap.xml"))}
    assert asked <= told
    assert {"bye.third.localhost/", "worker.third.localhost/", "service.third.localhost/"} <= told
    assert {"shop.localhost/late", "shop.localhost/scrolled", "shop.localhost/moved"} <= told


def test_who_started_a_request(seen: SiteEvidence) -> None:
    """A pixel that a library loads is the library's doing."""
    pixel = next(
        item
        for item in seen.observations
        if isinstance(item, RequestSent) and item.host == "pixel.third.localhost"
    )
    assert "cdn.third.localhost" in pixel.by


def test_the_pages(seen: SiteEvidence) -> None:
    """Start pages, then sitemap and links by name; no files, no other hosts, nothing excluded."""
    urls = [item.url for item in seen.observations if isinstance(item, PageLoaded)]
    paths = [url.partition("localhost")[2].partition("/")[2] for url in urls]
    assert paths == ["", "about", "mapped", "team/"]


def test_forms_and_facts(seen: SiteEvidence) -> None:
    """A form is told by its fields, a host by its address, the visit by its conditions."""
    forms = [item.fields for item in seen.observations if isinstance(item, FormSeen)]
    assert forms == [("email:email:mail",)]
    assert seen.hosts["cdn.third.localhost"].address in {"127.0.0.1", "::1"}
    assert seen.sources[0].conditions["simulated time"] == "12 s a page"


def test_only_the_socket_is_a_gap(seen: SiteEvidence) -> None:
    """The shop has no WebSocket server: what it might have done is the only thing not known."""
    assert [(gap.what, gap.reason) for gap in seen.gaps] == [
        ("socket.third.localhost", Reason.UNREACHABLE)
    ]


def test_no_process_and_no_folder_is_left(seen: SiteEvidence, others: set[psutil.Process]) -> None:
    """When a visit has ended, its browser is gone, and so is its profile."""
    assert seen.is_looked_at
    assert not set(psutil.Process().children(recursive=True)) - others


def pages(home: str, **others: Page) -> dict[str, Page]:
    """Return a shop with another home page."""
    return {**PAGES, "/": (home, HTML, {}), **{f"/{name}": page for name, page in others.items()}}


def test_a_script_that_leads_on() -> None:
    """Both the page that leads on and the one it leads to were opened."""
    with shop(pages("<script>location = '/about'</script>")) as opened:
        found = visited(opened, ", crawl: {max_pages: 1}")
    loaded = [item.url for item in found.observations if isinstance(item, PageLoaded)]
    assert [url.rpartition("/")[2] for url in loaded] == ["", "about"]
    assert not found.gaps


def test_a_page_that_leads_away() -> None:
    """Another site's page is not the site: nothing was looked at."""
    with shop(
        pages("<script>location = 'http://x.other.localhost:PORT/about'</script>")
    ) as opened:
        found = visited(opened, ", crawl: {max_pages: 1}")
    assert not any(
        item.url.startswith("http://x.")
        for item in found.observations
        if isinstance(item, PageLoaded)
    )
    assert any("it leads to" in gap.needs for gap in found.gaps)


def test_full_browser(open_shop: Shop) -> None:
    """A full Chromium shows the same as a headless shell, third parties' cookies included."""
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists() or find_browser().kind != "headless_shell":
        pytest.skip("needs both kinds of browser")
    more = ", crawl: {exclude: ['/logout'], max_pages: 1}"
    looking = Looking(network=Network(sandbox=SANDBOX, browser=str(chromium)))
    full = visit_sites([site_of(open_shop, more)], looking)[0]
    assert names(full) == names(visited(open_shop, more))


def test_secrets_go_to_their_origin_only() -> None:
    """Headers and passwords reach the site; other hosts, and redirects to them, never."""
    away = {"Status": "302", "Location": "http://x.other.localhost:PORT/away"}
    asks = {"Status": "401", "WWW-Authenticate": "Basic realm=x"}
    lures = '<img src="/own.png"><img src="http://third.localhost:PORT/lure.png">'
    pages: dict[str, Page] = {
        "/": (lures, HTML, asks),
        "/go": ("", HTML, away),
        "/away": ("", HTML, asks),
        "/own.png": ("", HTML, {}),
        "/lure.png": ("", HTML, asks),
    }
    with shop(pages) as opened:
        more = (
            ", access: {headers: {X-Key: {env: KEY}}, basic_auth: {env: LOGIN}},"
            " crawl: {start: ['/', '/go'], max_pages: 2}"
        )
        found = visited(opened, more)
        assert {"x.other.localhost/away", "third.localhost/lure.png"} <= {*opened.log}
        told = opened.secrets
    assert {item.status for item in found.pages if item.url.endswith("/")} == {200}
    assert {("shop.localhost/own.png", "X-Key"), ("shop.localhost/", "Authorization")} <= told
    assert {asked.partition("/")[0] for asked, _ in told} == {"shop.localhost"}


def test_a_missing_variable() -> None:
    """A login that is not set is a gap that names the variable; nothing is visited without it."""
    with shop() as opened:
        found = visited(opened, ", access: {basic_auth: {env: NOT_SET}}")
        assert not opened.log
    assert [gap.reason for gap in found.gaps if "NOT_SET" in gap.needs] == [Reason.NO_CREDENTIAL]
