"""The page in a browser: what it fetches, whether it fits a phone, and axe-core's opinion."""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from auditor.collect.site.browser import find_browser, no_sandbox
from auditor.errors import AuditError
from auditor.evidence import State, WindowShown
from auditor.report import PAGES, Story
from auditor.testing import ages, cookie, request, table


def picture() -> bytes:
    """Return a picture as large as those of a visit."""
    written = BytesIO()
    Image.new("RGB", (768, 432), "teal").save(written, "WEBP", quality=50)
    return written.getvalue()


SIZES = [(390, 844), (1280, 900)]
LONG = "x" * 120
SEEN = (
    *(cookie(f"tracker_{number}_{LONG}") for number in range(15)),
    cookie("session", lifetime=3600, page=f"https://example.org/{LONG}"),
    request("https://js.pay.example/v3"),
    request(f"https://t.{'y' * 60}.example/t.js", state=State.ACCEPT),
    WindowShown(picture=picture(), page=f"https://example.org/{LONG}", state=State.BEFORE),
    table("users", ages({"2024-01-15": 9, "2026-01-10": 230}, undated=1), rows=240),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a Chromium, the same for all tests here."""
    try:
        path = find_browser(os.environ.get("AUDIT_BROWSER", "")).path
    except AuditError as error:
        pytest.skip(f"there is no browser: {error}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, chromium_sandbox=not no_sandbox()
        )
        yield launched
        launched.close()


@pytest.fixture
def address(story: Callable[..., Story], tmp_path: Path) -> str:
    """Return where a report is that has something of everything, with long names."""
    path = tmp_path / "report.html"
    path.write_bytes(PAGES["html"](story(*SEEN)))
    return path.as_uri()


def test_nothing_is_fetched_and_the_style_counts(browser: Browser, address: str) -> None:
    """The file itself is all that is asked for, and its policy lets its own style through."""
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert asked == [address]
    assert said == []
    assert page.evaluate("document.querySelector('img.window').naturalWidth") == 768
    assert page.evaluate("getComputedStyle(document.querySelector('.narrow')).display") == "none"
    page.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_wider_than_the_screen(
    browser: Browser, address: str, width: int, height: int
) -> None:
    """On a phone and on a desk, with everything unfolded, nobody scrolls sideways."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_it_works_without_scripts(browser: Browser, address: str) -> None:
    """What is folded opens with a click, where scripts are off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    hidden = page.locator("#devices tbody tr").first
    assert not hidden.is_visible()
    page.locator("#devices summary").first.click()
    assert hidden.is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing(
    browser: Browser, address: str, width: int, height: int, scheme: str
) -> None:
    """Zero violations by axe-core, with everything unfolded."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python, which brings axe-core, is not installed")
    axe = (Path(spec.origin).parent / "axe.min.js").read_text("utf-8")
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    assert len(found["passes"]) > 20
    page.close()
