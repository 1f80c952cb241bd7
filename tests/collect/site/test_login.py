"""A saved login: what of it is used, what is not, and how one that has ended is noticed."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from shop import HTML, Page, Shop, shop

from auditor.collect.site.login import LoginError, read_login
from auditor.collect.site.plan import Limits, Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import CookieSet, Reason, SiteEvidence, State, StorageKept, WindowShown
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0
URL = "https://shop.example/"
# Only who brings the cookie and the key is a member; everybody else is led to the login.
MEMBERS = """<!doctype html><title>Members</title><h1>Members</h1><script>
if (!document.cookie.includes("session=1")) location = "/login";
else if (localStorage.token) document.cookie = "member=1";
</script>"""
BANNER = """<div id=banner role=dialog>We use cookies.
<button id=yes onclick="document.cookie = 'ok=1'; banner.hidden = true">Accept all</button>
<button id=no onclick="document.cookie = 'ok=0'; banner.hidden = true">Reject all</button>
</div><button id=again onclick="banner.hidden = false">Cookies</button>
<script>banner.hidden = document.cookie.includes("ok=");</script>"""
PAGES: dict[str, Page] = {
    "/": (MEMBERS + BANNER, HTML, {}),
    "/login": ("<h1>Log in</h1>", HTML, {}),
}
CONSENT = (
    "{accept: {steps: [{click: 'css=#yes'}]}, reject: {steps: [{click: 'css=#no'}]},"
    " withdraw: {steps: [{click: 'css=#again'}, {click: 'css=#no'}]}}"
)


def cookie(name: str = "session", **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- as JSON
    """Return a cookie as Playwright saves it."""
    kept = {"name": name, "value": "1", "domain": "shop.example", "path": "/", "expires": -1}
    return {**kept, "httpOnly": False, "secure": False, "sameSite": "Lax", **more}


def saved(folder: Path, *cookies: object, origins: object = ()) -> Path:
    """Write a file with a login."""
    path = folder / "login.json"
    path.write_text(json.dumps({"cookies": cookies, "origins": origins}))
    return path


def names(data: bytes) -> list[str]:
    """Return the cookies that are used."""
    return [one["name"] for one in json.loads(data)["cookies"]]


def test_only_what_is_the_sites_own_is_used(tmp_path: Path) -> None:
    """Cookies and keys of others stay in the file: they would be sent to them."""
    path = saved(
        tmp_path,
        cookie(),
        cookie("above", domain=".example"),
        cookie("below", domain="www.shop.example"),
        cookie("beside", domain=".hop.example"),
        cookie("theirs", domain="tracker.example"),
        origins=[{"origin": one, "localStorage": []} for one in (URL, "https://x.example")],
    )
    found = read_login(path, URL)
    assert names(found) == ["session", "above"]
    assert [one["origin"] for one in json.loads(found)["origins"]] == [URL]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "not JSON"),
        ("[]", "a login that Playwright has saved"),
        ('{"cookies": [{"name": "x"}]}', r"missing required field `value` - at `\$.cookies"),
        (json.dumps({"cookies": []}), "the file holds none"),
        (json.dumps({"cookies": [cookie(domain="x.example")]}), "a login for shop.example"),
        (json.dumps({"cookies": [cookie(expires=86_400)]}), "ended on 1970-01-02"),
        (json.dumps({"cookies": [cookie(sameSite="Loose")]}), "Invalid enum value"),
        ("[" * 100_000, "a login that Playwright has saved"),
    ],
)
def test_a_file_that_lets_nobody_in(tmp_path: Path, content: str, why: str) -> None:
    """Each says what is wrong, and how to make another."""
    path = tmp_path / "login.json"
    path.write_text(content)
    with pytest.raises(LoginError, match=f"(?i){why}.*"):
        read_login(path, URL)


def test_one_that_lasts_is_enough(tmp_path: Path) -> None:
    """An old cookie beside one that still holds is no end of the login."""
    later = cookie("late", expires=time.time() + 1000)
    assert names(read_login(saved(tmp_path, cookie(expires=1), later), URL)) == ["session", "late"]


def visited(opened: Shop, folder: Path, consent: str = "{banner: none}") -> SiteEvidence:
    """Visit the shop with the login."""
    text = f"sites: [{{id: www, url: '{opened.url}', access: {{storage_state: login.json}},"
    text += f" crawl: {{max_pages: 1}}, consent: {consent}}}]"
    looking = Looking(
        network=Network(sandbox=SANDBOX), limits=Limits(settle=2), folder=str(folder)
    )
    return visit_sites(policy(text).sites, looking)[0]


def test_logged_in_whatever_was_chosen(tmp_path: Path) -> None:
    """Every visitor is the member, with cookie and key; nothing of others is in the profile.

    What members see is not kept as a picture: their names may be in it.
    """
    with shop(PAGES) as opened:
        items = [{"name": "token", "value": "t"}]
        saved(
            tmp_path,
            cookie(domain="shop.localhost", secure=True),
            cookie("theirs", domain="ads.other.localhost"),
            origins=[{"origin": opened.url.rstrip("/"), "localStorage": items}],
        )
        found = visited(opened, tmp_path, CONSENT)
    assert found.gaps == ()
    kept = [item for item in found.observations if isinstance(item, CookieSet | StorageKept)]
    states = {state: {item.name for item in kept if item.state is state} for state in State}
    for state in (State.BEFORE, State.REJECT, State.ACCEPT, State.WITHDRAW):
        assert {"session", "token", "member"} <= states[state]
    assert not any(item.name == "theirs" for item in kept)
    assert not any(isinstance(item, WindowShown) for item in found.observations)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (cookie(domain="shop.localhost", value="0"), "it led to http://shop.localhost"),
        (cookie(domain="shop.localhost", expires=86_400), "ended on 1970-01-02"),
        (cookie(domain="elsewhere.localhost"), "a login for shop.localhost"),
    ],
    ids=["ended at the server", "expired", "of another host"],
)
def test_a_login_that_does_not_hold(tmp_path: Path, one: dict[str, Any], why: str) -> None:
    """Nobody takes pages of the login for those behind it."""
    saved(tmp_path, one)
    with shop(PAGES) as opened:
        found = visited(opened, tmp_path)
    (gap,) = (gap for gap in found.gaps if gap.reason is Reason.NO_CREDENTIAL)
    assert why in gap.needs
