"""The demonstration at work, and a browser that is led there."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from auditor.collect.site.browser import find_browser
from auditor.demo import Demo, serve, site_folder


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Return the example, served."""
    with serve(site_folder()) as served:
        yield served


@pytest.fixture(scope="module")
def browser(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Return a browser that finds every name at the demonstration, and trusts its key alone."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "Default").mkdir()
    wanted = {"profile": {"cookie_controls_mode": 0}}  # keeps cookies of third parties
    (profile / "Default" / "Preferences").write_text(json.dumps(wanted))
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_browser(os.environ.get("AUDIT_BROWSER", "")).path,
            chromium_sandbox=os.geteuid() != 0 and os.environ.get("AUDIT_SANDBOX") != "off",
            args=[
                f"--host-resolver-rules=MAP * 127.0.0.1:{demo.port}",
                f"--ignore-certificate-errors-spki-list={demo.trusted_keys[0]}",
                *("--disable-background-networking", "--disable-component-update"),
                *("--disable-sync", "--no-first-run", "--disable-site-isolation-trials"),
            ],
        )
        yield context
        context.close()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with one small host."""
    host = tmp_path / "site" / "www.example.org"
    host.mkdir(parents=True)
    (host / "index.html").write_text("<title>home</title>")
    (host / "about.html").write_text("about")
    (host / "empty").touch()
    (host / "key.js").write_text('"@@key_:12@@"')
    (host / "_headers").write_text(
        "# comment\n/\n  Set-Cookie: id=@@:16@@; Path=/\n/e*\n  X-One: 1\n\n/about\n"
        "  Content-Type: text/plain\n"
    )
    (host / "_redirects").write_text("/old/* /new/:splat 301\n/v1/* /key.js 200\n")
    (tmp_path / "site" / "stray.txt").write_text("no host")
    (tmp_path / "secret.txt").write_text("outside")
    return tmp_path / "site"
