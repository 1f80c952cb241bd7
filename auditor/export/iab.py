"""Device storage as IAB Europe's framework discloses it, for those who publish such a file.

Source: IAB Europe TCF, "Vendor Device Storage & Operational Disclosures" 1.1. There a purpose
1 means that the visitor is asked first, and none that the storage is exempt (ePrivacy Art. 5(3)).
What is only read from a device (`device_access`) is no storage, and not in it.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from auditor.durations import add, parse_duration
from auditor.export.format import Format, Wanted
from auditor.matching import host_of
from auditor.policy import SELF, Policy, StorageRow, appears_on
from auditor.vocabulary import IAB_PURPOSES

STORE = 1  # "store and/or access information on a device"
# From here so many months are as long as they can be, leap days aside: no lifetime is understated.
LONGEST_MONTHS = date(2025, 7, 1)
SECOND = timedelta(seconds=1)


class Disclosure(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One thing kept on the device. `max_age_seconds`: 0 is a session, None is no cookie."""

    identifier: str
    type: str
    max_age_seconds: int | None
    cookie_refresh: bool | None
    domains: tuple[str, ...]
    purposes: tuple[int, ...]
    special_purposes: tuple[int, ...] = ()
    description: str = ""


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that is talked to, and for what."""

    domain: str
    use: str


class Disclosures(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    disclosures: tuple[Disclosure, ...]
    domains: tuple[Domain, ...]


def render(wanted: Wanted) -> str:
    """Return the disclosures as JSON, sorted by domain and name."""
    policy = wanted.policy
    rows = [_disclosure(policy, row) for row in policy.device_storage]
    kept = [row for row in rows if row.type]
    told = Disclosures(
        disclosures=tuple(sorted(kept, key=lambda row: (row.domains, row.identifier, row.type))),
        domains=tuple(_domains(policy)),
    )
    return json.dumps(msgspec.to_builtins(told), indent=2) + "\n"


def _disclosure(policy: Policy, row: StorageRow) -> Disclosure:
    is_cookie = row.type == "cookie"
    codes = IAB_PURPOSES.get(row.purpose, "")
    special = (int(codes[2:]),) if codes.startswith("SP") else ()
    other = {int(codes[1:])} - {STORE} if codes and not special else set()
    asked = {STORE} if row.consent == "required" else set()
    return Disclosure(
        identifier=row.identifier,
        type="" if row.type == "device_access" else "cookie" if is_cookie else "web",
        max_age_seconds=_seconds(row.max_age) if is_cookie and row.max_age else None,
        cookie_refresh=row.refresh if is_cookie else None,
        domains=_hosts(policy, row),
        purposes=tuple(sorted(asked | other)),
        special_purposes=special,
        description=row.description,
    )


def _seconds(lifetime: str) -> int:
    if lifetime == "session":
        return 0
    duration = parse_duration(lifetime)
    days = add(LONGEST_MONTHS, duration) - LONGEST_MONTHS
    return days // SECOND + duration.seconds % 86_400


def _hosts(policy: Policy, row: StorageRow) -> tuple[str, ...]:
    """Return where it is kept: as declared, else our own hosts or the processor's."""
    if row.domains:
        return tuple(row.domains)
    if row.set_by == SELF:
        return _once(host_of(site.url) for site in policy.sites if appears_on(row, site.id))
    processor = policy.processor(row.set_by)
    return _once(processor.domains if processor else ())


def _domains(policy: Policy) -> Iterable[Domain]:
    own = _once(host_of(site.url) for site in policy.sites)
    yield from (Domain(domain=host, use=f"website of {policy.controller.name}") for host in own)
    for processor in sorted(policy.processors, key=lambda one: one.id):
        name = processor.name or processor.id
        yield from (Domain(domain=host, use=name) for host in _once(processor.domains))


def _once(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return hosts without their paths, each once."""
    return tuple(dict.fromkeys(host.partition("/")[0] for host in hosts if host))


IAB = Format(
    name="iab-device-storage",
    what="IAB Europe's device storage disclosure, as JSON",
    media="application/json",
    render=render,
)
