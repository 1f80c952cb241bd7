"""Web addresses as somebody typed them: their host, or what is wrong with it."""

from urllib.parse import urlsplit

from auditor.hosts import normalise_host


def host_in(url: str) -> str:
    """Return the normalised host of an address; ValueError says what to write instead."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        message = "the host or port cannot be read; write an address such as https://example.org/"
        raise ValueError(message) from None
    return normalise_host(host)
