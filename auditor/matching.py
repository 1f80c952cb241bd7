"""Is what was seen what was promised? The matching rules of the contract (§1, meanings 1 to 4).

What was promised and what was seen do not know each other; they meet here, and in the checks.
"""

from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.evidence import SiteEvidence
from auditor.hosts import HostPattern, covers, parse_host_pattern, specificity
from auditor.names import matches, same_name
from auditor.policy import SELF, Policy, Processor, StorageRow, StorageType


class Objection(StrEnum):
    """Why a row that names what was seen still does not cover it."""

    DOMAIN = "domain"
    PAGE = "page"
    AUTHOR = "author"


class Sight(Struct, frozen=True, kw_only=True):
    """What there is to match of one sighting; "" where the evidence does not say."""

    type: StorageType
    name: str
    domain: str
    page: str = ""
    writer: str = ""


class Match(Struct, frozen=True, kw_only=True):
    """The row that covers a sighting (no objection), or the one that comes nearest, or none."""

    row: StorageRow | None = None
    objection: Objection | None = None

    @property
    def is_declared(self) -> bool:
        """Return whether a row covers it whole."""
        return self.row is not None and self.objection is None


class Declarations:
    """What the policy declares for one site, ready to be asked about what was seen there."""

    def __init__(self, policy: Policy, evidence: SiteEvidence) -> None:
        """Read the policy once; `evidence` knows the registrable domains of the hosts seen."""
        self._policy = policy
        self._evidence = evidence
        site = policy.site(evidence.site)
        own = (*(site.first_party if site else ()), *((host_of(site.url),) if site else ()))
        self._own = frozenset({*own, host_of(evidence.url), self._domain(host_of(evidence.url))})
        self._rows = tuple(r for r in policy.device_storage if _on(r, evidence.site))
        self._processors = tuple(
            (specificity(pattern), pattern, processor)
            for processor in policy.processors
            if _on(processor, evidence.site)
            for pattern in _patterns(processor.domains)
        )

    def is_first_party(self, host: str) -> bool:
        """Return whether a host is ourselves (meaning 2)."""
        return host in self._own or self._domain(host) in self._own

    def processor(self, host: str, path: str = "/") -> Processor | None:
        """Return the processor to which a host belongs: longest host, then longest path."""
        fitting = [
            (rank, processor)
            for rank, pattern, processor in self._processors
            if covers(pattern, host, path)
        ]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def match(self, sight: Sight) -> Match:
        """Return the storage row that covers a sighting, or why none does (meaning 3)."""
        named = [
            row
            for row in self._rows
            if row.type == sight.type and same_name(row.identifier, sight.name)
        ]
        if not named:
            return Match()
        named.sort(key=lambda row: ("*" in row.identifier, -len(row.identifier)))
        tests = (
            (Objection.DOMAIN, self._is_in_domain),
            (Objection.PAGE, _is_on_page),
            (Objection.AUTHOR, self._is_author_allowed),
        )
        fitting = named
        for objection, test in tests:
            remaining = [row for row in fitting if test(row, sight)]
            if not remaining:
                return Match(row=fitting[0], objection=objection)
            fitting = remaining
        return Match(row=fitting[0])

    def _domain(self, host: str) -> str:
        return self._evidence.registrable_domain(host)

    def _is_in_domain(self, row: StorageRow, sight: Sight) -> bool:
        if row.domains:
            return any(covers(p, sight.domain) for p in _patterns(row.domains))
        if row.set_by == SELF:
            return self.is_first_party(sight.domain)
        processor = self._policy.processor(row.set_by)
        return processor is not None and any(
            covers(p, sight.domain, p.path or "/") for p in _patterns(processor.domains)
        )

    def _is_author_allowed(self, row: StorageRow, sight: Sight) -> bool:
        if not sight.writer or self.is_first_party(sight.writer):
            return True
        processor = self._policy.processor(row.set_by)
        return processor is not None and any(
            covers(p, sight.writer, p.path or "/") for p in _patterns(processor.domains)
        )


def host_of(url: str) -> str:
    """Return the host of a URL that the loader or a collector has accepted, "" for none."""
    return urlsplit(url).hostname or ""


def path_of(url: str) -> str:
    """Return the path of a URL, `/` for none."""
    return urlsplit(url).path or "/"


def is_on_pages(patterns: tuple[str, ...], page: str) -> bool:
    """Return whether a page is one of those named; an unknown page and no patterns fit."""
    return not patterns or not page or any(matches(p, path_of(page)) for p in patterns)


def _is_on_page(row: StorageRow, sight: Sight) -> bool:
    return is_on_pages(row.pages, sight.page)


def _on(entry: Processor | StorageRow, site: str) -> bool:
    return not entry.sites or site in entry.sites


@lru_cache(maxsize=4096)
def _patterns(domains: tuple[str, ...]) -> tuple[HostPattern, ...]:
    return tuple(parse_host_pattern(domain) for domain in domains)
