"""Open data as a run asks them: compiled once, one JSON file for each source, dicts all through.

They are consulted only inside `consulting`, which the command line opens; what they said stands
in the evidence, with the source's name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from auditor.names import matches

FORMAT: Final = 1  # of what is compiled: one more whenever compiling the same file gives another
START: Final = 4  # characters by which names that begin alike are found

Short = Annotated[str, Meta(max_length=200)]


class Owner(Struct, frozen=True, array_like=True):
    """Who it is: the name that people know, the company if it is said, what it is used for.

    `carries`: its hosts answer with what is other people's, as in the catalogue.
    """

    called: Short
    company: Short = ""
    purposes: tuple[str, ...] = ()
    carries: bool = False


class Named(Struct, frozen=True, array_like=True):
    """A name that an owner uses; `*` stands for any end. `domain` is where it is kept, or ""."""

    name: Short
    owner: int
    domain: Short = ""


class OpenData(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One release of one source, compiled. Owners are told by their place in `owners`.

    `alone` and `below` are hosts: exactly these, and all that end in them; `exact` are names,
    `begins` those that end in `*`, by their first four characters, and `short` shorter ones.
    """

    format: Literal[1] = 1
    source: str
    version: str
    digest: str
    licence: str
    entries: int
    owners: tuple[Owner, ...] = ()
    alone: dict[str, int] = {}
    below: dict[str, int] = {}
    exact: dict[str, tuple[Named, ...]] = {}
    begins: dict[str, tuple[Named, ...]] = {}
    short: tuple[Named, ...] = ()

    def owner_at(self, host: str) -> Owner | None:
        """Return whose a normalised host is: itself, or the longest domain above it."""
        if host in self.alone:
            return self.owners[self.alone[host]]
        while host:
            if host in self.below:
                return self.owners[self.below[host]]
            host = host.partition(".")[2]
        return None

    def named(self, name: str) -> tuple[Named, ...]:
        """Return who uses such a name, the longest pattern only. Most are right by chance."""
        if exact := self.exact.get(name):
            return exact
        near = [one for one in self.begins.get(name[:START], ()) if matches(one.name, name)]
        near = near or [one for one in self.short if matches(one.name, name)]
        longest = max((len(one.name) for one in near), default=0)
        return tuple(one for one in near if len(one.name) == longest)


class Consulted(Struct, frozen=True, kw_only=True):
    """The open data of a run, in the order in which they are asked, and their lock's digest."""

    data: tuple[OpenData, ...] = ()
    lock: str = ""


_CONSULTED: ContextVar[Consulted] = ContextVar("consulted", default=Consulted())  # noqa: B039 -- frozen


@contextmanager
def consulting(these: Consulted) -> Iterator[None]:
    """Attribute with these data, too, until the end of the block, in this thread."""
    token = _CONSULTED.set(these)
    try:
        yield
    finally:
        _CONSULTED.reset(token)


def consulted() -> Consulted:
    """Return the open data that are asked here and now; none by default."""
    return _CONSULTED.get()


def encode(data: OpenData) -> bytes:
    """Return the bytes of knowledge.json, the same for the same data."""
    return msgspec.json.encode(data, order="deterministic")


def decode(data: bytes) -> OpenData:
    """Read knowledge.json; `ValueError` if it is none, or points at owners that are not there."""
    found = msgspec.json.decode(data, type=OpenData)
    named = [found.short, *found.exact.values(), *found.begins.values()]
    places = {*found.alone.values(), *found.below.values()}
    places |= {one.owner for names in named for one in names}
    if places and not 0 <= min(places) <= max(places) < len(found.owners):
        raise ValueError("an entry without its owner")
    return found
