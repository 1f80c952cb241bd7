"""Parts of the addresses that the loader or a collector let in; a broken one has none."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from auditor.hosts import HostPattern, normalise_host, parse_host_pattern
from auditor.names import matches

_NOWHERE = urlsplit("")


def host_of(url: str) -> str:
    """Return the host of a URL, "" for none."""
    return _split(url).hostname or ""


def path_of(url: str) -> str:
    """Return the path of a URL, `/` for none."""
    return _split(url).path or "/"


def is_on_pages(patterns: tuple[str, ...], page: str) -> bool:
    """Return whether a page is one of those named; an unknown page and no patterns fit."""
    return not patterns or not page or any(matches(p, path_of(page)) for p in patterns)


def normal_host(host: str) -> str:
    """Return a host as evidence writes it (IDNA, lower case); what is none stays as it is."""
    try:
        return normalise_host(host)
    except ValueError:
        return host


def and_parents(host: str) -> Iterator[str]:
    """Yield a host and then the domains above it, the longest first."""
    while host:
        yield host
        host = host.partition(".")[2]


@lru_cache(maxsize=4096)
def host_patterns(domains: tuple[str, ...]) -> tuple[HostPattern, ...]:
    """Return what `domains` of an entry stand for."""
    return tuple(parse_host_pattern(domain) for domain in domains)


@lru_cache(maxsize=4096)
def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return _NOWHERE
