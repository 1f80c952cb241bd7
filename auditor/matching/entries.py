"""Entries for policy.yaml as one would write them; what only people can decide stays `TODO`."""

import json
import re

from auditor.vocabulary import COUNTRIES

_LONGEST_ID = 64  # characters
_NO_TEXTS = frozenset("true false yes no on off null y n todo".split())
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9]+")


def id_from(text: str) -> str:
    """Return an id made of a host or a name, `unknown` where nothing of it can be in one."""
    return _NOT_IN_IDS.sub("-", text).strip("-")[:_LONGEST_ID].strip("-") or "unknown"


def processor_entry(
    called_after: str, *, name: str, service: str = "", domain: str = "", country: str = ""
) -> str:
    """Return a processor, with an id made of what it is called after.

    All of it may come from a page or a file: whatever it says, it stays a value.
    """
    optional = [
        *([f"    services: [{_value(service)}]"] if service else []),
        *([f"    domains: [{json.dumps(domain)}]"] if domain else []),
    ]
    lines = [
        "processors:",
        f"  - id: {_id(id_from(called_after))}",
        f"    name: {_value(name)}",
        *optional,
        f"    country: {country if country in COUNTRIES else 'TODO'}",
        "    consent: TODO",
    ]
    return "\n".join(lines) + "\n"


def _id(text: str) -> str:
    """Return an id as YAML: in quotes where it could be read as a number, a date or a truth."""
    is_word = text[0].isalpha() and text.casefold() not in _NO_TEXTS
    return text if is_word else json.dumps(text)


def _value(text: str) -> str:
    """Return a text as YAML; one that is empty or cannot be seen is `TODO`."""
    return json.dumps(text, ensure_ascii=False) if text and text.isprintable() else "TODO"
