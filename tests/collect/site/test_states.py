"""What a visitor gets who refuses, agrees, or changes their mind."""

import os
from io import BytesIO

import pytest
from PIL import Image
from shop import HTML, Page, shop

from auditor.collect.site.plan import Network
from auditor.collect.site.planning import Looking
from auditor.collect.site.visit import visit_sites
from auditor.evidence import (
    BannerSeen,
    ChoiceMade,
    CookieSet,
    PageLoaded,
    RequestSent,
    SiteEvidence,
    State,
    StorageKept,
    WindowShown,
)
from auditor.report.html.windows import size_of
from auditor.testing import policy

SANDBOX = hasattr(os, "geteuid") and os.geteuid() != 0

BANNER = """<!doctype html><title>Shop</title><p>Bread and more. <a href="/about">About</a>
<button id=again onclick="ask()">Cookie settings</button>
<div id=banner role=dialog style="position: fixed; bottom: 0; display: none; background: #eee">
<p>We use cookies to count visits. May we?</p>
<button id=yes onclick="choose('yes')">Accept all</button>
<button id=no onclick="choose('no')">Reject all</button></div>
<script>
const banner = document.getElementById("banner");
const ask = () => { banner.style.display = "block"; };
const chosen = () => /choice=(\\w+)/.exec(document.cookie)?.[1];
function load() {
  document.cookie = "count=1; max-age=1000";
  localStorage.setItem("counted", "1");
  fetch("http://count.third.localhost:PORT/hit", { mode: "no-cors" });
}
function choose(what) {
  document.cookie = `choice=${what}; max-age=1000`;
  banner.style.display = "none";
  EXTRA
  if (what === "yes") load();
}
if (!chosen()) ask();
if (chosen() === "yes") load();
</script>"""
HONEST = BANNER.replace("EXTRA", "if (what === 'no') document.cookie = 'count=; max-age=0';")
DARK = BANNER.replace("EXTRA", "fetch('http://dark.third.localhost:PORT/', { mode: 'no-cors' });")
STEPS = """, consent: {
  accept: {steps: [{click: "css=#yes"}]}, reject: {steps: [{click: "css=#no"}]},
  withdraw: {steps: [{click: "css=#again"}, {click: "css=#no"}]},
  state: {accept: {cookie: choice, matches: "yes"}, reject: {cookie: choice, matches: "no"}}}"""


def visited(home: str, more: str = "") -> SiteEvidence:
    """Visit a shop with a banner in every state."""
    served: dict[str, Page] = {"/": (home, HTML, {}), "/about": (home, HTML, {})}
    with shop(served) as opened:
        text = f"sites: [{{id: www, url: '{opened.url}'{more}}}]"
        looking = Looking(network=Network(sandbox=SANDBOX))
        return visit_sites(policy(text).sites, looking)[0]


def counted(seen: SiteEvidence) -> set[State | None]:
    """Return the states in which visits were counted, by whatever means."""
    return {
        item.state
        for item in seen.observations
        if (isinstance(item, RequestSent) and item.host == "count.third.localhost")
        or (isinstance(item, CookieSet) and item.name == "count" and item.is_kept)
        or (isinstance(item, StorageKept) and item.name == "counted")
    }


def choices(seen: SiteEvidence) -> dict[State | None, tuple[str, str]]:
    """Return how each choice was made, and what came of it."""
    return {
        item.state: (item.how, item.outcome)
        for item in seen.observations
        if isinstance(item, ChoiceMade)
    }


@pytest.fixture(scope="module", params=[STEPS, ""], ids=["steps", "found out"])
def honest(request: pytest.FixtureRequest) -> SiteEvidence:
    """Visit an honest shop, by the policy's steps and without them."""
    return visited(HONEST, request.param)


def test_every_state_has_its_visit(honest: SiteEvidence) -> None:
    """All pages are opened in each state, and nothing is left open."""
    pages = {
        (item.state, item.url.rpartition("/")[2])
        for item in honest.observations
        if isinstance(item, PageLoaded)
    }
    states = (State.BEFORE, State.REJECT, State.ACCEPT, State.WITHDRAW)
    assert pages >= {(state, name) for state in states for name in ("", "about")}
    assert honest.gaps == ()


def test_the_choices_are_made_and_hold(honest: SiteEvidence) -> None:
    """The banner goes away for good; where the policy says how to know, it is known."""
    made = choices(honest)
    assert made.keys() == {State.REJECT, State.ACCEPT, State.WITHDRAW}
    assert {outcome for _, outcome in made.values()} <= {"verified", "claimed"}
    if made[State.REJECT][0] == "policy":
        assert made[State.ACCEPT] == ("policy", "verified")
        assert made[State.REJECT] == ("policy", "verified")


def test_an_honest_shop_counts_only_who_agreed(honest: SiteEvidence) -> None:
    """What is there before a choice or after a refusal is not mixed with what agreeing brings."""
    assert counted(honest) - {State.WITHDRAW} == {State.ACCEPT}


def test_the_banner_is_seen(honest: SiteEvidence) -> None:
    """It is looked for once, by somebody who has not chosen."""
    (banner,) = (item for item in honest.observations if isinstance(item, BannerSeen))
    assert (banner.state, banner.accept, banner.reject) == (State.BEFORE, 1, 1)


def test_what_visitors_are_shown(honest: SiteEvidence) -> None:
    """There is a picture of the window in each state; the banner is in the first one only."""
    shown = [item for item in honest.observations if isinstance(item, WindowShown)]
    lowest = {}
    for item in shown:
        picture = Image.open(BytesIO(item.picture)).convert("L")
        lowest[item.state] = picture.tobytes()[-6 * picture.width + 20]
        assert size_of(item.picture) == picture.size
    assert len(shown) == len(lowest) == 4
    assert {state for state, grey in lowest.items() if grey < 250} == {State.BEFORE}


def test_what_the_click_itself_does_is_after_it() -> None:
    """A request that fires on the refusal, and never again, is one after the refusal."""
    seen = visited(DARK, STEPS)
    dark = {
        item.state
        for item in seen.observations
        if isinstance(item, RequestSent) and item.host == "dark.third.localhost"
    }
    assert State.REJECT in dark
    assert State.BEFORE not in dark


def test_a_choice_that_cannot_be_made_is_a_gap() -> None:
    """Steps that lead nowhere, and a banner without a way to refuse: nobody knows what follows."""
    only_yes = HONEST.replace("<button id=no onclick=\"choose('no')\">Reject all</button>", "")
    seen = visited(only_yes, ", consent: {reject: {steps: [{click: 'css=#nowhere'}]}}")
    assert choices(seen)[State.REJECT][1] == "failed"
    assert any(gap.state is State.REJECT and "the choice" in gap.what for gap in seen.gaps)


def test_no_banner_no_choice() -> None:
    """Where nobody asks, nobody can choose: only the first state is visited."""
    seen = visited("<!doctype html><p>Bread")
    assert {source.state for source in seen.sources} == {State.BEFORE}
