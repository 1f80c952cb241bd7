"""What the policy declares for one site, ready to be asked about what was seen there."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar, overload

from msgspec import Struct, structs

from auditor.evidence import (
    Cookie,
    CookieSent,
    CookieSet,
    RequestSent,
    SiteEvidence,
    StorageKept,
    StoredItem,
)
from auditor.hosts import HostPattern, covers
from auditor.matching.names import RowsByName
from auditor.matching.owners import Owners
from auditor.matching.places import (
    host_of,
    host_patterns,
    is_on_pages,
    normal_host,
    path_of,
)
from auditor.policy import SELF, Policy, Processor, StorageRow, StorageType, appears_on


class Objection(StrEnum):
    """Why a row that names what was seen still does not cover it."""

    DOMAIN = "domain"
    PAGE = "page"
    AUTHOR = "author"


class Sight(Struct, frozen=True, kw_only=True):
    """What there is to match of one sighting; "" where the evidence does not say.

    With `travelled`, `domain` is only a host that it was sent to: its own may be one above.
    """

    type: StorageType
    name: str
    domain: str
    page: str = ""
    writer: str = ""
    travelled: bool = False


class Match(Struct, frozen=True, kw_only=True):
    """The row that covers a sighting (no objection), or the one that comes nearest, or none."""

    row: StorageRow | None = None
    objection: Objection | None = None
    author_seen: bool = True

    @property
    def is_declared(self) -> bool:
        """Return whether a row covers it whole."""
        return self.row is not None and self.objection is None


Kept = Cookie | StoredItem
Sighted = CookieSet | CookieSent | StorageKept
S = TypeVar("S", bound=Sighted)


class Declarations:
    """The rows and processors of one site. Asking costs no more, however many there are."""

    def __init__(self, policy: Policy, evidence: SiteEvidence) -> None:
        """Read the policy once; `evidence` knows the registrable domains of the hosts seen."""
        site = policy.site(evidence.site)
        host = normal_host(host_of(site.url if site else evidence.url))
        named = site.first_party if site else ()
        self._evidence = evidence
        self._own = frozenset({host, self._domain(host), *map(normal_host, named)})
        self.rows = tuple(r for r in policy.device_storage if appears_on(r, evidence.site))
        self.processors = tuple(p for p in policy.processors if appears_on(p, evidence.site))
        self._domains = {p.id: host_patterns(p.domains) for p in policy.processors}
        self._owners = Owners(self.processors)
        self._rows = RowsByName(self.rows)

    def is_first_party(self, host: str) -> bool:
        """Return whether a host is ourselves (meaning 2)."""
        return bool(self._own_name(host))

    def processor(self, host: str, path: str = "/") -> Processor | None:
        """Return the processor to which a host belongs: longest host, then longest path."""
        owned = self._owners.find(host, path)
        return owned[1] if owned else None

    def recipient(self, request: RequestSent) -> Processor | None:
        """Return the processor that a request reaches, None where that is us, or nobody known.

        A host of ours is a processor's where that is said more closely: `stats.example.org` of
        example.org, but not `shop.hoster.example` by `*.hoster.example`.
        """
        path = path_of(request.url) if self._owners.look_at_paths else "/"
        owned = self._owners.find(request.host, path)
        if owned is None:
            return None
        pattern, processor = owned
        ours = (len(self._own_name(request.host)), 0)
        return processor if (len(pattern.host), len(pattern.path)) > ours else None

    @overload
    def matches_of(self, item: Cookie) -> list[tuple[Match, list[CookieSet | CookieSent]]]: ...

    @overload
    def matches_of(self, item: StoredItem) -> list[tuple[Match, list[StorageKept]]]: ...

    def matches_of(self, item: Kept) -> object:
        """Return the sightings of what is kept by the row that covers them, or why none does."""
        if isinstance(item, StoredItem):
            sight = Sight(type=item.storage, name=item.name, domain=item.domain)
            return self._by_match(sight, item.sightings)
        sight = Sight(type="cookie", name=item.name, domain=item.domain, travelled=not item.sets)
        return self._by_match(sight, item.sightings)

    def _by_match(self, sight: Sight, seen: Iterable[S]) -> list[tuple[Match, list[S]]]:
        alike: dict[tuple[str, str], list[S]] = {}
        for one in seen:
            alike.setdefault((one.page, writer_of(one)), []).append(one)
        groups: dict[Match, list[S]] = {}
        for (page, writer), sightings in alike.items():
            match = self.match(structs.replace(sight, page=page, writer=writer))
            groups.setdefault(match, []).extend(sightings)
        return list(groups.items())

    def match(self, sight: Sight) -> Match:
        """Return the storage row that covers a sighting, or why none does (meaning 3)."""
        author_seen = bool(sight.writer)
        fitting = self._rows.named(sight.type, sight.name)
        if not fitting:
            return Match(author_seen=author_seen)
        tests = (
            (Objection.DOMAIN, self._is_in_domain),
            (Objection.PAGE, _is_on_page),
            (Objection.AUTHOR, self._is_author_allowed),
        )
        for objection, test in tests:
            remaining = tuple(row for row in fitting if test(row, sight))
            if not remaining:
                return Match(row=fitting[0], objection=objection, author_seen=author_seen)
            fitting = remaining
        return Match(row=fitting[0], author_seen=author_seen)

    def _domain(self, host: str) -> str:
        return self._evidence.registrable_domain(host)

    def _own_name(self, host: str) -> str:
        """Return the name by which a host is ours: itself or its registrable domain, else ""."""
        if host in self._own:
            return host
        domain = self._domain(host)
        return domain if domain in self._own else ""

    def _is_in_domain(self, row: StorageRow, sight: Sight) -> bool:
        if sight.type == "device_access" and not row.domains:
            return True  # it is kept nowhere: who reads it says whose it is
        if not row.domains and row.set_by == SELF:
            return self.is_first_party(sight.domain)
        allowed = host_patterns(row.domains) if row.domains else self._domains.get(row.set_by, ())
        return _covers_any(allowed, sight.domain) or (
            sight.travelled and any(sight.domain.endswith(f".{p.host}") for p in allowed)
        )

    def _is_author_allowed(self, row: StorageRow, sight: Sight) -> bool:
        if not sight.writer or self.is_first_party(sight.writer):
            return True
        return _covers_any(self._domains.get(row.set_by, ()), sight.writer)


def writer_of(seen: Sighted) -> str:
    """Return the host of what wrote it, "" where that was not seen."""
    return "" if isinstance(seen, CookieSent) else seen.writer


def _covers_any(patterns: Iterable[HostPattern], host: str) -> bool:
    """Return whether one covers a host, on whatever path."""
    return any(covers(pattern, host, pattern.path or "/") for pattern in patterns)


def _is_on_page(row: StorageRow, sight: Sight) -> bool:
    return is_on_pages(row.pages, sight.page)
