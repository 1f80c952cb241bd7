"""Hosts: well formed, not a public suffix, and never two owners of the same one."""

from collections.abc import Iterator

from msgspec import structs

from auditor.hosts import HostPattern, parse_host_pattern
from auditor.knowledge.public_suffixes import is_public_suffix
from auditor.names import is_only_an_id
from auditor.policy import Policy, Processor
from auditor.policy_file.addresses import host_in
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path


def host_faults(policy: Policy) -> Iterator[Fault]:
    """Yield hosts that are malformed, public suffixes, or claimed by two processors."""
    yield from _processor_faults(policy)
    for i, row in enumerate(policy.device_storage):
        for j, text in enumerate(row.domains):
            yield from _pattern(("device_storage", i, "domains", j), text)[1]
    for i, site in enumerate(policy.sites):
        yield from _address_faults(("sites", i, "url"), site.url)
        for j, text in enumerate(site.first_party):
            yield from _first_party_faults(("sites", i, "first_party", j), text)
        ignored = site.preview.ignore_hosts if site.preview else ()
        for j, text in enumerate(ignored):
            yield from _pattern(("sites", i, "preview", "ignore_hosts", j), text)[1]
    for i, notice in enumerate(policy.notices):
        if notice.url:
            yield from _address_faults(("notices", i, "url"), notice.url)
    for i, account in enumerate(policy.accounts):
        if account.host:
            yield from _address_faults(("accounts", i, "host"), f"//{account.host}")


def _address_faults(path: Path, url: str) -> Iterator[Fault]:
    """Yield what is wrong with the host or the port of an address, which no pattern can tell."""
    try:
        host_in(url)
    except ValueError as error:
        yield Fault(path=path, message=str(error))


def _processor_faults(policy: Policy) -> Iterator[Fault]:
    owners: dict[HostPattern, list[Processor]] = {}
    for i, processor in enumerate(policy.processors):
        for j, text in enumerate(processor.domains):
            path = ("processors", i, "domains", j)
            pattern, faults = _pattern(path, text)
            yield from faults
            if pattern is None:
                continue
            rivals = owners.setdefault(structs.replace(pattern, text=""), [])
            rival = next((p for p in rivals if p.id != processor.id and _meet(p, processor)), None)
            if rival:
                message = (
                    f"{shown(text)} also belongs to {rival.id} (line {rival.at.line});"
                    " give it to one of them, or name a longer host or path"
                )
                yield Fault(path=path, message=message)
            rivals.append(processor)


def _meet(first: Processor, second: Processor) -> bool:
    """Return whether two processors can be seen on one site."""
    return not first.sites or not second.sites or not {*first.sites}.isdisjoint(second.sites)


def _first_party_faults(path: Path, text: str) -> Iterator[Fault]:
    pattern, faults = _pattern(path, text)
    yield from faults
    if pattern and (pattern.subdomains or pattern.path):
        message = f"{shown(text)} is more than a host; write {pattern.host}"
        yield Fault(path=path, message=message)


def _pattern(path: Path, text: str) -> tuple[HostPattern | None, list[Fault]]:
    try:
        pattern = parse_host_pattern(text)
    except ValueError as error:
        return None, [Fault(path=path, message=str(error))]
    if pattern.path and is_only_an_id(pattern.path):
        message = (
            f"{shown(text)}: the path is an id, and evidence keeps no ids: every other id would"
            " fit it too; name a path that stays the same"
        )
        return None, [Fault(path=path, message=message)]
    if is_public_suffix(pattern.host) and (pattern.subdomains or not pattern.path):
        message = (
            f"{shown(text)} is a public suffix: below it everybody can register;"
            f" write your own name, as in example.{pattern.host}"
        )
        return None, [Fault(path=path, message=message)]
    return pattern, []
