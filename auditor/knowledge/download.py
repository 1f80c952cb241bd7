"""Getting a file of open data: with bounds on time and size, and only the file that was meant.

The one place in this room that talks to the network; only `audit update-data` imports it.
"""

import base64
import hashlib
import io
import tarfile
import time
import zlib
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests

from auditor.errors import CollectError
from auditor.hosts import is_this_machine

LARGEST: Final = 32 * 2**20  # bytes of a file
_UNPACKED: Final = 64 * 2**20  # bytes of an archive
_SECONDS: Final = 120.0  # for one download
_TIMEOUT: Final = (10.0, 30.0)  # seconds to connect, and between bytes
_HOPS: Final = 5
_PIECE: Final = 2**16
_GZIP: Final = 31  # zlib's word for "a gzip header comes first"


def fetch(url: str) -> bytes:
    """Return what an https address answers with; `CollectError` says why there is nothing.

    Redirects are followed to https alone, 5 at most; on this machine http will do. 32 MiB and two
    minutes at most.
    """
    end = time.monotonic() + _SECONDS
    try:
        with requests.Session() as session:
            for _ in range(_HOPS + 1):
                _check(url)
                with session.get(
                    url,
                    stream=True,
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                    headers={"Accept-Encoding": "identity"},
                ) as answer:
                    if not answer.is_redirect:
                        return _body(answer, url, end)
                    url = urljoin(url, answer.headers["Location"])
    except (requests.RequestException, OSError, ValueError) as error:
        message = f"{shown(url)}: could not be downloaded ({type(error).__name__})"
        raise CollectError(message) from error
    raise CollectError(f"{shown(url)}: leads on more than {_HOPS} times")


def digest_of(data: bytes, like: str = "") -> str:
    """Return the digest of a file, in the form of another: `sha512-` or (unless told) `sha256-`.

    The form is that of Subresource Integrity (W3C): the hash in base64.
    """
    name = "sha512" if like.startswith("sha512-") else "sha256"
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def member_of(data: bytes, member: str) -> bytes:
    """Return one plain file of a .tar.gz; nothing of it is written anywhere.

    `CollectError` if it is no such archive, unpacks to more than 64 MiB, or the file is not there.
    """
    try:
        unpacker = zlib.decompressobj(_GZIP)
        unpacked = unpacker.decompress(data, _UNPACKED + 1)
        if len(unpacked) > _UNPACKED:
            raise CollectError(f"{member}: its archive unpacks to more than {_UNPACKED} bytes")
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            for found in archive:
                if found.name == member and found.isreg():
                    file = archive.extractfile(found)
                    return file.read() if file else b""
    except (zlib.error, tarfile.TarError, ValueError) as error:
        raise CollectError(f"{member}: its archive cannot be read ({error})") from error
    raise CollectError(f"{member}: no such file is in the archive")


def shown(url: str) -> str:
    """Return an address without login and query, which may be secret; 200 characters at most."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"[:200]


def _check(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not (parts.scheme == "https" and host) and not (
        parts.scheme == "http" and is_this_machine(host)
    ):
        raise CollectError(f"{shown(url)}: only https is asked")


def _body(answer: requests.Response, url: str, end: float) -> bytes:
    if answer.status_code != requests.codes.ok:
        raise CollectError(f"{shown(url)}: answered {answer.status_code}")
    body = bytearray()
    for piece in answer.iter_content(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise CollectError(f"{shown(url)}: larger than {LARGEST // 2**20} MiB")
        if time.monotonic() > end:
            raise CollectError(f"{shown(url)}: took longer than {_SECONDS:g} seconds")
    return bytes(body)
