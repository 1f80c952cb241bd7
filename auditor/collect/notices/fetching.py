"""Getting a notice: from a file beside policy.yaml, or from where people read it."""

import base64
import hashlib
import ssl
import time
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from auditor import __version__
from auditor.collect.refused import RefusedError
from auditor.collect.site.plan import Network
from auditor.evidence import FIRST_ERROR, Reason

LARGEST: Final = 4 * 2**20  # bytes: the longest notices are a tenth of that
MOST_REDIRECTS: Final = 5
_PATIENCE: Final = 20.0  # seconds to connect, and between bytes
_LONGEST: Final = 60.0  # seconds for a notice
_PIECE: Final = 2**16
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BROKEN: Final = (HTTPError, OSError, ValueError)


class Got(Struct, frozen=True, kw_only=True):
    """A notice as bytes: `place` is its path or the address that answered.

    `media` and `language` are what the server calls them (Content-Type, Content-Language).
    """

    data: bytes
    place: str
    media: str = ""
    language: str = ""


def read_file(folder: str, path: str) -> Got:
    """Return a file; `RefusedError` says why not."""
    try:
        with Path(folder, path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        needs = f"the file {path} ({error.strerror or 'it cannot be read'})"
        raise RefusedError(Reason.UNREACHABLE, needs) from error
    return Got(data=_not_too_large(data), place=path)


def fetch(url: str, network: Network) -> Got:
    """Return what people read at an address; redirects are followed, no scripts are run.

    `RefusedError` says why not. Nothing is sent but the address.
    """
    for _ in range(MOST_REDIRECTS):
        got, onward = _asked(url, network)
        if not onward:
            return got
        url = urljoin(url, onward)
    needs = f"an address that leads to the notice in fewer than {MOST_REDIRECTS} steps"
    raise RefusedError(Reason.UNREACHABLE, needs)


def _asked(url: str, network: Network) -> tuple[Got, str]:
    """Return what one address answers, and where else it leads, if it does."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise RefusedError(Reason.UNREACHABLE, "an address that begins with https:// or http://")
    if not network.reaches(host):
        needs = f"a run without --offline, or --resolve {host}=ADDRESS"
        raise RefusedError(Reason.UNREACHABLE, needs)
    connection = _connected(parts.scheme, host, parts.port, network)
    try:
        connection.request(
            "GET",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            headers={
                "Host": parts.netloc.rpartition("@")[2],
                "User-Agent": f"policy-auditor/{__version__}",
                "Accept": "text/html,text/markdown,text/plain;q=0.9",
                "Accept-Encoding": "identity",
            },
            preload_content=False,
        )
        with closing(connection.getresponse()) as answer:
            onward = answer.headers.get("Location", "") if answer.status in _REDIRECTS else ""
            if answer.status >= FIRST_ERROR:
                needs = f"an answer: the server said {answer.status}"
                raise RefusedError(Reason.UNREACHABLE, needs)
            return Got(
                data=b"" if onward else _not_too_large(_body(answer)),
                place=url,
                media=answer.headers.get("Content-Type", ""),
                language=answer.headers.get("Content-Language", ""),
            ), onward
    except urllib3.exceptions.TimeoutError as error:
        raise RefusedError(Reason.TIMEOUT, f"an answer of {host}") from error
    except _BROKEN as error:
        raise RefusedError(Reason.UNREACHABLE, f"an answer of {host}") from error
    finally:
        connection.close()


def _connected(scheme: str, host: str, port: int | None, network: Network) -> HTTPConnection:
    """Return an open connection to a host, or to what `--resolve` names in its place."""
    address, at = host, port or (443 if scheme == "https" else 80)
    for rule in network.resolve:
        pattern, _, place = rule.partition("=")
        if fnmatchcase(host, pattern):
            named, _, own = place.rpartition(":") if _has_port(place) else (place, "", "")
            address, at = named.strip("[]"), int(own or at)
            break
    connection = (
        HTTPConnection(address, at, timeout=_PATIENCE)
        if scheme == "http"
        else _secured(address, at, host, network)
    )
    try:
        connection.connect()
        if isinstance(connection, HTTPSConnection):
            _check_key(connection, host, network)
    except BaseException as error:
        connection.close()
        if isinstance(error, urllib3.exceptions.TimeoutError):
            raise RefusedError(Reason.TIMEOUT, f"a connection to {host}") from error
        if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
            needs = f"a certificate of {host} that is valid"
            raise RefusedError(Reason.UNREACHABLE, needs) from error
        if isinstance(error, _BROKEN):
            raise RefusedError(Reason.UNREACHABLE, f"a connection to {host}") from error
        raise
    return connection


def _secured(address: str, port: int, host: str, network: Network) -> HTTPSConnection:
    context = ssl.create_default_context()
    if network.trusted_keys or network.accept_any_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(
        address,
        port,
        timeout=_PATIENCE,
        ssl_context=context,
        server_hostname=host,
        assert_hostname=None if context.check_hostname else False,
    )


def _check_key(connection: HTTPSConnection, host: str, network: Network) -> None:
    if network.trusted_keys and _key_of(connection) not in network.trusted_keys:
        raise RefusedError(Reason.UNREACHABLE, f"a certificate of {host} that is trusted here")


def _key_of(connection: HTTPSConnection) -> str:
    """Return the digest of the key that a server has shown, as Chromium writes it."""
    if not isinstance(connection.sock, ssl.SSLSocket):
        return ""
    shown = connection.sock.getpeercert(binary_form=True)
    if not shown:
        return ""
    key = x509.load_der_x509_certificate(shown).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


def _has_port(place: str) -> bool:
    return (place.startswith("[") and "]:" in place) or place.count(":") == 1


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    pieces, length, end = [], 0, time.monotonic() + _LONGEST
    for piece in answer.stream(_PIECE):
        pieces.append(piece)
        length += len(piece)
        if length > LARGEST:
            break
        if time.monotonic() > end:
            raise RefusedError(Reason.TIMEOUT, f"a notice that arrives within {_LONGEST:.0f} s")
    return b"".join(pieces)


def _not_too_large(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise RefusedError(Reason.CAP_REACHED, f"a notice of at most {LARGEST // 2**20} MiB")
    return data
