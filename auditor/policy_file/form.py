"""The form of a policy: keys, kinds of values, words of a vocabulary, by JSON Schema."""

from collections.abc import Iterator
from functools import cache
from itertools import islice

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry

from auditor.policy_file.messages import Fault, faults_of
from auditor.policy_file.schema import strict_schema
from auditor.policy_file.strict_yaml import JSON, Path
from auditor.policy_file.todo import Tree

MAX_ERRORS = 1000  # jsonschema finds them in no order; more are not worth putting into one


def form_faults(tree: Tree) -> Iterator[Fault]:
    """Yield what is wrong with the form of a policy, as it stands in the file.

    `TODO` is good nearly everywhere.
    """

    def place(error: ValidationError) -> tuple[int, int, str]:
        where = tree.place(tuple(error.absolute_path))
        return where.line, where.column, error.message

    errors = islice(_validator().iter_errors(tree.value), MAX_ERRORS)
    for error in sorted(errors, key=place):
        yield from faults_of(error)


def lacking(value: JSON) -> set[Path]:
    """Return the paths of the entries in which a key is missing."""
    errors = _validator().iter_errors(value)
    return {fault.path for error in errors for fault in faults_of(error)}


@cache
def _validator() -> Draft202012Validator:
    # An empty registry: nothing that a schema refers to is ever fetched.
    return Draft202012Validator(
        strict_schema(), registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
