"""What is wrong with a value, and what to write instead: JSON Schema errors in people's words."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from auditor.durations import DATE_DURATION_PATTERN, DURATION_PATTERN, parse_duration
from auditor.policy.types import LIFETIME_PATTERN
from auditor.policy_file.strict_yaml import JSON, Path
from auditor.vocabulary import nearest

# A jsonschema ValidationError; its stubs call `Unset` what every error of a validator has.
Error: TypeAlias = Any

KINDS = {
    "object": "a group of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
IN_THE_FILE = {dict: "a group of keys", list: "a list", str: "text", bool: "true or false"}
HINTS = {
    "Id": "may hold letters, digits, `-`, `_` and `.`, and begins with a letter or digit",
    "url": "is not a web address; write it with https:// and without a name or password",
    "email": "is not an e-mail address",
    "env": "is not the name of an environment variable",
    "language": "is not a language code; write en, fr or pt-BR",
    "sha256": "is not a SHA-256 digest: 64 characters of 0-9 and a-f",
}
SHORT_LIST = 12


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong: the path, whether its key is meant rather than its value, and the words."""

    path: Path
    message: str
    on_key: bool = False
    missing: str = ""


def faults_of(error: Error) -> Iterator[Fault]:
    """Yield what a schema error says, one fault for each place that it is about."""
    path: Path = tuple(error.absolute_path)
    special = SPECIAL.get(str(error.validator))
    if special:
        yield from special(error, path)
    else:
        words = WORDS.get(str(error.validator), _unexplained)
        yield Fault(path=path, message=words(error))


def shown(value: JSON) -> str:
    """Return a value as it may stand in a message: quoted, one line, not too long."""
    if isinstance(value, dict | list):
        return IN_THE_FILE[type(value)]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    text = text if len(text) <= 60 else f"{text[:60]}..."  # noqa: PLR2004 -- one line
    return f'"{text}"' if isinstance(value, str) else text


def _unknown_keys(error: Error, path: Path) -> Iterator[Fault]:
    known = list(error.schema["properties"]) if "properties" in error.schema else []
    for key in error.instance:
        if key not in known:
            guess = nearest(key, known)
            end = f"did you mean {guess}?" if guess else f"known keys: {', '.join(known)}"
            yield Fault(path=(*path, key), on_key=True, message=f"unknown key; {end}")


def _missing_keys(error: Error, path: Path) -> Iterator[Fault]:
    # jsonschema reports one error for each missing key; its text begins with the key's repr
    key = error.message.split("'")[1]
    yield Fault(path=path, message=f"{key} is missing", missing=key)


def _best_branch(error: Error, path: Path) -> Iterator[Fault]:
    """Explain the alternative that fits what was written; else say what all of them want."""
    branches: dict[object, list[Error]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [
        errors
        for errors in branches.values()
        if not any(e.validator == "type" and not e.path for e in errors)
    ]
    if fitting:
        for inner in min(fitting, key=lambda errors: any(e.validator == "enum" for e in errors)):
            yield from faults_of(inner)
        return
    wanted = [KINDS.get(str(e.validator_value), "") for e in error.context or ()]
    words = " or ".join(dict.fromkeys(filter(None, wanted)))
    yield Fault(path=path, message=_is_a(error.instance, words))


def _wrong_type(error: Error) -> str:
    return _is_a(error.instance, KINDS.get(str(error.validator_value), str(error.validator_value)))


def _is_a(value: JSON, wanted: str) -> str:
    if value is None:
        return f"has no value; write {wanted}, or TODO, or leave the key out"
    if wanted == KINDS["string"] and isinstance(value, int):
        return f'is {shown(value)}, not text; write it in quotes: "{shown(value)}"'
    if isinstance(value, dict | list):
        return f"is {shown(value)}, not {wanted}"
    return f"{shown(value)} is not {wanted}"


def _not_in_list(error: Error) -> str:
    options = [str(option) for option in error.validator_value]
    if isinstance(error.instance, dict | list) or error.instance is None:
        return _is_a(error.instance, KINDS["string"])
    guess = nearest(str(error.instance), options)
    start = f"{shown(error.instance)} is not known here"
    if guess:
        return f"{start}; did you mean {guess}?"
    if len(options) <= SHORT_LIST:
        return f"{start}; write one of: {', '.join(options)}"
    return f"{start}; `audit terms WORD` finds the right one"


def _wrong_form(error: Error) -> str:
    pattern, value = error.validator_value, str(error.instance)
    if pattern in {DURATION_PATTERN, DATE_DURATION_PATTERN, LIFETIME_PATTERN}:
        try:
            parse_duration(value)
        except ValueError as reason:
            return str(reason)
        return f"{shown(value)} has a time part; write whole days, months or years, such as P30D"
    key = next((str(step) for step in reversed(error.absolute_path) if isinstance(step, str)), "")
    if key in {"id", *HINTS}:
        return f"{shown(value)} {HINTS.get(key, HINTS['Id'])}"
    if value.startswith("http") or "://" in pattern:
        return f"{shown(value)} {HINTS['url']}"
    return f"{shown(value)} {HINTS['Id']}"


def _unexplained(error: Error) -> str:
    return f"{shown(error.instance)} is not allowed here ({error.validator})"


SPECIAL: dict[str, Callable[[Error, Path], Iterator[Fault]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "anyOf": _best_branch,
}
WORDS: dict[str, Callable[[Error], str]] = {
    "type": _wrong_type,
    "enum": _not_in_list,
    "const": lambda error: f"{shown(error.instance)} is not {error.validator_value}",
    "pattern": _wrong_form,
    "format": lambda error: f"{shown(error.instance)} is not a date; write YYYY-MM-DD",
    "minLength": lambda _: "is empty; write something, or TODO, or leave the key out",
    "maxLength": lambda error: f"is longer than {error.validator_value} characters",
    "minimum": lambda error: f"{shown(error.instance)} is less than {error.validator_value}",
    "maximum": lambda error: f"{shown(error.instance)} is more than {error.validator_value}",
    "maxItems": lambda _: "is reserved for a later version; leave it out",
}
