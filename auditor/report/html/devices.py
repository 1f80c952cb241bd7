"""What is kept on visitors' devices: what is declared, beside what was seen in each state."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from auditor.durations import humanize_seconds
from auditor.evidence import (
    Cookie,
    CookieSet,
    DeviceRead,
    SiteEvidence,
    SiteObservation,
    State,
    StoredItem,
)
from auditor.matching import (
    Declarations,
    Kept,
    Match,
    behind,
    sight_of,
    states_without_consent,
    waits,
)
from auditor.policy import StorageRow
from auditor.report.html.tables import Cell, Table, cell, lasting, table
from auditor.report.story import Story
from auditor.report.words import WORDS_OF_STATE
from auditor.vocabulary import PURPOSES

Row = tuple[Cell, ...]


def devices(story: Story) -> tuple[Table, ...]:
    """Return a table for each site: every cookie and stored thing, declared or seen."""
    return tuple(_of_site(story, site) for site in story.seen.sites)


def _of_site(story: Story, site: SiteEvidence) -> Table:
    declarations = Declarations(story.policy, site)
    states = [*State, *([None] if None in site.states else [])]
    forbidden = states_without_consent(story.policy, site)
    rows: list[Row] = []
    met: set[StorageRow] = set()
    items: tuple[Kept, ...] = (*site.cookies, *site.storage)
    for name, whose, match, seen in (
        *_kept(declarations, site, items),
        *_read(declarations, site),
    ):
        if match.row and match.is_declared:
            met.add(match.row)
        there = {one.state for one in seen if getattr(one, "is_kept", True)}
        rows.append(
            (
                cell(*name),
                cell(whose),
                cell(*_declared(match), tone="" if match.is_declared else "bad"),
                cell(*_lifetimes(match, seen)),
                *(_state(site, state, there, match, state in forbidden) for state in states),
            )
        )
    rows += [_unseen(site, row, states) for row in declarations.rows if row not in met]
    names = (WORDS_OF_STATE[state] if state else "state not said" for state in states)
    headers = f"What | Whose | Declared | Kept how long | {' | '.join(names)}"
    caption = f"Cookies and storage on site {site.site}: declared and seen"
    return table(caption, headers, rows, "item")


Found = tuple[tuple[str, ...], str, Match, list[SiteObservation]]


def _kept(
    declarations: Declarations, site: SiteEvidence, items: Iterable[Kept]
) -> Iterator[Found]:
    for item in items:
        kind = item.storage if isinstance(item, StoredItem) else "cookie"
        name = (item.name, f"{kind.replace('_', ' ')} of {item.domain}", _only_deleted(item))
        known = behind(site, item)
        whose = known.called or known.owner
        alike: dict[object, tuple[Match, list[SiteObservation]]] = {}
        for match, seen in declarations.matches_of(item):  # an author that was not seen is no row
            alike.setdefault((match.row, match.objection), (match, []))[1].extend(seen)
        for match, together in [*alike.values()] or [(Match(), [])]:
            yield name, whose, match, together


def _only_deleted(item: Cookie | StoredItem) -> str:
    return "" if item.is_kept else "only deleted or refused: never on the device"


def _read(declarations: Declarations, site: SiteEvidence) -> Iterator[Found]:
    reads = [seen for seen in site.observations if isinstance(seen, DeviceRead)]

    def key(read: DeviceRead) -> tuple[str, str]:
        return read.what, read.writer

    for (what, writer), group in groupby(sorted(reads, key=key), key):
        seen = [*group]
        match = declarations.match(sight_of(seen[0]))
        yield (what, "read from the device"), writer, match, [*seen]


def _declared(match: Match) -> Iterator[str]:
    row = match.row
    if row is None:
        yield "not declared"
        return
    yield f"policy.yaml, line {row.at.line}"
    if match.objection:
        yield f"does not cover it: other {match.objection}"
    yield from _promise(row)


def _promise(row: StorageRow) -> Iterator[str]:
    if row.purpose:
        known = PURPOSES.get(row.purpose)
        yield known.label if known else row.purpose
    yield "needs consent" if waits(row) else row.consent.replace("_", " ")


def _lifetimes(match: Match, seen: Iterable[SiteObservation]) -> Iterator[str]:
    if match.row and match.row.max_age:
        yield f"promised: {lasting(match.row.max_age)}"
    sets = [one for one in seen if isinstance(one, CookieSet) and one.is_kept]
    if sets:
        longest = max(sets, key=lambda one: -1 if one.lifetime is None else one.lifetime)
        kept = "the session" if longest.lifetime is None else humanize_seconds(longest.lifetime)
        yield f"asked for: {'at least ' if longest.capped else ''}{kept}"


def _state(
    site: SiteEvidence,
    state: State | None,
    there: set[State | None],
    match: Match,
    is_forbidden: bool,  # noqa: FBT001 -- a cell is filled in order
) -> Cell:
    if state in there:
        needs = match.row is not None and match.is_declared and waits(match.row)
        if not match.is_declared:
            return cell("seen", tone="bad" if is_forbidden else "warn")
        if needs and is_forbidden:
            return cell("seen, needs consent", tone="bad")
        return cell("seen")
    if state in site.states:
        return cell("not seen")
    return cell("nobody looked", tone="dim")


def _unseen(site: SiteEvidence, row: StorageRow, states: Iterable[State | None]) -> Row:
    looked = (state in site.states for state in states)
    return (
        cell(row.identifier, row.type.replace("_", " ")),
        cell(row.set_by),
        cell(f"policy.yaml, line {row.at.line}", *_promise(row)),
        cell(f"promised: {lasting(row.max_age)}" if row.max_age else ""),
        *(
            cell("not seen") if was_looked else cell("nobody looked", tone="dim")
            for was_looked in looked
        ),
    )
