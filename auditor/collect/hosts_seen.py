"""Every host in the evidence of a site, with what is known of it."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from auditor.collect.ownership import host_of
from auditor.evidence import CookieSet, HostFacts, SiteObservation, StorageKept
from auditor.knowledge.public_suffixes import registrable_domain


def facts_of_hosts(
    url: str, observations: Iterable[SiteObservation], known: Mapping[str, HostFacts] | None = None
) -> dict[str, HostFacts]:
    """Return the hosts of a site's address and of what was seen there, sorted by name."""
    hosts = {host_of(url), *_hosts(observations)} - {""}
    found = known or {}
    return {
        host: structs.replace(found[host], registrable_domain=registrable_domain(host))
        if host in found
        else HostFacts(registrable_domain=registrable_domain(host))
        for host in sorted(hosts)
    }


def _hosts(observations: Iterable[SiteObservation]) -> Iterator[str]:
    for seen in observations:
        yield from (host_of(seen.page), host_of(seen.frame), host_of(seen.by))
        match seen:
            case CookieSet():
                yield from (seen.domain, seen.writer)
            case StorageKept():
                yield from (seen.host, seen.writer)
            case _:
                yield getattr(seen, "host", "") or host_of(getattr(seen, "url", ""))
