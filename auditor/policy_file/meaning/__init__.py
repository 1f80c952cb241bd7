"""What a well-formed policy can still get wrong: ids, hosts, paths, expressions, dates."""

from collections.abc import Collection
from pathlib import Path as FilePath

from auditor.policy import Policy
from auditor.policy_file.meaning.accepting import accepting_faults
from auditor.policy_file.meaning.hosts import host_faults
from auditor.policy_file.meaning.ids import id_faults
from auditor.policy_file.meaning.paths import path_faults
from auditor.policy_file.meaning.values import value_faults
from auditor.policy_file.messages import Fault
from auditor.policy_file.todo import Tree, undecided_in


def meaning_faults(
    policy: Policy, written: Tree, folder: FilePath, known_checks: Collection[str]
) -> list[Fault]:
    """Return everything wrong that the schema cannot see.

    `written` is the file's tree with its `TODO`s, so that an id counts as declared even where its
    entry is unfinished and therefore not part of `policy`.
    """
    unfinished = {
        (written.place(path[:-1]), str(path[-1])) for path in undecided_in(written) if path
    }
    return [
        *id_faults(policy, written.value, known_checks),
        *host_faults(policy),
        *path_faults(policy, folder),
        *value_faults(policy),
        *accepting_faults(policy, unfinished),
    ]
