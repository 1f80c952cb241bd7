"""What was seen of a site: one append-only stream of observations, and what could not be seen.

No personal values: names are templated and URLs reduced to their shape before they get here
(`auditor.names`), values are kept as length and likeness only.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from msgspec import Struct

from auditor.evidence.gaps import Gap, State


class ValueShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is kept of a value: its length, and whether it could single out a visitor."""

    length: int
    identifier: bool = False


class Observation(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False
):
    """One thing seen: on which page, in which state, when, and written or caused by whom.

    `page`, `frame` and `by` are URL shapes ("" where unknown), `state` is None where the evidence
    does not say, `t` is milliseconds since the recording began.
    """

    page: str = ""
    state: State | None = None
    frame: str = ""
    t: int | None = None
    by: str = ""


class PageLoaded(Observation, frozen=True, kw_only=True, tag="page_loaded", tag_field="kind"):
    """A page was opened; `links` are its link targets, None where its markup was not kept."""

    url: str
    status: int
    links: tuple[str, ...] | None = None


class RequestSent(Observation, frozen=True, kw_only=True, tag="request_sent", tag_field="kind"):
    """The browser talked to a host. `failed` names the network's error, if there was one."""

    url: str
    host: str
    method: str = "GET"
    resource: str = ""  # document, script, image, beacon, websocket ... as the browser says
    status: int | None = None
    failed: str = ""
    redirected_from: str = ""


class CookieSet(Observation, frozen=True, kw_only=True, tag="cookie_set", tag_field="kind"):
    """A cookie was asked for, by a response or a script, whether or not the browser took it.

    `lifetime` is the requested one in seconds, None for the session; `writer` is the host of the
    response or script; `refused` says why a browser would not store it (RFC 6265bis §5.7).
    """

    name: str
    domain: str
    writer: str
    host_only: bool = False
    path: str = "/"
    lifetime: int | None = None
    deleted: bool = False
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    partitioned: bool = False
    over_tls: bool = True
    refused: str = ""
    value: ValueShape = ValueShape(length=0)


class CookieSent(Observation, frozen=True, kw_only=True, tag="cookie_sent", tag_field="kind"):
    """A cookie travelled to a host; who set it, and for how long, is not said."""

    name: str
    host: str
    value: ValueShape = ValueShape(length=0)


SiteObservation = PageLoaded | RequestSent | CookieSet | CookieSent


class HostFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a host: its registrable domain (Public Suffix List, private section on)."""

    registrable_domain: str


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where evidence came from: a recording or a visit, by which tool, when, in which state."""

    kind: str
    path: str = ""
    sha256: str = ""
    tool: str = ""
    collected_at: datetime
    state: State | None = None


class Cookie(Struct, frozen=True, kw_only=True):
    """One cookie as a visitor has it: every time it was set, and every time it travelled."""

    name: str
    domain: str
    sets: tuple[CookieSet, ...]
    sent: tuple[CookieSent, ...]

    @property
    def label(self) -> str:
        """Return the object name used in reports and waivers."""
        return f"cookie:{self.name}@{self.domain}"

    @property
    def sightings(self) -> tuple[CookieSet | CookieSent, ...]:
        """Return where it was seen, settings first."""
        return (*self.sets, *self.sent)

    @property
    def identifier(self) -> bool:
        """Return whether one of its values could single out a visitor."""
        return any(seen.value.identifier for seen in self.sightings)


class Contact(Struct, frozen=True, kw_only=True):
    """A host the site's pages talked to, with every request."""

    host: str
    registrable_domain: str
    requests: tuple[RequestSent, ...]


class SiteEvidence(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, dict=True
):
    """Everything seen of one site, and every gap."""

    scope: ClassVar[str] = "site"

    site: str
    url: str
    sources: tuple[Source, ...]
    hosts: dict[str, HostFacts] = {}
    observations: tuple[SiteObservation, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def subject(self) -> str:
        """Return the subject of the contract."""
        return f"site:{self.site}"

    @property
    def collected_at(self) -> datetime:
        """Return when the oldest part was collected: evidence is as old as its oldest part."""
        return min(source.collected_at for source in self.sources)

    @cached_property
    def states(self) -> frozenset[State | None]:
        """Return the visitor states that were observed; None stands for "the source says not"."""
        return frozenset(page.state for page in self.pages)

    @cached_property
    def pages(self) -> tuple[PageLoaded, ...]:
        """Return the pages that were opened, in order."""
        return tuple(seen for seen in self.observations if isinstance(seen, PageLoaded))

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
        return _cookies(self.observations)

    def registrable_domain(self, host: str) -> str:
        """Return the registrable domain of a host seen, or the host itself where none is known."""
        facts = self.hosts.get(host)
        return facts.registrable_domain if facts else host


def _cookies(observations: Iterable[SiteObservation]) -> tuple[Cookie, ...]:
    """Group what was set by (name, domain), and give each cookie sent to the one it must be."""
    sets: dict[tuple[str, str], list[CookieSet]] = {}
    domains: dict[str, list[str]] = {}
    sent: list[CookieSent] = []
    for seen in observations:
        if isinstance(seen, CookieSet):
            if (seen.name, seen.domain) not in sets:
                domains.setdefault(seen.name, []).append(seen.domain)
            sets.setdefault((seen.name, seen.domain), []).append(seen)
        elif isinstance(seen, CookieSent):
            sent.append(seen)
    travelled: dict[tuple[str, str], list[CookieSent]] = {}
    for item in sent:
        home = next((d for d in domains.get(item.name, ()) if _within(item.host, d)), item.host)
        travelled.setdefault((item.name, home), []).append(item)
    return tuple(
        Cookie(
            name=name,
            domain=domain,
            sets=tuple(sets.get((name, domain), ())),
            sent=tuple(travelled.get((name, domain), ())),
        )
        for name, domain in sorted({*sets, *travelled})
    )


def _within(host: str, domain: str) -> bool:
    """Return whether a cookie of that domain travels to the host (RFC 6265 §5.1.3)."""
    return host == domain or host.endswith(f".{domain}")
