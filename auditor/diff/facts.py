"""A policy as a set of single statements, so that two can be compared whatever their order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from auditor.errors import Position
from auditor.policy import NOWHERE, Entry

Key = tuple[str, str, str]  # topic, what, name
_IN_ORDER = frozenset({"steps"})
_EMPTY: tuple[object, ...] = (None, "", [], (), {})


class Fact(Struct, frozen=True, kw_only=True):
    """One statement: of `what`, on a topic; of several on the topic `name` tells this one.

    Where one of the facts `within` comes or goes, that says it all. `section` and `keys` are where
    it is written: the section of policy.yaml, and the keys of the entry that is `at` there.
    """

    topic: str
    what: str
    name: str = ""
    value: str = ""
    at: Position = NOWHERE
    section: str = ""
    keys: tuple[str, ...] = ()
    within: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        """Return what makes it the same statement in another policy."""
        return self.topic, self.what, self.name


Say = Callable[..., Fact]


def about(entry: Entry, what: str, section: str, topic: str) -> Say:
    """Return what makes facts of an entry, whose own fact is of this topic."""

    def say(of: str, value: str = "", **more: Any) -> Fact:  # noqa: ANN401 -- fields of Fact
        common: dict[str, Any] = {"at": entry.at, "section": section}
        if of != topic:
            common["within"] = ((topic, what, ""),)
        return Fact(topic=of, what=what, value=value, **{**common, **more})

    return say


def members(say: Say, topic: str, names: Iterable[str], key: str) -> Iterator[Fact]:
    """Yield a fact for each name in a list: the list has it, or it does not."""
    for name in dict.fromkeys(names):
        yield say(topic, name, name=name, keys=(key,))


def details(say: Say, entry: Struct, told: Iterable[str]) -> Iterator[Fact]:
    """Yield what an entry says beside what was `told` already, key by key.

    What is as if nobody had written it is left out.
    """
    left_out = {"id", "at", *told}
    for field in msgspec.structs.fields(entry):
        if field.name not in left_out:
            value = plain(getattr(entry, field.name))
            default = None if field.default is msgspec.NODEFAULT else field.default
            if value and value != plain(default):
                yield say("detail", value, name=field.name, keys=(field.name,))


def plain(value: object) -> str:
    """Return a value as JSON on one line; where it stands in the file does not count, nor order.

    A text is itself.
    """
    built = _bare(msgspec.to_builtins(value, str_keys=True))
    if isinstance(built, str):
        return built
    return "" if built in _EMPTY else msgspec.json.encode(built).decode()


def _bare(node: Any, *, in_order: bool = False) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(node, Mapping):
        return {
            key: _bare(value, in_order=key in _IN_ORDER)
            for key, value in sorted(node.items())
            if key != "at" and value not in _EMPTY
        }
    if isinstance(node, list | tuple):
        bare = [_bare(item) for item in node]
        return bare if in_order else sorted(bare, key=msgspec.json.encode)
    return node
