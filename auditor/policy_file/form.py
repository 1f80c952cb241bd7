"""The form of a policy: keys, kinds of values, words of a vocabulary, by JSON Schema."""

from collections.abc import Iterator
from functools import cache

from jsonschema import Draft202012Validator
from referencing import Registry

from auditor.policy_file.messages import Fault, faults_of
from auditor.policy_file.schema import strict_schema
from auditor.policy_file.strict_yaml import JSON, Path


def form_faults(value: JSON) -> Iterator[Fault]:
    """Yield what is wrong with the form of a policy; `TODO` is good nearly everywhere."""
    for error in _validator().iter_errors(value):
        yield from faults_of(error)


def lacking(value: JSON) -> set[Path]:
    """Return the paths of the entries in which a key is missing."""
    return {fault.path for fault in form_faults(value)}


@cache
def _validator() -> Draft202012Validator:
    # An empty registry: nothing that a schema refers to is ever fetched.
    return Draft202012Validator(
        strict_schema(), registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
