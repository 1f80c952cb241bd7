"""Parts of the addresses that the loader or a collector let in; nothing here ever raises.

`urlsplit` would: evidence may come from anywhere. It is also asked for on every request.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import structs

from auditor.hosts import HostPattern, normalise_host, parse_host_pattern
from auditor.names import matches, url_shape


def host_of(url: str) -> str:
    """Return the host of `scheme://host/...`, "" for none."""
    authority = _beyond_scheme(url).partition("/")[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return authority.partition(":")[0].lower()


def path_of(url: str) -> str:
    """Return the path of `scheme://host/path`, without the query, `/` for none."""
    _, slash, path = _beyond_scheme(url).partition("/")
    return slash + path if slash else "/"


def is_on_pages(patterns: tuple[str, ...], page: str) -> bool:
    """Return whether a page is one of those named; an unknown page and no patterns fit."""
    return not patterns or not page or any(_is_page(p, path_of(page)) for p in patterns)


@lru_cache(maxsize=4096)
def kept_path(path: str) -> str:
    """Return a path as evidence keeps it: parts that are ids become `*`; "" stays ""."""
    return path_of(url_shape(f"https://any.example{path}")) if path else ""


def _is_page(pattern: str, path: str) -> bool:
    return matches(pattern, path) or kept_path(pattern) == path


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
    return tuple(map(_as_kept, map(parse_host_pattern, domains)))


def _as_kept(pattern: HostPattern) -> HostPattern:
    """Return a pattern whose path is written as evidence keeps paths: ids are `*`."""
    return structs.replace(pattern, path=kept_path(pattern.path))


def _beyond_scheme(url: str) -> str:
    return url.partition("://")[2].partition("#")[0].partition("?")[0]
