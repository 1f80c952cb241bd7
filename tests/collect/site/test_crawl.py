"""Which pages are visited, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.crawl import MOST_KNOWN, Frontier, plain, start_addresses
from auditor.testing import policy

HOME = "https://example.org/"


def order(frontier: Frontier) -> list[str]:
    """Return all that is handed out."""
    return list(iter(frontier.next, None))


def test_start_pages_come_first_and_in_their_order() -> None:
    """What must load is opened before what was found, whatever its name."""
    frontier = Frontier(HOME, max_pages=9)
    frontier.found([f"{HOME}a"])
    frontier.start([f"{HOME}z", HOME])
    assert order(frontier) == [f"{HOME}z", HOME, f"{HOME}a"]


def test_another_shape_before_more_of_the_same() -> None:
    """A sample of a shop is not five orders, where it has other pages."""
    frontier = Frontier(HOME, max_pages=3)
    orders = [f"{HOME}order/1000{number}" for number in range(5)]
    frontier.found([*orders, f"{HOME}terms"])
    assert order(frontier) == [orders[0], f"{HOME}terms", orders[1]]


def test_what_is_left_out() -> None:
    """Other hosts, files and excluded paths are no pages; `www.` makes no other host."""
    frontier = Frontier("https://www.example.org/", exclude=["/logout*"], max_pages=9)
    frontier.found(
        [
            "https://app.example.org/",
            "https://example.org.evil.test/",
            "mailto:jo@example.org",
            "https://example.org/terms.pdf",
            "https://example.org/logout?now",
            "https://example.org/logout/all",
            "https://example.org/index.html#top",
            "https://[broken",
        ]
    )
    assert order(frontier) == ["https://example.org/index.html"]


def test_the_sample_is_full() -> None:
    """No more than asked for, but every start page."""
    frontier = Frontier(HOME, max_pages=1)
    frontier.start([HOME, f"{HOME}must"])
    frontier.found([f"{HOME}may"])
    assert order(frontier) == [HOME, f"{HOME}must"]
    assert frontier.waiting == (f"{HOME}may",)


def test_going_on_where_another_attempt_ended() -> None:
    """What was done is not done again, and counts for the sample."""
    frontier = Frontier(HOME, max_pages=2)
    frontier.skip([HOME])
    frontier.start([HOME])
    frontier.found([HOME, f"{HOME}a", f"{HOME}b"])
    assert order(frontier) == [f"{HOME}a"]
    assert frontier.done == (HOME, f"{HOME}a")


def test_a_page_that_links_without_end() -> None:
    """A calendar that never ends costs bounded memory."""
    frontier = Frontier(HOME)
    frontier.found(f"{HOME}{number}" for number in range(MOST_KNOWN + 100))
    assert len(frontier.waiting) == MOST_KNOWN


@given(st.lists(st.sampled_from([f"{HOME}{path}" for path in ("a", "b", "b/", "c?x=1", "c?x=2")])))
def test_the_order_does_not_depend_on_the_order_of_links(links: list[str]) -> None:
    """The same site gives the same pages, each once."""
    one, other = Frontier(HOME), Frontier(HOME)
    one.found(links)
    other.found(reversed(links))
    found = order(one)
    assert found == order(other)
    assert sorted(found) == sorted(set(links))


@given(st.text(max_size=50))
def test_any_text_may_be_a_link(text: str) -> None:
    """Links come from pages: none of them is an error."""
    frontier = Frontier(HOME)
    frontier.found([text, f"https://example.org/{text}"])
    order(frontier)
    plain(text)


def test_start_addresses() -> None:
    """Paths are of the site's own host."""
    site = policy("sites: [{id: w, url: 'https://x.org/en/', crawl: {start: [/, /a?b=c]}}]").sites[
        0
    ]
    assert start_addresses(site) == ("https://x.org/", "https://x.org/a?b=c")
