import shlex
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from auditor.collect.site.browser import Browser, find_browser, no_sandbox
from auditor.collect.site.selftest import PROBES, Probe, SelfTest, self_test

WITHOUT_LOG = """for flag; do
    shift; case "$flag" in --log-net-log=*) ;; *) set -- "$@" "$flag" ;; esac
done"""
SANDBOX = not no_sandbox()

Wrapped = Callable[..., Browser]


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Return the browser of this machine."""
    return find_browser()


@pytest.fixture
def wrapped(browser: Browser, tmp_path: Path) -> Wrapped:
    """Return what makes a browser that runs a line of shell first, or has flags of its own."""

    def wrap(*, first: str = "", flags: str = "") -> Browser:
        script = tmp_path / "browser"
        script.write_text(f'#!/bin/sh\n{first}\nexec {shlex.quote(browser.path)} {flags} "$@"\n')
        script.chmod(0o755)
        return replace(browser, path=str(script))

    return wrap


def test_the_browser_of_this_machine(browser: Browser) -> None:
    """It shows everything that a look at a site needs, and leaves no process behind."""
    result = self_test(browser, sandbox=SANDBOX)
    assert [probe for probe in result.probes if not probe.ok] == []
    assert result.ok
    assert tuple(probe.name for probe in result.probes) == PROBES
    assert _of("sandbox", result).detail == ("on" if SANDBOX else "off")
    assert psutil.Process().children() == []


@pytest.mark.parametrize(
    ("name", "first", "flags"),
    [
        ("start", "echo no >&2; exit 1", ""),
        ("third-party cookies", "", "--test-third-party-cookie-phaseout"),
        ("network log", WITHOUT_LOG, ""),
    ],
    ids=["start", "cookies", "log"],
)
def test_a_browser_that_hides_something(
    wrapped: Wrapped, name: str, first: str, flags: str
) -> None:
    """What does not work is named, with what to do; the rest is tried all the same."""
    result = self_test(wrapped(first=first, flags=flags), sandbox=SANDBOX)
    probe = _of(name, result)
    assert not probe.ok
    assert probe.todo
    others = {other.ok for other in result.probes if other.name != name}
    assert others == {name != "start"}


def test_a_sandbox_that_was_taken_away(wrapped: Wrapped) -> None:
    """The processes are looked at, not what was asked for."""
    result = self_test(wrapped(flags="--no-sandbox"), sandbox=True)
    assert [probe.name for probe in result.probes if not probe.ok] == ["sandbox"]


def test_a_browser_that_hangs(wrapped: Wrapped) -> None:
    """After the deadline nothing is left of it, and every probe says that it had no answer."""
    result = self_test(wrapped(first="exec /bin/sleep 60"), sandbox=SANDBOX, deadline=3.0)
    assert not any(probe.ok for probe in result.probes)
    assert {probe.detail for probe in result.probes} == {"no answer: not finished after 3 seconds"}
    assert psutil.Process().children() == []


def _of(name: str, result: SelfTest) -> Probe:
    return next(probe for probe in result.probes if probe.name == name)
