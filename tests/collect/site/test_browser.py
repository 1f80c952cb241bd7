import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.collect.site import browser
from auditor.collect.site.browser import Browser, find_browser, no_sandbox
from auditor.errors import CollectError

Program = Callable[..., Path]
CACHE = ".cache/ms-playwright"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Return what installs a program that prints something; there are no others."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(browser, "PLACES", {})
    monkeypatch.setattr(browser, "PLAYWRIGHT", (f"~/{CACHE}",))

    def install(name: str, prints: str, *, then: str = "") -> Path:
        path = tmp_path / (name if "/" in name else f"bin/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{prints}'\n{then}\n")
        path.chmod(0o755)
        return path

    return install


def test_a_headless_shell_comes_first(program: Program) -> None:
    """Of several the headless shell is used, then Chrome, then Chromium."""
    chromium = program("chromium", "Chromium 156.0.8078.79 built on Debian GNU/Linux 12")
    assert find_browser() == Browser(path=str(chromium), kind="chromium", version="156.0.8078.79")
    chrome = program("google-chrome", "Google Chrome 156.0.8078.80 ")
    assert find_browser() == Browser(path=str(chrome), kind="chrome", version="156.0.8078.80")
    shell = program("chromium-headless-shell", "Chromium 155.0.1.2")
    assert find_browser() == Browser(path=str(shell), kind="headless_shell", version="155.0.1.2")


def test_the_one_that_is_named_wins(program: Program, tmp_path: Path) -> None:
    """A path or a name on PATH is taken, whatever else there is."""
    program("chromium-headless-shell", "Chromium 156.0.8078.79")
    other = program("bin/../elsewhere/brave", "Brave Browser 150.1.2.3")
    assert find_browser(str(other)).version == "150.1.2.3"
    program("chromium", "Chromium 151.0.0.0")
    assert find_browser("chromium").path == str(tmp_path / "bin/chromium")


def test_a_link_to_a_headless_shell_is_one(program: Program, tmp_path: Path) -> None:
    """What a link is called does not say what it is."""
    shell = program("elsewhere/chrome-headless-shell", "Chromium 156.0.8078.79")
    (tmp_path / "bin/chrome").symlink_to(shell)
    assert find_browser().kind == "headless_shell"


@pytest.mark.parametrize(
    ("prints", "then"),
    [
        ("needs the chromium snap; Chromium 1.2.3.4", "exit 1"),
        ("Mozilla Firefox 143.0", ""),
        ("", "echo Chromium 1.2.3.4 >&2"),
        ("Chromium 1.2.3.4", "exec /bin/sleep 60"),
    ],
)
@pytest.mark.usefixtures("patience")
def test_what_does_not_answer_is_passed_over(program: Program, prints: str, then: str) -> None:
    """A launcher without a browser, another program, and one that hangs are no browsers."""
    program("google-chrome", prints, then=then)
    good = program("chromium", "Chromium 156.0.8078.79")
    assert find_browser().path == str(good)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for less."""
    monkeypatch.setattr(browser, "PATIENCE", 0.5)


def test_the_newest_of_playwrights_own(program: Program) -> None:
    """Playwright's headless shell is used where none is installed; by number, not by letters."""
    program(f"{CACHE}/chromium-1300/chrome-linux64/chrome", "Google Chrome for Testing 160.0.0.1")
    folder = "chrome-headless-shell-linux64/chrome-headless-shell"
    program(f"{CACHE}/chromium_headless_shell-999/{folder}", "Chrome 99.0.0.1")
    newest = program(f"{CACHE}/chromium_headless_shell-1255/{folder}", "Chrome 159.0.0.1")
    assert find_browser().path == str(newest)
    installed = program("chromium", "Chromium 150.0.0.1")
    assert find_browser().path == str(installed)


def test_nothing_from_the_folder_that_is_audited(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative entry of PATH would run what lies in the audited repository."""
    program("chromium", "Chromium 156.0.8078.79")
    monkeypatch.chdir(tmp_path / "bin")
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    with pytest.raises(CollectError):
        find_browser()


@pytest.mark.usefixtures("program")
def test_without_any_it_says_what_to_do() -> None:
    """The error names what to install, for each system."""
    with pytest.raises(CollectError) as raised:
        find_browser()
    assert str(raised.value) == snapshot("""\
no Chrome or Chromium was found
Install one:
  Debian            sudo apt-get install chromium-headless-shell
  Fedora            sudo dnf install chromium
  Ubuntu, others    python -m playwright install --with-deps chromium-headless-shell
  macOS, Windows    Google Chrome, or python -m playwright install chromium-headless-shell
Or name one that is somewhere else: AUDIT_BROWSER=/path/to/chrome\
""")


@pytest.mark.parametrize("prints", ["Chromium", None])
def test_a_wrong_name_is_an_error(program: Program, prints: str | None) -> None:
    """What was asked for is used, or nothing: never another browser in its place."""
    program("chromium", "Chromium 156.0.8078.79")
    if prints:
        program("editor", prints)
    with pytest.raises(CollectError, match=r"^'editor' "):
        find_browser("editor")


def test_windows_browsers_are_not_asked(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """There, asking for the version opens a window; it stands beside the program."""
    name = "AppData/Local/Google/Chrome/Application/chrome.exe"
    path = program(name, "Chromium 1.1.1.1")
    monkeypatch.setattr(browser, "PLACES", {"win32": (f"~/{name}",)})
    monkeypatch.setattr(sys, "platform", "win32")
    (path.parent / "99.0.1.2").mkdir()
    (path.parent / "156.0.8078.79").mkdir()
    assert find_browser() == Browser(path=str(path), kind="chrome", version="156.0.8078.79")


@pytest.mark.parametrize(
    ("user", "setting", "why"),
    [
        (1000, "", ""),
        (1000, "on", ""),
        (1000, "True", ""),
        (1000, "0", "AUDIT_SANDBOX=0"),
        (1000, "off", "AUDIT_SANDBOX=off"),
        (0, "", "Chromium has none for root; a plain user has it"),
        (0, "off", "AUDIT_SANDBOX=off"),
    ],
)
def test_the_sandbox_is_on_where_it_can_be(
    monkeypatch: pytest.MonkeyPatch, user: int, setting: str, why: str
) -> None:
    """It is off for root and on demand, with the reason."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert no_sandbox(setting) == why


@pytest.mark.parametrize("setting", ["on", "maybe"])
def test_a_sandbox_that_cannot_be(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """A setting that cannot be followed is an error, not a sandbox that is silently off."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(CollectError, match=f"^AUDIT_SANDBOX={setting}"):
        no_sandbox(setting)
