"""Parts of addresses: as `urlsplit` sees them, but never an error."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.matching import host_of, is_on_pages, path_of
from auditor.names import url_shape


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://example.org/a/b?q=*", "example.org", "/a/b"),
        ("https://Example.org:8443", "example.org", "/"),
        ("https://user@example.org/", "example.org", "/"),
        ("https://example.org?q=/a", "example.org", "/"),
        ("https://example.org/#/a", "example.org", "/"),
        ("https://[2001:DB8::1]:8443/a", "2001:db8::1", "/a"),
        ("about:invalid", "", "/"),
        ("http://[", "", "/"),
        ("http://[::1", "::1", "/"),
        ("", "", "/"),
    ],
)
def test_host_and_path(url: str, host: str, path: str) -> None:
    """What is none has none."""
    assert (host_of(url), path_of(url)) == (host, path)


@given(st.text(max_size=30), st.text(max_size=30))
def test_shapes_are_split_as_everywhere_else(host: str, path: str) -> None:
    """What evidence holds is split as the standard library splits it."""
    shape = url_shape(f"https://{host}/{path}")
    if shape != "about:invalid":
        parts = urlsplit(shape)
        assert (host_of(shape), path_of(shape)) == (parts.hostname or "", parts.path or "/")


@given(st.text())
def test_nothing_raises(text: str) -> None:
    """Evidence may come from anywhere."""
    assert isinstance(host_of(text) + path_of(text), str)


@pytest.mark.parametrize(
    ("patterns", "page", "fits"),
    [
        ((), "https://example.org/a", True),
        (("/a*",), "", True),
        (("/a*",), "https://example.org/abc?x=*", True),
        (("/a*",), "https://example.org/b", False),
    ],
)
def test_pages(patterns: tuple[str, ...], page: str, *, fits: bool) -> None:
    """No patterns name every page, and an unknown page may be any."""
    assert is_on_pages(patterns, page) is fits
