"""Timestamps of others: that an entry, and so all before it, was there at a moment.

A token lies beside its entry, as `000004.tsr`. Source: RFC 3161; the `timestamp` extra.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import requests
from msgspec import Struct

from auditor import __version__
from auditor.errors import AuditError, UsageError

LARGEST: Final = 2**20  # bytes of a token
SECONDS: Final = (10, 30)  # to connect, to answer
NO_EXTRA: Final = "timestamps need rfc3161-client: pip install policy-auditor[timestamp]"


class Stamp(Struct, frozen=True, kw_only=True):
    """A token: of which entry, from when. `is_verified`: signed by an authority that was given."""

    number: int
    at: datetime
    sha256: str
    is_verified: bool = False


def name_of_stamp(number: int) -> str:
    """Return the name of the token of an entry."""
    return f"{number:06}.tsr"


def ask(url: str, data: bytes) -> bytes:
    """Ask an authority for a token; only a digest is sent."""
    client = _client()
    request = client.TimestampRequestBuilder().data(data)
    request = request.hash_algorithm(client.HashAlgorithm.SHA256).build()
    if not url.startswith(("https://", "http://")):
        raise UsageError(f"--timestamp {url}: write the address of an authority (RFC 3161)")
    try:
        with requests.post(
            url,
            data=request.as_bytes(),
            headers={
                "Content-Type": "application/timestamp-query",
                "User-Agent": f"policy-auditor/{__version__}",
            },
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            token = answer.raw.read(LARGEST + 1)
            status = answer.status_code
    except (requests.RequestException, OSError) as error:
        raise AuditError(f"{url}: no timestamp ({type(error).__name__}); try again") from error
    if status != requests.codes.ok or len(token) > LARGEST:
        raise AuditError(
            f"{url}: no timestamp (it answers {status}); is it an authority's address?"
        )
    read(token, data, 0)
    return bytes(token)


def read(token: bytes, data: bytes, number: int, roots: Sequence[Any] = ()) -> Stamp:
    """Return what a token says of some data; `AuditError` if it is not of them, or not signed so.

    `roots` are certificates of authorities; without any the signature is not looked at.
    """
    client = _client()
    try:
        response = client.decode_timestamp_response(token)
        info = response.tst_info
        imprint = info.message_imprint.message
        hashed = {hashlib.new(name, data).digest() for name in ("sha256", "sha512")}
    except (ValueError, TypeError) as error:
        raise AuditError(f"is no timestamp ({str(error)[:200]})") from error
    if imprint not in hashed:
        raise AuditError("is a timestamp of something else")
    if roots:
        builder = client.VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(response, data)
        except (client.VerificationError, ValueError) as error:
            raise AuditError(f"is not signed by that authority ({str(error)[:200]})") from error
    return Stamp(
        number=number,
        at=info.gen_time,
        sha256=hashlib.sha256(token).hexdigest(),
        is_verified=bool(roots),
    )


def roots_in(path: str) -> Sequence[Any]:
    """Return the certificates of a PEM file."""
    from cryptography import x509  # noqa: PLC0415 -- most runs read no certificates

    try:
        return x509.load_pem_x509_certificates(Path(path).read_bytes())
    except OSError as error:
        raise UsageError(f"--authority {path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"--authority {path}: holds no certificates (PEM)") from error


def _client() -> Any:  # noqa: ANN401 -- a module of an extra
    try:
        import rfc3161_client  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise UsageError(NO_EXTRA) from error
    return rfc3161_client
