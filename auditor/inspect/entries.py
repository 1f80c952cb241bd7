"""What is told of each thing seen: one kind of entry for each kind of thing.

Whose a thing is says its registrable domain (Public Suffix List): `owner` is that of the host
that wrote or answered, and it is the first party where it is that of the site itself. `behind` is
the service that the catalogue knows there, and who controls it.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from auditor.evidence import Behind, Gap, StorageKind, Tls

Party = Literal["first", "third"]


class Owned(Struct, frozen=True, kw_only=True):
    """A host, and whose it is."""

    host: str
    owner: str
    party: Party


class Writer(Owned, frozen=True, kw_only=True):
    """Who wrote something: the host, and the shapes of the documents or scripts that did."""

    scripts: tuple[str, ...] = ()


class PageEntry(Struct, frozen=True, kw_only=True):
    """A page that answered. `links` is their number, None where its markup was not kept."""

    url: str
    status: int
    redirected_from: tuple[str, ...]
    links: int | None


class HostEntry(Owned, frozen=True, kw_only=True):
    """A host that the pages talked to: how often, for what, and how it proved who it is."""

    address: str
    tls: Tls | None
    requests: int
    resources: tuple[str, ...]
    failed: tuple[str, ...]
    started_by: tuple[str, ...]
    pages: tuple[str, ...]
    behind: Behind = Behind()


class CookieEntry(Struct, frozen=True, kw_only=True):
    """A cookie. `lifetime` is the longest that was asked for, in words; `seconds` the same.

    None for the session, and where it was only seen travelling. `attributes` are those last asked
    for; `writers` is empty where nobody was seen writing it.
    """

    name: str
    domain: str
    party: Party
    writers: tuple[Writer, ...]
    lifetime: str
    seconds: int | None
    path: str
    host_only: bool
    attributes: tuple[str, ...]
    identifier: bool
    kept: bool
    refused: tuple[str, ...]
    sent_to: tuple[str, ...]
    pages: tuple[str, ...]
    behind: Behind = Behind()


class StoredEntry(Struct, frozen=True, kw_only=True):
    """A key, database, cache or service worker; `length` is the longest value seen."""

    name: str
    host: str
    party: Party
    writers: tuple[Writer, ...]
    length: int
    identifier: bool
    removed: bool
    pages: tuple[str, ...]
    behind: Behind = Behind()


class FormEntry(Owned, frozen=True, kw_only=True):
    """A form: where it leads (`host` and `owner` are the receiver's), and the kinds of fields."""

    page: str
    action: str
    method: str
    fields: tuple[str, ...]


class SecretEntry(Owned, frozen=True, kw_only=True):
    """A key that is meant to be secret, in what everybody is given."""

    secret: str
    url: str


class Inventory(Struct, frozen=True, kw_only=True):
    """All of it. `screenshots` are file names, each with the page that was asked for."""

    url: str
    collected_at: datetime
    tool: str
    conditions: dict[str, str]
    pages: tuple[PageEntry, ...]
    hosts: tuple[HostEntry, ...]
    cookies: tuple[CookieEntry, ...]
    local_storage: tuple[StoredEntry, ...]
    session_storage: tuple[StoredEntry, ...]
    indexed_db: tuple[StoredEntry, ...]
    cache_storage: tuple[StoredEntry, ...]
    service_worker: tuple[StoredEntry, ...]
    forms: tuple[FormEntry, ...]
    secrets: tuple[SecretEntry, ...]
    gaps: tuple[Gap, ...]
    screenshots: dict[str, str]

    def stored(self, kind: StorageKind) -> tuple[StoredEntry, ...]:
        """Return what is kept in one way."""
        found: tuple[StoredEntry, ...] = getattr(self, kind)
        return found
