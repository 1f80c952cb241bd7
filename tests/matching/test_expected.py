"""What the policy wants to be looked at and nobody did: start pages, journeys, the right host."""

from pathlib import Path

import pytest

from auditor.evidence import SiteEvidence, State
from auditor.matching import missing
from auditor.testing import page, policy, request, site

HOME = "https://example.org/"


def gaps(seen: SiteEvidence, site_keys: str = "") -> list[tuple[str, str]]:
    """Return what is missing, and its state, by a policy with one site."""
    text = f"sites: [{{id: www, url: {HOME}{site_keys}}}]"
    promised = policy(text)
    found = missing(promised, promised.sites[0], seen)
    return [(gap.what, gap.state or "") for gap in found]


NO_BANNER = ", consent: {banner: none}"


def before(*seen: object, url: str = HOME, status: int = 200) -> SiteEvidence:
    """Return evidence of one page before any choice."""
    return site(page(url, status=status), *seen)  # type: ignore[arg-type]


def test_everything_is_there() -> None:
    """The home page in each state is all that a plain policy asks for."""
    assert gaps(site()) == []
    assert gaps(before(), NO_BANNER) == []


@pytest.mark.parametrize(
    ("url", "start", "is_there"),
    [
        (HOME, "/", True),
        ("https://example.org", "/", True),
        ("https://www.example.org/", "/", True),
        ("https://example.org/donate", "/", False),
        ("https://example.org/donate?campaign=*", "/donate", True),
        ("https://example.org/donate", "/donate?campaign=x", True),
        ("https://example.org/donate/", "/donate", False),
        ("https://blog.example.org/donate", "/donate", False),
        ("https://example.org/user/*", "/user/12", True),
        ("https://example.org/shop/tea", "/shop/*", True),
    ],
)
def test_start_pages(url: str, start: str, *, is_there: bool) -> None:
    """A start page has to be opened on the site's own host, with or without www."""
    keys = f"{NO_BANNER}, crawl: {{start: ['{start}']}}"
    expected = [] if is_there else [(f"start page {start}", "before")]
    assert gaps(before(url=url), keys) == expected


@pytest.mark.parametrize("start", ["/", "/old"])
def test_a_start_page_may_lead_elsewhere(start: str) -> None:
    """A start page that redirects was opened: it is what leads to the page that loaded."""
    steps = [
        request("https://example.org/step", redirected_from=f"https://example.org{start}"),
        request("https://example.org/en/", redirected_from="https://example.org/step"),
    ]
    keys = f"{NO_BANNER}, crawl: {{start: [{start}]}}"
    assert gaps(before(*steps, url="https://example.org/en/"), keys) == []
    other_state = [
        request(step.url, redirected_from=step.redirected_from, state=State.ACCEPT)
        for step in steps
    ]
    missed = gaps(before(*other_state, url="https://example.org/en/"), keys)
    assert missed == [(f"start page {start}", "before")]


def test_redirects_in_a_circle_end() -> None:
    """Hostile evidence cannot make it go round for ever."""
    one, two = "https://example.org/1", "https://example.org/2"
    circle = (request(one, redirected_from=two), request(two, redirected_from=one))
    assert gaps(before(*circle, url=one), NO_BANNER) == [("start page /", "before")]


def test_each_state_has_its_own_start_pages() -> None:
    """Opened before the choice is not opened after it."""
    seen = site(
        page(), page("https://example.org/x", state=State.REJECT), page(state=State.ACCEPT)
    )
    assert gaps(seen) == [("start page /", "reject")]


@pytest.mark.parametrize(
    ("status", "missed"),
    [
        (200, []),
        (404, [("state before", "before"), ("start page /", "before")]),
        (503, [("state before", "before"), ("start page /", "before"), (HOME, "before")]),
    ],
)
def test_pages_that_answer_with_an_error(status: int, missed: list[tuple[str, str]]) -> None:
    """Who saw only errors saw no state; a start page has to load; a 5xx is a gap of its own."""
    assert gaps(before(status=status), NO_BANNER) == missed


def test_a_page_that_was_cut_off_is_a_gap() -> None:
    """An answer came, and not all of it: the page is not there, unless it loaded another time."""
    facts = {"resource": "document", "failed": "net::ERR_CONTENT_LENGTH_MISMATCH"}
    cut = [request(url, page=url, **facts) for url in (HOME, "https://example.org/about")]
    about = ("https://example.org/about", "before")
    opened = page("https://example.org/x")
    assert gaps(site(opened, *cut), NO_BANNER) == [
        ("start page /", "before"),
        (HOME, "before"),
        about,
    ]
    assert gaps(before(*cut), NO_BANNER) == [about]


@pytest.mark.parametrize(
    "facts",
    [{"failed": "net::ERR_FAILED", "status": None}, {"failed": ""}],
    ids=["silent", "fine"],
)
def test_only_what_began_to_answer_was_cut_off(facts: dict[str, object]) -> None:
    """A page that never answered was not opened; a document that came whole is another gap's."""
    asked = request(HOME, page=HOME, resource="document", **facts)
    seen = site(page("https://example.org/x"), asked)
    assert gaps(seen, NO_BANNER) == [("start page /", "before")]


def test_a_page_that_loads_now_and_then() -> None:
    """Opened once, the start page was looked at; that it broke the other time is told."""
    assert gaps(before(page(status=503)), NO_BANNER) == [(HOME, "before")]


def test_a_crawled_page_that_is_gone_is_no_gap() -> None:
    """A link that answers 4xx is no page to look at; one that answers 5xx should have been."""
    gone, broken = "https://example.org/gone", "https://example.org/broken"
    seen = before(page(gone, status=404), page(broken, status=502))
    assert gaps(seen, NO_BANNER) == [(broken, "before")]


def test_a_journey_that_nobody_made_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that is collected so far replays one."""
    (tmp_path / "sign-up.json").write_text('{"steps": [{"type": "close"}]}')
    monkeypatch.chdir(tmp_path)
    assert gaps(site(), ", journeys: [sign-up.json]") == [("journey sign-up.json", "")]


@pytest.mark.parametrize(
    ("url", "is_there"),
    [
        ("https://example.org/", True),
        ("http://example.org:8080/", True),
        ("https://staging.example.org/", False),
        ("https://example.com/", False),
        ("about:invalid", False),
    ],
)
def test_the_right_host(url: str, *, is_there: bool) -> None:
    """Evidence of another host shows nothing of this one, unless it is said to stand for it."""
    promised = policy(f"sites: [{{id: www, url: {HOME}}}]")
    gaps_found = missing(promised, promised.sites[0], site(url=url))
    found = [gap for gap in gaps_found if gap.what == "site:www"]
    assert (found == []) is is_there
    if not is_there:
        assert (f"--site-url www={url}" in found[0].needs) is url.startswith("https://")
