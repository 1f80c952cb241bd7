"""Errors that end an audit before anything is judged."""

import pytest

from auditor import errors
from auditor.errors import AuditError, PolicyError, Position, Problem


def problem(line: int, column: int, message: str = "is wrong", at: str = "a.b") -> Problem:
    """Build a problem at a place."""
    return Problem(path="policy.yaml", where=Position(line, column), at=at, message=message)


def test_problem_is_one_line() -> None:
    """A problem reads as compilers write it: file, line, column, path, what to do."""
    said = '"13 months" is not an ISO 8601 duration; write P13M'
    full = problem(31, 3, said, at="device_storage[2].max_age")
    assert str(full) == f"policy.yaml:31:3: device_storage[2].max_age: {said}"
    assert str(problem(31, 3, said, at="")) == f"policy.yaml:31:3: {said}"


def test_policy_error_lists_problems_by_position() -> None:
    """The problems of a policy stand in the order of the file, by number and not by text."""
    error = PolicyError(iter([problem(10, 1), problem(9, 12), problem(9, 2)]))
    assert error.problems == (problem(9, 2), problem(9, 12), problem(10, 1))
    assert str(error).splitlines() == [str(each) for each in error.problems]


@pytest.mark.parametrize("name", ["CollectError", "DiscoveryError", "UsageError", "ReportError"])
def test_errors_have_one_root(name: str) -> None:
    """Whatever keeps us from judging is an `AuditError`, and is drawn in the module's tree."""
    assert issubclass(getattr(errors, name), AuditError)
    assert f"─ {name} " in str(errors.__doc__)
