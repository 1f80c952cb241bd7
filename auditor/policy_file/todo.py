"""`TODO`: what nobody has decided yet. It is taken out, remembered, and never green."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from auditor.errors import Position
from auditor.policy_file.strict_yaml import JSON, Document, Path

TODO = "TODO"


class Tree(Struct, frozen=True, kw_only=True):
    """A policy's values with the place of each value and of each key."""

    value: JSON
    values: Mapping[Path, Position]
    keys: Mapping[Path, Position]

    def place(self, path: Path) -> Position:
        """Return where a value stands, or the nearest value around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Position(line=1, column=1))


def tree_of(document: Document) -> Tree:
    """Return a document's tree as it was written."""
    return Tree(value=document.tree, values=document.values, keys=document.keys)


def undecided_in(tree: Tree) -> tuple[Path, ...]:
    """Return the paths whose value is `TODO`, in the order of the file."""
    found = [path for path in tree.values if at_path(tree.value, path) == TODO]
    return tuple(sorted(found, key=lambda path: _line(tree, path)))


def without(tree: Tree, drop: Callable[[Path], bool]) -> Tree:
    """Return the tree without some values; later list items move up, their places with them."""
    values: dict[Path, Position] = {}
    keys: dict[Path, Position] = {}

    def keep(node: JSON, old: Path, new: Path) -> JSON:
        if old in tree.values:
            values[new] = tree.values[old]
        if old in tree.keys:
            keys[new] = tree.keys[old]
        if isinstance(node, dict):
            return {
                name: keep(item, (*old, name), (*new, name))
                for name, item in node.items()
                if not drop((*old, name))
            }
        if isinstance(node, list):
            kept = [index for index in range(len(node)) if not drop((*old, index))]
            return [
                keep(node[index], (*old, index), (*new, place)) for place, index in enumerate(kept)
            ]
        return node

    value = keep(tree.value, (), ())
    return Tree(value=value, values=values, keys=keys)


def at_path(node: JSON, path: Path) -> JSON:
    """Return the value at a path that exists."""
    for step in path:
        if isinstance(node, dict):
            node = node[str(step)]
        elif isinstance(node, list):
            node = node[int(step)]
    return node


def _line(tree: Tree, path: Path) -> tuple[int, int]:
    place = tree.values[path]
    return place.line, place.column
