"""One layer less: what a text holds that is wrapped in base64, hex digits, escapes or gzip.

Where a wrapping begins is not known, as text may stand right before it: each place is tried at
which it could. Of what comes out only runs of characters that can be read are kept.
"""

import binascii
import re
import zlib
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_to_bytes

from auditor.collect.site.typing_in.needles import Chain

MOST = 8 * 1024 * 1024  # bytes of one unpacked layer; the search gives up at as many

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_HEX = re.compile(rb"[0-9A-Fa-f]{12,}")
_READABLE = re.compile(rb"[\t\n\r -~]{6,}")
_ESCAPE = re.compile(rb"\\u00([0-7][0-9A-Fa-f])|\\x([0-7][0-9A-Fa-f])|\\(/)")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_DIGEST_SIZES = {16, 20, 32, 64}  # bytes
_GZIP = b"\x1f\x8b\x08"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


class Peeler:
    """Takes layers off; a run that stands in several layers of one text is unwrapped once."""

    def __init__(self) -> None:
        """Begin with a new text."""
        self._known: set[bytes] = set()

    def peel(self, text: bytes) -> Iterator[tuple[Chain, bytes]]:
        """Yield what is below, with what it was wrapped in: () for escapes, which hide nothing."""
        yield from ((("gzip",), data) for data in _packed(text))
        if b"%" in text:
            yield (), unquote_to_bytes(text)
        if b"\\" in text:
            yield (), _ESCAPE.sub(_escaped, text)
        if b"&#" in text:
            yield (), unescape(text.decode("latin-1")).encode("latin-1", "replace")
        runs = self._new(_BASE64.findall(text))
        yield from _readable("base64", [data for run in runs for data in _base64(run)])
        runs = {run for run in runs if _HEX.fullmatch(run)} | self._new(_HEX.findall(text))
        yield from _readable("hex", [data for run in runs for data in _hex(run)])

    def _new(self, runs: list[bytes]) -> set[bytes]:
        new = set(runs) - self._known
        self._known |= new
        return new


def _escaped(found: re.Match[bytes]) -> bytes:
    digits = found[1] or found[2]
    return bytes.fromhex(digits.decode()) if digits else b"/"


def _base64(run: bytes) -> list[bytes]:
    """Return what a run of base64 stands for, of either alphabet, begun at each of four places."""
    plain = run.translate(_URL_SAFE)
    pieces = [plain[start:] for start in range(4)]
    wholes = [piece[:-1] if len(piece) % 4 == 1 else piece for piece in pieces]
    return [binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)) for whole in wholes]


def _hex(run: bytes) -> list[bytes]:
    pieces = (run, run[1:])
    return [binascii.unhexlify(piece[: len(piece) // 2 * 2]) for piece in pieces]


def _readable(name: str, decoded: list[bytes]) -> Iterator[tuple[Chain, bytes]]:
    """Yield all that can be read as one layer, with digests as hex digits, and what was packed."""
    readable = _READABLE.findall(b"\x00".join(decoded))
    if name == "base64":
        readable += [binascii.hexlify(data) for data in decoded if _is_digest(data)]
    if readable:
        yield (name,), b"\n".join(readable)
    for data in decoded:
        for packed in _packed(data):
            yield (name, "gzip"), packed


def _is_digest(data: bytes) -> bool:
    return len(data) in _DIGEST_SIZES and not data.isascii()


def _packed(data: bytes) -> Iterator[bytes]:
    """Yield what is packed in data: gzip anywhere in it, zlib from its start."""
    starts = [(data.find(_GZIP), 31)] if _GZIP in data else []
    if data.startswith(_ZLIB):
        starts.append((0, 15))
    for start, bits in starts:
        try:
            unpacked = zlib.decompressobj(bits).decompress(data[start:], MOST)
        except zlib.error:
            continue
        if unpacked:  # else it only begins as if it were packed
            yield unpacked
