"""Hosts: well formed, not a public suffix, and never two owners of the same one."""

from collections.abc import Iterator

from auditor.hosts import HostPattern, parse_host_pattern
from auditor.knowledge.public_suffixes import is_public_suffix
from auditor.policy import Policy, Processor
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path


def host_faults(policy: Policy) -> Iterator[Fault]:
    """Yield hosts that are malformed, public suffixes, or claimed by two processors."""
    yield from _processor_faults(policy)
    for i, row in enumerate(policy.device_storage):
        for j, text in enumerate(row.domains):
            yield from _pattern(("device_storage", i, "domains", j), text)[1]
    for i, site in enumerate(policy.sites):
        for j, text in enumerate(site.first_party):
            yield from _first_party_faults(("sites", i, "first_party", j), text)
        ignored = site.preview.ignore_hosts if site.preview else ()
        for j, text in enumerate(ignored):
            yield from _pattern(("sites", i, "preview", "ignore_hosts", j), text)[1]


def _processor_faults(policy: Policy) -> Iterator[Fault]:
    owners: dict[HostPattern, list[Processor]] = {}
    for i, processor in enumerate(policy.processors):
        for j, text in enumerate(processor.domains):
            path = ("processors", i, "domains", j)
            pattern, faults = _pattern(path, text)
            yield from faults
            if pattern is None:
                continue
            rivals = owners.setdefault(_key(pattern), [])
            rival = next((p for p in rivals if p.id != processor.id and _meet(p, processor)), None)
            if rival:
                message = (
                    f"{shown(text)} also belongs to {rival.id} (line {rival.at.line});"
                    " give it to one of them, or name a longer host or path"
                )
                yield Fault(path=path, message=message)
            rivals.append(processor)


def _first_party_faults(path: Path, text: str) -> Iterator[Fault]:
    pattern, faults = _pattern(path, text)
    yield from faults
    if pattern and (pattern.subdomains or pattern.path):
        yield Fault(
            path=path, message=f"{shown(text)}: write the host alone, without `*` and path"
        )


def _pattern(path: Path, text: str) -> tuple[HostPattern | None, list[Fault]]:
    try:
        pattern = parse_host_pattern(text)
    except ValueError as error:
        return None, [Fault(path=path, message=str(error))]
    if is_public_suffix(pattern.host) and not pattern.path:
        message = (
            f"{shown(text)} is a public suffix: it belongs to everybody who registers under it;"
            " write your own name under it"
        )
        return None, [Fault(path=path, message=message)]
    return pattern, []


def _key(pattern: HostPattern) -> HostPattern:
    """Return the pattern without the way it was written."""
    return HostPattern(
        host=pattern.host, subdomains=pattern.subdomains, path=pattern.path, text=""
    )


def _meet(first: Processor, second: Processor) -> bool:
    """Return whether two processors can be seen on one site."""
    return not first.sites or not second.sites or bool({*first.sites} & {*second.sites})
