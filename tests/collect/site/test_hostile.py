"""Hostile sites, one test for each: none passes unseen, hangs, or leaves anything behind."""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from hostile.pages import PAGES
from hostile.server import ANSWERS, Hostile, hostile

from auditor.collect.site.plan import Limits, Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import (
    CookieSet,
    Evidence,
    Reason,
    SiteEvidence,
    StorageKept,
    Tool,
    decode,
    encode,
)
from auditor.policy import Site
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0
LIMITS = Limits(
    load=3,
    settle=1,
    step=3,
    silence=10,
    skipped=2,
    deadline=12,
    page=4,
    memory=1500 * 2**20,
    events=2000,
)
LONGEST = 2 * (LIMITS.deadline + 2 * LIMITS.page) + 10  # seconds; two attempts, and their ends
AT_ONCE = 4
PRIVATE = "169.254.169.254"
MARK = "AUDIT_BATTERY"

NO_PAGE = {Reason.UNREACHABLE}
TOO_LONG = {Reason.TIMEOUT}
TOO_MUCH = {Reason.CAP_REACHED}
NOT_THE_SITE = {Reason.NOT_VERIFIED}
NORMAL: set[Reason] = set()

# Of each set, one reason must be given; NORMAL are pages that can be seen whole, and were.
EXPECTED: dict[str, set[Reason]] = {
    "redirect-loop": NO_PAGE,
    "reload-loop": TOO_LONG,
    "alert-loop": TOO_LONG,
    "alert-loop-later": TOO_LONG,
    "busy-loop-later": TOO_LONG,
    "busy-loop-on-scroll": TOO_LONG,
    "busy-loop-on-leaving": TOO_LONG,
    "busy-worker": NORMAL,
    "never-answers": TOO_LONG,
    "hangs-up": NO_PAGE,
    "hanging-part": TOO_LONG,
    "no-http": NO_PAGE,
    "beforeunload": NORMAL,
    "prompts": NORMAL,
    "closes-itself": NORMAL,
    "download": NO_PAGE,
    "endless-download": NO_PAGE,
    "gzip-bomb": TOO_LONG,
    "slow-drip": TOO_LONG,
    "event-stream": NORMAL,
    "request-flood": NORMAL,  # time stands still after what is skipped: all of it was seen
    "popup-storm": TOO_MUCH | TOO_LONG,
    "frames-in-frames": TOO_LONG | TOO_MUCH,
    "growing-page": NORMAL,
    "deep-page": NORMAL,
    "memory-hog": TOO_MUCH | NO_PAGE | TOO_LONG,
    "heap-overflow": TOO_LONG | TOO_MUCH | NO_PAGE,
    "cookie-flood": TOO_MUCH,
    "huge-cookie": NORMAL,
    "huge-item": NORMAL,
    "key-flood": TOO_MUCH,
    "push-state": NORMAL,
    "mail-link": TOO_LONG,
    "password": NO_PAGE,
    "no-content": NO_PAGE,
    "many-headers": NO_PAGE,
    "private-address": NOT_THE_SITE,
    "private-part": NORMAL,
    "elsewhere": NOT_THE_SITE,
    "to-a-file": NO_PAGE,
    "liar": NORMAL,
    "crash": NO_PAGE | TOO_LONG,
    "strange-names": NORMAL,
    "strange-keys": NORMAL,
    "strange-headers": NORMAL,
    "strange-hosts": NORMAL,
    "strange-links": NORMAL,
    "challenge": NO_PAGE | NOT_THE_SITE,
}
# Pages that a slow machine may not see whole in the time they have here.
LARGE = {"request-flood", "deep-page", "growing-page", "huge-item", "event-stream"}


class Battery:
    """The visits under way."""

    def __init__(self, server: Hostile, pool: ThreadPoolExecutor) -> None:
        """Begin with none."""
        self.server, self._pool = server, pool
        self._visits: dict[str, Future[tuple[SiteEvidence, float]]] = {}

    def begin(self, case: str) -> None:
        """Visit a hostile site, once, as soon as others have ended.

        Its policy is read here: msgspec crashes where several threads make its types at once.
        """
        if case not in self._visits:
            url = self.server.url(case)
            more = "consent: {banner: none}, crawl: {max_pages: 1}"
            sites = policy(f"sites: [{{id: www, url: '{url}', {more}}}]").sites
            self._visits[case] = self._pool.submit(self._visit, sites)

    def result(self, case: str) -> tuple[SiteEvidence, float]:
        """Return the evidence, and how many seconds it took."""
        self.begin(case)
        return self._visits[case].result()

    def finish(self) -> None:
        """Wait for all that was begun."""
        for visit in self._visits.values():
            visit.exception()

    def _visit(self, sites: tuple[Site, ...]) -> tuple[SiteEvidence, float]:
        here = f"{PRIVATE}=127.0.0.1:{self.server.server_port}"
        network = Network(sandbox=SANDBOX, resolve=(here,))
        began = time.monotonic()
        (seen,) = visit_sites(sites, Looking(network=network, limits=LIMITS))
        return seen, time.monotonic() - began


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give all visits one folder for what they need for a time, and a mark to know them by."""
    folder = tmp_path_factory.mktemp("h")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setenv(MARK, str(folder))
        yield folder


@pytest.fixture(scope="module")
def battery(folder: Path, request: pytest.FixtureRequest) -> Iterator[Battery]:
    """Visit the sites that are asked for, several at a time."""
    del folder
    with hostile() as server, ThreadPoolExecutor(AT_ONCE) as pool:
        begun = Battery(server, pool)
        for item in request.session.items:
            if item.parent is request.node and "[" in item.name:
                begun.begin(item.name.partition("[")[2].removesuffix("]"))
        yield begun
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("case", EXPECTED)
def test_a_hostile_site_is_a_gap_or_seen_whole(battery: Battery, case: str) -> None:
    """It ends in time, what was not seen is a gap with its reason, and evidence can be kept."""
    seen, seconds = battery.result(case)
    reasons = {gap.reason for gap in seen.gaps}
    expected = EXPECTED[case]
    assert seconds < LONGEST
    assert seen.is_looked_at or reasons
    if expected:
        assert reasons & expected, seen.gaps
    elif case not in LARGE or Reason.TIMEOUT not in reasons:
        assert not seen.gaps
    evidence = Evidence(tool=Tool(name="test", version="1"), sites=(seen,))
    assert decode(encode(evidence), "evidence.json") == evidence


def test_the_battery_is_whole() -> None:
    """Every hostile page and answer of the server is visited."""
    served = {key for key in (*PAGES, *ANSWERS) if "/" not in key}
    assert served - {"other"} == EXPECTED.keys()


@pytest.mark.parametrize("case", [case for case in EXPECTED if EXPECTED[case] == NO_PAGE])
def test_what_never_loaded_was_not_looked_at(battery: Battery, case: str) -> None:
    """A page that did not come is none that was looked at, whatever the browser shows instead."""
    assert not battery.result(case)[0].is_looked_at


def test_a_flood_does_not_wash_away_what_came_first(battery: Battery) -> None:
    """The first of 10,000 cookies is told, though the browser has long dropped it."""
    seen, _ = battery.result("cookie-flood")
    assert "tracker" in {item.name for item in seen.observations if isinstance(item, CookieSet)}


def test_a_cookie_too_large_to_be_kept_is_told_as_refused(battery: Battery) -> None:
    """One of 1 MB is refused, one of 4,000 bytes is kept."""
    cookies = battery.result("huge-cookie")[0].observations
    kept = {item.name: item.is_kept for item in cookies if isinstance(item, CookieSet)}
    assert kept == {"dropped": False, "kept": True}


def test_a_page_that_lies_is_not_believed(battery: Battery) -> None:
    """What it hides from scripts is seen from outside."""
    seen, _ = battery.result("liar")
    stored = {item.name for item in seen.observations if isinstance(item, StorageKept)}
    cookies = {item.name for item in seen.observations if isinstance(item, CookieSet)}
    assert (stored, cookies) == ({"secret", "direct"}, {"hidden"})


def test_nothing_is_granted(battery: Battery) -> None:
    """No prompt is answered with yes."""
    battery.result("prompts")
    assert "prompts.localhost/granted" not in battery.server.asked


def test_both_addresses_of_a_page_that_renames_itself_are_kept(battery: Battery) -> None:
    """The address that was opened and the one shown at the end are both told."""
    paths = [page.url.rpartition("/")[2] for page in battery.result("push-state")[0].pages]
    assert paths == ["", "999"]


@pytest.mark.parametrize("case", ["private-address", "private-part"])
def test_who_leads_into_a_private_network_is_told(battery: Battery, case: str) -> None:
    """A contact with an address that only machines of a cloud can ask is in the evidence."""
    seen, _ = battery.result(case)
    assert PRIVATE in {contact.host for contact in seen.contacts}


@pytest.mark.parametrize("case", ["strange-names", "strange-keys", "strange-headers"])
def test_strange_names_are_kept(battery: Battery, case: str) -> None:
    """No name is so strange that what bears it goes untold."""
    seen, _ = battery.result(case)
    kinds = (CookieSet, StorageKept)
    assert sum(isinstance(item, kinds) for item in seen.observations) >= 4


def test_nobody_and_nothing_is_left(battery: Battery, folder: Path) -> None:
    """When all is over no process of a browser runs, and no file of a visit lies about."""
    battery.finish()
    ours = []
    for process in psutil.process_iter():
        try:
            is_ours = process.environ().get(MARK) == str(folder)
        except psutil.Error:
            continue
        if is_ours and process.pid != os.getpid():
            ours.append(process.cmdline())
    assert ours == []
    assert list(folder.iterdir()) == []
