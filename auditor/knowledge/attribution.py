"""Who answers at a host, and whose name a cookie or a stored thing bears.

A host says who it is; a name says little, since anybody may use it. So names that anybody uses
(`session`, `token`, `lang`) point at nobody, and others corroborate what a host says.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, get_args

from msgspec import Struct

from auditor.hosts import parse_host_pattern
from auditor.knowledge.catalogue import NameKind, Service, services
from auditor.names import matches

NAME_KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)

# Names that sites give to things of their own.
GENERIC: Final = frozenset(
    """
    _csrf _session access_token auth auth_token authtoken b c cart cart_id client_id connect.sid
    consent cookie_check cookie_consent cookieconsent cookies country crumb csrf csrf_token
    csrftoken currency d data debug device_id did dpr email flash fr hs i18next i18nextlng id
    id_token jsessionid jwt key l lang language last_visit locale logged_in login m message mr
    name ok p page pref preferences prefs ref referrer refresh_token region s sb sess session
    session_id sessionid settings sid sm state t test test_cookie theme timezone token ts tz u
    uid user user_id user_session userid username utm_source uuid v version visited visitor_id
    visitorid x x-csrf-token xs xsrf-token
    """.split()
)
_BUCKET = 4  # characters of a name; the few patterns that have a `*` there are tried one by one

_ByPath = list[tuple[str, Service]]


class _Hosts(Struct, frozen=True, kw_only=True):
    """Services by host, and there by path, the longest first."""

    alone: dict[str, _ByPath]
    below: dict[str, _ByPath]


class _Names(Struct, frozen=True, kw_only=True):
    """Services by what their names are, or begin with."""

    exact: dict[str, list[Service]]
    buckets: dict[str, list[tuple[str, Service]]]
    short: list[tuple[str, Service]]


def attribute(host: str, path: str = "/") -> Service | None:
    """Return the service that answers at a normalised host: the longest host, then path, wins.

    None where the catalogue does not know, as for IP addresses and for names of one label.
    """
    hosts = _hosts()
    for service in _on_path(hosts.alone.get(host, ()), path):
        return service
    while host:
        for service in _on_path(hosts.below.get(host, ()), path):
            return service
        host = host.partition(".")[2]
    return None


def by_name(kind: str, name: str) -> tuple[Service, ...]:
    """Return the services whose name a thing on a device bears, the most closely fitting.

    `name` may be templated (`_ga_*`). () for other kinds, and for names that anybody uses.
    """
    names = _names().get(kind)
    if names is None:
        return ()
    if exact := names.exact.get(name):
        return tuple(exact)
    near = [
        (pattern, service)
        for pattern, service in (*names.buckets.get(name[:_BUCKET], ()), *names.short)
        if matches(pattern, name)
    ]
    closest = max((len(pattern) for pattern, _ in near), default=0)
    return tuple(service for pattern, service in near if len(pattern) == closest)


def bears_name_of(service: Service, kind: str, name: str) -> bool:
    """Return whether a service documents such a name, be it one that anybody might use."""
    return kind in NAME_KINDS and any(matches(pattern, name) for pattern in service.names(kind))


def is_anybodys(name: str) -> bool:
    """Return whether a name, or pattern, is one that sites give to things of their own."""
    return name.replace("*", "").rstrip("_-.:").casefold() in GENERIC


def by_package(package: str) -> Service | None:
    """Return the service that a package such as `npm:firebase` talks to, None if none is known."""
    return _packages().get(package)


@cache
def _packages() -> dict[str, Service]:
    return {name: service for service in services().values() for name in service.packages}


@cache
def _hosts() -> _Hosts:
    hosts = _Hosts(alone={}, below={})
    for service in services().values():
        for text in service.hosts:
            pattern = parse_host_pattern(text)
            places = hosts.below if pattern.subdomains else hosts.alone
            places.setdefault(pattern.host, []).append((pattern.path, service))
    for places in (hosts.alone, hosts.below):
        for by_path in places.values():
            by_path.sort(key=lambda entry: len(entry[0]), reverse=True)
    return hosts


def _on_path(by_path: Iterable[tuple[str, Service]], path: str) -> Iterator[Service]:
    for prefix, service in by_path:
        if not prefix or path == prefix or path.startswith(f"{prefix}/"):
            yield service


@cache
def _names() -> dict[str, _Names]:
    found: dict[str, _Names] = {}
    for kind in NAME_KINDS:
        names = found[kind] = _Names(exact={}, buckets={}, short=[])
        for service in services().values():
            for pattern in service.names(kind):
                _add(names, pattern, service)
    return found


def _add(names: _Names, pattern: str, service: Service) -> None:
    if is_anybodys(pattern):
        return
    if "*" not in pattern:
        names.exact.setdefault(pattern, []).append(service)
    elif "*" not in pattern[:_BUCKET]:
        names.buckets.setdefault(pattern[:_BUCKET], []).append((pattern, service))
    else:
        names.short.append((pattern, service))
