"""Pictures of what visitors were shown: from a browser of ours, or from whoever wrote evidence."""

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from auditor.evidence import State, WindowShown
from auditor.report import PAGES, Story
from auditor.report.html import render_html
from auditor.report.html.windows import PICTURE, WIDEST, size_of

Make = Callable[..., Story]
PROFILE = b"\0" * 128 + b"acsp"


def picture(width: int = 60, height: int = 40, **how: Any) -> bytes:  # noqa: ANN401 -- of Pillow
    """Return a picture of one colour."""
    written = BytesIO()
    image = Image.new(how.pop("mode", "RGB"), (width, height), how.pop("colour", "teal"))
    image.save(written, **{"format": "WEBP", "quality": 50, **how})
    return written.getvalue()


def shown(data: bytes, state: State | None = State.BEFORE, page: str = "") -> WindowShown:
    """Return that visitors were shown something."""
    return WindowShown(picture=data, state=state, page=page or "https://www.example.org/")


def images(story: Story) -> list[dict[str, str | None]]:
    """Return the attributes of the pictures in a page, in order."""
    return [node.attributes for node in LexborHTMLParser(render_html(story)).css("img")]


def test_each_state_has_its_picture(story: Make) -> None:
    """The first of each state is shown, says what it is, and is the picture that was taken."""
    asked, gone = picture(), picture(colour="white")
    found = images(story(shown(asked), shown(gone), shown(gone, State.REJECT, "https://x/<b>")))
    assert [one["alt"] for one in found] == [
        "The window of https://www.example.org/, before any choice",
        "The window of https://x/<b>, after refusal",
    ]
    assert {(one["width"], one["height"]) for one in found} == {("60", "40")}
    urls = [one["src"] or "" for one in found]
    assert [base64.b64decode(url.removeprefix(PICTURE)) for url in urls] == [asked, gone]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
        picture(format="PNG"),
        picture(lossless=True),
        picture(save_all=True, append_images=[Image.new("RGB", (60, 40), "red")]),
        picture(WIDEST + 1, 1),
        picture(icc_profile=PROFILE)[:24] + b"\xff" * 6 + picture(icc_profile=PROFILE)[30:],
    ],
    ids=["nothing", "SVG", "PNG", "lossless", "animated", "too wide", "a wall in few bytes"],
)
def test_what_no_window_looks_like_is_left_out(story: Make, data: bytes) -> None:
    """Evidence may come from anybody: nothing else is handed to a browser."""
    page = story(shown(data))
    assert images(page) == []
    assert "What visitors were shown" not in render_html(page)


@given(st.binary(max_size=40) | st.binary(max_size=30).map(lambda rest: picture()[:16] + rest))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    """It is a size that windows have, or none."""
    size = size_of(data)
    assert size is None or all(0 < side <= WIDEST for side in size)


@pytest.mark.parametrize("profile", [b"", PROFILE], ids=["simple", "extended"])
def test_the_size_is_the_pictures(profile: bytes) -> None:
    """Both forms of the header are read; browsers write the second."""
    assert size_of(picture(768, 432, icc_profile=profile)) == (768, 432)


def test_paper_has_them_too(story: Make) -> None:
    """A picture is in the PDF; it is told to who cannot see it, and nothing else is fetched."""
    pytest.importorskip("weasyprint", reason="weasyprint is not installed: the extra `pdf`")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    pages = pypdf.PdfReader(BytesIO(PAGES["pdf"](story(shown(picture()))))).pages
    images = [image.image for page in pages for image in page.images]
    assert images
    assert {image.size for image in images if image} == {(60, 40)}
