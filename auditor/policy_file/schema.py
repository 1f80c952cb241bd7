"""The JSON Schema of policy.yaml (2020-12), derived from the types in `auditor.policy`.

Two forms of one schema: `strict_schema` is what the loader validates with; `editor_schema` is
what is published, with `TODO` allowed wherever the loader lets it pass.
"""

from functools import cache
from typing import Any

import msgspec

from auditor.policy import Policy

Schema = dict[str, Any]
ADDRESS = "https://raw.githubusercontent.com/reach4help/policy-auditor/main/auditor/schema/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TODO = "TODO"
NAMED = ("properties", "$defs")  # their keys are names, not words of JSON Schema
NEVER_WRITTEN = ("Position", "Origin", "Undecided")  # filled in by the loader
WHOLE = r"(?!\n)"  # in Python a $ alone would let a line break follow


@cache
def strict_schema() -> Schema:
    """Return the schema of a policy without `TODO`."""
    schema: Schema = _closed(msgspec.json.schema(Policy))
    parts = {name: part for name, part in schema["$defs"].items() if name not in NEVER_WRITTEN}
    del parts["Policy"]["properties"]["origin"]
    parts["Policy"]["properties"]["rules"]["maxItems"] = 0
    # msgspec leaves out what the keys of a mapping may be.
    events = parts["Retention"]["properties"]["anchor"]["enum"]
    parts["Table"]["properties"]["anchors"]["propertyNames"] = {"enum": events}
    for part in parts.values():
        for node in part["properties"].values():
            if "$ref" in node:  # say of the key what its object says: not all editors look there
                node.setdefault("description", definition(node, parts)["description"])
    return {**schema, "$defs": parts}


def editor_schema() -> Schema:
    """Return the published schema: the strict one, with `TODO` allowed as nearly any value."""
    strict = strict_schema()
    parts = {name: _with_todo(part) for name, part in strict["$defs"].items()}
    # What is read next depends on the version: the one thing that has to be decided.
    parts["Policy"]["properties"]["version"] = strict["$defs"]["Policy"]["properties"]["version"]
    return {
        "$schema": DIALECT,
        "$id": f"{ADDRESS}policy.schema.json",
        "title": "policy.yaml",
        "$ref": strict["$ref"],
        "$defs": parts,
    }


def definition(node: Schema, parts: Schema) -> Schema:
    """Return the object to which a part of the schema refers."""
    found: Schema = parts[node["$ref"].rpartition("/")[2]]
    return found


def whole(pattern: str) -> str:
    """Return a pattern that means the same in Python as it does in ECMAScript."""
    return pattern + WHOLE if pattern.endswith("$") else pattern


def pattern_of(kind: Any) -> str:  # noqa: ANN401 -- an Annotated of auditor.policy.types
    """Return the pattern of a scalar type, as it stands in the schema."""
    return whole(next(meta.pattern for meta in kind.__metadata__ if meta.pattern))


_NOT_WRITTEN = {"at", "stands_for"}  # only the loader and the command line fill them in


def _closed(node: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Refuse unknown keys and empty values, and drop what only the loader fills in."""
    if isinstance(node, list | tuple):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {
        key: {name: _closed(part) for name, part in value.items() if name not in _NOT_WRITTEN}
        if key in NAMED
        else _closed(value)
        for key, value in node.items()
        if key != "title" and not (key == "default" and _says_nothing(value))
    }
    if "properties" in node:
        closed["additionalProperties"] = False
    if "pattern" in node:
        closed["pattern"] = whole(node["pattern"])
    options = [option for option in closed.pop("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        return {**options[0], **closed}
    return {**closed, "anyOf": options} if options else closed


def _says_nothing(default: Any) -> bool:  # noqa: ANN401 -- any JSON
    return isinstance(default, dict) or (not default and default is not False)


def _with_todo(node: Schema) -> Schema:
    """Allow `TODO` for each property of one object."""
    return {**node, "properties": {k: _or_todo(v) for k, v in node["properties"].items()}}


def _or_todo(node: Schema) -> Schema:
    """Allow `TODO` in place of a value, and of each of its items or mapped values."""
    outer: Schema = {key: node[key] for key in ("description", "default") if key in node}
    inner = {key: value for key, value in node.items() if key not in outer}
    options = inner.get("anyOf", [inner])
    return {**outer, "anyOf": [*map(_with_todo_inside, options), {"const": TODO}]}


def _with_todo_inside(option: Schema) -> Schema:
    parts = ("items", "additionalProperties")
    nested = {key: _or_todo(option[key]) for key in parts if isinstance(option.get(key), dict)}
    return {**option, **nested}
