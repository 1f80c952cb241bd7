"""Entries into a file: a new policy.yaml, or one that is there, to which is only added."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from typing import Any, Final

from msgspec import Struct, structs
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from auditor.draft.entries import Entry, Value
from auditor.errors import UsageError

# The order of a new file, as in the contract; sections of one mapping are in `_MAPS`.
SECTIONS: Final = (
    "controller",
    "notices",
    "claims",
    "processors",
    "processing_activities",
    "device_storage",
    "sites",
    "rights",
)
_MAPS: Final = frozenset({"controller", "rights"})
_WIDE: Final = 10_000  # columns: lines are never broken
_REFERENCES: Final = frozenset({"processors", "set_by", "notice", "notices"})
_PLAIN: Final = re.compile(r"[\w][\w ./@*-]*")

HEAD: Final = """\
yaml-language-server: $schema=https://raw.githubusercontent.com/reach4help/policy-auditor/main/auditor/schema/policy.schema.json

A draft, made by `audit init`. Each entry says where it comes from. Decide what says TODO, look
into what says CONFLICT, and take out what is not so: until then no audit of it is green.
`audit validate` lists what is left to decide; docs/policy.md has every key."""


class Written(Struct, frozen=True, kw_only=True):
    """A file's text, and the entries that were added: (section, its id or key)."""

    text: str
    added: tuple[tuple[str, str], ...] = ()


def write_draft(entries: Iterable[Entry], existing: str = "", shown_as: str = "") -> Written:
    """Return a file with these entries; what an `existing` one says is never changed.

    An entry whose id, or one of its `same` values, is there already is left out. `UsageError`
    where that cannot be done without touching what is there.
    """
    if not existing.strip():
        return _new(list(entries))
    loader = _yaml()
    try:
        tree, indent, offset = load_yaml_guess_indent(existing, yaml=loader)
    except (YAMLError, ValueError) as error:
        raise UsageError(f"{shown_as}: no YAML that can be added to; `audit validate`") from error
    if not isinstance(tree, CommentedMap):
        raise UsageError(f"{shown_as}: not a policy; `audit validate` says more")
    if indent:
        loader.indent(mapping=2, sequence=indent, offset=offset or 0)
    added = _add_all(tree, entries)
    if not added:
        return Written(text=existing)
    text = _dumped(loader, tree)
    if lost := _lost(existing, text, loader):
        raise UsageError(
            f"{shown_as}: nothing was added, since {lost} would be changed; draft into another"
            " file with -o, and copy from there"
        )
    return Written(text=_as_it_was(existing, text, loader), added=tuple(added))


def _as_it_was(before: str, after: str, loader: YAML) -> str:
    """Return what was added to a file, with its other lines as they were, blanks too.

    Where that would say something else (a list that was indented otherwise), it is laid out anew.
    """
    old, new = before.splitlines(), after.splitlines()
    same = SequenceMatcher(None, [_normal(line) for line in old], [_normal(line) for line in new])
    lines: list[str] = []
    for what, start, end, at, to in same.get_opcodes():
        lines += old[start:end] if what == "equal" else new[at:to]
    text = "\n".join(lines) + "\n"
    with suppress(YAMLError):
        if _holds(found := loader.load(text), full := loader.load(after)) and _holds(full, found):
            return text
    return after


def _new(entries: list[Entry]) -> Written:
    tree = CommentedMap()
    tree["version"] = 1
    tree.yaml_set_start_comment(HEAD)
    added = _add_all(tree, entries)
    return Written(text=_dumped(_yaml(), tree), added=tuple(added))


def _add_all(tree: CommentedMap, entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Add entries, section by section; return what was added.

    What is there under another id goes by that one in all that is added.
    """
    added: list[tuple[str, str]] = []
    ids: dict[str, str] = {}
    for entry in sorted(entries, key=lambda one: SECTIONS.index(one.section)):
        if there := _id_of_same(tree.get(entry.section), entry):
            ids[str(entry.value.get("id"))] = there
        value = {
            key: _renamed(one, ids) if key in _REFERENCES else one
            for key, one in entry.value.items()
        }
        added += _add(tree, structs.replace(entry, value=value))
    return added


def _id_of_same(held: object, entry: Entry) -> str:
    for one in held if isinstance(held, list) else ():
        if _is_same(one, entry) and "id" in one:
            return str(one["id"])
    return ""


def _renamed(value: Value, ids: Mapping[str, str]) -> Value:
    if isinstance(value, list):
        return list(dict.fromkeys(ids.get(one, one) for one in value))
    return ids.get(value, value) if isinstance(value, str) else value


def _add(tree: CommentedMap, entry: Entry) -> list[tuple[str, str]]:
    """Add one entry, unless it is there; return what was added."""
    if entry.section in _MAPS:
        return _add_keys(tree, entry)
    if entry.section not in tree or tree[entry.section] is None:
        tree[entry.section] = CommentedSeq()
        tree.yaml_set_comment_before_after_key(entry.section, before="\n")
    held = tree[entry.section]
    if not isinstance(held, CommentedSeq) or any(_is_same(one, entry) for one in held):
        return []
    value = dict(entry.value)
    ids = {str(one.get("id")) for one in held if isinstance(one, Mapping)}
    if "id" in value and value["id"] in ids:
        return []
    made = _mapped(value, entry.beside)
    held.append(made)
    if entry.above:
        column = 2
        held.yaml_set_comment_before_after_key(
            len(held) - 1, before="\n".join(entry.above), indent=column
        )
    return [(entry.section, str(value.get("id") or value.get("identifier") or len(held)))]


def _add_keys(tree: CommentedMap, entry: Entry) -> list[tuple[str, str]]:
    if tree.get(entry.section) is None:
        tree[entry.section] = CommentedMap()
        tree.yaml_set_comment_before_after_key(entry.section, before="\n")
    held = tree[entry.section]
    if not isinstance(held, CommentedMap):
        return []
    missing = [key for key in entry.value if key not in held]
    for key in missing:
        held[key] = _value(entry.value[key])
        if note := entry.beside.get(key):
            held.yaml_add_eol_comment(note, key, column=0)
    return [(entry.section, key) for key in missing]


def _is_same(one: object, entry: Entry) -> bool:
    """Return whether an entry is already there, by one of the values that tell it."""
    if not isinstance(one, Mapping):
        return False
    for key, values in entry.same.items():
        there = one.get(key)
        mine = {_normal(value) for value in values}
        theirs = there if isinstance(there, list) else [there]
        if mine & {_normal(value) for value in theirs if value is not None}:
            return True
    return False


def _normal(value: object) -> str:
    return " ".join(str(value).split()).casefold()


def _mapped(value: Mapping[str, Any], beside: Mapping[str, str]) -> CommentedMap:
    made = CommentedMap()
    for key, one in value.items():
        made[key] = _value(one)
        if note := beside.get(key):
            made.yaml_add_eol_comment(note, key, column=0)
    return made


def _value(value: Any) -> Any:  # noqa: ANN401 -- ruamel's own types
    """Return a value as it is written: maps and lists on one line, odd text in quotes."""
    if isinstance(value, Mapping):
        made = CommentedMap({key: _value(one) for key, one in value.items()})
        made.fa.set_flow_style()
        return made
    if isinstance(value, list | tuple):
        listed = CommentedSeq([_value(one) for one in value])
        listed.fa.set_flow_style()
        return listed
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return DoubleQuotedScalarString(value)
    return value


def _dumped(loader: YAML, tree: CommentedMap) -> str:
    out = io.StringIO()
    loader.dump(tree, out)
    return out.getvalue()


def _yaml() -> YAML:
    loader = YAML(typ="rt")
    loader.preserve_quotes = True
    loader.width = _WIDE
    loader.indent(mapping=2, sequence=4, offset=2)
    loader.allow_unicode = True
    return loader


def _lost(before: str, after: str, loader: YAML) -> str:
    """Return what of a file another one does not hold any more, "" for nothing."""
    comments = {line.strip() for line in after.splitlines()}
    for line in before.splitlines():
        if line.strip().startswith("#") and line.strip() not in comments:
            return f"the comment {line.strip()[:60]!r}"
    old, new = loader.load(before), loader.load(after)
    return "" if _holds(new, old) else "a value"


def _holds(new: Any, old: Any) -> bool:  # noqa: ANN401 -- trees of YAML
    if isinstance(old, Mapping):
        return isinstance(new, Mapping) and all(
            key in new and _holds(new[key], one) for key, one in old.items()
        )
    if isinstance(old, Sequence) and not isinstance(old, str):
        is_list = isinstance(new, Sequence) and len(new) >= len(old)
        return is_list and all(_holds(new[i], one) for i, one in enumerate(old))
    return bool(new == old)
