"""Set-Cookie and Cookie headers are read as browsers read them; values leave no trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.har.cookies import asked_for, sent_with
from auditor.collect.har.dialects import Cookie, Pair, Request, Response
from auditor.collect.web.set_cookie import Asked, read_set_cookie, value_shape
from auditor.evidence import ValueShape


def test_all_attributes() -> None:
    """Names of attributes in any case, blanks around everything, the last of two counts."""
    line = (
        " sid = a=b ; MAX-AGE=60; max-age=90 ; Expires=Thu, 15 Jan 2026 12:00:00 GMT;"
        " Domain=.x.org; path=/shop; Secure; HTTPONLY=yes; SameSite=lax; Partitioned"
    )
    assert read_set_cookie(line) == Asked(
        name="sid",
        value="a=b",
        domain=".x.org",
        path="/shop",
        max_age="90",
        expires=1768478400,
        same_site="lax",
        secure=True,
        http_only=True,
        partitioned=True,
    )


def test_what_a_browser_passes_over() -> None:
    """Broken numbers and dates do not replace good ones; too long an attribute is none."""
    line = (
        f"a=1; max-age=60; max-age=6O; max-age=; expires=Thu, 15 Jan 2026 12:00:00 GMT;"
        f" expires=never; path=/{'x' * 1024}"
    )
    assert read_set_cookie(line) == Asked(name="a", value="1", max_age="60", expires=1768478400)


def test_cookies_without_a_name_or_value() -> None:
    """Without `=` it is a value; with neither it is no cookie."""
    lines = ["a", "=a", "a=", "", "=", " = ; Secure", ";a=1"]
    read = {
        line: asked and (asked.name, asked.value)
        for line, asked in zip(lines, map(read_set_cookie, lines), strict=True)
    }
    assert read == {
        "a": ("", "a"),
        "=a": ("", "a"),
        "a=": ("a", ""),
        "": None,
        "=": None,
        " = ; Secure": None,
        ";a=1": None,
    }


def test_a_control_character_is_noticed() -> None:
    """Wherever it stands; a tab is none."""
    lines = ("a=\x00", "a\x1b=1", "a=1; path=/\x7f", "a=\t1")
    assert [bool(asked and asked.control) for asked in map(read_set_cookie, lines)] == [
        True,
        True,
        True,
        False,
    ]


@given(st.text())
def test_any_header_is_read(line: str) -> None:
    """Nothing raises."""
    asked = read_set_cookie(line)
    assert asked is None or asked.name or asked.value


def test_headers_come_before_the_list() -> None:
    """One cookie per header or several in one; the list adds what no header names."""
    pairs = [Pair("Set-Cookie", "a=1\nb=2; Secure"), Pair("set-cookie", "c=3")]
    listed = [
        Cookie("d", "4", expires="2026-01-15T13:00:00.000+01:00", secure=True, http_only=True),
        Cookie("e", None, domain=".x.org", path="/p", expires=None, same_site="None"),
        Cookie("f", "6", expires="Thu, 15 Jan 2026 12:00:00 GMT", secure="yes"),
    ]
    told = [asked.name for asked in asked_for(Response(headers=pairs, cookies=listed))]
    assert told == ["a", "b", "c", "d", "e", "f"]
    again = [Cookie("a", "1"), Cookie("b"), Cookie("")]
    told = [asked.name for asked in asked_for(Response(headers=pairs, cookies=again))]
    assert told == ["a", "b", "c"]
    assert [*asked_for(Response(headers=[Pair("Date", "")], cookies=listed))] == [
        Asked(name="d", value="4", expires=1768478400, secure=True, http_only=True),
        Asked(name="e", value="", domain=".x.org", path="/p", same_site="None"),
        Asked(name="f", value="6", expires=1768478400),
    ]
    assert [*asked_for(Response())] == []


def test_cookies_joined_by_commas() -> None:
    """As Safari writes them; the comma of a date parts nothing."""
    line = (
        "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure, _b-c=2; Path=/,"
        " d=3; Expires=Thu, 22-Oct-26 07:28:00 GMT, e=4, 5"
    )
    read = [*asked_for(Response(headers=[Pair("Set-Cookie", line)]))]
    assert [(asked.name, asked.value, asked.expires is not None) for asked in read] == [
        ("a", "1", True),
        ("_b-c", "2", False),
        ("d", "3", True),
        ("e", "4, 5", False),
    ]
    assert [asked.secure for asked in read] == [True, False, False, False]


def test_cookies_that_travel() -> None:
    """From the header, also where it was split; and what only the list has; names templated."""
    pairs = [Pair("Cookie", "a=1; user_4711=x; b; =c; ;"), Pair("cookie", "d=2")]
    listed = [Cookie("e", "5"), Cookie("f"), Cookie("user%5f4711", "x"), Cookie("")]
    seen = [*sent_with(Request("", headers=pairs, cookies=listed), "x.org", "https://x.org/a.js")]
    assert [(item.name, item.value.length) for item in seen] == [
        ("a", 1),
        ("user_*", 1),
        ("", 1),
        ("", 1),
        ("d", 1),
        ("e", 1),
        ("f", 0),
    ]
    assert {(item.host, item.by) for item in seen} == {("x.org", "https://x.org/a.js")}
    assert [item.name for item in sent_with(Request("", cookies=listed[:2]), "x.org", "")] == [
        "e",
        "f",
    ]


def test_only_length_and_likeness_are_kept_of_a_value() -> None:
    """Also of one far longer than a browser keeps."""
    assert value_shape("en") == ValueShape(length=2)
    assert value_shape("9f8e7d6c5b4a39281706") == ValueShape(length=20, identifier=True)
    assert value_shape("a" * 10**6).length == 10**6


@pytest.mark.parametrize(
    ("url", "over_tls"),
    [("http://x.org/", False), ("WS://x.org/", False), ("https://x.org/", True)],
)
def test_a_cookie_in_the_open_is_told(url: str, over_tls: bool) -> None:
    """Whether a cookie travelled encrypted is kept with it."""
    (seen,) = sent_with(Request(url, cookies=[Cookie("a", "b")]), "x.org", "")
    assert seen.over_tls is over_tls
