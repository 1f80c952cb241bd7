"""What a well-formed policy can still get wrong: ids, hosts, paths, expressions, dates."""

from collections.abc import Collection, Iterator
from pathlib import Path as FilePath

from auditor.policy import Policy
from auditor.policy_file.meaning.accepting import accepting_faults
from auditor.policy_file.meaning.data import data_faults
from auditor.policy_file.meaning.detectors import detector_faults
from auditor.policy_file.meaning.hosts import host_faults
from auditor.policy_file.meaning.ids import id_faults
from auditor.policy_file.meaning.journeys import journey_faults
from auditor.policy_file.meaning.paths import path_faults
from auditor.policy_file.meaning.patterns import pattern_faults
from auditor.policy_file.meaning.services import service_faults
from auditor.policy_file.meaning.site import site_faults
from auditor.policy_file.messages import Fault
from auditor.policy_file.todo import Tree


def meaning_faults(
    policy: Policy, tree: Tree, folder: FilePath, known_checks: Collection[str]
) -> Iterator[Fault]:
    """Yield everything wrong that the schema cannot see; paths are those of `tree`.

    `tree` also knows what is `TODO`: undecided is neither missing nor a contradiction.
    """
    yield from id_faults(policy, tree.document.tree, known_checks)
    yield from host_faults(policy)
    yield from service_faults(policy)
    paths = list(path_faults(policy, folder))
    yield from paths
    if not paths:  # nothing outside of the folder is opened
        yield from journey_faults(policy, folder)
    yield from pattern_faults(policy)
    yield from site_faults(policy, tree.is_undecided)
    yield from data_faults(policy, tree.is_undecided)
    yield from detector_faults(policy, tree.is_undecided)
    yield from accepting_faults(policy, tree.is_undecided)
