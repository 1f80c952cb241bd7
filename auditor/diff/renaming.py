"""Ids are names of one's own: an entry that says the same under another id is the same entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from auditor.diff.facts import plain
from auditor.diff.processing import widest
from auditor.durations import parse_duration
from auditor.policy import Policy, ProcessingActivity, Retention

Renames = Mapping[str, str]

# Which keys hold ids of which section, beside the subjects such as `site:www`.
_REFERENCES = {
    "processors": ("processors", "processor", "set_by"),
    "processing_activities": ("activities", "activity"),
    "sites": ("sites",),
    "notices": ("notices", "notice", "translation_of"),
}
_SUBJECTS = {
    "sites": "site",
    "stores": "store",
    "accounts": "account",
    "notices": "notice",
    "claims": "claim",
    "processors": "processor",
}
# An entry comes after those whose ids it names.
_SECTIONS = (
    *("notices", "sites", "processors", "processing_activities"),
    *("stores", "accounts", "claims", "attestations", "waivers", "detectors"),
)


def with_ids_of(base: Policy, head: Policy) -> Policy:
    """Return the newer policy with the older one's ids for those entries that say the same."""
    for section in _SECTIONS:
        while renames := _renames(section, getattr(base, section), getattr(head, section)):
            head = _renamed(head, section, renames)
    return head


def _renames(section: str, former: Iterable[Any], now: Iterable[Any]) -> Renames:
    """Return former ids by those that entries of the same content have now."""
    ids, known = {entry.id for entry in now}, {entry.id for entry in former}
    lost = {_content(entry, section): entry.id for entry in former if entry.id not in ids}
    new = {_content(entry, section): entry.id for entry in now if entry.id not in known}
    return {name: lost[content] for content, name in new.items() if content in lost}


def _content(entry: Any, section: str) -> str:  # noqa: ANN401 -- an entry of any section
    """Return what an entry says, whatever its id is, which it may name itself."""
    if isinstance(entry, ProcessingActivity):
        entry = structs.replace(
            entry,
            data_categories=tuple(widest(entry.data_categories)),
            retention=tuple(map(_by_calendar, entry.retention_rules)),
        )
    return plain(_within(structs.replace(entry, id="id"), "", section, {entry.id: "id"}))


def _by_calendar(rule: Retention) -> Retention:
    """Return a rule with its periods in months and days: P1Y is P12M."""
    periods = {name: getattr(rule, name) for name in ("period", "grace")}
    found = {name: parse_duration(text) for name, text in periods.items() if text}
    return structs.replace(rule, **{n: f"P{d.months}M{d.days}D" for n, d in found.items()})


def _renamed(head: Policy, section: str, renames: Renames) -> Policy:
    parts = {
        name: _within(getattr(head, name), name, section, renames)
        for name in head.__struct_fields__
        if name != "origin"
    }
    parts[section] = tuple(
        structs.replace(entry, id=renames.get(entry.id, entry.id)) for entry in parts[section]
    )
    return structs.replace(head, **parts)


def _within(node: Any, key: str, section: str, renames: Renames) -> Any:  # noqa: ANN401 -- any part
    """Return a part of the policy with the ids that it names renamed; `key` leads to it."""
    if isinstance(node, Struct):
        parts = {name: getattr(node, name) for name in node.__struct_fields__ if name != "at"}
        changed = {name: _within(part, name, section, renames) for name, part in parts.items()}
        return structs.replace(node, **changed)
    if isinstance(node, dict):  # its keys are the user's own
        return {name: _within(part, "", section, renames) for name, part in node.items()}
    if isinstance(node, tuple):
        return tuple(_within(item, key, section, renames) for item in node)
    if not isinstance(node, str):
        return node
    if key in _REFERENCES.get(section, ()):
        return renames.get(node, node)
    return _subject(node, key, section, renames)


def _subject(text: str, key: str, section: str, renames: Renames) -> str:
    """Return a subject such as `account:ga:check`, or `store:app/users`, with its id renamed."""
    kind, mark, rest = text.partition(":")
    if key not in {"covers", "subject", "object", "people_in"} or kind != _SUBJECTS.get(section):
        return text
    end = next((i for i, character in enumerate(rest) if character in ":/"), len(rest))
    return f"{kind}{mark}{renames.get(rest[:end], rest[:end])}{rest[end:]}"
