"""The type of a request is told in one vocabulary, and pages are told from frames."""

import pytest

from auditor.collect.har.dialects import Pair, Response, read_entry
from auditor.collect.har.resources import is_download, is_page, resource

NAVIGATION = "text/html,application/xhtml+xml"


@pytest.mark.parametrize(
    ("told", "sent", "mime", "kind"),
    [
        ("image", {}, "text/html", "image"),
        ("Ping", {}, "", "beacon"),
        ("other", {}, "", "other"),
        ("other", {"Sec-Fetch-Dest": "style"}, "", "stylesheet"),
        ("Jo Doe", {}, "", "other"),
        ("jodoe", {}, "", "other"),
        ("jodoe", {}, "text/css", "stylesheet"),
        ("", {"sec-fetch-dest": "jodoe"}, "", ""),
        ("", {"sec-fetch-dest": "iframe"}, "", "document"),
        ("", {"sec-fetch-dest": "worker"}, "", "script"),
        ("", {"sec-fetch-dest": "image"}, "", "image"),
        ("", {"sec-fetch-dest": "<b>"}, "", ""),
        ("", {"sec-fetch-dest": "empty"}, "text/html", "fetch"),
        ("", {"sec-fetch-dest": "empty", "X-Requested-With": "XMLHttpRequest"}, "", "xhr"),
        ("", {"Accept": NAVIGATION, "X-Requested-With": "XMLHttpRequest"}, "", "xhr"),
        ("", {"Accept": NAVIGATION}, "", "document"),
        ("", {}, "text/html; charset=utf-8", "document"),
        ("", {}, "application/x-javascript", "script"),
        ("", {}, "IMAGE/GIF", "image"),
        ("", {}, "application/json", ""),
    ],
)
def test_types(told: str, sent: dict[str, str], mime: str, kind: str) -> None:
    """What the exporter says, else what the request asks for, else what came."""
    headers = [{"name": name, "value": value} for name, value in sent.items()]
    entry = read_entry(
        {"_resourceType": told, "request": {"url": "https://x.org/", "headers": headers}}
    )
    assert resource(entry, Response(status=200, content={"mimeType": mime})) == kind


@pytest.mark.parametrize(("url", "status"), [("wss://x.org/", 0), ("https://x.org/", 101)])
def test_websockets(url: str, status: int) -> None:
    """By the URL, or by the switch of protocols."""
    assert resource(read_entry({"request": {"url": url}}), Response(status=status)) == "websocket"


@pytest.mark.parametrize(
    ("sent", "kind", "expected"),
    [
        ({"Sec-Fetch-Dest": "document"}, "document", True),
        ({"Sec-Fetch-Dest": "iframe"}, "document", False),
        ({}, "document", None),
        ({"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"}, "document", False),
        ({"Sec-Fetch-Dest": "document"}, "image", False),
    ],
)
def test_pages(sent: dict[str, str], kind: str, *, expected: bool | None) -> None:
    """Frames and pages fetched in advance are none; without the header nobody knows."""
    headers = [{"name": name, "value": value} for name, value in sent.items()]
    entry = read_entry({"request": {"url": "https://x.org/", "headers": headers}})
    assert is_page(entry, kind) is expected


@pytest.mark.parametrize(
    ("got", "mime", "expected"),
    [
        ({}, "", False),
        ({}, "x-unknown", False),
        ({}, "text/html; charset=utf-8", False),
        ({}, "application/pdf", False),
        ({}, "application/rss+xml", False),
        ({}, "application/zip", True),
        ({"Content-Type": "application/zip"}, "text/html", True),
        ({"Content-Disposition": "Attachment; filename=a.html"}, "text/html", True),
    ],
)
def test_downloads(got: dict[str, str], mime: str, *, expected: bool) -> None:
    """What is kept as a file is no page; where nothing tells, it may be one."""
    headers = [Pair(name, value) for name, value in got.items()]
    assert is_download(Response(headers=headers, content={"mimeType": mime})) is expected
