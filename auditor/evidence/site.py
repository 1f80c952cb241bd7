"""What was seen of a site: one append-only stream of observations, and what could not be seen."""

from datetime import datetime
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from auditor.evidence.cookies import Cookie, cookies_of
from auditor.evidence.gaps import Gap, State
from auditor.evidence.observations import Host, PageLoaded, RequestSent, SiteObservation
from auditor.evidence.storage import StoredItem, storage_of

FIRST_ERROR = 400  # HTTP status


class Tls(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a host proved who it is: protocol, who issued its certificate, and until when (date)."""

    protocol: str = ""
    issuer: str = ""
    valid_until: str = ""


Confidence = Literal["", "host", "host and name", "name"]
Known = Annotated[str, Meta(max_length=200)]


class Behind(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who is behind a host or a name, by the catalogue (`auditor.knowledge`); "": not known.

    `service` is the id there, `called` the name that people know, `owner` who controls it. How we
    know: the `host` that answered or wrote says so, its name agrees (`host and name`), or there is
    only the `name`, which anybody may have chosen. With an owner alone, several services of one
    owner answered at the host. `source` is whose data say so: the catalogue's, or those of open
    data by their id, which know no service. `country` is where the owner is, `purposes` what it is
    mostly used for, in words of the vocabulary.
    """

    service: Known = ""
    called: Known = ""
    owner: Known = ""
    country: Known = ""
    purposes: tuple[Known, ...] = ()
    source: Known = ""
    confidence: Confidence = ""


class HostFacts(Behind, frozen=True, kw_only=True):
    """What is known of a host: its registrable domain (Public Suffix List, private section on).

    `address` is the IP address that the browser talked to, "" where that is not known. `kept`
    says who is behind what is kept on devices for the host, by kind and name (`cookie:_ga`).
    `aliases` are the names that its name leads to in the DNS (CNAME), in order, None where nobody
    asked; of the last of them `alias_domain` is the registrable domain, and `alias_behind` who is
    behind it. A `mapped` host was reached by a rule of the run, or is this machine: there the
    name says nothing. `records_sessions`: the service behind it, or behind the names that it leads
    to, is known to record what visitors do.
    """

    registrable_domain: Host
    address: str = ""
    tls: Tls | None = None
    kept: dict[str, Behind] = {}
    aliases: tuple[Host, ...] | None = None
    alias_domain: Host = ""
    alias_behind: Behind | None = None
    mapped: bool = False
    records_sessions: bool = False


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where evidence came from: a recording or a visit, by which tool, when, in which state.

    `conditions` are what a visit depends on and a reader should know: the browser, whether it
    takes cookies of third parties, language, time zone, how much time was skipped.
    """

    kind: str
    path: str = ""
    sha256: str = ""
    tool: str = ""
    collected_at: Annotated[datetime, Meta(tz=True)]
    state: State | None = None
    conditions: dict[str, str] = {}


class Contact(Struct, frozen=True, kw_only=True):
    """A host the site's pages talked to, with every request."""

    host: str
    registrable_domain: str
    requests: tuple[RequestSent, ...]


class SiteEvidence(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, dict=True
):
    """Everything seen of one site, and every gap. What is asked of it is worked out once.

    `knowledge` are the data by which it was said who is behind what, with their digests.
    """

    scope: ClassVar[str] = "site"

    site: str
    url: str
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    hosts: dict[Host, HostFacts] = {}
    observations: tuple[SiteObservation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    knowledge: dict[Known, Known] = {}

    @property
    def subject(self) -> str:
        """Return the subject of the contract."""
        return f"site:{self.site}"

    @property
    def collected_at(self) -> datetime:
        """Return when the oldest part was collected: evidence is as old as its oldest part."""
        return min(source.collected_at for source in self.sources)

    def began(self, state: State | None) -> datetime:
        """Return when the recording of a visitor state began; of several, the oldest."""
        moments = (source.collected_at for source in self.sources if source.state is state)
        return min(moments, default=self.collected_at)

    @cached_property
    def pages(self) -> tuple[PageLoaded, ...]:
        """Return the pages that were opened, in order."""
        return tuple(seen for seen in self.observations if isinstance(seen, PageLoaded))

    @cached_property
    def states(self) -> frozenset[State | None]:
        """Return the states in which a page was really seen; None: "the source says not"."""
        return frozenset(page.state for page in self.pages if page.status < FIRST_ERROR)

    @property
    def is_looked_at(self) -> bool:
        """Return whether any page was really seen; one that answers 4xx or 5xx shows nothing."""
        return any(page.status < FIRST_ERROR for page in self.pages)

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """Return the hosts that were talked to, sorted by name."""
        by_host: dict[str, list[RequestSent]] = {}
        for seen in self.observations:
            if isinstance(seen, RequestSent):
                by_host.setdefault(seen.host, []).append(seen)
        return tuple(
            Contact(
                host=host, registrable_domain=self.registrable_domain(host), requests=tuple(seen)
            )
            for host, seen in sorted(by_host.items())
        )

    @cached_property
    def cookies(self) -> tuple[Cookie, ...]:
        """Return the cookies, sorted by name and domain; deletions of unseen ones included."""
        return cookies_of(self.observations)

    @cached_property
    def storage(self) -> tuple[StoredItem, ...]:
        """Return what is kept beside cookies, sorted by kind, name and host, removals included."""
        return storage_of(self.observations)

    def registrable_domain(self, host: str) -> str:
        """Return the registrable domain of a host seen, or the host itself where none is known."""
        facts = self.hosts.get(host)
        return facts.registrable_domain if facts else host
