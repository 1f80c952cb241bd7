from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.inspect.bundle import folder_name, site_at

AT = datetime(2026, 1, 15, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "url", "start"),
    [
        ("example.org", "https://example.org/", "/"),
        ("http://example.org/a/b?c=d#e", "http://example.org/", "/a/b?c=d"),
        ("localhost:8080/x", "https://localhost:8080/", "/x"),
        ("https://example.org//other.example/x", "https://example.org/", "/other.example/x"),
        ("[::1]:80", "https://[::1]:80/", "/"),
    ],
)
def test_where_it_begins(typed: str, url: str, start: str) -> None:
    """The path that is typed is the start page of the host that is typed."""
    site = site_at(typed, max_pages=3)
    assert (site.id, site.url, site.crawl.start, site.crawl.max_pages) == ("www", url, (start,), 3)


def test_the_site_has_the_id_of_a_policy() -> None:
    """Who wants to judge it later says which site of the policy it is."""
    assert site_at("example.org", site_id="shop").id == "shop"
    with pytest.raises(UsageError, match="--site 'a b'"):
        site_at("example.org", site_id="a b")


def test_a_new_folder_has_a_name_of_its_own() -> None:
    """Host and moment; a name that every file system takes."""
    assert folder_name(site_at("Example.org"), AT) == "example.org-20260115T120005Z"
    assert folder_name(site_at("[::1]:80"), AT) == "1-20260115T120005Z"
    assert Path(folder_name(site_at("example.org"), AT)).parts == ("example.org-20260115T120005Z",)
