"""What loaded is the site's page, or stands before it."""

import pytest

from auditor.collect.site.identity import what_it_is_not
from auditor.collect.site.shown import Facts

PAGE = Facts(
    url="https://x.org/",
    title="Shop",
    links=(),
    too_many=False,
    forms=(),
    characters=90,
    too_many_forms=False,
    visible=9,
)


@pytest.mark.parametrize("title", ["Shop", "", "We value your privacy", "Accept cookies"])
def test_a_page(title: str) -> None:
    """Banners and titles of all kinds make no other page of it."""
    assert what_it_is_not(_with(title), 200) == ""


@pytest.mark.parametrize(
    ("title", "status", "word"),
    [
        (None, 200, "cannot be read"),
        ("Just a moment...", 200, "challenge"),
        ("Attention Required! | Cloudflare", 403, "challenge"),
        ("Shop", 202, "202"),
    ],
)
def test_what_stands_before_it(title: str | None, status: int, word: str) -> None:
    """A challenge, or a document that cannot be read, is not the page."""
    assert word in what_it_is_not(None if title is None else _with(title), status)


def test_nothing_at_all() -> None:
    """An empty document is what a broken deployment shows."""
    empty = Facts(
        url="https://x.org/",
        title="",
        links=(),
        too_many=False,
        forms=(),
        characters=0,
        too_many_forms=False,
        visible=0,
    )
    assert "nothing to be seen" in what_it_is_not(empty, 200)


def _with(title: str) -> Facts:
    return Facts(
        url=PAGE.url,
        title=title,
        links=(),
        too_many=False,
        forms=(),
        characters=PAGE.characters,
        too_many_forms=False,
        visible=PAGE.visible,
    )
