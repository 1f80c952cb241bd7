"""Vendors' descriptions of their own interfaces: OpenAPI 3.0 and Swagger 2, as JSON.

`python tests/collect/accounts/fakes/documents.py` fetches them with `npm pack` into a folder that
git ignores; each is the one file of its package that is needed, and checked against its hash. They
are the vendors' work, and not in this repository: without them the tests that need them are
skipped, and say so.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec
from jsonschema import Draft202012Validator

Json: TypeAlias = Any  # whatever JSON holds

CACHE = Path(__file__).parents[4] / ".cache" / "specs"


class Source(NamedTuple):
    """The package that a document comes in, and the package's hash (SHA-512, Base64)."""

    package: str
    member: str
    sha512: str


SOURCES = {
    "netlify": Source(
        "@netlify/open-api@2.60.0",
        "package/dist/swagger.json",
        "zNwSsLoFF8G0EGXFsADg99a+e3zAObOFdm8/dTG2btfxmZ7vlqfbNgryie2vD6hTlUbt3kCZN66OE79PQWt/5w==",
    ),
    "github": Source(  # 29 MB to fetch, of which 13 MB are kept
        "@octokit/openapi@23.0.2",
        "package/generated/api.github.com.json",
        "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
    ),
}


class Operation(NamedTuple):
    """Something to ask: where, by which parameters with which values, what is sent and answered.

    One of `scopes` is needed, if there are any.
    """

    template: str
    query: dict[str, list[Json] | None]
    schema: dict[str, Json]
    body: dict[str, Json]
    scopes: tuple[str, ...]


class Document:
    """What a service says of its own interface; only GET and POST are looked at."""

    def __init__(self, raw: dict[str, Json]) -> None:
        """Read nothing yet."""
        self.base: str = raw.get("basePath", "")
        self._raw = raw
        paths = sorted(raw["paths"], key=lambda path: path.count("{"))  # literal parts win
        self._paths = [(_pattern(path), path) for path in paths]

    def operation(self, path: str, method: str = "get") -> Operation | None:
        """Return what is at a path, None if nothing is."""
        for pattern, template in self._paths:
            if method in self._raw["paths"][template] and pattern.fullmatch(path):
                return self._operation(template, method)
        return None

    @cache  # noqa: B019 -- as many as the tests have
    def _operation(self, template: str, method: str) -> Operation:
        at_path = self._raw["paths"][template]
        told = at_path[method]
        found = [*at_path.get("parameters", ()), *told.get("parameters", ())]
        plain = [self._deref(parameter) for parameter in found]
        query = {p["name"]: p.get("schema", p).get("enum") for p in plain if p["in"] == "query"}
        good = next(code for code in told["responses"] if code[0] == "2")
        scopes = tuple(told.get("scopes", ()))
        schemas = (
            self._schema(told["responses"][good]),
            self._schema(told.get("requestBody", {})),
        )
        return Operation(template, query, *schemas, scopes)

    def _schema(self, message: dict[str, Json]) -> dict[str, Json]:
        told = self._deref(message)
        found: dict[str, Json] = told.get("content", {}).get("application/json", told)
        return found.get("schema", {})  # type: ignore[no-any-return]

    def validator(self, schema: dict[str, Json]) -> Draft202012Validator:
        """Return what refuses values that do not fit, and fields that are not documented."""
        root: dict[str, Json] = _folded(schema)
        waiting = _refs(root)
        while waiting:
            ref = waiting.pop()
            *folders, name = ref[2:].split("/")
            place = root
            for folder in folders:
                place = place.setdefault(folder, {})
            if name not in place:
                place[name] = _folded(self._deref({"$ref": ref}))
                waiting += _refs(place[name])
        return Draft202012Validator(root)

    def filled(self, schema: dict[str, Json], value: Json, text: str, depth: int = 0) -> Json:
        """Return a value with all that it may leave out: `text` wherever any text may stand."""
        schema = self._deref(schema)
        if isinstance(value, list) and "items" in schema:
            return [self.filled(schema["items"], each, text, depth + 1) for each in value]
        if isinstance(value, dict) and "properties" in schema:
            told = {
                name: self._example(part, text, depth + 1)
                for name, part in schema["properties"].items()
                if name in schema.get("required", ())
                or (text and depth < _DEEPEST and _is_text(part) and name != "nextPageToken")
            }
            given = {
                name: self.filled(schema["properties"].get(name, {}), each, text, depth + 1)
                for name, each in value.items()
            }
            return told | given
        return value

    def _example(self, schema: dict[str, Json], text: str, depth: int) -> Json:
        schema = self._deref(schema)
        either = next((schema[kind] for kind in ("oneOf", "anyOf", "allOf") if kind in schema), ())
        if schema.get("enum"):
            return schema["enum"][0]
        if schema.get("nullable") and not text:
            return None
        if either:
            return self._example(either[0], text, depth)
        if schema.get("type") == "string":
            return text if _is_text(schema) else _FORMS.get(schema["format"], text)
        if schema.get("type", "object") != "object":
            return _SIMPLE[schema["type"]]
        return self.filled({"properties": {}, **schema}, {}, text, depth)

    def _deref(self, node: dict[str, Json]) -> dict[str, Json]:
        while "$ref" in node:
            found: Json = self._raw
            for part in node["$ref"][2:].split("/"):
                found = found[part]
            node = found
        return node


@cache
def theirs(name: str) -> Document | None:
    """Return the vendor's own document, None where it was not fetched."""
    file = CACHE / f"{name}.json"
    return Document(msgspec.json.decode(file.read_bytes())) if file.is_file() else None


def fetch(name: str) -> Path:
    """Fetch a document, unless it is there; ValueError if its package is another."""
    file, source = CACHE / f"{name}.json", SOURCES[name]
    if file.is_file():
        return file
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE.parent / ".gitignore").write_text("*\n")
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", source.package]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 -- ours, word for word
        (packed,) = Path(folder).glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if found != source.sha512:
            raise ValueError(f"{source.package} has the hash {found}, not {source.sha512}")
        with tarfile.open(packed) as archive, archive.extractfile(source.member) as member:  # type: ignore[union-attr]
            file.write_bytes(member.read())
    return file


_DEEPEST = 4  # objects in objects that are filled
_FORMS = {"uri": "https://example.org/", "date-time": "2026-01-01T00:00:00Z"}
_SIMPLE = {"boolean": False, "integer": 1, "number": 1.0, "array": []}


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", path))))


def _is_text(schema: dict[str, Json]) -> bool:
    return schema.get("type") == "string" and not schema.get("format") and "enum" not in schema


def _refs(node: Json) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for part in node.values() for ref in _refs(part)]
    return [ref for part in node for ref in _refs(part)] if isinstance(node, list) else []


_KEPT = ("type", "enum", "required", "$ref", "minimum", "maximum", "minItems", "maxLength")


def _folded(schema: dict[str, Json], *, is_open: bool = False) -> dict[str, Json]:
    """Return a schema of OpenAPI 3.0 as JSON Schema: with `null` as a type, objects shut."""
    found: dict[str, Json] = {key: schema[key] for key in _KEPT if key in schema}
    for kind in ("oneOf", "anyOf", "allOf"):
        if kind in schema:
            name = "anyOf" if kind == "oneOf" else kind  # shut objects may fit several
            found[name] = [_folded(part, is_open=kind == "allOf") for part in schema[kind]]
    if "items" in schema:
        found["items"] = _folded(schema["items"])
    if "properties" in schema:
        found["properties"] = {n: _folded(part) for n, part in schema["properties"].items()}
        found["additionalProperties"] = is_open
    if isinstance(more := schema.get("additionalProperties"), dict):
        found["additionalProperties"] = _folded(more)
    elif more is not None:
        found["additionalProperties"] = more
    if schema.get("nullable"):
        return {"anyOf": [found, {"type": "null"}]}
    return found


if __name__ == "__main__":
    for each in sys.argv[1:] or SOURCES:
        sys.stdout.write(f"{each}: {fetch(each)}\n")
