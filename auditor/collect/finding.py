"""Looking for one person in every store and account: what is left of them, as counts."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct, structs

from auditor.collect.accounts.collecting import AccountLooking, opened
from auditor.collect.accounts.connector import Asking, Connector, Wanted
from auditor.collect.people import kind_of, plain
from auditor.collect.refused import RefusedError
from auditor.collect.stores.nested import flattened
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import HasSettings, Reader, TableInfo
from auditor.durations import parse_duration
from auditor.evidence import Aspect, Gap, SettingSeen
from auditor.matching import category_of, is_personal
from auditor.policy import Account, Policy, Store, Table

UNKNOWN = "unknown"  # for how long what was deleted can be had back


class Sought(Struct, frozen=True, kw_only=True):
    """One place where a person was looked for; `needs` says why nobody could look.

    `number` records were found. What was deleted can be had back for `backup` (ISO 8601; None if
    nothing says so, "" for ever, `UNKNOWN` if it could not be seen).
    """

    subject: str
    place: str = ""
    number: int = 0
    at_least: bool = False
    needs: str = ""
    backup: str | None = None


class PersonLooking(Struct, frozen=True, kw_only=True):
    """How to look; `folder` is that of policy.yaml, `secrets` the environment."""

    folder: str = "."
    secrets: Mapping[str, str] = {}
    as_of: date | None = None
    is_offline: bool = False
    seconds: float = 300.0


def look_for(policy: Policy, wanted: Wanted, looking: PersonLooking) -> Iterator[Sought]:
    """Yield every place of the policy, once for each table; nothing is passed over."""
    for todo in policy.origin.undecided:
        if todo.where.startswith(("stores", "accounts")):
            yield Sought(subject=todo.where, needs=todo.needs)
    for store in policy.stores:
        yield from _broken_as_told(f"store:{store.id}", _in_store(store, wanted, looking))
    for account in policy.accounts:
        found = _at_account(policy, account, wanted, looking)
        yield from _broken_as_told(f"account:{account.id}", found)


def _broken_as_told(subject: str, found: Iterator[Sought]) -> Iterator[Sought]:
    try:
        yield from found
    except RefusedError as error:
        yield Sought(subject=subject, needs=error.needs)
    except Exception as error:  # noqa: BLE001 -- what breaks here was not looked at
        yield Sought(subject=subject, needs=f"a reader that does not raise {type(error).__name__}")


def _in_store(store: Store, wanted: Wanted, looking: PersonLooking) -> Iterator[Sought]:
    subject = f"store:{store.id}"
    folder = Path(looking.folder)
    reader = open_store(store, folder, looking.secrets, seconds=looking.seconds)
    try:
        declared = {table.name: table for table in store.tables}
        there = {info.name: info for info in reader.tables()}
        backup = _backup(reader.settings) if isinstance(reader, HasSettings) else None
        for name in sorted({*declared, *there}):
            if name not in there:
                needs = f"a table {name}: there is none, or this role does not see it"
                yield Sought(subject=subject, place=name, needs=needs)
            elif name in declared:
                if _may_hold_people(declared[name]):
                    found = _in_table(subject, declared[name], there[name], reader, wanted)
                    yield structs.replace(found, backup=backup)
            elif store.undeclared_tables == "fail":
                needs = "to be declared, with `subject_key`, the column that names the person"
                yield Sought(subject=subject, place=name, needs=needs)
        for unread in reader.unread():
            if isinstance(unread, Gap):
                yield Sought(subject=subject, place=unread.what, needs=unread.needs)
            else:
                yield Sought(subject=subject, place=unread, needs="a form of file that is read")
    finally:
        reader.close()


def _may_hold_people(table: Table) -> bool:
    """Return whether a table is looked at: not where the policy says that it is about nobody."""
    categories = [category_of(table, name) for name in table.fields]
    return bool(table.subject_key) or not categories or any(map(is_personal, categories))


def _in_table(
    subject: str, table: Table, info: TableInfo, reader: Reader, wanted: Wanted
) -> Sought:
    place, kind = table.name, kind_of(table)
    if not table.subject_key:
        needs = "`subject_key`: the column that names the person"
        return Sought(subject=subject, place=place, needs=needs)
    if kind not in wanted.keys:
        needs = f"the person's {kind}, by which {table.name} knows them: a line {kind}=..."
        return Sought(subject=subject, place=place, needs=needs)
    try:
        number = _count(reader, info, table.subject_key, kind, wanted.keys[kind])
    except RefusedError as error:
        return Sought(subject=subject, place=place, needs=error.needs)
    return Sought(subject=subject, place=place, number=number)


def _count(reader: Reader, info: TableInfo, column: str, kind: str, wanted: str) -> int:
    """Count the values of a column that name a person, also those in a list or an object.

    Every value is looked at here, in the one form in which people are compared: what an engine
    takes for equal differs in the case of letters beyond ASCII, in blanks and in separators.
    """
    person = plain(kind, wanted)
    return sum(
        any(plain(kind, text) == person for text in _texts(value))
        for values in reader.scan(info, column)
        for value in values
    )


def _texts(value: str) -> Iterator[str]:
    if value[:1] not in {"{", "["}:
        yield value
        return
    for texts in flattened("", [value]).texts.values():
        yield from texts


def _at_account(
    policy: Policy, account: Account, wanted: Wanted, looking: PersonLooking
) -> Iterator[Sought]:
    subject = f"account:{account.id}"
    how = AccountLooking(
        secrets=looking.secrets,
        as_of=looking.as_of,
        seconds=looking.seconds,
        is_offline=looking.is_offline,
    )
    connector, asking = opened(policy, account, how)
    try:
        if connector.find is None:
            needs = "somebody who looks there: the service cannot be asked for a person"
            yield Sought(subject=subject, needs=needs)
            return
        known = {kind: wanted.keys[kind] for kind in connector.finds_by if kind in wanted.keys}
        if not known:
            kinds = " or ".join(connector.finds_by)
            yield Sought(subject=subject, needs=f"the person's {kinds}: a line {kinds}=...")
            return
        backup = _backup(lambda: _settings(connector, asking))
        for trace in connector.find(asking, Wanted(keys=known)):
            yield Sought(
                subject=subject,
                place=trace.place,
                number=trace.number,
                at_least=trace.at_least,
                backup=backup,
            )
    finally:
        asking.api.close()


def _settings(connector: Connector, asking: Asking) -> Iterator[SettingSeen]:
    for question in connector.questions:
        if Aspect.SETTINGS in question.aspects:
            yield from (part for part in question.ask(asking) if isinstance(part, SettingSeen))


def _backup(settings: Callable[[], Iterator[SettingSeen]]) -> str | None:
    """Return how long what was deleted can be had back, None if nothing says so."""
    try:
        periods = [
            one.period for one in settings() if one.effect == "outlives_deletion" and one.is_on
        ]
    except RefusedError:
        return UNKNOWN
    if not periods:
        return None
    return "" if "" in periods else max(periods, key=_days)


def _days(period: str) -> float:
    """Return about how long a period is; one that cannot be read is the longest."""
    try:
        found = parse_duration(period)
    except ValueError:
        return math.inf
    return found.months * 31 + found.days + found.seconds / 86_400
