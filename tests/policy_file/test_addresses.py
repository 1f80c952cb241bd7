"""Web addresses: the host is found and normalised, or what is wrong with it is said."""

import pytest

from auditor.policy_file.addresses import host_in


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.ORG./a?b#c", "example.org"),
        ("http://[::1]:8080", "::1"),
        ("//imap.example.org:993", "imap.example.org"),
    ],
)
def test_host(url: str, host: str) -> None:
    """Port, path and query are left out, and the host is normalised."""
    assert host_in(url) == host


@pytest.mark.parametrize("url", ["https://[::1/", "https://a:b/", "https://a:99999/", "//[x]/"])
def test_unreadable(url: str) -> None:
    """What cannot be told apart is refused in words, not with a parser's error."""
    with pytest.raises(ValueError, match=r"write an address such as https://example\.org/"):
        host_in(url)


def test_no_host() -> None:
    """An address without a host is refused."""
    with pytest.raises(ValueError, match="is not a host"):
        host_in("https:///path")
