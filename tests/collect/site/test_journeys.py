"""Journeys in a real browser: what lies behind a login is seen, and who took which step."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from shop import HTML, SCRIPT, Page, Shop, shop

from auditor import evidence
from auditor.collect.site.plan import Limits, Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import (
    CookieSet,
    Evidence,
    PageLoaded,
    Reason,
    RequestSent,
    SiteEvidence,
    State,
    StepTaken,
    StorageKept,
    Tool,
)
from auditor.matching import missing
from auditor.policy_file.overrides import with_site_url
from auditor.testing import policy

PASSWORD = "correct horse battery"
NAME = "jo.doe@example.org"
LOGIN = """<!doctype html><title>Log in</title>
<label>Name <input id=name></label> <label>Password <input id=word type=password></label>
<button onclick="enter()">Log in</button>
<script>
name.value; function enter() {
  const right = document.getElementById("word").value === "correct horse battery"
    && document.getElementById("name").value === "jo.doe@example.org";
  if (right) { document.cookie = "session=1; path=/"; location = "/account"; }
}
</script>"""
ACCOUNT = """<!doctype html><title>Account</title><h1>Hello</h1>
<script src="http://chat.third.localhost:PORT/chat.js"></script>
<select id=plan><option value=free>Free</option><option value=paid>Paid</option></select>
<label><input type=checkbox id=news> News</label>
<my-part></my-part> <iframe src="/inner"></iframe>
<script>
plan.onchange = () => { document.cookie = "plan=" + plan.value; };
news.onclick = () => { localStorage.setItem("news", news.checked); };
customElements.define("my-part", class extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: "open" }).innerHTML = "<button>Open</button>";
    this.shadowRoot.querySelector("button").onclick = () => { document.cookie = "part=1"; }; }
});
</script>"""
INNER = """<button onclick="document.cookie = 'framed=1; path=/'">Inside</button>"""
CHAT = """document.cookie = "chat=1; path=/"; localStorage.setItem("chat-id", "123");"""
BANNER = """<div id=banner role=dialog style="position: fixed; bottom: 0">We use cookies.
<button id=yes onclick="document.cookie = 'ok=1; path=/'; banner.hidden = true">Accept all</button>
<button id=no onclick="document.cookie = 'ok=0; path=/'; banner.hidden = true">Reject all</button>
</div><script>banner.hidden = document.cookie.includes("ok=");</script>"""
PAGES: dict[str, Page] = {
    "/": ("<p>Shop", HTML, {}),
    "/login": (LOGIN, HTML, {}),
    "/account": (ACCOUNT, HTML, {}),
    "/inner": (INNER, HTML, {}),
    "/chat.js": (CHAT, SCRIPT, {}),
}
CLICK: dict[str, Any] = {"type": "click", "selectors": [["aria/Log in"], ["button"]]}


def login(home: str, *more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recording that logs in, as Chrome writes it, and goes on."""
    led_on = [{"type": "navigation", "url": f"{home}account", "title": "Account"}]
    return {
        "title": "Log in",
        "timeout": 2000,
        "steps": [
            {"type": "setViewport", "width": 800, "height": 600, "isMobile": False},
            {"type": "navigate", "url": f"{home}login", "assertedEvents": led_on[:0]},
            {"type": "change", "value": "{env: NAME}", "selectors": [["#name"]], "target": "main"},
            {"type": "change", "value": "{env: WORD}", "selectors": [["aria/Password"], "#word"]},
            {**CLICK, "offsetX": 10, "offsetY": 5, "assertedEvents": led_on},
            *more,
        ],
    }


def travelled(
    opened: Shop, folder: Path, recording: object, *, consent: str = "{banner: none}"
) -> SiteEvidence:
    """Visit the shop, and make the journey that was recorded."""
    (folder / "journey.json").write_text(json.dumps(recording))
    text = (
        f"sites: [{{id: www, url: '{opened.url}', crawl: {{max_pages: 1}}, consent: {consent},"
        " journeys: [journey.json]}]"
    )
    looking = Looking(
        network=Network(sandbox=False),
        limits=Limits(settle=2),
        secrets={"WORD": PASSWORD, "NAME": NAME},
        folder=str(folder),
    )
    return visit_sites(policy(text).sites, looking)[0]


MORE = (
    {"type": "change", "value": "paid", "selectors": ["#plan"]},
    {"type": "click", "selectors": [["#news"]]},
    {"type": "click", "selectors": [["my-part", "button"]]},
    {"type": "click", "selectors": [["xpath///button"], ["text/Inside"]], "frame": [0]},
    {"type": "waitForElement", "selectors": ["h1"], "count": 1, "operator": "=="},
    {"type": "scroll", "x": 0, "y": 100},
    {"type": "hover", "selectors": ["text/Hello"]},
    {"type": "keyDown", "key": "Tab"},
    {"type": "keyUp", "key": "Tab"},
    {"type": "close"},
)


def test_behind_the_login(tmp_path: Path) -> None:
    """A secret opens the door; what is there is seen, in order, after the step that caused it."""
    with shop(PAGES) as opened:
        found = travelled(opened, tmp_path, login(opened.url, *MORE))
    assert not found.gaps
    seen = [
        (item.step, item.does) if isinstance(item, StepTaken) else (item.name, item.writer)
        for item in found.observations
        if isinstance(item, StepTaken | CookieSet)
    ]
    shop_host, chat = "shop.localhost", "chat.third.localhost"
    assert seen.index(("session", shop_host)) > seen.index((5, "click"))
    assert seen.index(("chat", chat)) < seen.index((6, "change"))
    assert seen.index((6, "change")) < seen.index(("plan", shop_host)) < seen.index((7, "click"))
    assert seen.index((8, "click")) < seen.index(("part", shop_host)) < seen.index((9, "click"))
    assert seen.index((9, "click")) < seen.index(("framed", shop_host))
    pages = [item.url.rpartition("/")[2] for item in found.pages]
    assert pages == ["", "login", "account", "login"]  # once more, for what it does late
    keys = {item.name: item.writer for item in found.observations if isinstance(item, StorageKept)}
    assert keys == {"chat-id": chat, "news": shop_host}
    data = evidence.encode(Evidence(tool=Tool(name="x", version="1"), sites=(found,)))
    assert PASSWORD.encode() not in data
    assert NAME.encode() not in data


def test_in_every_state(tmp_path: Path) -> None:
    """Each visitor makes the journey, after the choice, in a profile of their own."""
    consent = (
        "{accept: {steps: [{click: 'css=#yes'}]}, reject: {steps: [{click: 'css=#no'}]},"
        " withdraw: {steps: [{click: 'css=#no'}]}}"
    )
    pages = {**PAGES, "/": (BANNER, HTML, {})}
    with shop(pages) as opened:
        found = travelled(opened, tmp_path, login(opened.url), consent=consent)
    steps = [item for item in found.observations if isinstance(item, StepTaken)]
    assert {item.state for item in steps} >= {State.BEFORE, State.REJECT, State.ACCEPT}
    chats = {item.state for item in found.observations if isinstance(item, RequestSent)}
    assert chats >= {State.BEFORE, State.REJECT, State.ACCEPT}


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (
            {"type": "click", "selectors": ["#nothing"], "timeout": 300},
            "what the recording points",
        ),
        (
            {
                **CLICK,
                "selectors": ["h1"],
                "timeout": 300,
                "assertedEvents": [{"type": "navigation"}],
            },
            "another page",
        ),
        (
            {"type": "click", "selectors": ["h1"], "frame": [7], "timeout": 300},
            "what the recording",
        ),
        ({"type": "waitForElement", "selectors": ["h1"], "count": 3, "timeout": 300}, "what the"),
    ],
)
def test_a_step_that_cannot_be_taken(tmp_path: Path, step: dict[str, Any], what: str) -> None:
    """It is a gap with its number, what comes after it is not done, what came before is kept."""
    with shop(PAGES) as opened:
        found = travelled(opened, tmp_path, login(opened.url, step, MORE[0]))
    assert [gap.what for gap in found.gaps] == [f"journey journey.json, step 6 ({step['type']})"]
    assert what in found.gaps[0].needs
    assert "steps 7 to 7 were not taken" in found.gaps[0].needs
    names = {cookie.name for cookie in found.cookies}
    assert {"session", "chat"} <= names
    assert "plan" not in names


CHATTY = """<h1>Hi</h1><label>Word <input id=word type=password></label>
<button id=go onclick="tell(document.getElementById('word').value)">Go</button><script>
setTimeout(() => { document.cookie = "late=1"; }, 5000);
function tell(word) {
  document.cookie = `${btoa(word)}=1`; localStorage.setItem("w-" + word, word);
  history.pushState({}, "", "/of/" + word); new Image().src = "/see/" + word + "?w=" + word;
  fetch("/hi/" + encodeURIComponent(word)); document.title = word;
  setTimeout(() => { location = "/done/" + word; }, 100);
}</script>"""


def test_what_the_page_does_with_a_secret(tmp_path: Path) -> None:
    """Wherever a page puts it: in names, paths, encoded: the evidence does not have it."""
    steps = [
        {"type": "navigate", "url": "about:blank"},
        {"type": "navigate", "url": "URL/chatty"},
        {"type": "change", "value": "{env: WORD}", "selectors": ["#word"]},
        {"type": "click", "selectors": ["#go"]},
        {"type": "waitForElement", "selectors": ["#word"], "visible": False},
    ]
    pages: dict[str, Page] = {**PAGES, "/chatty": (CHATTY, HTML, {})}
    with shop(pages) as opened:
        text = json.dumps({"steps": steps}).replace("URL/", opened.url)
        found = travelled(opened, tmp_path, json.loads(text))
        assert any("/hi/" in path for path in opened.log)
    data = evidence.encode(Evidence(tool=Tool(name="x", version="1"), sites=(found,))).lower()
    for word in (b"horse", b"correct", b"battery", b"y29ycmvjdcbob3jzzsbiyxr0zxj5"):
        assert word not in data
    assert "late" in {cookie.name for cookie in found.cookies}  # of a page that was only passed


ALERTS = "<h1>Hi</h1><button id=go onclick='setTimeout(() => { for (;;) alert(1); })'>Go</button>"
TOUR = "".join(f'<a id=a{i} href="/tour?{i}">{i}</a> ' for i in range(14))


def tour(*steps: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recording of a walk without a login; `URL` stands for the home page."""
    return {"timeout": 1500, "steps": [{"type": "navigate", "url": "URL/tour"}, *steps]}


@pytest.mark.parametrize(
    ("steps", "gaps"),
    [
        ([{"type": "click", "selectors": [f"#a{i}"]} for i in range(14)], []),
        (
            [{"type": "navigate", "url": "URL/gone"}, {"type": "keyDown", "key": "a"}],
            ["a page that loads: it answered 404; steps 3 to 3 were not taken"],
        ),
        (
            [
                {
                    "type": "click",
                    "selectors": ["#a1"],
                    "assertedEvents": [{"type": "navigation", "url": "URL/account"}],
                }
            ],
            ["the page that was recorded"],
        ),
        (
            [
                {"type": "navigate", "url": "URL/away"},
                {"type": "click", "selectors": ["#word"]},
            ],
            ["the way that was recorded: it leads to http://evil.other.localhost"],
        ),
        (
            [
                {"type": "navigate", "url": "URL/framed"},
                {"type": "change", "value": "{env: WORD}", "selectors": ["#word"], "frame": [0]},
            ],
            ["the way that was recorded: it leads to http://evil.other.localhost"],
        ),
        ([{"type": "click", "selectors": ["text/Inside"], "target": "URL/inner"}], []),
        (
            [{"type": "click", "selectors": ["a"], "target": "https://pop.example/"}],
            ["no other window: it was recorded in https://pop.example/"],
        ),
        (
            [
                {"type": "waitForElement", "selectors": ["#a1"], "attributes": {"id": "a1"}},
                {"type": "waitForElement", "selectors": ["a"], "count": 14, "operator": "=="},
                {"type": "waitForElement", "selectors": ["#a1"], "properties": {"id": "a2"}},
            ],
            ["a page with what the recording points to: #a1"],
        ),
        (
            [{"type": "waitForElement", "selectors": ["#a1"], "visible": False}],
            ["a page with what the recording points to: #a1"],
        ),
        (
            [{"type": "change", "value": "x.pdf", "selectors": ["input"]}],
            ["a journey without files to upload"],
        ),
    ],
    ids=[
        "long",
        "404",
        "led elsewhere",
        "evil",
        "evil frame",
        "frame",
        "window",
        "wait",
        "still there",
        "file",
    ],
)
def test_where_a_walk_leads(
    tmp_path: Path, steps: list[Mapping[str, Any]], gaps: list[str]
) -> None:
    """It goes where it was recorded, in frames too, and nowhere else."""
    away = {"Status": "302", "Location": "http://evil.other.localhost:PORT/evil"}
    pages: dict[str, Page] = {
        **PAGES,
        "/tour": (f"{TOUR}<iframe src=/inner></iframe><input type=file>", HTML, {}),
        "/gone": ("<p>Gone", HTML, {"Status": "404"}),
        "/away": ("", HTML, away),
        "/evil": ("<input id=word>", HTML, {}),
        "/framed": ("<iframe src='http://evil.other.localhost:PORT/evil'></iframe>", HTML, {}),
    }
    with shop(pages) as opened:
        text = json.dumps(tour(*steps)).replace("URL/", opened.url)
        found = travelled(opened, tmp_path, json.loads(text))
    assert len(found.gaps) == len(gaps), found.gaps
    assert all(start in gap.needs for start, gap in zip(gaps, found.gaps, strict=True))


def test_a_journey_that_hangs_is_not_made_twice(tmp_path: Path) -> None:
    """It may have ordered something; the next one is made."""
    pages: dict[str, Page] = {**PAGES, "/alerts": (ALERTS, HTML, {}), "/fine": ("<h1>x", HTML, {})}
    with shop(pages) as opened:
        click = {"type": "click", "selectors": ["#go"], "timeout": 1000}
        wait = {"type": "waitForElement", "selectors": ["h2"], "timeout": 1000}
        begin = {"type": "navigate", "url": f"{opened.url}alerts"}
        (tmp_path / "a.json").write_text(json.dumps({"steps": [begin, click, wait]}))
        fine = {"type": "navigate", "url": f"{opened.url}fine"}
        (tmp_path / "b.json").write_text(json.dumps({"steps": [fine]}))
        text = f"sites: [{{id: www, url: '{opened.url}', crawl: {{max_pages: 1}},"
        text += " consent: {banner: none}, journeys: [a.json, b.json]}]"
        looking = Looking(
            network=Network(sandbox=False),
            limits=Limits(settle=1, step=3, silence=20),
            folder=str(tmp_path),
        )
        (found,) = visit_sites(policy(text).sites, looking)
        asked = opened.log
    assert asked.count("shop.localhost/alerts") == 1
    assert asked.count("shop.localhost/fine") == 1
    assert any(gap.what.startswith("journey a.json") for gap in found.gaps)
    assert not any(gap.what.startswith("journey b.json") for gap in found.gaps)


def test_what_closes_itself(tmp_path: Path) -> None:
    """A page that is gone is a gap; the visit goes on."""
    pages = {**PAGES, "/account": ("<script>setTimeout(() => close(), 50)</script>", HTML, {})}
    with shop(pages) as opened:
        found = travelled(opened, tmp_path, login(opened.url, MORE[4]))
    assert found.is_looked_at
    assert found.gaps


def test_what_cannot_be_replayed_is_a_gap(tmp_path: Path) -> None:
    """Somebody else's start, a missing variable, a password in the file: nothing is replayed."""
    with shop(PAGES) as opened:
        elsewhere = travelled(opened, tmp_path, login("http://other.localhost/"))
        typed = login(opened.url)
        typed["steps"][3]["value"] = "1234"
        in_file = travelled(opened, tmp_path, typed)
        typed["steps"][3]["value"] = "{env: NOWHERE}"
        nowhere = travelled(opened, tmp_path, typed)
        asked = opened.log
    assert "begins at other.localhost" in elsewhere.gaps[0].needs
    assert in_file.gaps[0].what == "journey journey.json, step 4 (change)"
    assert 'write "{env: NAME}" as the value of the step' in in_file.gaps[0].needs
    assert "the variable NOWHERE, which step 4 types" in nowhere.gaps[0].needs
    assert nowhere.gaps[0].reason is Reason.NO_CREDENTIAL
    assert not any("account" in path for path in asked)


def test_a_deployment_that_stands_in(tmp_path: Path) -> None:
    """What was recorded at the declared address is replayed at the one that stands for it."""
    text = "sites: [{id: www, url: 'https://www.example.org/', journeys: [journey.json],"
    text += " crawl: {max_pages: 1}, consent: {banner: none}}]"
    (tmp_path / "journey.json").write_text(json.dumps(login("https://www.example.org/")))
    with shop(PAGES) as opened:
        promised = with_site_url(policy(text), f"www={opened.url}")
        secrets = {"WORD": PASSWORD, "NAME": NAME}
        looking = Looking(network=Network(sandbox=False), secrets=secrets, folder=str(tmp_path))
        found = visit_sites(promised.sites, looking)[0]
    assert not found.gaps
    assert f"{opened.url}account" in {page.url for page in found.pages}
    hosts = {item.host for item in found.observations if isinstance(item, RequestSent)}
    assert "www.example.org" not in hosts


def test_whether_it_was_made_is_asked_of_the_evidence(tmp_path: Path) -> None:
    """Evidence in which nobody made the journey has a gap for it, in each state that it shows."""
    with shop(PAGES) as opened:
        found = travelled(opened, tmp_path, login(opened.url))
    text = f"sites: [{{id: www, url: '{opened.url}', consent: {{banner: none}}, journeys: [%s]}}]"
    made, other = (policy(text % name) for name in ("journey.json", "other.json"))
    assert not list(missing(made, made.sites[0], found))
    assert [gap.what for gap in missing(other, other.sites[0], found)] == ["journey other.json"]
    assert any(isinstance(item, PageLoaded) for item in found.observations)
