"""Which Chromium there is: one that is installed, or Playwright's own.

A headless shell comes first: it keeps cookies of third parties as it comes, has no traffic of its
own and is quick. Playwright's own come last: who installs a browser wants that one to be used.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

from msgspec import Struct

from auditor.errors import CollectError

Kind = Literal["chrome", "chromium", "headless_shell", "remote"]
ELSEWHERE = ("http://", "https://")

ON_PATH = (
    *("chromium-headless-shell", "chrome-headless-shell", "headless_shell"),
    *("google-chrome-stable", "google-chrome", "chrome", "chromium", "chromium-browser"),
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
        "~/AppData/Local/Google/Chrome/Application/chrome.exe",
        "~/AppData/Local/Chromium/Application/chrome.exe",
    ),
}
PLAYWRIGHT = (  # on macOS, on Windows, on Linux, in Playwright's own container images
    *("~/Library/Caches/ms-playwright", "~/AppData/Local/ms-playwright"),
    *("~/.cache/ms-playwright", "/ms-playwright"),
)
PLAYWRIGHT_FILES = (
    "chromium_headless_shell-*/*/chrome-headless-shell",
    "chromium_headless_shell-*/*/chrome-headless-shell.exe",
    "chromium_headless_shell-*/*/headless_shell",
    "chromium-*/*/chrome",
    "chromium-*/*/chrome.exe",
    "chromium-*/*/*.app/Contents/MacOS/*",
)
VERSION = re.compile(r"\b\d+(?:\.\d+){3}\b")
PATIENCE = 10.0  # seconds; a cold disk needs two
INSTALL = """\
Install one:
  Debian            sudo apt-get install chromium-headless-shell
  Fedora            sudo dnf install chromium
  Ubuntu, others    python -m playwright install --with-deps chromium-headless-shell
  macOS, Windows    Google Chrome, or python -m playwright install chromium-headless-shell
Or name one that is somewhere else: AUDIT_BROWSER=/path/to/chrome"""


class Browser(Struct, frozen=True, kw_only=True):
    """A Chromium that answers. `version` has four numbers, such as "156.0.8078.79".

    A remote one runs already; `path` is the address of its DevTools (--remote-debugging-port).
    """

    path: str
    kind: Kind
    version: str


def find_browser(wanted: str = "") -> Browser:
    """Return the browser to use, or the first that answers.

    `wanted` is a path, a name on PATH, or the address of one that runs elsewhere. Raises
    CollectError with what to do where there is none.
    """
    if wanted.startswith(ELSEWHERE):
        return _reached(wanted)
    if wanted:
        found = shutil.which(wanted)
        browser = _ask(found) if found else None
        if browser is None:
            why = "does not say that it is a Chromium" if found else "cannot be run"
            raise CollectError(f"{wanted!r} {why}; name a Chrome or Chromium\n{INSTALL}")
        return browser
    for path in dict.fromkeys(_candidates()):
        if browser := _ask(path):
            return browser
    raise CollectError(f"no Chrome or Chromium was found\n{INSTALL}")


def _reached(address: str) -> Browser:
    """Return a browser that runs elsewhere, as it introduces itself (Chrome DevTools Protocol)."""
    import requests  # noqa: PLC0415 -- only where somebody names an address

    try:
        answer = requests.get(
            f"{address.rstrip('/')}/json/version", timeout=PATIENCE, allow_redirects=False
        )
        version = VERSION.search(str(answer.json()["Browser"])[:100])
    except (requests.RequestException, ValueError, KeyError, TypeError):
        version = None
    if version is None:
        raise CollectError(
            f"{address}: no Chromium answers there; start one with --remote-debugging-port"
        )
    return Browser(path=address, kind="remote", version=version[0])


def no_sandbox(setting: str = "") -> str:
    """Return why the browser runs without its sandbox, "" where it has one.

    `setting` is AUDIT_SANDBOX: a word for on or off, or "" for what is usual, which is off only
    for root. Raises CollectError for one that cannot be followed.
    """
    is_refused = sys.platform == "linux" and os.geteuid() == 0
    match setting.lower():
        case "off" | "0" | "no" | "false":
            return f"AUDIT_SANDBOX={setting}"
        case "":
            return "Chromium has none for root; a plain user has it" if is_refused else ""
        case "on" | "1" | "yes" | "true":
            if is_refused:
                raise CollectError(
                    "AUDIT_SANDBOX=on: Chromium has none for root; use a plain user"
                )
            return ""
        case _:
            raise CollectError(f"AUDIT_SANDBOX={setting} is not understood; write on or off")


def _candidates() -> Iterator[str]:
    """Yield paths that may be browsers; the first is liked best."""
    if sys.platform != "win32":  # there, PATH begins with the folder that is audited
        found = (shutil.which(name) for name in ON_PATH)
        yield from (path for path in found if path and Path(path).is_absolute())
    yield from (
        path for path in map(_at_home, PLACES.get(sys.platform, ())) if Path(path).is_file()
    )
    for cache, pattern in product(map(_at_home, PLAYWRIGHT), PLAYWRIGHT_FILES):
        yield from map(str, sorted(Path(cache).glob(pattern), key=_revision, reverse=True))


def _at_home(path: str) -> str:
    """Put the user's folder in the place of `~`; a user without one (in a container) has none."""
    try:
        return str(Path(path).expanduser())
    except RuntimeError:
        return path


def _revision(path: Path) -> int:
    """Return the number in `chromium-1255`: the highest is the newest."""
    numbers = re.findall(r"-(\d+)(?=[/\\])", str(path))
    return int(numbers[-1]) if numbers else 0


def _ask(path: str) -> Browser | None:
    """Return what a program says of itself; None if it is no Chromium, fails or does not answer.

    Snap's and flatpak's launchers exist where no browser is behind them: they fail.
    """
    opens_a_window = sys.platform == "win32" and _kind(path) != "headless_shell"
    said = _beside(path) if opens_a_window else _said(path)
    version = VERSION.search(said)
    return Browser(path=path, kind=_kind(path, said), version=version[0]) if version else None


def _said(path: str) -> str:
    """Return what `--version` prints; standard error is noise (Debian's launcher warns there)."""
    try:
        asked = subprocess.run(  # noqa: S603 -- a browser that the user has
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout[:1000].decode(errors="replace")


def _beside(path: str) -> str:
    """Return the version that stands beside a Windows browser, as the name of a folder or file."""
    found = map(VERSION.match, (entry.name for entry in Path(path).parent.iterdir()))
    versions = [match[0] for match in found if match]
    return max(versions, key=lambda name: [int(part) for part in name.split(".")], default="")


def _kind(path: str, said: str = "") -> Kind:
    if any("headless" in Path(name).stem for name in (path, Path(path).resolve())):
        return "headless_shell"
    return "chrome" if "Google Chrome" in said or path.endswith("chrome.exe") else "chromium"
