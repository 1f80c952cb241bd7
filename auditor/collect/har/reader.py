"""A HAR file as a stream of its parts: one entry in memory at a time, however large the file.

What cannot be a whole recording (cut short, another format, nested without end) is a
`CollectError`: part of a recording must never pass for all of it.
"""

import hashlib
import os
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

import ijson

from auditor.collect.progress import Progress
from auditor.errors import CollectError

MAX_BYTES = 2 * 1024**3
MAX_DEPTH = 128  # of nesting; the stack of an initiator may be some 40 deep
AGAIN = 'export it again with your browser\'s network panel: "Save all as HAR"'

Event = tuple[str, Any]
Part = tuple[str, Any]

_OPENED: dict[str, type[Any]] = {"start_map": dict, "start_array": list}
_CLOSED = frozenset({"end_map", "end_array"})
_BOM = b"\xef\xbb\xbf"
_FOREIGN = {  # how a file begins that cannot be JSON in UTF-8
    b"\x1f\x8b": "compressed (gzip); unpack it first",
    b"PK\x03": "compressed (zip); unpack it first",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
    b"<": f"HTML or XML, not a HAR file; {AGAIN}",
}


class HarFile:
    """An open HAR file that counts and digests what is read from it."""

    def __init__(self, file: BinaryIO, name: str, progress: Progress) -> None:
        """Look at how the file begins; CollectError for what is plainly something else."""
        self._file, self.name, self._progress = file, name, progress
        self._digest = hashlib.sha256()
        self._read, self._unread = 0, b""
        self._size = os.fstat(file.fileno()).st_size
        start = self.read(len(_BOM))
        self._unread = b"" if start == _BOM else start
        begins = next((text for magic, text in _FOREIGN.items() if start.startswith(magic)), "")
        if begins:
            raise CollectError(f"{name}: {begins}")

    @property
    def sha256(self) -> str:
        """Return the digest of what was read so far: of the whole file at its end."""
        return self._digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as a file does."""
        if size and self._unread:
            data, self._unread = self._unread, b""
            return data
        data = self._file.read(size)
        self._digest.update(data)
        self._read += len(data)
        if self._read > MAX_BYTES:
            limit = f"{MAX_BYTES // 1024**3} GiB"
            raise CollectError(f"{self.name}: larger than {limit}; record fewer pages at a time")
        self._progress(self.name, min(1.0, self._read / (self._size or MAX_BYTES)))
        return data

    def parts(self) -> Iterator[Part]:
        """Yield ("creator" | "browser" | "entry", value) in the order of the file."""
        # Without use_float, ijson's C backend crashes on an integer of more than 4,300 digits.
        events: Iterator[Event] = ijson.basic_parse(self, use_float=True)
        try:
            yield from _log_parts(events)
            for _ in events:
                pass
        except _NotHarError as error:
            raise CollectError(f"{self.name}: {error}; {AGAIN}") from None
        except (ijson.JSONError, ValueError) as error:  # its text quotes the file: not shown
            raise CollectError(f"{self.name}: {_broken(str(error))}; {AGAIN}") from None


class _NotHarError(Exception):
    """The file is JSON, or may be, and no HAR."""


def _log_parts(events: Iterator[Event]) -> Iterator[Part]:
    if next(events)[0] != "start_map":
        _refuse("not a HAR file: it holds no `log`")
    found = False
    for key, first in _members(events):
        if key != "log":
            _skip(first, events)
            continue
        found = True
        if first[0] != "start_map":
            _refuse("not a HAR file: its `log` is not an object")
        yield from _entries(events)
    if not found:
        _refuse("not a HAR file: it holds no `log`")


def _entries(events: Iterator[Event]) -> Iterator[Part]:
    for key, first in _members(events):
        if key == "entries":
            if first[0] != "start_array":
                _refuse("not a HAR file: its `entries` are not a list")
            for item in events:
                if item[0] == "end_array":
                    break
                yield "entry", _build(item, events)
        elif key in {"creator", "browser"}:
            yield key, _build(first, events)
        else:
            _skip(first, events)


def _members(events: Iterator[Event]) -> Iterator[tuple[str, Event]]:
    """Yield each key of the object just opened, and the event with which its value begins."""
    for event, key in events:
        if event == "end_map":
            return
        yield key, next(events)


def _build(first: Event, events: Iterator[Event]) -> object:
    """Put one value together, without recursion."""
    event, value = first
    if event not in _OPENED:
        return value
    top = inner = _OPENED[event]()
    outer: list[Any] = []
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
        elif event in _CLOSED:
            if not outer:
                break
            inner = outer.pop()
        else:
            child = _OPENED[event]() if event in _OPENED else value
            if type(inner) is dict:
                inner[key] = child
            else:
                inner.append(child)
            if event in _OPENED:
                outer.append(inner)
                inner = child
                _refuse_deep(len(outer))
    return top


def _skip(first: Event, events: Iterator[Event]) -> None:
    """Read over one value."""
    depth = int(first[0] in _OPENED)
    while depth:
        event = next(events)[0]
        depth += (event in _OPENED) - (event in _CLOSED)
        _refuse_deep(depth)


def _refuse_deep(depth: int) -> None:
    if depth > MAX_DEPTH:
        _refuse(f"nested more than {MAX_DEPTH} levels deep")


def _broken(message: str) -> str:
    """Tell what is wrong by the parser's message, which quotes the file and is not shown."""
    if "premature" in message or message.startswith("Incomplete"):
        return "empty or cut short"
    if "overflow" in message:
        return "holds a number that is too large"
    return "not valid JSON in UTF-8"


def _refuse(why: str) -> NoReturn:
    raise _NotHarError(why)
