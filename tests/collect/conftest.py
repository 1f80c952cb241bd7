"""HAR files made on the spot: an entry as a browser writes it, and a file of several."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Entry = dict[str, Any]
MakeEntry = Callable[..., Entry]
MakeHar = Callable[..., Path]


def make_entry(url: str = "https://example.org/", **facts: Any) -> Entry:  # noqa: ANN401
    """Return one entry; `at` are seconds after noon, `sent` and `got` header names and values.

    Names with `_` before them, `request`, `response` and `pageref` are set as they are.
    """
    at = facts.pop("at", 0)
    page = facts.pop("page", None)
    sent = dict(facts.pop("sent", {}))
    if page is not None:
        sent["Sec-Fetch-Dest"] = "document" if page else "iframe"
    request = {"method": "GET", "url": url, "headers": _headers(sent), **facts.pop("request", {})}
    response = {
        "status": facts.pop("status", 200),
        "headers": _headers(facts.pop("got", {})),
        "redirectURL": facts.pop("redirect", ""),
        "content": facts.pop("content", {}),
        **facts.pop("response", {}),
    }
    started = f"2026-01-15T12:00:{at:06.3f}Z"
    return {"startedDateTime": started, "request": request, "response": response, **facts}


def _headers(pairs: Any) -> list[dict[str, str]]:  # noqa: ANN401
    items = pairs.items() if isinstance(pairs, dict) else pairs
    return [{"name": name, "value": value} for name, value in items]


@pytest.fixture(scope="session")
def entry() -> MakeEntry:
    """Return what makes an entry."""
    return make_entry


@pytest.fixture(scope="session")
def har(tmp_path_factory: pytest.TempPathFactory) -> MakeHar:
    """Return what writes entries to a HAR file."""

    def write(*entries: object, name: str = "visit.har", **log: object) -> Path:
        path = tmp_path_factory.mktemp("har") / name
        creator = {"name": "Recorder", "version": "1.0"}
        whole = {"log": {"version": "1.2", "creator": creator, **log, "entries": list(entries)}}
        path.write_text(json.dumps(whole), encoding="utf-8")
        return path

    return write
