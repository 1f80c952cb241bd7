"""The catalogue of services: who is behind them, their hosts, and the names of what they keep.

It lies in `services/`, one file for each group; JSON, since a run reads all of it. With every fact
stands where the vendor documents it. The words are ours, and nobody else's list is in it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

_FOLDER: Final = Path(__file__).parent / "services"

NameKind = Literal["cookie", "local_storage", "session_storage", "indexed_db"]


class Facts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one page of a vendor's documentation or source says of a service; `ref` is where.

    `controller` is the legal entity, `country` its ISO 3166-1 code, `purposes` are keys of the
    vocabulary. Hosts are `host`, `*.host` or `host/path-prefix`; in names, `*` stands for any
    characters. `packages`, such as `npm:firebase`, talk to it. `records_sessions`: its scripts are
    there to record what visitors do.
    """

    ref: str
    controller: str = ""
    country: str = ""
    purposes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    cookie: tuple[str, ...] = ()
    local_storage: tuple[str, ...] = ()
    session_storage: tuple[str, ...] = ()
    indexed_db: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    records_sessions: bool = False

    def names(self, kind: NameKind) -> tuple[str, ...]:
        """Return the names of one kind."""
        found: tuple[str, ...] = getattr(self, kind)
        return found


class Service(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service that pages use, as its vendor documents it; `category` says in words what it is.

    `carries`: what its hosts answer with is other people's (a CDN, a hosting service, a tag
    manager), so that it is not the author of what such a script writes.
    """

    id: str
    name: str
    category: str
    carries: bool = False
    facts: tuple[Facts, ...]

    @property
    def controller(self) -> str:
        """Return the legal entity behind it."""
        return next((facts.controller for facts in self.facts if facts.controller), "")

    @property
    def country(self) -> str:
        """Return where that is established."""
        return next((facts.country for facts in self.facts if facts.country), "")

    @property
    def purposes(self) -> tuple[str, ...]:
        """Return what it is mostly used for."""
        return _once(facts.purposes for facts in self.facts)

    @property
    def records_sessions(self) -> bool:
        """Return whether its scripts are there to record what visitors do."""
        return any(facts.records_sessions for facts in self.facts)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return its hosts."""
        return _once(facts.hosts for facts in self.facts)

    @property
    def packages(self) -> tuple[str, ...]:
        """Return the packages that talk to it, by their registry and name."""
        return _once(facts.packages for facts in self.facts)

    def names(self, kind: NameKind) -> tuple[str, ...]:
        """Return the names of one kind of thing that it keeps on devices."""
        return _once(facts.names(kind) for facts in self.facts)


@cache
def services() -> Mapping[str, Service]:
    """Return all services by id, sorted; `ValueError` if an id comes twice."""
    found = [
        service
        for path in sorted(_FOLDER.glob("*.json"))
        for service in msgspec.json.decode(path.read_bytes(), type=tuple[Service, ...])
    ]
    by_id = {service.id: service for service in sorted(found, key=lambda one: one.id)}
    if len(by_id) != len(found):
        raise ValueError("the catalogue holds an id twice")
    return by_id


@cache
def digest() -> str:
    """Return the catalogue's digest: it is another one whenever a fact is."""
    data = b"".join(path.read_bytes() for path in sorted(_FOLDER.glob("*.json")))
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _once(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))
