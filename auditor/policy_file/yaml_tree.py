"""YAML events to plain values and their places; what must not be in a policy is named.

Open mappings and lists lie on a list, so that nothing here recurses, and the limits are kept
while reading: no file decides how much time or memory is spent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import yaml

from auditor.errors import PolicyError, Position, Problem
from auditor.policy_file.yaml_errors import HIDDEN, invisible, place_of, quote_it, shown

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | bool | None"
Path: TypeAlias = tuple[str | int, ...]

MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_PROBLEMS = 25

CONSTANTS: Mapping[str, JSON] = {"true": True, "false": False, "null": None, "~": None, "": None}
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
TOO_LONG = re.compile(r"-?[1-9][0-9]{18,}")
ITEM_IN_TEXT = re.compile(r"[\r\n][ \t]*-[ \t]")
HIDDEN_IN_VALUE = re.compile(rf"\r|{HIDDEN.pattern}")
HIDDEN_IN_KEY = re.compile(rf"[\t\n\r]|{HIDDEN.pattern}")
PLAIN_STEP = re.compile(r"[A-Za-z0-9_-]{1,60}")


def dotted(path: Path) -> str:
    """Return a path for people, such as `device_storage[2].max_age`."""
    return "".join(map(_step, path)).removeprefix(".")


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if PLAIN_STEP.fullmatch(step) else f"[{shown(step)}]"


class Problems:
    """What is wrong so far with the file that is called `shown_as` in messages."""

    def __init__(self, shown_as: str) -> None:
        self.shown_as = shown_as
        self.found: list[Problem] = []

    def add(self, where: Position, message: str, path: Path = ()) -> None:
        """Remember a problem that leaves the rest readable."""
        if len(self.found) == MAX_PROBLEMS:
            self.stop(where, "there are more problems from here on; they are not listed")
        at = dotted(path)
        self.found.append(Problem(path=self.shown_as, where=where, at=at, message=message))

    def stop(self, where: Position, message: str, path: Path = ()) -> NoReturn:
        """Raise `PolicyError` with this problem and those before it."""
        last = Problem(path=self.shown_as, where=where, at=dotted(path), message=message)
        raise PolicyError([*self.found, last])

    def raise_any(self) -> None:
        """Raise `PolicyError` if a problem was found."""
        if self.found:
            raise PolicyError(self.found)


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun and not ended; `key` waits for its value."""

    path: Path
    into: dict[str, JSON] | list[JSON]
    key: str | None = None

    def next_path(self) -> Path:
        return (*self.path, len(self.into) if self.key is None else self.key)

    def put(self, value: JSON) -> None:
        if isinstance(self.into, list):
            self.into.append(value)
        elif self.key is not None:
            self.into[self.key] = value
            self.key = None


class TreeBuilder:
    """`tree` and the places of its `values` and `keys`, from the events of `text` one by one."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.tree: JSON = None
        self.values: dict[Path, Position] = {}
        self.keys: dict[Path, Position] = {}
        self._text = text
        self._problems = problems
        self._open: list[_Open] = []
        self._documents = 0
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Add what the next event says. Raises `PolicyError` where reading cannot go on."""
        where = place_of(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._problems.stop(where, "a second document begins; a file is one policy")
            case yaml.NodeEvent():
                self._nodes += 1
                if self._nodes > MAX_NODES:
                    self._problems.stop(where, f"more than {MAX_NODES:,} keys and values")
                self._node(event, where)
            case yaml.CollectionEndEvent():
                self._open.pop()
            case _:
                pass

    def _node(self, event: yaml.NodeEvent, where: Position) -> None:
        inner = self._open[-1] if self._open else None
        if inner and isinstance(inner.into, dict) and inner.key is None:
            inner.key = self._key(event, where, inner.path)
            return
        path = inner.next_path() if inner else ()
        self.values[path] = where
        value = self._value(event, where, path)
        if inner:
            inner.put(value)
        else:
            self.tree = value
        if isinstance(value, dict | list):
            self._open.append(_Open(path, value))
            if len(self._open) > MAX_DEPTH:
                self._problems.stop(where, f"nested more than {MAX_DEPTH} levels deep", path)

    def _key(self, event: yaml.NodeEvent, where: Position, parent: Path) -> str:
        if isinstance(event, yaml.CollectionStartEvent):
            message = "a key is one name, not a group; if {{ }} is text, quote the whole value"
            self._problems.stop(where, message, parent)
        key = event.value if isinstance(event, yaml.ScalarEvent) else f"*{event.anchor}"
        path = (*parent, key)
        self._refuse_signs(event, where, path)
        self._refuse_hidden(HIDDEN_IN_KEY, key, where, path)
        if key == "<<" and isinstance(event, yaml.ScalarEvent) and not event.style:
            self._problems.add(where, "merge keys are not read; write the values out", path)
        if path in self.keys:
            line = self.keys[path].line
            self._problems.add(where, f"the same key stands in line {line}; keep one", path)
        self.keys.setdefault(path, where)
        return key

    def _value(self, event: yaml.NodeEvent, where: Position, path: Path) -> JSON:
        self._refuse_signs(event, where, path)
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_hidden(HIDDEN_IN_VALUE, event.value, where, path)
            return event.value if event.style else self._plain(event, where, path)
        return None  # an alias, refused above

    def _plain(self, event: yaml.ScalarEvent, where: Position, path: Path) -> JSON:
        text = event.value
        if text in CONSTANTS:
            return CONSTANTS[text]
        if INTEGER.fullmatch(text):
            return int(text)
        if TOO_LONG.fullmatch(text):
            message = f"{shown(text)} is too long for a number; quote it if it is text"
            self._problems.add(where, message, path)
        elif event.start_mark and event.end_mark:
            written = self._text[event.start_mark.index : event.end_mark.index]
            if ITEM_IN_TEXT.search(written):
                message = "the list item below is indented deeper and so becomes part of this text"
                self._problems.add(where, f"{message}; align the -, or quote the text", path)
        return text

    def _refuse_signs(self, event: yaml.NodeEvent, where: Position, path: Path) -> None:
        """Refuse aliases, anchors and tags, most often text that should have been quoted."""
        tagged = isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag
        if (event.anchor or tagged) and event.start_mark:
            self._problems.add(where, quote_it(self._text, event.start_mark.index), path)

    def _refuse_hidden(
        self, hidden: re.Pattern[str], text: str, where: Position, path: Path
    ) -> None:
        """Refuse what only an escape in a quoted text could have put there."""
        if hit := hidden.search(text):
            self._problems.add(where, invisible(hit), path)
