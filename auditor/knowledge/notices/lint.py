"""What is wrong with a language's words, so that a slip is told and does not find nothing."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

import re2

from auditor.evidence import CLAIMS, TOPICS
from auditor.knowledge.notices.data import GROUPS, LANGUAGES, Group, Names, Unit, Words
from auditor.knowledge.notices.finding import expanded
from auditor.policy.types import Anchor
from auditor.vocabulary import (
    CATEGORIES,
    COUNTRIES,
    LEGAL_BASES,
    PURPOSES,
    RIGHTS,
    TRANSFER_MECHANISMS,
)

_LONGEST: Final = 400  # characters of a pattern: longer ones are several
_MONTHS: Final = 12

# The keys that a group may have; the others may have those that English has.
KEYS: Final[Mapping[Group, frozenset[str]]] = {
    "anchor": frozenset(get_args(Anchor)),
    "right": frozenset(RIGHTS),
    "right_named": frozenset(RIGHTS),
    "legal_basis": frozenset(LEGAL_BASES),
    "mechanism": frozenset(TRANSFER_MECHANISMS),
    "claim": frozenset(CLAIMS),
    "topic": frozenset(TOPICS),
    "category": frozenset(CATEGORIES),
    "purpose": frozenset(PURPOSES),
    "opt_in": frozenset(PURPOSES),
}
# Without these, a notice in a language cannot be read.
NEEDED: Final[Mapping[Group, frozenset[str]]] = {
    "right_named": frozenset(RIGHTS),
    "legal_basis": frozenset(LEGAL_BASES),
    "claim": frozenset({"only_necessary_cookies", "never_sell", "no_sharing", "no_cookies"}),
    "anchor": frozenset({"last_used", "last_login", "created", "account_closed", "contract_end"}),
    "topic": frozenset(TOPICS),
}


def faults(words: Words, model: Words | None = None) -> Iterator[str]:
    """Yield what is wrong with the words of a language; `model` is another to compare it with."""
    yield from (f"no group {group}" for group in GROUPS if group not in words.phrases)
    if set(words.units) != set(get_args(Unit)):
        yield f"units: write all of {', '.join(get_args(Unit))}"
    if set(words.months.values()) != set(range(1, _MONTHS + 1)):
        yield "months: write all twelve"
    for group, phrases in words.phrases.items():
        allowed = KEYS.get(group) or (frozenset(model.phrases[group]) if model else None)
        for key in phrases:
            if allowed is not None and key not in allowed:
                yield f"{group}.{key}: no such key"
        for key in sorted(NEEDED.get(group, frozenset()) - set(phrases)):
            yield f"{group}.{key}: missing"
        for key, patterns in phrases.items():
            for pattern in patterns:
                yield from (f"{group}.{key}: {pattern!r}: {fault}" for fault in _faults(pattern))


def faults_of_names(names: Names) -> Iterator[str]:
    """Yield what is wrong with what goes by no language."""
    for code in (*names.countries, *names.authorities):
        if code not in COUNTRIES:
            yield f"{code} is no country"


def _faults(pattern: str) -> Iterator[str]:
    if len(pattern) > _LONGEST:
        yield f"longer than {_LONGEST} characters: write several"
    if pattern != pattern.strip():
        yield "blanks around it"
    try:
        compiled = re2.compile(expanded(pattern), _quiet())
    except re2.error:
        yield "does not compile"
        return
    if compiled.search("") or compiled.search("- . -"):
        yield "is found in a text without words"


def _quiet() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    return options


__all__ = ["KEYS", "LANGUAGES", "NEEDED", "faults", "faults_of_names"]
