import re
import subprocess
from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

from auditor import doctor
from auditor.collect.site.browser import no_sandbox
from auditor.collect.site.selftest import Probe, SelfTest

Audit = Callable[..., subprocess.CompletedProcess[str]]


def test_all_is_there(audit: Audit, environment: dict[str, str]) -> None:
    """The command tries the browser of this machine, says what it found and ends with 0."""
    environment["AUDIT_SANDBOX"] = "off"
    done = audit("doctor")
    text = re.sub(r"\d+(\.\d+)+", "N", done.stdout)
    text = re.sub(r"\d+ events", "N events", re.sub(r"(browser +).*", r"\1KIND N, PATH", text))
    assert (text, done.stderr) == snapshot(
        (
            """\
ok  Python               N
ok  Playwright           N
ok  browser              KIND N, PATH
ok  start                version N
ok  sandbox              off: AUDIT_SANDBOX=off
ok  third-party cookies  kept
ok  service worker       registered
ok  hooks                heard from the page and from a frame of another site
ok  network log          complete, N events

audit can look at websites
""",
            "",
        )
    )
    assert done.returncode == 0


def test_what_is_missing_is_told(audit: Audit, environment: dict[str, str]) -> None:
    """Without a browser the command says what to do, and ends with 3."""
    environment["AUDIT_BROWSER"] = "/no/browser\x1b[31m"
    done = audit("doctor")
    text = re.sub(r"\d+(\.\d+)+", "N", done.stdout)
    assert text == snapshot("""\
ok  Python               N
ok  Playwright           N
NO  browser              '/no/browser\\x1b[31m' cannot be run; name a Chrome or Chromium
      Install one:
        Debian            sudo apt-get install chromium-headless-shell
        Fedora            sudo dnf install chromium
        Ubuntu, others    python -m playwright install --with-deps chromium-headless-shell
        macOS, Windows    Google Chrome, or python -m playwright install chromium-headless-shell
      Or name one that is somewhere else: AUDIT_BROWSER=/path/to/chrome

1 of 3 are not in order
""")
    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.parametrize("setting", ["", "off"])
def test_the_sandbox_is_off_for_a_reason(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """The row says why the sandbox is off; the self-test is told the same."""

    def tried(_browser: object, *, sandbox: bool) -> SelfTest:
        detail = "on" if sandbox else "off"
        return SelfTest(probes=(Probe(name="sandbox", ok=True, detail=detail),))

    monkeypatch.setattr(doctor, "self_test", tried)
    why_not = no_sandbox(setting)
    row = doctor.examine(sandbox=setting)[-1]
    assert row.detail == (f"off: {why_not}" if why_not else "on")


def test_a_setting_that_is_not_understood(audit: Audit, environment: dict[str, str]) -> None:
    """A wrong setting is a row, as everything that is not in order, and harmless to print."""
    environment["AUDIT_SANDBOX"] = "2\x1b[31m"
    row = audit("doctor").stdout.splitlines()[2]
    assert row == snapshot(
        "NO  browser              AUDIT_SANDBOX=2\\u001b[31m is not understood; write on or off"
    )
