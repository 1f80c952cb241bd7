"""Each exchange happened on a page: by the recorder's groups, else by Referer and initiator."""

from collections.abc import Callable
from typing import Any

from auditor.collect.har.exchanges import Exchange, read_exchange
from auditor.collect.har.pages import Pages

MakeEntry = Callable[..., dict[str, Any]]
SHOP = "https://shop.example"


def pages_of(*entries: object) -> tuple[Pages, list[str]]:
    """Return the pages of a recording, and the page of each entry."""
    read = [read_exchange(value, number) for number, value in enumerate(entries)]
    exchanges = [seen for seen in read if seen is not None]
    in_order: list[Exchange] = sorted(exchanges, key=lambda seen: seen.place)
    pages = Pages(in_order)
    return pages, [pages.page_of(seen).removeprefix(SHOP) for seen in exchanges]


def test_groups_of_the_recorder(entry: MakeEntry) -> None:
    """The first document of a group is its page, the others are frames."""
    _, told = pages_of(
        entry(f"{SHOP}/", pageref="1", _resourceType="document"),
        entry("https://ads.example/f", pageref="1", _resourceType="document", at=1),
        entry("https://ads.example/a.png", pageref="1", at=2),
        entry(f"{SHOP}/b", pageref="2", _resourceType="document", at=3),
        entry("https://late.example/beacon", pageref="1", at=4),
        entry(f"{SHOP}/b.png", pageref="2", at=4),
        entry("https://lost.example/", pageref="3", at=5),
    )
    assert told == ["/", "/", "/", "/b", "/", "/b", ""]


def test_a_group_of_several_pages(entry: MakeEntry) -> None:
    """Where documents are known to be pages, time parts them; frames stay where they are."""
    _, told = pages_of(
        entry(f"{SHOP}/early.png", pageref="1", at=0),
        entry(f"{SHOP}/a", pageref="1", page=True, at=1),
        entry(f"{SHOP}/frame", pageref="1", page=False, at=2),
        entry(f"{SHOP}/b", pageref="1", page=True, at=3),
        entry(f"{SHOP}/b.png", pageref="1", at=4),
    )
    assert told == ["/a", "/a", "/a", "/b", "/b"]


def test_the_page_is_where_redirects_end(entry: MakeEntry) -> None:
    """Also through another host, and where its answer is not in the recording."""
    pages, told = pages_of(
        entry(f"{SHOP}/", page=True, status=302, redirect="https://id.example/?to=1"),
        entry("https://id.example/?to=1", page=True, status=302, redirect=f"{SHOP}/en", at=1),
        entry(f"{SHOP}/en", page=True, at=2),
        entry(f"{SHOP}/old", page=True, status=301, redirect="/new", at=3),
    )
    assert told == ["/en", "/en", "/en", "/new"]
    assert [visit.loaded is not None for visit in pages.visits] == [True, False]


def test_a_redirect_in_circles_ends(entry: MakeEntry) -> None:
    """After as many redirects as a browser follows; the page never came."""
    circle = [
        entry(f"{SHOP}/{i % 2}", page=True, status=302, redirect=f"/{(i + 1) % 2}", at=i / 10)
        for i in range(30)
    ]
    pages, _ = pages_of(*circle)
    assert [len(visit.chain) for visit in pages.visits] == [21, 9]
    assert [visit.loaded for visit in pages.visits] == [None, None]


def test_pages_that_failed(entry: MakeEntry) -> None:
    """They were visited and are not loaded; an error page of the server is."""
    pages, told = pages_of(
        entry(f"{SHOP}/", page=True, status=0),
        entry(f"{SHOP}/b", page=True, status=503, at=1),
        entry(f"{SHOP}/c", page=True, status=204, at=2),
    )
    assert told == ["/", "/b", "/c"]
    assert [visit.loaded and visit.loaded.status for visit in pages.visits] == [None, 503, None]


def test_without_groups_the_referer_tells(entry: MakeEntry) -> None:
    """The exact page, else the latest of its origin, through frames and style sheets."""
    html = {"Accept": "text/html"}
    _, told = pages_of(
        entry(f"{SHOP}/a", sent=html),
        entry("https://cdn.example/a.css", sent={"Referer": f"{SHOP}/a"}, at=1),
        entry("https://cdn.example/a.woff", sent={"Referer": "https://cdn.example/a.css"}, at=2),
        entry("https://ads.example/f", sent={**html, "Referer": f"{SHOP}/a"}, at=3),
        entry("https://ads.example/a.png", sent={"Referer": "https://ads.example/f"}, at=4),
        entry(f"{SHOP}/b", sent={**html, "Referer": f"{SHOP}/a"}, at=5),
        entry("https://cdn.example/b.js", sent={"Referer": f"{SHOP}/"}, at=6),
        entry("https://cdn.example/c.js", _initiator={"url": f"{SHOP}/a"}, at=7),
        entry("https://cdn.example/d.js", at=8),
    )
    assert told == ["/a", "/a", "/a", "/a", "/a", "/b", "/b", "/a", ""]


def test_without_groups_a_foreign_document_is_no_page(entry: MakeEntry) -> None:
    """It may be a frame that hides where it stands; one that says it is a page is one."""
    html = {"Accept": "text/html"}
    pages, _ = pages_of(
        entry(f"{SHOP}/", sent=html),
        entry("https://ads.example/f", sent=html, at=1),
        entry(f"{SHOP}/frame", sent=html, _initiator={"url": f"{SHOP}/"}, at=2),
        entry("https://pay.example/", page=True, at=3),
    )
    assert [visit.address.host for visit in pages.visits] == ["shop.example", "pay.example"]


def test_referers_in_circles_end(entry: MakeEntry) -> None:
    """A script that refers to a script that refers to it belongs to no page."""
    _, told = pages_of(
        entry("https://x.example/a.js", sent={"Referer": "https://x.example/b.js"}),
        entry("https://x.example/b.js", sent={"Referer": "https://x.example/a.js"}),
    )
    assert told == ["", ""]


def test_exchanges_without_a_date_come_last(entry: MakeEntry) -> None:
    """They are kept, and belong where their group or Referer says."""
    undated = {**entry(f"{SHOP}/x.png", pageref="1"), "startedDateTime": "soon"}
    _, told = pages_of(undated, entry(f"{SHOP}/a", pageref="1", page=True))
    assert told == ["/a", "/a"]
