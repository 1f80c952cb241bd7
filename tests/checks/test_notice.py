"""Pages from which nobody finds the notice."""

from collections.abc import Iterable

import pytest

from auditor.evidence import PageLoaded, State
from auditor.findings import Result
from auditor.testing import judge, page, policy, request, site
from auditor_checks.notice import notice_not_linked

NOTICE = "https://example.org/privacy"
PROMISE = f"notices: [{{id: privacy, url: '{NOTICE}'}}]"


def run(text: str, *pages: PageLoaded) -> Result:
    """Judge pages; a home page that leads to the notice is among them."""
    return judge(notice_not_linked, policy(text), site(page(links=(NOTICE,)), *pages))


def about(*links: str, url: str = "https://example.org/about", status: int = 200) -> PageLoaded:
    """Return a page with these links."""
    return page(url, links=links, status=status)


def objects(result: Result) -> list[str]:
    """Return the objects of the findings."""
    return [finding.object for finding in result.findings]


@pytest.mark.parametrize(
    "link",
    [
        NOTICE,
        "https://example.org/privacy/",
        "http://example.org/privacy",
        "https://www.example.org/privacy",
        "https://example.org/privacy?lang=*",
        "https://example.org/privacy#rights",
    ],
)
def test_a_link_is_a_link(link: str) -> None:
    """However it is written: people get there."""
    assert run(PROMISE, about("https://example.org/", link)).outcome.value == "pass"


@pytest.mark.parametrize(
    "links",
    [
        (),
        ("https://example.org/",),
        ("https://example.org/privacy-of-others",),
        ("https://other.example/privacy",),
        ("https://blog.example.org/privacy",),
    ],
)
def test_a_page_without_the_link_is_found(links: Iterable[str]) -> None:
    """Other pages and other sites are no notice of ours."""
    result = run(PROMISE, about(*links))
    assert objects(result) == ["page:/about"]
    assert result.findings[0].severity.value == "medium"


@pytest.mark.parametrize(
    "opened",
    [
        about(url=NOTICE),
        about(url="https://www.example.org/privacy/"),
        about(status=404),
        about(status=500, url="https://example.org/about"),
        about(url="https://pay.example/checkout"),
    ],
    ids=["the notice", "the notice again", "gone", "broken", "not ours"],
)
def test_pages_that_need_no_link(opened: PageLoaded) -> None:
    """The notice itself, errors, and pages of others on the way."""
    assert objects(run(PROMISE, opened)) == []


def test_pages_are_told_apart() -> None:
    """By path, and by host where that is not the site's own."""
    result = run(
        PROMISE,
        about(url="https://example.org/a?x=*"),
        about(url="https://example.org/b"),
        about(url="https://shop.example.org/a"),
    )
    assert objects(result) == ["page:/a", "page:/b", "page:shop.example.org/a"]


def test_markup_that_was_not_kept_is_a_gap() -> None:
    """Whether a page has the link is not known, and no other check misses anything."""
    result = run(PROMISE, page("https://example.org/about"))
    assert result.outcome.value == "error"
    assert [gap.what for gap in result.gaps] == ["links of https://example.org/about"]


def test_a_page_written_by_scripts_is_a_gap() -> None:
    """A recording keeps the empty shell that the server sent, not what people see."""
    shell = about()
    script = request("https://example.org/app.js", page=shell.url, resource="script")
    seen = site(page(links=(NOTICE,)), shell, script)
    result = judge(notice_not_linked, policy(PROMISE), seen)
    assert (result.outcome.value, objects(result)) == ("error", [])


@pytest.mark.parametrize(
    ("url", "is_exact"),
    [
        (NOTICE, True),
        (f"{NOTICE}#top", True),
        ("https://example.org/?page_id=3", False),
        ("https://example.org/#/privacy", False),
    ],
)
def test_an_address_that_evidence_cannot_tell_apart(url: str, *, is_exact: bool) -> None:
    """Every page links home: that alone is no link to the notice that is one of its views."""
    text = f"notices: [{{id: privacy, url: '{url}'}}]"
    home = "https://example.org/"
    result = judge(notice_not_linked, policy(text), site(page(links=(NOTICE, home))))
    assert result.outcome.value == ("pass" if is_exact else "error")


def test_a_notice_without_an_address_is_a_gap() -> None:
    """Nobody can look for a link to somewhere unknown; other notices are still looked for."""
    text = f"notices: [{{id: a, path: a.md}}, {{id: privacy, url: '{NOTICE}'}}]"
    result = run(text, about())
    assert objects(result) == ["page:/about"]
    assert [gap.what for gap in result.gaps] == ["notice a"]
    alone = run("notices: [{id: a, path: a.md}]", about())
    assert (alone.outcome.value, objects(alone)) == ("error", [])


def test_one_language_is_enough() -> None:
    """A page leads to the notice in the language of the page."""
    french = "https://example.org/fr/confidentialite"
    text = f"notices: [{{id: en, url: '{NOTICE}'}}, {{id: fr, url: '{french}'}}]"
    assert run(text, about(french)).outcome.value == "pass"


def test_an_address_with_an_id_is_met_as_its_shape() -> None:
    """Evidence keeps no ids of links, so the policy's address is compared without them."""
    text = "notices: [{id: en, url: 'https://example.org/doc/3f9c2a1b77d0'}]"
    seen = site(page(links=("https://example.org/doc/*",)))
    assert judge(notice_not_linked, policy(text), seen).outcome.value == "pass"


def test_a_site_without_a_notice() -> None:
    """A site may name the notices that are its own; without any there is nothing to lead to."""
    sites = "sites: [{id: www, url: https://example.org/, notices: [privacy]}]\n"
    two = f"notices: [{{id: other, url: https://o.example/}}, {{id: privacy, url: '{NOTICE}'}}]"
    assert objects(run(sites + two, about("https://o.example/"))) == ["page:/about"]
    assert run("").outcome.value == "not_applicable"


def test_every_state_is_looked_at() -> None:
    """A page that shows the link only before the choice does not show it always."""
    seen = site(
        *(page(links=(NOTICE,), state=state) for state in (State.BEFORE, State.REJECT)),
        page(links=(), state=State.ACCEPT),
    )
    result = judge(notice_not_linked, policy(PROMISE), seen)
    assert objects(result) == ["page:/"]
    assert [told.state for told in result.findings[0].seen] == ["accept"]
