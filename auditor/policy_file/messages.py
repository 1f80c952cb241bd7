"""What is wrong with a value, and what to write instead: JSON Schema errors in people's words."""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from auditor.durations import parse_duration
from auditor.policy import types
from auditor.policy_file import yaml_errors
from auditor.policy_file.schema import pattern_of
from auditor.policy_file.strict_yaml import JSON, Path
from auditor.policy_file.todo import TODO
from auditor.vocabulary import COUNTRIES, nearest, suggestion

# A jsonschema ValidationError; its stubs call `Unset` what every error of a validator has.
Error: TypeAlias = Any

KINDS = {
    "object": "a group of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
SPELLINGS = {"true": ("true", "yes", "on", "1"), "false": ("false", "no", "off", "0")}
EMPTY = f"is empty; write something, or {TODO}, or leave the key out"
SHORT_LIST = 12
LOGIN = re.compile(r"//[^/@]*@")


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong: the path, whether its key is meant rather than its value, and the words."""

    path: Path
    message: str
    on_key: bool = False


def faults_of(error: Error) -> Iterator[Fault]:
    """Yield what a schema error says, one fault for each place that it is about."""
    path: Path = tuple(error.absolute_path)
    if "propertyNames" in error.schema_path:
        yield Fault(path=(*path, error.instance), on_key=True, message=_not_in_list(error))
    elif error.instance == TODO and path != ("version",):
        return
    elif special := SPECIAL.get(str(error.validator)):
        yield from special(error, path)
    else:
        words = WORDS.get(str(error.validator), _unexplained)
        yield Fault(path=path, message=words(error))


def shown(value: JSON) -> str:
    """Return a value as it may stand in a message: quoted, one line, not too long, no password."""
    if isinstance(value, dict | list):
        return KINDS["object" if isinstance(value, dict) else "array"]
    if isinstance(value, str):
        return yaml_errors.shown(LOGIN.sub("//...@", value))
    return str(value).lower()


def _unknown_keys(error: Error, path: Path) -> Iterator[Fault]:
    known = list(error.schema["properties"])
    for key in error.instance:
        if key not in known:
            end = suggestion(key, known, f"known keys: {', '.join(known)}")
            yield Fault(path=(*path, key), on_key=True, message=f"unknown key; {end}")


def _missing_keys(error: Error, path: Path) -> Iterator[Fault]:
    # jsonschema reports one error for each missing key; its text begins with the key's repr
    key = error.message.split("'")[1]
    end = f"it, or {key}: {TODO}" if key != "version" else "version: 1"
    yield Fault(path=path, message=f"{key} is missing; write {end}")


def _best_branch(error: Error, path: Path) -> Iterator[Fault]:
    """Explain the alternative that comes nearest; else say what all of them want."""
    branches: dict[object, list[Error]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [errors for errors in branches.values() if not _is_about_all(errors, "type")]
    if fitting:
        for inner in min(fitting, key=lambda errors: _is_about_all(errors, "enum")):
            yield from faults_of(inner)
        return
    kinds = (inner.validator_value for inner in error.context if inner.validator == "type")
    wanted = dict.fromkeys(KINDS[kind] for kind in kinds)
    yield Fault(path=path, message=_is_a(error.instance, " or ".join(wanted)))


def _is_about_all(errors: list[Error], validator: str) -> bool:
    """Return whether one of the errors is about the whole value rather than a part of it."""
    return any(error.validator == validator and not error.path for error in errors)


def _wrong_type(error: Error) -> str:
    if error.schema.get("required") == ["env"] and error.instance is not None:
        return "a secret is never in the file; write {env: NAME}, the variable that holds it"
    said = _is_a(error.instance, KINDS[error.validator_value])
    is_entry = "id" in error.schema.get("required", ()) and isinstance(error.instance, str)
    return f"{said}; write {{id: {shown(error.instance)}}}" if is_entry else said


def _is_a(value: JSON, wanted: str) -> str:
    if value is None:
        return f"has no value; write {wanted}, or {TODO}, or leave the key out"
    if isinstance(value, dict | list):
        return f"is {shown(value)}, not {wanted}"
    return f"{shown(value)} is not {wanted}{_instead(value, wanted)}"


def _instead(value: JSON, wanted: str) -> str:
    """Return advice on a single value that is of the wrong kind, "" for none."""
    text = str(value).strip().lower()
    if wanted == KINDS["string"]:
        return f'; write it in quotes: "{text}"'
    if wanted == KINDS["array"]:
        return f"; write [{shown(value)}]"
    if wanted == KINDS["integer"] and text.isdecimal():
        return f"; write {int(text)}, without quotes"
    if wanted == KINDS["boolean"]:
        said = [word for word, words in SPELLINGS.items() if text in words]
        return f"; write {said[0]}" if said else ""
    return ""


def _not_in_list(error: Error) -> str:
    value, options = error.instance, list(map(str, error.validator_value))
    if isinstance(value, dict | list) or value is None:
        return _is_a(value, KINDS["string"])
    start = f"{shown(value)} is not known here"
    if len(options) == 1:
        return f"{start}; write {options[0]}{', without quotes' if value in options else ''}"
    if guess := nearest(str(value), options):
        return f"{start}; did you mean {guess}?"
    if COUNTRIES.issuperset(options):
        return f"{start}; write the two letters of a country, such as FR or GB"
    if len(options) > SHORT_LIST:
        return f"{start}; `audit terms WORD` finds the right one"
    others = f"; or a list: [{shown(value)}]" if _may_be_a_list(error) else ""
    return f"{start}; write one of: {', '.join(options)}{others}"


def _may_be_a_list(error: Error) -> bool:
    around = error.parent.validator_value if error.parent else ()
    return any(option.get("type") == "array" for option in around)


def _wrong_form(error: Error) -> str:
    pattern, value = error.validator_value, str(error.instance)
    if not value:
        return EMPTY
    if pattern in DURATIONS:
        try:
            parse_duration(value)
        except ValueError as reason:
            return str(reason)
        return f"{shown(value)} has a time part; write whole days, months or years, such as P30D"
    return f"{shown(value)} {HINTS.get(pattern, 'is not written as it has to be here')}"


def _unexplained(error: Error) -> str:
    return f"{shown(error.instance)} is not allowed here ({error.validator})"


DURATIONS = {*map(pattern_of, (types.Duration, types.DateDuration, types.Lifetime))}
HINTS = {
    pattern_of(types.Id): (
        "is not a usable name: write letters, digits, `-`, `_` and `.`, and begin with a letter"
        " or digit"
    ),
    pattern_of(
        types.Url
    ): "is not a web address: write it with https://, without a name or password",
    pattern_of(types.Email): "is not an e-mail address: write one such as privacy@example.org",
    pattern_of(types.Language): "is not a language code: write one such as en, fr or pt-BR",
    pattern_of(types.Sha256): "is not a SHA-256 digest: write its 64 characters of 0-9 and a-f",
    pattern_of(types.Env.__annotations__["env"]): (
        "is not the name of an environment variable: write letters, digits and `_`"
    ),
}
SPECIAL: dict[str, Callable[[Error, Path], Iterator[Fault]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "anyOf": _best_branch,
}
WORDS: dict[str, Callable[[Error], str]] = {
    "type": _wrong_type,
    "enum": _not_in_list,
    "pattern": _wrong_form,
    "format": lambda error: f"{shown(error.instance)} is not a date; write YYYY-MM-DD",
    "minLength": lambda _: EMPTY,
    "maxLength": lambda error: f"is longer than {error.validator_value} characters",
    "minimum": lambda error: f"{shown(error.instance)} is less than {error.validator_value}",
    "maximum": lambda error: f"{shown(error.instance)} is more than {error.validator_value}",
    "minItems": lambda _: "is an empty list; write an item, or leave the key out",
    "maxItems": lambda _: "is reserved for a later version; leave it out",
}
