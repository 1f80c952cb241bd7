"""The schema of policy.yaml: what editors are told is what the loader does."""

import copy
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor import policy_file
from auditor.errors import PolicyError
from auditor.policy import Policy
from auditor.policy_file import editor_schema, read_policy, strict_schema
from auditor.policy_file.form import form_faults
from auditor.policy_file.schema import whole
from auditor.policy_file.strict_yaml import JSON, Document, read_document
from auditor.policy_file.strict_yaml import Path as Steps
from auditor.policy_file.todo import Tree
from auditor.vocabulary import CHECK_SCOPES

HERE = Path(__file__).parent
STRICT, EDITOR = strict_schema(), editor_schema()
FORMATS = Draft202012Validator.FORMAT_CHECKER
EDITORS = Draft202012Validator(EDITOR, format_checker=FORMATS)
CONTRACT = read_document((HERE / "contract.yaml").read_bytes(), "contract.yaml")

# By how the pattern begins: texts that fit it.
FITTING = {
    "^https?": ["https://example.org/", "http://localhost:8080/a?b=c"],
    "^[^@": ["privacy@example.org"],
    "^P(": ["P12M", "P30D", "P1Y6M"],
    "^session": ["session", "P400D"],
    "^[a-z]{2,3}": ["en", "pt-BR"],
    "^[0-9a-f]{64}": ["0123456789abcdef" * 4],
    "^[A-Za-z_]": ["A_TOKEN"],
    "^[a-z][a-z0-9_-]*$": ["slack", "stripe"],
    "^[A-Za-z0-9]": ["a", "stripe", "x-1.y_2"],
}
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"])
TEXTS = st.text(CHARACTERS, min_size=1).filter(lambda text: text != "TODO")
NAMES = ["TODO", *sorted({key for part in STRICT["$defs"].values() for key in part["properties"]})]
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, st.just("TODO"))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES) | TEXTS, inner, max_size=4),
    ),
)


def fitting(  # noqa: C901, PLR0911 -- one case for each word of JSON Schema
    node: dict[str, Any], schema: dict[str, Any]
) -> st.SearchStrategy[Any]:
    """Return values that fit a part of a schema, as somebody reads it who only has the schema."""
    match node:
        case {"$ref": str(name)}:
            return st.deferred(lambda: fitting(schema["$defs"][name.rpartition("/")[2]], schema))
        case {"anyOf": list(options)}:
            return st.one_of(*(fitting(option, schema) for option in options))
        case {"const": word}:
            return st.just(word)
        case {"enum": list(words)}:
            return st.sampled_from(words)
        case {"properties": dict(parts)}:
            kinds = {key: fitting(part, schema) for key, part in parts.items()}
            needed = {key: kinds.pop(key) for key in node["required"]}
            return st.fixed_dictionaries(needed, optional=kinds)
        case {"additionalProperties": dict(part)}:
            keys = fitting(node.get("propertyNames", {}), schema)
            return st.dictionaries(keys, fitting(part, schema), max_size=2)
        case {"items": dict(part)}:
            least, most = node.get("minItems", 0), node.get("maxItems", 2)
            return st.lists(fitting(part, schema), min_size=least, max_size=most)
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "integer"}:
            return st.integers(node.get("minimum", -9), node.get("maximum", 9))
        case {"format": "date"}:
            return st.dates().map(str)
        case {"pattern": str(pattern)}:
            return st.sampled_from(next(FITTING[s] for s in FITTING if pattern.startswith(s)))
        case _:
            return TEXTS


def document_of(tree: JSON) -> Document:
    """Write a tree down, and read it again."""
    return read_document(json.dumps(tree, ensure_ascii=False).encode(), "policy.yaml")


def well_formed(document: Document) -> bool:
    """Return whether the loader has nothing to say about the form."""
    return not list(form_faults(Tree(value=document.tree, document=document)))


def load(tree: JSON) -> Policy:
    """Read a tree as a policy."""
    return read_policy(json.dumps(tree, ensure_ascii=False).encode(), "p", HERE, CHECK_SCOPES)


def load_whatever_it_means(tree: JSON) -> Policy:
    """Read a tree as a policy without asking whether ids, hosts or paths make sense."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy_file, "meaning_faults", lambda *_: ())
        return load(tree)


def paths_in(node: JSON, path: Steps = ()) -> list[Steps]:
    """Return the path of every value."""
    parts = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    return [path, *(deeper for step, part in parts for deeper in paths_in(part, (*path, step)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:  # noqa: ANN401 -- any JSON
    """Return the contract's example with a few of its values taken out, put in or replaced."""
    tree: Any = copy.deepcopy(CONTRACT.tree)
    for _ in range(draw(st.integers(1, 3))):
        *around, last = draw(st.sampled_from(paths_in(tree)[1:]))
        holder = tree
        for step in around:
            holder = holder[step]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                holder[last] = draw(ANYTHING)
            case "remove":
                del holder[last]
            case _ if isinstance(holder, dict):
                holder[draw(st.sampled_from(NAMES) | TEXTS)] = draw(ANYTHING)
            case _:
                holder.append(draw(ANYTHING))
    return tree


def test_published_schema_is_a_schema() -> None:
    """The published schema is valid JSON Schema 2020-12, and refers to nothing but itself."""
    Draft202012Validator.check_schema(EDITOR)
    references = re.findall(r'"\$ref": "([^"]*)"', json.dumps(EDITOR))
    assert references
    assert all(reference.startswith("#/$defs/") for reference in references)


def test_published_schema_helps() -> None:
    """Each object says what it is and refuses unknown keys; what can be chosen is listed."""
    for name, part in EDITOR["$defs"].items():
        assert part["description"], name
        assert part["additionalProperties"] is False, name
    row = EDITOR["$defs"]["StorageRow"]["properties"]
    assert "session_storage" in row["type"]["anyOf"][0]["enum"]
    assert row["consent"]["default"] == "required"
    assert EDITOR["$defs"]["Contact"]["properties"]["country"]["description"]


def test_whole() -> None:
    """A pattern with an end means the whole text, also where a line break follows."""
    assert whole("^a$") == r"^a$(?!\n)"
    assert whole("^a") == "^a"


@settings(deadline=None, max_examples=60)
@given(tree=fitting(STRICT, STRICT))
def test_what_fits_is_kept(kept: Callable[[Policy, JSON], JSON], tree: JSON) -> None:
    """Whatever fits the schema loads, and nothing in it is changed."""
    written: JSON = document_of(tree).tree
    assert kept(load_whatever_it_means(tree), written) == written


@settings(deadline=None, max_examples=60)
@given(fitting(EDITOR, EDITOR))
def test_drafts_load(tree: JSON) -> None:
    """Whatever the published schema lets pass loads, with each `TODO` remembered."""
    policy = load_whatever_it_means(tree)
    assert len(policy.origin.undecided) == json.dumps(tree).count('"TODO"')


@settings(deadline=None, max_examples=120)
@given(st.one_of(mutated(), fitting(EDITOR, EDITOR), ANYTHING))
def test_reader_and_editor_agree(tree: JSON) -> None:
    """The loader and the published schema find fault with the same files; nothing crashes."""
    try:
        document = document_of(tree)
    except PolicyError:
        return  # nothing that a schema could look at
    assert well_formed(document) == EDITORS.is_valid(document.tree)
    with suppress(PolicyError):
        load(tree)
        assert well_formed(document)
