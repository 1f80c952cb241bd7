"""Google's descriptions of its interfaces, as google-api-python-client brings them, as OpenAPI."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fakes.documents import Document, Json

_PACKAGE = find_spec("googleapiclient")
_PLACES = (_PACKAGE and _PACKAGE.submodule_search_locations) or ("not-installed",)
FOLDER = Path(_PLACES[0]) / "discovery_cache" / "documents"


@cache
def google(*names: str) -> Document:
    """Return what is described of one or more interfaces: `google("meet.v2", "drive.v3")`."""
    paths: dict[str, Json] = {}
    schemas: dict[str, Json] = {}
    for name in names:
        raw = json.loads((FOLDER / f"{name}.json").read_text())
        schemas |= {f"{name}.{key}": _named(each, name) for key, each in raw["schemas"].items()}
        for method in _methods(raw):
            path = f"/{raw['servicePath']}{method.get('flatPath', method['path'])}"
            at_path = paths.setdefault(path, {})
            at_path[method["httpMethod"].lower()] = _operation(method, raw, name)
    return Document({"paths": paths, "components": {"schemas": schemas}})


def _methods(resource: dict[str, Json]) -> list[dict[str, Json]]:
    below = [one for part in resource.get("resources", {}).values() for one in _methods(part)]
    return [*resource.get("methods", {}).values(), *below]


def _operation(method: dict[str, Json], raw: dict[str, Json], name: str) -> dict[str, Json]:
    parameters = {**raw.get("parameters", {}), **method.get("parameters", {})}
    return {
        "parameters": [
            {"name": key, "in": each["location"], "schema": each}
            for key, each in parameters.items()
        ],
        "responses": {"200": {"schema": _named(method.get("response", {}), name)}},
        "requestBody": {"schema": _named(method.get("request", {}), name)},
        "scopes": method.get("scopes", []),
    }


def _named(node: Json, name: str) -> Json:
    """Return a schema with references as OpenAPI has them; `any` is no type."""
    if isinstance(node, list):
        return [_named(each, name) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _named(each, name) for key, each in node.items()}
    if isinstance(node.get("$ref"), str):
        found = {"$ref": f"#/components/schemas/{name}.{node['$ref']}"}
    if found.get("type") == "any":
        del found["type"]
    return found
