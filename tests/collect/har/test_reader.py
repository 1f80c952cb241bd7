"""A file is a whole HAR or it is refused: with its name, what is wrong and what to do."""

import gzip
import hashlib
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.collect.har import reader
from auditor.collect.har.reader import HarFile
from auditor.collect.progress import quiet
from auditor.errors import CollectError

Json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
DEEP = 200_000


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[tuple[str, Any]]]:
    """Return what reads the parts of a file with the given content."""
    path = tmp_path_factory.mktemp("reader") / "visit.har"

    def read(data: bytes) -> list[tuple[str, Any]]:
        path.write_bytes(data)
        with path.open("rb") as file:
            return [*HarFile(file, path.name, quiet).parts()]

    return read


Parts = Callable[[bytes], list[tuple[str, Any]]]


def refusal(parts: Parts, data: bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(CollectError) as caught:
        parts(data)
    return str(caught.value).removeprefix("visit.har: ").replace(reader.AGAIN, "AGAIN")


@given(entries=st.lists(Json, max_size=3), other=Json)
def test_entries_come_out_as_they_went_in(
    parts: Parts, entries: list[object], other: object
) -> None:
    """Every value of JSON is put together as it was, whatever stands around the entries."""
    log = {"pages": other, "entries": entries, "creator": other, "comment": other}
    data = json.dumps({"before": other, "log": log, "after": other}).encode()
    assert parts(data) == [*(("entry", entry) for entry in entries), ("creator", other)]


def test_a_byte_order_mark_is_passed_over(parts: Parts) -> None:
    """Exporters on Windows write one."""
    assert parts(b'\xef\xbb\xbf{"log": {"entries": [1]}}') == [("entry", 1)]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 60])
def test_a_file_cut_short_is_refused(parts: Parts, size: int) -> None:
    """Wherever it was cut: a part of a recording is not a recording."""
    data = json.dumps({"log": {"entries": [{"request": {"url": "https://x.org/"}}] * 3}}).encode()
    assert refusal(parts, data[:size]) == "empty or cut short; AGAIN"


@given(cut=st.integers(1, 130))
def test_no_cut_goes_unnoticed(parts: Parts, cut: int) -> None:
    """Not one byte may be missing at the end."""
    data = json.dumps({"log": {"entries": [{"request": {"url": "https://x.org/"}}] * 3}}).encode()
    assert "cut short" in refusal(parts, data[:-cut])


def test_what_is_no_har(parts: Parts) -> None:
    """Each foreign or broken file is told apart, and none is quoted."""
    files = {
        "gzip": gzip.compress(b'{"log": {"entries": []}}'),
        "zip": b"PK\x03\x04....",
        "html": b"<!doctype html><title>Sign in</title>",
        "utf-16": '{"log": {}}'.encode("utf-16"),
        "latin-1": b'{"log": {"entries": ["caf\xe9"]}}',
        "text": b"visitor=4711",
        "NaN": b'{"log": {"entries": [NaN]}}',
        "control": b'{"log": {"entries": ["\x00"]}}',
        "integer": b'{"log": {"entries": [' + b"9" * 5000 + b"]}}",
        "float": b'{"log": {"entries": [1e999]}}',
        "trailing": b'{"log": {"entries": []}} {"log": {}}',
        "list": b"[]",
        "number": b"7",
        "no log": b'{"entries": []}',
        "log is a list": b'{"log": [2, 1, 3]}',
        "entries are an object": b'{"log": {"entries": {}}}',
        "one entry": b'{"request": {"url": "https://x.org/?id=4711"}}',
    }
    assert {name: refusal(parts, data) for name, data in files.items()} == snapshot(
        {
            "gzip": "compressed (gzip); unpack it first",
            "zip": "compressed (zip); unpack it first",
            "html": "HTML or XML, not a HAR file; AGAIN",
            "utf-16": "UTF-16; save it as UTF-8",
            "latin-1": "not valid JSON in UTF-8; AGAIN",
            "text": "not valid JSON in UTF-8; AGAIN",
            "NaN": "not valid JSON in UTF-8; AGAIN",
            "control": "not valid JSON in UTF-8; AGAIN",
            "integer": "holds a number that is too large; AGAIN",
            "float": "holds a number that is too large; AGAIN",
            "trailing": "not valid JSON in UTF-8; AGAIN",
            "list": "not a HAR file: it holds no `log`; AGAIN",
            "number": "not a HAR file: it holds no `log`; AGAIN",
            "no log": "not a HAR file: it holds no `log`; AGAIN",
            "log is a list": "not a HAR file: its `log` is not an object; AGAIN",
            "entries are an object": "not a HAR file: its `entries` are not a list; AGAIN",
            "one entry": "not a HAR file: it holds no `log`; AGAIN",
        }
    )


@pytest.mark.parametrize(
    "data",
    [
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"log":{"entries":[' + b"[" * DEEP + b"]" * DEEP + b"]}}",
        b'{"log":{"pages":' + b"[" * DEEP + b"]" * DEEP + b"}}",
        b'{"other":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
    ],
)
def test_endless_nesting_is_refused(parts: Parts, data: bytes) -> None:
    """At the first level too many, with little memory."""
    tracemalloc.start()
    message = refusal(parts, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "deep" in message or "no `log`" in message
    assert peak < 20_000_000


def test_deep_stacks_are_read(parts: Parts) -> None:
    """A stack may have forty parents."""
    stack: dict[str, Any] = {}
    for _ in range(60):
        stack = {"parent": stack}
    assert parts(json.dumps({"log": {"entries": [stack]}}).encode()) == [("entry", stack)]


def test_a_file_too_large_is_refused(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is on the bytes that are read, whatever the size is said to be."""
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    data = json.dumps({"log": {"entries": ["x" * 1000]}}).encode()
    assert "larger than 0 GiB" in refusal(parts, data)


def test_memory_is_bounded_by_one_entry(parts: Parts, tmp_path: Path) -> None:
    """What was read and let go is gone."""
    del parts
    path = tmp_path / "long.har"
    entry = json.dumps({"text": "x" * 10_000})
    path.write_text('{"log": {"entries": [' + ",".join([entry] * 2000) + "]}}")
    tracemalloc.start()
    with path.open("rb") as file:
        count = sum(1 for _ in HarFile(file, path.name, quiet).parts())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000
    assert peak < 2_000_000


def test_the_digest_is_of_the_whole_file(tmp_path: Path) -> None:
    """With the byte-order mark and what stands behind the entries; progress ends at 1."""
    data = b'\xef\xbb\xbf{"log": {"entries": [1], "comment": "' + b"x" * 200_000 + b'"}}  \n'
    path = tmp_path / "visit.har"
    path.write_bytes(data)
    told: list[tuple[str, float]] = []
    with path.open("rb") as file:
        har = HarFile(file, path.name, lambda *progress: told.append(progress))
        assert [*har.parts()] == [("entry", 1)]
    assert har.sha256 == hashlib.sha256(data).hexdigest()
    assert told[-1] == ("visit.har", 1.0)
    assert told == sorted(told)
