"""Every host in the evidence of a site, with what is known of it, and of what is kept there."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from auditor.collect.behind import behind_host, behind_names
from auditor.collect.ownership import host_of
from auditor.evidence import CookieSet, HostFacts, RequestSent, SiteObservation, StorageKept
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
        host: structs.replace(
            found.get(host) or HostFacts(registrable_domain=""),
            registrable_domain=registrable_domain(host),
            kept=kept.get(host, {}),
            **structs.asdict(behind_host(host, urls.get(host, ()))),
        )
        for host in sorted(hosts)
    }


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
            case StorageKept():
                yield from (seen.host, seen.writer)
            case _:
                yield getattr(seen, "host", "") or host_of(getattr(seen, "url", ""))
