"""A browser that runs elsewhere: it is used as it is, and what it keeps to itself is a gap."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from shop import HTML, shop

from auditor.collect.site.browser import find_browser
from auditor.collect.site.plan import Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.doctor import examine
from auditor.errors import CollectError
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a browser as somebody else would, and give its address."""
    profile = tmp_path_factory.mktemp("profile")
    command = [find_browser().path, "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    command += [] if SANDBOX else ["--no-sandbox"]
    with subprocess.Popen(  # noqa: S603 -- a browser of this machine
        [*command, "--disable-background-networking", "--headless", "about:blank"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr
        line = next(line for line in process.stderr if "DevTools listening on ws://" in line)
        yield "http://" + line.partition("ws://")[2].partition("/")[0]
        os.killpg(process.pid, signal.SIGKILL)  # what --headless has started, too


def test_it_is_used_and_its_silence_is_told(address: str) -> None:
    """What the site does is seen; that nobody reads the network log is the only gap."""
    with shop({"/": ("<p>Shop", HTML, {"Set-Cookie": "visit=1"})}) as opened:
        text = f"sites: [{{id: www, url: '{opened.url}', consent: {{banner: none}}}}]"
        looking = Looking(network=Network(browser=address))
        found = visit_sites(policy(text).sites, looking)[0]
    assert [cookie.name for cookie in found.cookies] == ["visit"]
    assert [gap.what for gap in found.gaps] == [f"the network log of {opened.url}"]
    assert found.sources[0].conditions["cookies of third parties"] == "not known"


def test_what_it_cannot_do_is_said(address: str) -> None:
    """A rule for hosts is for a browser that we start."""
    text = "sites: [{id: www, url: 'http://shop.localhost/', consent: {banner: none}}]"
    looking = Looking(network=Network(browser=address, resolve=("*=127.0.0.1:9",)))
    with pytest.raises(CollectError, match="need a browser on this machine"):
        visit_sites(policy(text).sites, looking)


def test_doctor_knows_it(address: str) -> None:
    """It answers, with what it does not show."""
    last = examine(address)[-1]
    assert last.ok
    assert "its network log is not seen" in last.detail


def test_nobody_answers() -> None:
    """An address without a browser is named, with what to do."""
    with pytest.raises(CollectError, match="start one with --remote-debugging-port"):
        find_browser("http://127.0.0.1:9")
