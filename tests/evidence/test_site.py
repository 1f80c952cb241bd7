"""What is asked of the evidence of a site."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from auditor.evidence import Source, State
from auditor.testing import cookie, page, request, site


def test_pages_states_and_contacts() -> None:
    """Pages in their order, states of pages, hosts by name with all their requests."""
    seen = site(
        page("https://example.org/b", state=State.ACCEPT),
        request("https://z.example/1"),
        page("https://example.org/a", state=None),
        request("https://a.example/", state=State.REJECT),
        request("https://z.example/2"),
    )
    assert [one.url for one in seen.pages] == ["https://example.org/b", "https://example.org/a"]
    assert seen.states == {State.ACCEPT, None}
    assert [(one.host, len(one.requests)) for one in seen.contacts] == [
        ("a.example", 1),
        ("z.example", 2),
    ]


def test_a_host_knows_its_registrable_domain() -> None:
    """The collector wrote it down; a host that it did not meet is its own."""
    seen = site(request("https://www.example.co.uk/"), cookie("a", domain="x.example.com"))
    assert seen.contacts[0].registrable_domain == "example.co.uk"
    assert seen.registrable_domain("x.example.com") == "example.com"
    assert seen.registrable_domain("www.unseen.example") == "www.unseen.example"


@pytest.mark.parametrize(
    ("statuses", "is_looked_at"),
    [([200], True), ([304], True), ([404, 200], True), ([404], False), ([500, 403], False)],
)
def test_a_page_that_fails_shows_nothing(statuses: list[int], is_looked_at: bool) -> None:
    """One page that loads is looking; none is not."""
    pages = [page(f"https://example.org/{status}", status=status) for status in statuses]
    assert site(*pages).is_looked_at is is_looked_at


def test_when_a_state_was_recorded() -> None:
    """Each recording has its own date; where none is of the state, the oldest stands for it."""
    days = {State.BEFORE: 3, State.ACCEPT: 2, None: 5}
    sources = tuple(
        Source(kind="har", collected_at=datetime(2026, 1, day, tzinfo=UTC), state=state)
        for state, day in days.items()
    )
    later = Source(kind="har", collected_at=datetime(2026, 1, 9, tzinfo=UTC), state=State.BEFORE)
    seen = structs.replace(site(), sources=(later, *sources))
    assert {state: seen.began(state).day for state in (*days, State.GPC)} == {
        **days,
        State.GPC: 2,
    }
    assert seen.collected_at.day == 2


def test_the_subject() -> None:
    """As the contract writes it."""
    assert site(site_id="blog").subject == "site:blog"
