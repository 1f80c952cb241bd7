"""Sitemaps: read as far as they are ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.site.sitemap import MOST_BYTES, entries

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<urlset><url><loc>&b;</loc></url></urlset>"
)


def test_pages_and_other_sitemaps() -> None:
    """An index leads to others, a set to pages; what else is said of them is passed over."""
    text = (
        f"<urlset {SPACE}><url><loc> https://x.org/a </loc><priority>1</priority></url>"
        "<sitemap><loc>https://x.org/more.xml</loc></sitemap><url><loc/></url></urlset>"
    )
    assert list(entries(text.encode())) == [
        (False, "https://x.org/a"),
        (True, "https://x.org/more.xml"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><p>Not found",
        BOMB.encode(),
        b"<urlset>" + b" " * MOST_BYTES + b"</urlset>",
        b'<?xml version="1.0" encoding="nonsense"?><urlset/>',
    ],
    ids=["empty", "no XML", "entities", "too large", "unknown encoding"],
)
def test_what_is_no_sitemap(body: bytes) -> None:
    """A file that is none lists nothing."""
    assert not list(entries(body))


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    """Whatever a server sends is no error."""
    list(entries(b"<urlset>" + body))
    list(entries(body))
