"""`TODO`: what nobody has decided yet. It is taken out, remembered, and never green."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from auditor.errors import Position
from auditor.policy_file.strict_yaml import JSON, Document, Path

TODO = "TODO"
CONTROLLER: Path = ("controller",)
NAME: Path = (*CONTROLLER, "name")
IsUndecided: TypeAlias = Callable[[Path], bool]


class Tree(Struct, frozen=True, kw_only=True):
    """What is decided, and the document in which it stands.

    `kept` holds for each list that lost items which of the written ones are still there.
    """

    value: JSON
    document: Document
    kept: Mapping[Path, tuple[int, ...]] = {}

    def written(self, path: Path) -> Path:
        """Return the path under which a value stands in the document."""
        steps: list[str | int] = []
        for depth, step in enumerate(path):
            kept = self.kept.get(path[:depth])
            steps.append(kept[step] if kept and isinstance(step, int) else step)
        return tuple(steps)

    def place(self, path: Path) -> Position:
        """Return where a value stands, or the nearest value around it."""
        path = self.written(path)
        while path and path not in self.document.values:
            path = path[:-1]
        return self.document.values[path]

    def place_of_key(self, path: Path) -> Position:
        """Return where the key of a value stands."""
        return self.document.keys.get(self.written(path)) or self.place(path)

    def is_undecided(self, path: Path) -> bool:
        """Return whether the document holds `TODO` at a path that is not in the tree."""
        path = self.written(path)
        return path in self.document.values and at_path(self.document.tree, path) == TODO


def undecided_in(document: Document) -> tuple[Path, ...]:
    """Return the paths whose value is `TODO`, in the order of the file."""
    return tuple(path for path, value in _walk(document.tree) if value == TODO)


def decided(document: Document, lacking: Callable[[JSON], Collection[Path]]) -> Tree:
    """Take out every `TODO`, and with it each entry that cannot be without the value.

    `lacking` returns the paths of entries in which something is missing.
    """
    drop = {*undecided_in(document)} - {CONTROLLER, NAME}
    tree = _without(document, drop)
    while drop and (missing := {*map(tree.written, lacking(tree.value))} - drop):
        drop |= missing
        tree = _without(document, drop)
    return tree


def at_path(node: JSON, path: Path) -> JSON:
    """Return the value at a path that exists."""
    for step in path:
        if isinstance(node, dict):
            node = node[str(step)]
        elif isinstance(node, list):
            node = node[int(step)]
    return node


def _without(document: Document, drop: Collection[Path]) -> Tree:
    """Return the document without some values; later items of a list move up."""
    kept: dict[Path, tuple[int, ...]] = {}

    def keep(node: JSON, old: Path, new: Path) -> JSON:
        if isinstance(node, dict):
            return {
                name: keep(item, (*old, name), (*new, name))
                for name, item in node.items()
                if (*old, name) not in drop
            }
        if isinstance(node, list):
            indices = [index for index in range(len(node)) if (*old, index) not in drop]
            if len(indices) < len(node):
                kept[new] = tuple(indices)
            return [keep(node[i], (*old, i), (*new, place)) for place, i in enumerate(indices)]
        # A policy cannot be without its controller, so it goes by the name of TODO.
        return {"name": TODO} if old == CONTROLLER and node == TODO else node

    return Tree(value=keep(document.tree, (), ()), document=document, kept=kept)


def _walk(node: JSON, path: Path = ()) -> Iterator[tuple[Path, JSON]]:
    """Yield every value with its path, in the order of the file."""
    yield path, node
    parts = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for step, item in parts:
        yield from _walk(item, (*path, step))
