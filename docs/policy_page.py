"""docs/policy.md: the reference of policy.yaml, from its schema and an example of each part."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from auditor import vocabulary
from auditor.policy import types
from auditor.policy_file import strict_schema
from auditor.policy_file.schema import ADDRESS, pattern_of
from auditor.policy_file.strict_yaml import read_document

EXAMPLE = Path(__file__).parent.parent / "tests" / "policy_file" / "contract.yaml"
KINDS = {
    pattern_of(types.Id): "name",
    pattern_of(types.Url): "web address",
    pattern_of(types.Email): "e-mail address",
    pattern_of(types.Language): "language",
    pattern_of(types.Sha256): "digest",
    pattern_of(types.Duration): "duration",
    pattern_of(types.DateDuration): "duration",
    pattern_of(types.Lifetime): "duration, or `session`",
    "date": "date",
    "string": "text",
    "integer": "whole number",
    "boolean": "`true` or `false`",
}
POLICY = """\
# policy.yaml

What you say about people's data, in one file. `audit validate` says whether it is well formed,
and lists what is left `TODO`. Editors complete and check it if its first line is

    # yaml-language-server: $schema=ADDRESS

The examples below are one file together; what it says is made up.

## What holds everywhere

- `version` and `controller.name` must be there, and in an entry that you write what is marked
  **needed**. Everything else may be left out: what the law asks for is judged by the checks.
- `TODO` may stand for any value but `version`. Such a draft can be read, and is never green.
- A key that is not on this page is an error; so are YAML's anchors, aliases and tags. `NO`,
  `1.10` and `12:30` are the text that you wrote.
- **Durations** are ISO 8601: `P12M`, `P30D`, `PT1H`. **Dates** are `2026-01-10`.
- **Names with `*`**: the `*` stands for any characters, also none, beside at least three others.
  Upper and lower case differ, and the whole name has to fit.
- **Hosts** are `shop.example.org`, `*.example.org` (with everything below it) or
  `example.org/path` (with everything below that). The longest host wins, then the longest path;
  the same one at two processors is an error. So is a public suffix such as `com` or `github.io`,
  below which everybody can register.
- **Paths** are relative to the file and stay in its folder.
- **Secrets** are never in the file: `{env: NAME}` names the environment variable that holds one.
- **Ids** are your own names. What refers to one must find it.
- The words for purposes, data, people and laws are in the [vocabulary](vocabulary.md);
  `audit terms WORD` finds them.
"""


def policy_page() -> str:
    """Return docs/policy.md: each object of the format, in the order of the file."""
    parts = strict_schema()["$defs"]
    places = _places(parts)
    examples = _examples()
    lines = [POLICY.replace("ADDRESS", f"{ADDRESS}policy.schema.json")]
    for name, found in places.items():
        if name != "Env":
            lines += _object(parts[name], found, places, examples)
    return "\n".join(lines)


def _places(parts: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return where each object stands: `processors[].transfer`, in the order of the format."""
    found: dict[str, list[str]] = {"Policy": [""]}

    def visit(node: Mapping[str, Any], path: str) -> None:
        for key, part in node["properties"].items():
            for name, end in _objects(part):
                place = f"{path}.{key}{end}".removeprefix(".")
                found.setdefault(name, []).append(place)
                visit(parts[name], place)

    visit(parts["Policy"], "")
    return found


def _objects(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the objects that a value may be, with how they are reached from its key."""
    for option in part.get("anyOf", [part]):
        if "$ref" in option:
            yield option["$ref"].rpartition("/")[2], ""
        if "items" in option:
            yield from ((name, f"[]{end}") for name, end in _objects(option["items"]))
        if isinstance(option.get("additionalProperties"), dict):
            inner = _objects(option["additionalProperties"])
            yield from ((name, f".*{end}") for name, end in inner)


def _object(
    node: Mapping[str, Any],
    found: list[str],
    places: Mapping[str, list[str]],
    examples: Mapping[str, str],
) -> list[str]:
    """Return the section of one object: what it is, an example, its keys."""
    title = f"`{found[0]}`" if found[0] else "The whole file"
    also = f" Also: {', '.join(f'`{place}`' for place in found[1:])}." if found[1:] else ""
    rows = [
        (
            f"`{key}`" + (" **needed**" if key in node["required"] else ""),
            _value(part, places) + _default(part),
            part.get("description", ""),
        )
        for key, part in node["properties"].items()
    ]
    example = examples.get(found[0].removesuffix("[]"), "")
    shown = ["```yaml", example, "```", ""] if example else []
    return [
        f"## {title}",
        "",
        node["description"] + also,
        "",
        *shown,
        *table(("key", "value", "meaning"), rows),
        "",
    ]


def _value(part: Mapping[str, Any], places: Mapping[str, list[str]]) -> str:
    """Return what may be written, in words, with links to where more is said."""
    match part:
        case {"anyOf": options}:
            said = ", or ".join(_value(option, places) for option in options)
        case {"$ref": "#/$defs/Env"}:
            said = "`{env: NAME}`"
        case {"$ref": name}:
            said = f"[keys](#{anchor(places[name.rpartition('/')[2]][0])})"
        case {"enum": words}:
            said = _words(list(map(str, words)))
        case {"maxItems": 0}:
            said = "nothing yet"
        case {"examples": words}:
            said = f"{_words(list(map(str, words)))}, or the name of a plug-in"
        case {"items": inner}:
            said = f"list of {_value(inner, places)}"
        case {"additionalProperties": inner}:
            keys = part.get("propertyNames", {"type": "string"})
            said = f"{_value(keys, places)}: {_value(inner, places)}"
        case _:
            said = KINDS[part.get("pattern") or part.get("format") or part["type"]]
    return said


def _words(words: list[str]) -> str:
    """Return a list of words, or where to find it."""
    for name, terms in vocabulary.VOCABULARIES.items():
        if {*terms} == {*words}:
            return f"[{name}](vocabulary.md#{anchor(name)})"
    if {*words} == vocabulary.COUNTRIES:
        return "country"
    return ", ".join(f"`{word}`" for word in words)


def _default(part: Mapping[str, Any]) -> str:
    if "default" not in part:
        return ""
    default = part["default"]
    items = default if isinstance(default, list) else [default]
    text = ", ".join(
        f"`{str(item).lower() if isinstance(item, bool) else item}`" for item in items
    )
    return f"; default {text}"


def _examples() -> dict[str, str]:
    """Return the part of the example that belongs to each top-level key."""
    data = EXAMPLE.read_bytes()
    document = read_document(data, EXAMPLE.name)
    starts = [(key, document.keys[key,].line - 1) for key in document.tree]
    lines = document.text.splitlines()
    ends = pairwise([*starts, ("", len(lines))])
    return {key: "\n".join(lines[first:last]).rstrip() for (key, first), (_, last) in ends}


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the lines of a Markdown table."""
    cells = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]


def anchor(title: str) -> str:
    """Return the name that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
