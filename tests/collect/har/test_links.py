"""Links are read from markup, as shapes, all of them or none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.har.links import MAX_LINKS, links

PAGE = "https://example.org/shop/"


def test_links_of_a_page() -> None:
    """Anchors, areas and legal links, resolved against the page, without values and fragments."""
    markup = """
        <a href="/privacy?from=menu#top">1</a> <A HREF=' terms '>2</A> <area href=//maps.example/>
        <link rel="stylesheet" href="a.css"><link rel="nofollow PRIVACY-POLICY" href="/legal">
        <a href="mailto:jo@mail.example">3</a> <a href="javascript:x()">4</a> <a name=x>5</a>
        <a href="/privacy">6</a> <a href="/privacy">7</a> <a href="/a" href="/b">8</a>
        <!-- <a href="/hidden"> --> <script>"<a href='/script'>"</script> <a href="/cut
    """
    assert links(markup, PAGE) == (
        "https://example.org/a",
        "https://example.org/legal",
        "https://example.org/privacy",
        "https://example.org/privacy?from=*",
        "https://example.org/shop/terms",
        "https://maps.example/",
    )


def test_a_base_is_heeded() -> None:
    """The first one, itself relative to the page."""
    markup = '<base href="/de/"><base href="/fr/"><a href="datenschutz">'
    assert links(markup, PAGE) == ("https://example.org/de/datenschutz",)


def test_no_links() -> None:
    """A page without links has none, which is not the same as not knowing."""
    assert links("<p>Hello", PAGE) == ()


@pytest.mark.parametrize("count", [MAX_LINKS + 1, 3 * MAX_LINKS])
def test_too_many_links_are_not_known(count: int) -> None:
    """To keep only some would be to claim that the others are not there."""
    names = [
        f"{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676)}" for i in range(count)
    ]
    assert links("".join(f'<a href="/{name}">' for name in names), PAGE) is None


def test_links_that_differ_in_values_only_are_bounded_too() -> None:
    """They are one shape, and cost as much as any others."""
    markup = "".join(f'<a href="/?page={number}">' for number in range(2 * MAX_LINKS))
    assert links(markup, PAGE) == ("https://example.org/?page=*",)
    assert links(markup + '<a href="/">', PAGE) is None


def test_markup_that_python_cannot_read_is_not_known() -> None:
    """html.parser gives up on some marked sections."""
    assert links('<a href="/privacy"><![x[ ]]>', PAGE) is None


@given(
    st.text()
    | st.lists(st.sampled_from(["<a ", "href=", "'", '"', ">", "//[", "<![", "&#"])).map("".join)
)
def test_any_markup_is_read(markup: str) -> None:
    """Nothing raises."""
    found = links(markup, PAGE)
    assert found is None or all(link.startswith("http") for link in found)


@pytest.mark.parametrize(
    "piece", ["<a ", "<", "<!--", "<a href='", "<a href=x ", "&#", "<![", "</"]
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    """Eight times the markup takes nowhere near sixty-four times the time."""
    few, many = (_seconds(piece * (size // len(piece))) for size in (20_000, 160_000))
    assert many < 30 * max(few, 0.01)


def _seconds(markup: str) -> float:
    began = time.process_time()
    links(markup, PAGE)
    return time.process_time() - began
