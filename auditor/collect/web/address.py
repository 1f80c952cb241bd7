"""Where something on the web is: of an exact URL only a number is kept that cannot be undone."""

from functools import lru_cache
from sys import intern
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.hosts import normalise_host
from auditor.names import url_shape

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}

_REMEMBERED = 4000  # characters of a URL up to which it is worth it


class Address(Struct, frozen=True, gc=False):
    """A URL: its shape, its host, and a number for exactly this URL without its fragment."""

    number: int
    shape: str
    host: str
    scheme: str

    @property
    def origin(self) -> str:
        """Return the part of the shape before the path."""
        return self.shape[: self.shape.find("/", len("https://"))]


def locate(url: str) -> Address | None:
    """Return what is known of a URL, None if it is not one of the web."""
    return _locate(url) if len(url) <= _REMEMBERED else _locate.__wrapped__(url)


@lru_cache(maxsize=8192)
def _locate(url: str) -> Address | None:
    try:
        parts = urlsplit(url.strip())
        host, port = normalise_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    shape = url_shape(url)
    if parts.scheme not in PORTS or not shape.startswith(f"{parts.scheme}://"):
        return None
    exact = (parts.scheme, host, port or PORTS[parts.scheme], parts.path or "/", parts.query)
    return Address(hash(exact), intern(shape), intern(host), parts.scheme)
