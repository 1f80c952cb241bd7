"""The JSON Schema of policy.yaml (2020-12), derived from the types in `auditor.policy`.

Two forms of one schema: `strict_schema` is what the loader validates with; `editor_schema` is
what is published, with `TODO` allowed wherever the loader lets it pass.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from auditor.policy import Policy

Schema = dict[str, Any]
ADDRESS = "https://raw.githubusercontent.com/reach4help/policy-auditor/main/auditor/schema/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NEVER_WRITTEN = ("at", "origin")  # filled in by the loader
TODO = "TODO"
WHOLE = r"(?!\n)"  # in Python a $ alone would let a line break follow


@cache
def strict_schema() -> Schema:
    """Return the schema of a policy without `TODO`."""
    schema: Schema = _closed(msgspec.json.schema(Policy))
    definitions = schema["$defs"]
    definitions["Policy"]["properties"]["rules"]["maxItems"] = 0
    used = {"Policy", *_mentioned(schema["$ref"], definitions)}
    return {**schema, "$defs": {name: definitions[name] for name in definitions if name in used}}


def editor_schema() -> Schema:
    """Return the published schema: the strict one, with `TODO` allowed as nearly any value."""
    schema = strict_schema()
    definitions = {name: _with_todo(part) for name, part in schema["$defs"].items()}
    definitions["Policy"]["properties"]["version"] = schema["$defs"]["Policy"]["properties"]["version"]
    return {
        "$schema": DIALECT,
        "$id": f"{ADDRESS}policy.schema.json",
        "title": "policy.yaml",
        "$ref": schema["$ref"],
        "$defs": definitions,
    }


def whole(pattern: str) -> str:
    """Return a pattern that means the same in Python as it does in ECMAScript."""
    return pattern + WHOLE if pattern.endswith("$") else pattern


def _closed(node: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Refuse unknown keys and empty values, and drop what only the loader fills in."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items() if key != "title"}
    if isinstance(node.get("pattern"), str):
        closed["pattern"] = whole(node["pattern"])
    if not node.get("default") or isinstance(node["default"], dict):
        closed.pop("default", None)
    if isinstance(node.get("properties"), dict) and "required" in node:
        for name in NEVER_WRITTEN:
            closed["properties"].pop(name, None)
        closed["additionalProperties"] = False
    options = [option for option in closed.pop("anyOf", []) if option != {"type": "null"}]
    if len(options) == 1:
        return {**options[0], **closed}
    return {**closed, "anyOf": options} if options else closed


def _mentioned(node: Any, definitions: Schema) -> Iterator[str]:  # noqa: ANN401 -- any JSON
    """Yield the names of the definitions that a part of the schema refers to, theirs included."""
