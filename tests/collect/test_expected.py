"""What the policy wants to be looked at and nobody recorded is a gap."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from auditor.collect.expected import missing_pages, missing_states
from auditor.evidence import Aspect, Gap, PageLoaded, Reason, RequestSent, State
from auditor.policy import ConsentBanner, Crawl, Site


def site(*start: str, url: str = "https://example.org/", banner: Any = "auto") -> Site:  # noqa: ANN401
    """Return a site with these start pages."""
    return Site(
        id="www", url=url, crawl=Crawl(start=start or ("/",)), consent=ConsentBanner(banner=banner)
    )


def page(url: str, status: int = 200, state: State | None = State.BEFORE) -> PageLoaded:
    """Return a page that was opened."""
    return PageLoaded(url=url, status=status, state=state, page=url)


def missing(where: Site, *seen: PageLoaded | RequestSent) -> list[tuple[str, Reason]]:
    """Return what is missing of a site in the state before."""
    return [(gap.what, gap.reason) for gap in missing_pages(where, seen, {State.BEFORE})]


def test_states_of_a_site_with_a_banner() -> None:
    """Before, refused and accepted; the gap says how to give the recording."""
    assert [*missing_states(site(), {State.BEFORE, State.ACCEPT, None})] == [
        Gap(
            what="state reject",
            reason=Reason.NOT_IN_EVIDENCE,
            needs="a recording made after refusing: --evidence www:reject=FILE.har",
            aspects=(Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE),
            state=State.REJECT,
        )
    ]
    assert len([*missing_states(site(banner="required"), set())]) == 3


def test_states_of_a_site_without_a_banner() -> None:
    """There is nothing to choose."""
    assert [gap.state for gap in missing_states(site(banner="none"), {None})] == [State.BEFORE]
    assert [*missing_states(site(banner="none"), {State.BEFORE})] == []


@pytest.mark.parametrize(
    ("start", "url"),
    [
        ("/", "https://example.org/"),
        ("/", "https://www.example.org/?utm=*"),
        ("/about?lang=fr", "https://example.org/about"),
        ("/users/4711", "https://example.org/users/*"),
        ("/news/*", "https://example.org/news/today"),
        ("/caf%C3%A9", "https://example.org/caf%C3%A9"),
        ("about", "https://example.org/about"),
    ],
)
def test_start_pages_that_were_opened(start: str, url: str) -> None:
    """Compared without query, with or without www, in their shape."""
    assert missing(site(start), page(url)) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/other",
        "https://shop.example.org/about",
        "https://example.com/about",
        "https://example.org/about/us",
    ],
)
def test_start_pages_that_were_not(url: str) -> None:
    """Another path or another host is another page."""
    assert missing(site("/about"), page(url)) == [("start page /about", Reason.NOT_IN_EVIDENCE)]


def test_start_pages_that_redirect() -> None:
    """Where the redirect was followed to a page, it was opened."""
    redirects = (
        RequestSent(
            url="https://example.org/en",
            host="example.org",
            state=State.BEFORE,
            redirected_from="https://id.example/",
        ),
        RequestSent(
            url="https://id.example/",
            host="id.example",
            state=State.BEFORE,
            redirected_from="https://example.org/",
        ),
        RequestSent(
            url="https://example.org/",
            host="example.org",
            state=State.BEFORE,
            redirected_from="https://example.org/en",
        ),
    )
    assert missing(site(), page("https://example.org/en"), *redirects) == []
    assert missing(site(), page("https://example.org/fr"), *redirects) != []


def test_pages_that_are_broken() -> None:
    """A start page must load; of other pages only errors of the server are gaps."""
    seen = (
        page("https://example.org/", 404),
        page("https://example.org/a", 404),
        page("https://example.org/b", 503),
    )
    assert missing(site(), *seen) == [
        ("start page /", Reason.UNREACHABLE),
        ("https://example.org/b", Reason.UNREACHABLE),
    ]
    assert missing(site(), page("https://example.org/", 500), page("https://example.org/")) == [
        ("https://example.org/", Reason.UNREACHABLE)
    ]


def test_each_state_is_looked_at_on_its_own() -> None:
    """A page opened before a choice says nothing about after it."""
    seen = (page("https://example.org/"), page("https://example.org/x", state=None))
    gaps = missing_pages(site(), seen, {State.REJECT, State.BEFORE, None})
    assert [(gap.what, gap.state, gap.needs) for gap in gaps] == snapshot(
        [
            ("start page /", State.REJECT, "a recording (state reject) in which it is opened"),
            ("start page /", None, "a recording in which it is opened"),
        ]
    )
