from collections.abc import Callable
from io import BytesIO

import pytest

from auditor.report import PAGES, Story
from auditor.testing import ages, cookie, request, table

pytest.importorskip("weasyprint", reason="weasyprint is not installed: the extra `pdf`")
pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")

SEEN = (
    cookie("_ga"),
    *(request(f"https://{name}.pay.example/v3") for name in ("a", "b", "c", "d", "e", "f")),
    table("users", ages({"2024-01-15": 9, "2026-01-10": 230}, undated=1), rows=240),
)
EVIL = '<link rel=attachment href="file:///etc/hostname"><img src="https://x.example/i.png">'


@pytest.fixture(scope="module")
def told() -> dict[str, bytes]:
    """Keep what was made, since making it takes a while."""
    return {}


@pytest.fixture
def made(story: Callable[..., Story], told: dict[str, bytes]) -> bytes:
    """Return the PDF of a report with something of everything."""
    if not told:
        told["pdf"] = PAGES["pdf"](story(*SEEN))
    return told["pdf"]


def test_it_says_what_the_page_says(made: bytes) -> None:
    """Verdict, findings, the folded tables and the words in drawings are on its pages."""
    text = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages).split()
    )
    assert "What was seen does not match what is promised" in text
    assert "no row covers it on example.org" in text
    assert "asked for: the session" in text  # folded on a screen
    assert "limit: 12 months" in text
    assert "f.pay.example" in text
    assert "and 2 more" not in text  # nobody can unfold paper
    assert f"1 / {len(pypdf.PdfReader(BytesIO(made)).pages)}" in text


def test_it_is_tagged_for_screen_readers(made: bytes) -> None:
    """It says what it is (PDF/UA-1), its language and title, and has tags and an outline."""
    reader = pypdf.PdfReader(BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 -- pypdf's own type
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 -- as above
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Privacy audit of Example, 2026-01-15"
    titles = [entry.title for entry in reader.outline[1] if not isinstance(entry, list)]
    assert titles[:2] == [
        "fail What was seen does not match what is promised",
        "What was looked at, and what was not",
    ]


def test_the_same_story_gives_the_same_file(story: Callable[..., Story], made: bytes) -> None:
    """Neither the moment nor a random number is in it; its date is the day that is judged."""
    assert PAGES["pdf"](story(*SEEN)) == made
    assert pypdf.PdfReader(BytesIO(made)).metadata["/CreationDate"].startswith("D:20260115")


def test_nothing_is_fetched_or_embedded(
    story: Callable[..., Story], caplog: pytest.LogCaptureFixture
) -> None:
    """A name that is markup is text, and nobody even tries to load anything."""
    file = PAGES["pdf"](story(cookie(EVIL), request("https://t.example/x", by=EVIL)))
    reader = pypdf.PdfReader(BytesIO(file))
    assert reader.attachments == {}
    assert not any("/Image" in str(page.get("/Resources", "")) for page in reader.pages)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_every_address_is_refused() -> None:
    """If there ever were an address, neither files nor the network would be read."""
    from auditor.report.pdf import Closed  # noqa: PLC0415 -- it takes the extra

    for address in ("file:///etc/hostname", "https://example.org/", "data:,x"):
        with pytest.raises(ValueError, match="fetches nothing"):
            Closed().fetch(address)
