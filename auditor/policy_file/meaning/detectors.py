"""Detectors of one's own: patterns that every engine reads alike, and that find their examples."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.policy import OwnDetector, Policy
from auditor.policy_file.messages import Fault, shown
from auditor.policy_file.strict_yaml import Path
from auditor.policy_file.todo import IsUndecided

if TYPE_CHECKING:
    from auditor.knowledge.columns import Detector

NEEDED = ("category", "pattern", "examples", "counter_examples")


def detector_faults(policy: Policy, is_undecided: IsUndecided) -> Iterator[Fault]:
    """Yield detectors that would not find what they are there for, or not everywhere."""
    for i, own in enumerate(policy.detectors):
        path: Path = ("detectors", i)
        if not own.pattern and own.headers and own.category:
            continue  # known by its name alone
        missing = [
            key for key in NEEDED if not getattr(own, key) and not is_undecided((*path, key))
        ]
        for key in missing:
            yield Fault(path=path, message=f"{key} is missing; without it nothing is found")
        if all(getattr(own, key) for key in NEEDED):
            yield from _tried(path, own, policy.detectors[:i])


def _tried(path: Path, own: OwnDetector, before: Sequence[OwnDetector]) -> Iterator[Fault]:
    """Try a detector on its examples; RE2 alone runs the pattern."""
    from auditor.knowledge.columns import detectors  # noqa: PLC0415 -- takes a while
    from auditor.knowledge.columns.lint import NotPortableError, check_portable  # noqa: PLC0415
    from auditor.knowledge.columns.own import detector_of  # noqa: PLC0415

    made = detector_of(own)
    if made.id in {one.id for one in (*detectors(), *map(detector_of, before))}:
        message = f"a detector is called {shown(own.id)} already; name it otherwise"
        yield Fault(path=(*path, "id"), message=message)
    try:
        check_portable(own.pattern)
    except NotPortableError as error:
        yield Fault(path=(*path, "pattern"), message=str(error))
        return
    yield from _examples(path, own, made)


def _examples(path: Path, own: OwnDetector, made: "Detector") -> Iterator[Fault]:
    from auditor.knowledge.columns import ColumnsError  # noqa: PLC0415
    from auditor.knowledge.columns.engine import prepare, rule_of  # noqa: PLC0415

    try:
        rule = rule_of(made)
    except ColumnsError as error:
        yield Fault(path=(*path, "validator"), message=f"{error}; see docs/columns.md")
        return
    for j, value in enumerate(own.examples):
        if not rule.fits(prepare(value), apart=False):
            message = f"the pattern does not find {shown(value)}, which is an example of it"
            yield Fault(path=(*path, "examples", j), message=message)
    for j, value in enumerate(own.counter_examples):
        if rule.fits(prepare(value), apart=False):
            message = f"the pattern finds {shown(value)}, which is to be none; make it narrower"
            yield Fault(path=(*path, "counter_examples", j), message=message)
