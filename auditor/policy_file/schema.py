"""The JSON Schema of policy.yaml (2020-12), derived from the types in `auditor.policy`.

Two forms of one schema: `strict_schema` is what the loader validates with, after every `TODO` was
taken out; `editor_schema` is what is published, with `TODO` allowed everywhere.
"""

from functools import cache
from typing import Any

import msgspec

from auditor.policy import Policy

Schema = dict[str, Any]
ADDRESS = "https://raw.githubusercontent.com/reach4help/policy-auditor/main/auditor/schema/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NEVER_WRITTEN = ("at", "origin")  # filled in by the loader
TODO = "TODO"


@cache
def strict_schema() -> Schema:
    """Return the schema of a policy without `TODO`."""
    schema: Schema = _closed(msgspec.json.schema(Policy))
    schema["$defs"]["Policy"]["properties"]["rules"]["maxItems"] = 0
    return schema


def editor_schema() -> Schema:
    """Return the published schema: the strict one, with `TODO` allowed as any value."""
    schema = strict_schema()
    return {
        "$schema": DIALECT,
        "$id": f"{ADDRESS}policy.schema.json",
        "title": "policy.yaml",
        "$ref": schema["$ref"],
        "$defs": {name: _with_todo(part) for name, part in schema["$defs"].items()},
    }


def _closed(node: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Refuse unknown keys and empty values, and drop what only the loader fills in."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("anyOf"), list):
        kept = [option for option in node["anyOf"] if option != {"type": "null"}]
        rest = {key: value for key, value in node.items() if key not in {"anyOf", "default"}}
        if len(kept) == 1:
            return _closed({**rest, **kept[0]})
        return {**_closed(rest), "anyOf": [_closed(option) for option in kept]}
    closed = {key: _closed(value) for key, value in node.items() if key != "title"}
    if "properties" in node:
        for name in NEVER_WRITTEN:
            closed["properties"].pop(name, None)
        closed["additionalProperties"] = False
    return closed


def _with_todo(node: Schema) -> Schema:
    """Allow `TODO` for each property of one object."""
    if "properties" not in node:
        return node
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
