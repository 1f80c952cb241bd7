"""Entries that nothing uses: what people are told of, and what does not happen any more."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import (
    Aspect,
    CookieSent,
    CookieSet,
    DeviceRead,
    EverySite,
    Gap,
    Reason,
    SiteEvidence,
    State,
    StorageKept,
    StoredItem,
)
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, Kept, path_of, sight_of
from auditor.policy import Policy, Processor, Site, StorageRow, appears_on

Entry = StorageRow | Processor
VERBS = {"cookie": "sets", "device_access": "reads"}


@check(
    "policy-entry-unused",
    title="Everything declared for the sites is still used",
    needs=EverySite,
    references=["gdpr:5-1-a", "gdpr:30"],
    passing=Example(policy=example.SESSION_ROW, seen=(example.cookie("session"),)),
    failing=Example(policy=example.SESSION_ROW),
)
def unused_entry(policy: Policy, every: EverySite) -> Iterator[Remark]:
    """Take the entry out, and out of the notice: people are told of something that is not so.

    It was seen on none of the sites on which it may appear. If it appears only now and then, say
    `optional: true`; if a processor works behind the scenes, take out its `domains`.
    """
    entries: tuple[Entry, ...] = (
        *(row for row in policy.device_storage if not row.optional),
        *(p for p in policy.processors if p.domains and not p.optional),
    )
    if not policy.sites or not entries:
        yield NotApplicable(why="the policy declares nothing that has to be seen on a site")
        return
    used = {entry for site in every.sites for entry in _used(policy, site)}
    unseen: dict[str, list[str]] = {}
    for entry in entries:
        if entry in used or not any(appears_on(entry, site.id) for site in policy.sites):
            continue
        if missing := ", ".join(_not_looked_at(policy, every, entry)):
            unseen.setdefault(missing, []).append(_object(entry))
        else:
            yield _unused(entry)
    for missing, names in unseen.items():
        what = f"use of {', '.join(dict.fromkeys(names))}"
        yield Gap(what=what, reason=Reason.NOT_IN_EVIDENCE, needs=f"evidence of {missing}")


def _object(entry: Entry) -> str:
    if isinstance(entry, Processor):
        return f"processor:{entry.id}"
    return f"{entry.type}:{entry.identifier}"


def _used(policy: Policy, site: SiteEvidence) -> Iterator[Entry]:
    """Yield the entries that a site shows, also those that it contradicts in other ways."""
    declarations = Declarations(policy, site)
    items: tuple[Kept, ...] = (*site.cookies, *site.storage)
    for item in items:
        for match, sightings in declarations.matches_of(item):
            if match.row and any(map(_is_asked_for, sightings)):
                yield match.row
    for read in {*(seen for seen in site.observations if isinstance(seen, DeviceRead))}:
        if row := declarations.match(sight_of(read)).row:
            yield row
    for contact in site.contacts:
        for request in contact.requests:
            if processor := declarations.processor(contact.host, path_of(request.url)):
                yield processor
    hosts = {host for item in site.storage for host in _hosts(item)}
    yield from filter(None, map(declarations.processor, hosts))


def _is_asked_for(seen: CookieSet | CookieSent | StorageKept) -> bool:
    """Return whether somebody wants it there: a cookie that browsers refuse is used as well."""
    return not (isinstance(seen, CookieSet) and seen.deleted)


def _hosts(item: StoredItem) -> Iterator[str]:
    """Yield whose storage it is, and whose scripts write it or take it away."""
    yield item.domain
    yield from (seen.writer for seen in (*item.sightings, *item.removed) if seen.writer)


def _not_looked_at(policy: Policy, every: EverySite, entry: Entry) -> Iterator[str]:
    """Yield where an entry might still be: places that were not, or not wholly, looked at."""
    aspect = _aspect(entry)
    found = {site.site: site for site in every.sites}
    for site in policy.sites:
        seen = found.get(site.id)
        if not appears_on(entry, site.id):
            continue
        if seen is None:
            yield f"site:{site.id}"
        else:
            for state in _states(site, seen, entry):
                if not _is_complete(seen, aspect, state):
                    yield f"all of site:{site.id} in state {state}"


def _aspect(entry: Entry) -> Aspect:
    """Return the part of evidence in which an entry shows.

    A processor shows in requests alone: nothing is kept on its hosts, and no script comes from
    there, without one.
    """
    if isinstance(entry, Processor):
        return Aspect.REQUESTS
    if entry.type == "device_access":
        return Aspect.DEVICE
    return Aspect.COOKIES if entry.type == "cookie" else Aspect.STORAGE


def _states(site: Site, seen: SiteEvidence, entry: Entry) -> list[State]:
    """Return the states in which an entry may appear, and has to be looked for."""
    if site.consent.banner == "none":
        return [State.BEFORE]
    if entry.consent == "required":
        return [State.ACCEPT]
    return [state for state in State if state is State.BEFORE or state in seen.states]


def _is_complete(seen: SiteEvidence, aspect: Aspect, state: State) -> bool:
    gaps = (gap.concerns(frozenset({aspect}), frozenset({state})) for gap in seen.gaps)
    return state in seen.states and not any(gaps)


def _unused(entry: Entry) -> Finding:
    if isinstance(entry, Processor):
        message = f"{entry.name or entry.id} is declared, and no page talks to it"
        advice = "take out its domains if no page ever talks to it; if one does now and then:"
    else:
        verb = VERBS.get(entry.type, "keeps")
        message = f"`{entry.identifier}` is declared, and no page {verb} it"
        advice = "if it appears only now and then:"
    return Finding(
        object=_object(entry),
        severity=Severity.LOW,
        message=message,
        at=entry.at,
        remedies=(
            Remedy(kind="remove", text="take the entry out, here and in the notice"),
            Remedy(kind="declare", text=advice, yaml="optional: true\n"),
        ),
    )
