"""policy.yaml -> Policy: strict, with the place of everything, several errors at once.

Four steps, each reporting all it can before the next: bytes to a tree with places
(`strict_yaml`), `TODO` taken out (`todo`), the form by JSON Schema (`schema`, `messages`), and
the meaning: ids, hosts, paths, expressions (`meaning`).
"""

from collections.abc import Collection, Iterable
from pathlib import Path as FilePath

import msgspec
from jsonschema import Draft202012Validator
from referencing import Registry

from auditor.errors import PolicyError, Position, Problem
from auditor.policy import Origin, Policy, Undecided
from auditor.policy_file.meaning import meaning_faults
from auditor.policy_file.messages import Fault, faults_of
from auditor.policy_file.schema import editor_schema, strict_schema
from auditor.policy_file.strict_yaml import JSON, Path, dotted, read_document
from auditor.policy_file.todo import TODO, Tree, at_path, tree_of, undecided_in, without

__all__ = ["editor_schema", "load_policy", "read_policy", "strict_schema"]

MAPS = frozenset({"fields", "anchors", "headers"})  # their keys are the user's own


def load_policy(path: FilePath, known_checks: Collection[str]) -> Policy:
    """Read policy.yaml from disk. `PolicyError` names every problem with its place.

    `known_checks` are the ids that claims, waivers and attestations may name.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    return read_policy(data, str(path), path.parent, known_checks)


def read_policy(
    data: bytes, shown_as: str, folder: FilePath, known_checks: Collection[str]
) -> Policy:
    """Read a policy from bytes; paths in it must stay in `folder`."""
    document = read_document(data, shown_as)
    written = tree_of(document)
    undecided = undecided_in(written)
    tree, faults = _checked_form(written)
    _refuse(shown_as, tree, faults)
    policy = msgspec.convert(_with_places(tree), type=Policy)
    _refuse(shown_as, tree, meaning_faults(policy, written, folder, known_checks))
    origin = Origin(
        path=shown_as,
        sha256=document.sha256,
        sections={str(path[0]): place for path, place in tree.keys.items() if len(path) == 1},
        undecided=tuple(
            Undecided(where=dotted(path), at=written.values[path]) for path in undecided
        ),
    )
    return msgspec.structs.replace(policy, origin=origin)


def _checked_form(written: Tree) -> tuple[Tree, list[Fault]]:
    """Take out every `TODO`, and with it entries that cannot be without the value."""
    marked = {p for p in written.values if p and at_path(written.value, p) == TODO}
    tree = without(written, lambda path: path in marked)
    if isinstance(written.value, dict) and isinstance(tree.value, dict):
        _keep_controller(written.value, tree.value)
    faults = _faults(tree)
    unfinished = {
        fault.path
        for fault in faults
        if fault.missing and fault.path and _was_todo(written, tree, fault)
    }
    if unfinished:
        tree = without(tree, lambda path: path in unfinished)
        faults = _faults(tree)
    return tree, faults


def _keep_controller(written: dict[str, JSON], kept: dict[str, JSON]) -> None:
    """Keep the controller, which a policy cannot be without, under the name `TODO`."""
    said = written.get("controller")
    if said == TODO:
        kept["controller"] = {"name": TODO}
    elif isinstance(said, dict) and said.get("name") == TODO:
        controller = kept["controller"]
        if isinstance(controller, dict):
            controller["name"] = TODO


def _was_todo(written: Tree, tree: Tree, fault: Fault) -> bool:
    """Return whether the missing key stands in the file as `TODO`, at the same place."""
    place = tree.values.get(fault.path)
    return any(
        path[-1:] == (fault.missing,)
        and written.values.get(path[:-1]) == place
        and at_path(written.value, path) == TODO
        for path in written.values
    )


def _faults(tree: Tree) -> list[Fault]:
    # An empty registry: nothing a schema refers to is ever fetched.
    validator = Draft202012Validator(
        strict_schema(), registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [fault for error in validator.iter_errors(tree.value) for fault in faults_of(error)]


def _with_places(tree: Tree) -> JSON:
    """Give each entry its place, under the name that `auditor.policy.Entry` reads."""

    def visit(node: JSON, path: Path) -> JSON:
        if isinstance(node, list):
            return [visit(item, (*path, index)) for index, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        copy: dict[str, JSON] = {k: visit(v, (*path, k)) for k, v in node.items()}
        if path and path[-1] not in MAPS:
            place = tree.place(path)
            copy["at"] = {"line": place.line, "column": place.column}
        return copy

    return visit(tree.value, ())


def _refuse(shown_as: str, tree: Tree, faults: Iterable[Fault]) -> None:
    problems = [
        Problem(
            path=shown_as,
            where=tree.keys.get(fault.path, tree.place(fault.path))
            if fault.on_key
            else tree.place(fault.path),
            at=dotted(fault.path),
            message=fault.message,
        )
        for fault in faults
    ]
    if problems:
        raise PolicyError(problems)


def _unreadable(path: FilePath, error: OSError) -> PolicyError:
    words = "there is no such file; --policy names another" if not path.exists() else str(error)
    return PolicyError(
        [Problem(path=str(path), where=Position(line=1, column=1), at="", message=words)]
    )
