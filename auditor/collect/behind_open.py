"""Who is behind what the catalogue does not know, by the open data that this run consults.

Hosts count here, too. A name alone says little: those that anybody uses, short ones, and those
that several claim, are nobody's.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from auditor.evidence import Behind
from auditor.evidence.site import Confidence
from auditor.knowledge import catalogue
from auditor.knowledge.attribution import is_anybodys
from auditor.knowledge.open_data import START, OpenData, Owner, consulted

_NAMED: Final = frozenset({"cookie", "local_storage", "session_storage"})


def knowledge() -> dict[str, str]:
    """Return by which data it is said who is behind what, for the evidence."""
    here = consulted()
    said = {"catalogue": catalogue.digest()}
    said |= {data.source: f"{data.version} {data.digest}" for data in here.data}
    return said | ({"audit.lock": here.lock} if here.lock else {})


def open_host(host: str) -> Behind:
    """Return who answers at a host: the first source that knows says it."""
    for data in consulted().data:
        if owner := data.owner_at(host):
            return _behind(data, owner, "host")
    return Behind()


def open_kept(hosts: Sequence[str], kind: str, name: str) -> Behind:
    """Return whose a thing is, of the hosts that wrote it and for which it is kept.

    Whose host it is counts, unless it carries what is other people's. Or a name is documented to
    be kept for just such a host.
    """
    for host in hosts:
        for data in consulted().data:
            owner = data.owner_at(host)
            if owner and not owner.carries:
                agrees = any(_is_like(one.called, owner.called) for _, one in _named(kind, name))
                return _behind(data, owner, "host and name" if agrees else "host")
    for data, owner in _named(kind, name, hosts):
        return _behind(data, owner, "host and name")
    return Behind()


def open_name(kind: str, name: str) -> Behind:
    """Return whose name it is, where only one claims it and it is no name that anybody uses."""
    stem = name.partition("*")[0]
    if is_anybodys(name) or len(stem) < START:
        return Behind()
    found = {owner.called: (data, owner) for data, owner in _named(kind, name)}
    if len(found) != 1:
        return Behind()
    data, owner = next(iter(found.values()))
    return _behind(data, owner, "name")


def _named(kind: str, name: str, hosts: Sequence[str] = ()) -> Iterator[tuple[OpenData, Owner]]:
    """Yield who uses a name; with hosts, only those who keep it for one of them."""
    if kind not in _NAMED:
        return
    for data in consulted().data:
        for one in data.named(name):
            if not hosts or (one.domain and any(_is_below(h, one.domain) for h in hosts)):
                yield data, data.owners[one.owner]


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _is_like(first: str, second: str) -> bool:
    """Return whether two sources call the same one by name: `Hotjar`, `HotJar`."""
    return first.casefold() == second.casefold()


def _behind(data: OpenData, owner: Owner, confidence: Confidence) -> Behind:
    return Behind(
        called=owner.called,
        owner=owner.company,
        purposes=owner.purposes,
        source=data.source,
        confidence=confidence,
    )
