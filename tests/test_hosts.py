"""Hosts are brought to one form, and patterns cover what they say and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains
from inline_snapshot import snapshot

from auditor.hosts import (
    HostPattern,
    covers,
    is_address,
    normalise_host,
    parse_host_pattern,
    specificity,
)


def refusal(text: str) -> str:
    """Read what is no host and no pattern, and return the advice."""
    with pytest.raises(ValueError, match=" is not a host; ") as caught:
        parse_host_pattern(text)
    return str(caught.value).partition(" is not a host; ")[2]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Reach4Help.ORG.", "reach4help.org"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example"),
        ("a。b", "a.b"),
        ("localhost", "localhost"),
        ("r3---sn.example.org", "r3---sn.example.org"),
        ("127.0.0.1", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),  # noqa: RUF001 -- full-width digits, as a browser reads them
        ("[2001:DB8:0:0::1]", "2001:db8::1"),
        ("::1", "::1"),
    ],
)
def test_normalise_host(text: str, host: str) -> None:
    """Case, dots, scripts and notations of one host give one text, which is its own."""
    assert normalise_host(text) == host
    assert normalise_host(host) == host


def test_refusals() -> None:
    """What is no host or pattern is refused with what to write instead."""
    texts = ["https://Example.org:80/x?y", "//x.org", "x.org:443", "[::1]:80", "fe80::1%eth0"]
    texts += ["a..b", "", ".", "a b", "x.org\n", "127.1", "0x7f.1", "1.2.3.256", "i❤.example"]
    texts += ["a" * 64 + ".org", "a." * 127 + "a", "[::1", "http://[::1/x", "/a", "x.org/?a"]
    texts += ["*", "x.*.org", "*x.org", "*.*.x.org", "x.org/a*", "*.127.0.0.1", "\ud800.org"]
    assert {text[:30]: refusal(text) for text in texts} == snapshot(
        {
            "https://Example.org:80/x?y": "write the host alone: example.org",
            "//x.org": "write the host alone: x.org",
            "x.org:443": "leave the port out: x.org",
            "[::1]:80": "leave the port out: [::1]",
            "fe80::1%eth0": "leave the zone out: fe80::1",
            "a..b": "write a name between all dots, as in example.org",
            "": "begin with the host, as in example.org/path",
            ".": "write a name between all dots, as in example.org",
            "a b": "write letters, digits, hyphens and dots, as in example.org",
            "x.org\n": "write letters, digits, hyphens and dots, as in example.org",
            "127.1": "write four numbers up to 255, as in 192.0.2.1",
            "0x7f.1": "write four numbers up to 255, as in 192.0.2.1",
            "1.2.3.256": "write four numbers up to 255, as in 192.0.2.1",
            "i❤.example": "write the name as a browser's address bar shows it, or its xn-- form",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "write at most 253 characters, 63 between dots",
            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.": "write at most 253 characters, 63 between dots",
            "[::1": "write an IPv6 address as in 2001:db8::1",
            "http://[::1/x": "write the host alone: example.org",
            "/a": "begin with the host, as in example.org/path",
            "x.org/?a": "write the path alone, as in example.org/path",
            "*": "a * stands only for all that is below a host: *.example.org",
            "x.*.org": "a * stands only for all that is below a host: *.example.org",
            "*x.org": "a * stands only for all that is below a host: *.example.org",
            "*.*.x.org": "a * stands only for all that is below a host: *.example.org",
            "x.org/a*": "a path covers all that is below it: leave the * out",
            "*.127.0.0.1": "nothing is below an IP address: 127.0.0.1",
            "\ud800.org": "write the name as a browser's address bar shows it, or its xn-- form",
        }
    )


def test_a_host_has_no_path() -> None:
    """Where a host alone is wanted, a path prefix is refused."""
    with pytest.raises(ValueError, match=r"write the host alone: x\.org"):
        normalise_host("x.org/path")


def test_no_password_is_repeated() -> None:
    """The name and password of a URL do not reach the message."""
    with pytest.raises(ValueError, match=r'^"https://x\.org/" is not a host'):
        parse_host_pattern("https://jane:sec@ret@x.org/")


@given(st.text() | domains().map(str.swapcase))
def test_any_text(text: str) -> None:
    """Any text is refused with a ValueError or gives a host that is its own normal form."""
    try:
        host = normalise_host(text)
    except ValueError:
        return
    assert host.isascii()
    assert normalise_host(host) == host


@pytest.mark.parametrize(
    ("text", "host", "subdomains", "path"),
    [
        ("X.org", "x.org", False, ""),
        ("*.x.org", "x.org", True, ""),
        ("x.org/", "x.org", False, ""),
        ("x.org/a/", "x.org", False, "/a"),
        ("*.x.org/A/b", "x.org", True, "/A/b"),
        ("*.localhost", "localhost", True, ""),
        ("[::1]/a", "::1", False, "/a"),
    ],
)
def test_parse_host_pattern(text: str, host: str, *, subdomains: bool, path: str) -> None:
    """A pattern is a host, perhaps with all below it, perhaps with a path prefix."""
    expected = HostPattern(host=host, subdomains=subdomains, path=path, text=text)
    assert parse_host_pattern(text) == expected


@pytest.mark.parametrize(
    ("pattern", "covered", "not_covered"),
    [
        ("x.org", ["x.org/", "x.org/a"], ["www.x.org/", "notx.org/", "org/"]),
        ("*.x.org", ["x.org/", "a.x.org/", "b.a.x.org/p"], ["notx.org/", "x.org.evil.net/"]),
        ("x.org/a", ["x.org/a", "x.org/a/b"], ["x.org/", "x.org/ab", "x.org/A", "www.x.org/a"]),
        ("*.x.org/a", ["w.x.org/a/"], ["w.x.org/b"]),
        ("127.0.0.1", ["127.0.0.1/"], ["127.0.0.10/", "1.127.0.0.1/"]),
        ("*.localhost", ["localhost/", "shop.localhost/"], ["mylocalhost/"]),
    ],
)
def test_covers(pattern: str, covered: list[str], not_covered: list[str]) -> None:
    """Whole labels and whole path segments count, so a look-alike is never covered."""
    for address in covered + not_covered:
        host, _, path = address.partition("/")
        assert covers(parse_host_pattern(pattern), host, f"/{path}") is (address in covered)


@given(domains(), domains())
def test_below(below: str, host: str) -> None:
    """`*.x` covers x and whatever stands before it with a dot, and only that."""
    pattern = parse_host_pattern(f"*.{host}")
    assert covers(pattern, pattern.host)
    assert covers(pattern, f"{below}.{pattern.host}")
    assert not covers(pattern, f"{below}{pattern.host}".replace(".", "-") + ".invalid")


def test_specificity() -> None:
    """The longest host wins, then the longest path, then the exact host."""
    texts = ["*.org", "x.org/a", "*.a.x.org", "*.x.org/a/b", "x.org", "*.x.org", "*.x.org/a"]
    ranked = sorted(texts, key=lambda text: specificity(parse_host_pattern(text)))
    assert ranked == snapshot(
        ["*.org", "*.x.org", "x.org", "*.x.org/a", "x.org/a", "*.x.org/a/b", "*.a.x.org"]
    )
    assert specificity(parse_host_pattern("X.org")) == specificity(parse_host_pattern("x.org/"))


def test_is_address() -> None:
    """An address is four numbers or IPv6, and nothing that only begins so."""
    hosts = ["127.0.0.1", "::1", "1.2.3", "1.2.3.4.org", "localhost", ""]
    assert [host for host in hosts if is_address(host)] == ["127.0.0.1", "::1"]
