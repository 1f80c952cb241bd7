"""policy.yaml -> Policy: strict, with the place of everything, several errors at once.

Four steps, each reporting all it can before the next: bytes to a tree with places
(`strict_yaml`), the form by JSON Schema (`schema`, `messages`), `TODO` taken out (`todo`), and
the meaning: ids, hosts, paths, expressions (`meaning`).
"""

from collections.abc import Collection, Iterable
from itertools import islice
from pathlib import Path as FilePath

import msgspec

from auditor.errors import PolicyError, Position, Problem
from auditor.policy import Origin, Policy, Undecided
from auditor.policy_file.form import form_faults, lacking
from auditor.policy_file.meaning import meaning_faults
from auditor.policy_file.messages import Fault
from auditor.policy_file.schema import editor_schema, strict_schema
from auditor.policy_file.strict_yaml import (
    JSON,
    MAX_BYTES,
    Document,
    Path,
    dotted,
    read_document,
)
from auditor.policy_file.todo import Tree, decided, undecided_in

__all__ = ["editor_schema", "load_policy", "read_policy", "strict_schema"]

MAX_PROBLEMS = 25
MAPS = frozenset({"fields", "anchors", "headers", "options"})  # their keys are the user's own


def load_policy(path: FilePath, known_checks: Collection[str]) -> Policy:
    """Read policy.yaml from disk. `PolicyError` names every problem with its place.

    `known_checks` are the ids that claims, waivers and attestations may name.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    return read_policy(data, str(path), path.parent, known_checks)


def read_policy(
    data: bytes, shown_as: str, folder: FilePath, known_checks: Collection[str]
) -> Policy:
    """Read a policy from bytes; paths in it must stay in `folder`."""
    document = read_document(data, shown_as)
    written = Tree(value=document.tree, document=document)
    _refuse(shown_as, written, form_faults(written))
    tree = decided(document, lacking)
    policy = msgspec.convert(_with_places(tree), type=Policy)
    _refuse(shown_as, tree, meaning_faults(policy, tree, folder, known_checks))
    return msgspec.structs.replace(policy, origin=_origin(document, shown_as))


def _origin(document: Document, shown_as: str) -> Origin:
    """Return where a policy came from, where its sections begin, and what in it is undecided."""
    values = document.values
    return Origin(
        path=shown_as,
        sha256=document.sha256,
        text=document.text,
        sections={name: document.keys[name,] for name in document.tree},
        undecided=tuple(
            Undecided(
                path=shown_as,
                where=dotted(path),
                at=values[path],
                keys=tuple((values[path[:i]], str(step)) for i, step in enumerate(path)),
            )
            for path in undecided_in(document)
        ),
    )


def _with_places(tree: Tree) -> JSON:
    """Give each entry its place, under the name that `auditor.policy.Entry` reads."""

    def visit(node: JSON, path: Path) -> JSON:
        if isinstance(node, list):
            return [visit(item, (*path, index)) for index, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        copy: dict[str, JSON] = {k: visit(v, (*path, k)) for k, v in node.items()}
        if path and not _is_map(path):
            place = tree.place(path)
            copy["at"] = {"line": place.line, "column": place.column}
        return copy

    return visit(tree.value, ())


def _is_map(path: Path) -> bool:
    """Return whether the keys in an object are the user's own, as are those of columns."""
    return path[-1] in MAPS and path[-2] not in MAPS


def _refuse(shown_as: str, tree: Tree, faults: Iterable[Fault]) -> None:
    """Raise `PolicyError` if there is a fault; what would be too many to read is left out."""
    found = list(islice(faults, MAX_PROBLEMS + 1))
    problems = [
        Problem(
            path=shown_as,
            where=tree.place_of_key(fault.path) if fault.on_key else tree.place(fault.path),
            at=dotted(tree.written(fault.path)),
            message=fault.message,
        )
        for fault in found[:MAX_PROBLEMS]
    ]
    if len(found) > MAX_PROBLEMS:
        last = max((problem.where for problem in problems), key=lambda at: (at.line, at.column))
        message = f"there are more problems than these {MAX_PROBLEMS}; mend these first"
        problems.append(Problem(path=shown_as, where=last, at="", message=message))
    if problems:
        raise PolicyError(problems)


def _unreadable(path: FilePath, error: OSError) -> PolicyError:
    words = "there is no such file; --policy names another" if not path.exists() else str(error)
    return PolicyError(
        [Problem(path=str(path), where=Position(line=1, column=1), at="", message=words)]
    )
