"""What a connector is: the questions that one service can be asked, and what it can never tell.

    [project.entry-points."auditor.connectors"]
    algolia = "our_package:ALGOLIA"

Questions yield what they see part by part, so that what was seen before one breaks is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from auditor.collect.credentials import Secret
from auditor.collect.people import SubjectKey
from auditor.collect.rest import Api, Service
from auditor.evidence import Aspect, Gap, SettingSeen, TableSeen
from auditor.policy import Account


class CanWrite(Struct, frozen=True, kw_only=True):
    """Something that the credential could change, in the service's words."""

    what: str


Part = TableSeen | SettingSeen | CanWrite | Gap


class Asking(Struct, frozen=True, kw_only=True):
    """What a question is given.

    `edges` are the newest days of which nothing may be left, one for each period of the account's
    activities, in order: for services that only count what is older than a day. `key` hashes the
    people that are seen, None where none was given. `as_of` is the day that will be judged. Only
    connectors that do not speak HTTP look at `secret`.
    """

    account: Account
    api: Api
    secret: Secret
    as_of: date
    edges: tuple[date, ...] = ()
    key: SubjectKey | None = None


class Question(Struct, frozen=True, kw_only=True):
    """One thing to ask: what it is about, the permission it takes, what it is a part of."""

    what: str
    permission: str
    aspects: tuple[Aspect, ...]
    ask: Callable[[Asking], Iterator[Part]]


class Wanted(Struct, frozen=True, kw_only=True):
    """A person to look for: by e-mail address, id, telephone number or name; in memory only."""

    keys: Mapping[str, str]


class Trace(Struct, frozen=True, kw_only=True):
    """How many records of a person are in one place: a table, a folder; counts only."""

    place: str
    number: int
    at_least: bool = False


class Connector(Struct, frozen=True, kw_only=True):
    """A service: where it is asked, with which credential, what about.

    `headers` turns the secret from the environment into the headers that carry it. `cannot_show`
    are gaps of reason `cannot_be_shown`: what no interface tells, and what a person could attest.
    `credential` says in a line how to make one that may only read. `find` looks for a person
    (`audit erasure`), by the names of keys in `finds_by`; None where the service cannot be asked.
    """

    name: str
    service: Service
    questions: tuple[Question, ...]
    credential: str
    headers: Callable[[Secret], Mapping[str, str]]
    cannot_show: tuple[Gap, ...] = ()
    find: Callable[[Asking, Wanted], Iterator[Trace]] | None = None
    finds_by: tuple[str, ...] = ()
