"""What evidence shows, one thing at a time, so that two pieces of it can be compared."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.durations import humanize_seconds
from auditor.evidence import (
    AccountEvidence,
    Aspect,
    CodeEvidence,
    Cookie,
    DeviceRead,
    HostFacts,
    InputHeard,
    Item,
    LeakSeen,
    NoticeEvidence,
    SecretFound,
    SiteEvidence,
    State,
    StoreEvidence,
    TagsListed,
)
from auditor.vocabulary import covers

TRACKING = ("analytics", "marketing.advertising", "personalize")


class Thing(Struct, frozen=True, kw_only=True):
    """Something seen in some visitor states: what kind it is, its name, and what it is like.

    `aspect` is the part of the evidence that shows it. `value` is compared where it is not "";
    `seconds` is the longest lifetime asked for, 0 where it is not known or ends with the session.
    """

    kind: str
    name: str
    aspect: Aspect | None = None
    states: frozenset[State | None] = frozenset({None})
    value: str = ""
    seconds: int = 0
    note: str = ""


def things_in(item: Item) -> dict[tuple[str, str], Thing]:
    """Return what a piece of evidence shows, by kind and name. Cost: linear."""
    if isinstance(item, SiteEvidence):
        found = _of_site(item)
    elif isinstance(item, NoticeEvidence):
        found = _of_notice(item)
    elif isinstance(item, CodeEvidence):
        found = (Thing(kind=f"{one.how} in the code", name=one.name) for one in item.mentions)
    else:
        found = _of_tables(item)
    things: dict[tuple[str, str], Thing] = {}
    for thing in found:
        key = (thing.kind, thing.name)
        things[key] = _joined(things[key], thing) if key in things else thing
    return things


def _joined(first: Thing, second: Thing) -> Thing:
    """Return one thing that was seen twice."""
    return Thing(
        kind=first.kind,
        name=first.name,
        aspect=first.aspect,
        states=first.states | second.states,
        value=first.value or second.value,
        seconds=max(first.seconds, second.seconds),
        note=first.note or second.note,
    )


def _of_site(site: SiteEvidence) -> Iterator[Thing]:
    own = site.registrable_domain(_host(site.url))
    for contact in site.contacts:
        if contact.registrable_domain != own:
            facts = site.hosts.get(contact.host)
            states = frozenset(request.state for request in contact.requests)
            yield from _third_party(contact.host, facts, states)
    yield from map(_cookie, (cookie for cookie in site.cookies if cookie.is_kept))
    for item in site.storage:
        if item.is_kept:
            yield Thing(
                kind=f"{item.storage.replace('_', ' ')} item",
                name=f"{item.label}@{item.domain}",
                aspect=Aspect.STORAGE,
                states=frozenset(seen.state for seen in item.sightings),
            )
    yield from _done_by_scripts(site)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _third_party(
    host: str, facts: HostFacts | None, states: frozenset[State | None]
) -> Iterator[Thing]:
    behind = (facts.called or facts.owner) if facts else ""
    owner = ", ".join(filter(None, (behind, facts.country))) if facts else ""
    yield Thing(
        kind="third-party host", name=host, aspect=Aspect.REQUESTS, states=states, note=owner
    )
    tracks = facts is not None and any(covers(t, p) for t in TRACKING for p in facts.purposes)
    if facts and behind and (tracks or facts.records_sessions):
        yield Thing(
            kind="known tracker",
            name=behind,
            aspect=Aspect.REQUESTS,
            states=states,
            note=", ".join(facts.purposes),
        )


def _cookie(cookie: Cookie) -> Thing:
    kept = [seen for seen in cookie.sets if seen.is_kept]
    seconds = max((seen.lifetime or 0 for seen in kept), default=0)
    return Thing(
        kind="cookie",
        name=cookie.label,
        aspect=Aspect.COOKIES,
        states=frozenset(seen.state for seen in cookie.sightings if seen.is_kept),
        seconds=seconds,
        note=f"asks for {humanize_seconds(seconds)}" if seconds else "",
    )


def _done_by_scripts(site: SiteEvidence) -> Iterator[Thing]:
    """Yield what scripts read, hear and send, what containers list, and keys left open."""
    for seen in site.observations:
        if isinstance(seen, DeviceRead):
            about = ("device read", f"device_access:{seen.what} by {seen.writer or seen.host}")
            aspect = Aspect.DEVICE
        elif isinstance(seen, InputHeard):
            about, aspect = ("script that follows visitors", f"host:{seen.writer}"), Aspect.INPUT
        elif isinstance(seen, LeakSeen):
            about = ("recipient of what is typed", f"{seen.data} to {seen.host}")
            aspect = Aspect.INPUT
        elif isinstance(seen, TagsListed):
            about, aspect = ("tag container", seen.container), Aspect.CONTENT
        elif isinstance(seen, SecretFound):
            about, aspect = ("key that everybody is given", seen.secret), Aspect.CONTENT
        else:
            continue
        states = frozenset({seen.state})
        yield Thing(kind=about[0], name=about[1], aspect=aspect, states=states)


def _of_tables(item: StoreEvidence | AccountEvidence) -> Iterator[Thing]:
    for table in item.tables:
        yield Thing(kind="table", name=f"table:{table.name}", aspect=Aspect.TABLES)
        for field in table.fields:
            name = f"field:{table.name}.{field.name}"
            yield Thing(kind="field", name=name, aspect=Aspect.FIELDS)
            for found in field.found:
                what = f"{found.category} in {table.name}.{field.name}"
                yield Thing(kind="category of data", name=what, aspect=Aspect.FIELDS)
    for right in item.can_write:
        yield Thing(kind="right to write", name=right, aspect=Aspect.PRIVILEGES)
    for setting in item.settings:
        name = " of ".join(filter(None, (setting.name, setting.of)))
        yield Thing(
            kind="setting",
            name=name,
            aspect=Aspect.SETTINGS,
            value=setting.period or setting.value,
        )


def _of_notice(notice: NoticeEvidence) -> Iterator[Thing]:
    for fact in notice.facts:
        said = (fact.key or fact.name or fact.address, fact.period, fact.anchor)
        if any(said) and fact.kind != "unmapped":
            kind = f"{fact.kind.replace('_', ' ')} in the notice"
            yield Thing(kind=kind, name=" ".join(filter(None, said)))


def states_of(item: Item) -> frozenset[State | None]:
    """Return in which visitor states somebody looked; {None} for what knows no states."""
    if isinstance(item, SiteEvidence):
        return item.states
    return frozenset({None}) if item.is_looked_at else frozenset()


def names_of(states: Iterable[State | None]) -> tuple[str, ...]:
    """Return visitor states as the contract names them, in its order."""
    there = frozenset(states)
    return tuple(state.value for state in State if state in there)
