"""Every host in the evidence of a site, with what is known of it, and of what is kept there."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from auditor.collect.behind import behind_host, behind_names
from auditor.collect.ownership import host_of
from auditor.evidence import (
    Behind,
    CookieSet,
    DeviceRead,
    HostFacts,
    InputHeard,
    RequestSent,
    SiteObservation,
    StorageKept,
    TagsListed,
)
from auditor.knowledge.catalogue import services
from auditor.knowledge.public_suffixes import registrable_domain


def facts_of_hosts(
    url: str, observations: Iterable[SiteObservation], known: Mapping[str, HostFacts] | None = None
) -> dict[str, HostFacts]:
    """Return the hosts of a site's address and of what was seen there, sorted by name."""
    seen = tuple(observations)
    hosts = {host_of(url), *_hosts(seen)} - {""}
    found = known or {}
    urls = _urls(seen)
    kept = behind_names(seen)
    return {
        host: _facts(
            host,
            found.get(host) or HostFacts(registrable_domain=""),
            behind_host(host, urls.get(host, ())),
            kept.get(host, {}),
        )
        for host in sorted(hosts)
    }


def _facts(host: str, known: HostFacts, behind: Behind, kept: dict[str, Behind]) -> HostFacts:
    names = (behind.service, known.alias_behind.service if known.alias_behind else "")
    found = filter(None, map(services().get, names))
    return structs.replace(
        known,
        registrable_domain=registrable_domain(host),
        kept=kept,
        records_sessions=any(service.records_sessions for service in found),
        **structs.asdict(behind),
    )


def _urls(observations: Iterable[SiteObservation]) -> dict[str, dict[str, None]]:
    """Return the addresses that were asked for at each host, each once."""
    found: dict[str, dict[str, None]] = {}
    for seen in observations:
        if isinstance(seen, RequestSent):
            found.setdefault(seen.host, {})[seen.url] = None
    return found


def _hosts(observations: Iterable[SiteObservation]) -> Iterator[str]:
    for seen in observations:
        yield from (host_of(seen.page), host_of(seen.frame), host_of(seen.by))
        match seen:
            case CookieSet():
                yield from (seen.domain, seen.writer)
            case StorageKept() | DeviceRead():
                yield from (seen.host, seen.writer)
            case InputHeard():
                yield from (seen.writer, *seen.sent_to)
            case TagsListed():
                yield from (host_of(seen.url), *seen.hosts)
            case _:
                yield getattr(seen, "host", "") or host_of(getattr(seen, "url", ""))
