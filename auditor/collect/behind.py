"""Who is behind what was seen: by the host first, a name only corroborates.

The catalogue says it; what that does not know, open data may (`behind_open`).
"""

from collections.abc import Iterable
from typing import Final

from auditor.collect.behind_open import open_host, open_kept, open_name
from auditor.collect.ownership import host_of
from auditor.evidence import Behind, CookieSent, CookieSet, SiteObservation, StorageKept
from auditor.evidence.site import Confidence
from auditor.knowledge.attribution import attribute, bears_name_of, by_name
from auditor.knowledge.catalogue import Service
from auditor.matching import path_of

_UNKNOWN: Final = Behind()
_MOST_CALLED: Final = 3  # services in one breath
_RANKS: Final[tuple[Confidence, ...]] = ("", "name", "host", "host and name")


def behind_host(host: str, urls: Iterable[str]) -> Behind:
    """Return who answers at a host, given what was asked for there.

    One service only if all of it is that service's; of several with one owner, the owner.
    """
    paths = dict.fromkeys(map(path_of, urls)) or {"/": None}
    found = [attribute(host, path) for path in paths]
    known = {service.id: service for service in found if service}
    owners = {service.controller for service in known.values()}
    if not known:
        return open_host(host)
    if None in found or len(owners) != 1:
        return _UNKNOWN
    if len(known) == 1:
        return behind_service(next(iter(known.values())), "host")
    countries = {service.country for service in known.values()}
    country = countries.pop() if len(countries) == 1 else ""
    return Behind(owner=owners.pop(), country=country, confidence="host")


def behind_names(observations: Iterable[SiteObservation]) -> dict[str, dict[str, Behind]]:
    """Return who is behind what is kept, by the host it is kept for, and by kind and name.

    Where sightings differ, what is known best counts, and then what was seen first.
    """
    found: dict[str, dict[str, Behind]] = {}
    known: dict[tuple[str, str, str, str, str], Behind] = {}
    for seen in observations:
        match seen:
            case CookieSet():
                place = (seen.domain, "cookie", seen.name, seen.writer, seen.by)
            case CookieSent():
                place = (seen.host, "cookie", seen.name, "", "")
            case StorageKept():
                place = (seen.host, seen.storage, seen.name, seen.writer, seen.by)
            case _:
                continue
        if place in known:
            continue
        behind = known[place] = _behind_name(*place)
        kept, key = found.setdefault(place[0], {}), f"{place[1]}:{place[2]}"
        if _rank(behind) > _rank(kept.get(key, _UNKNOWN)):
            kept[key] = behind
    return found


def _behind_name(host: str, kind: str, name: str, writer: str, script: str) -> Behind:
    """Return whose a name on a host is: its writer's, the host's own, or that of the name."""
    path = path_of(script) if host_of(script) == writer else "/"
    named = by_name(kind, name)
    for author in filter(None, (attribute(writer, path), attribute(host))):
        if bears_name_of(author, kind, name):
            return behind_service(author, "host and name")
        kin = [one for one in named if one.controller == author.controller]
        if len(kin) == 1:
            return behind_service(kin[0], "host and name")
        if not author.carries:
            return behind_service(author, "host")
    unknown = [place for place in (writer, host) if place and not attribute(place)]
    for found in (open_kept(unknown, kind, name), _by_name_alone(named)):
        if found.confidence:
            return found
    return open_name(kind, name)


def _by_name_alone(named: tuple[Service, ...]) -> Behind:
    """Return the service, or the few that it may be: then only what they are called."""
    if len(named) == 1:
        return behind_service(named[0], "name")
    if not 0 < len(named) <= _MOST_CALLED:
        return _UNKNOWN
    called = " or ".join(sorted(service.name for service in named))
    return Behind(called=called, confidence="name")


def behind_service(service: Service, confidence: Confidence = "") -> Behind:
    """Return what is known of a service; `confidence` says by what it was recognised."""
    return Behind(
        service=service.id,
        called=service.name,
        owner=service.controller,
        country=service.country,
        purposes=service.purposes,
        confidence=confidence,
    )


def _rank(behind: Behind) -> int:
    return _RANKS.index(behind.confidence)
