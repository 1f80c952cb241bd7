"""Of which kind a change is: by the topic, and by what was said before and is said after."""

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct

from auditor.matching.lengths import Order, order, written
from auditor.vocabulary import covers

Turn = Callable[[str, str], str]

_LIFETIMES: Final[dict[Order, str]] = {
    "equal": "",
    "longer": "lifetime-longer",
    "shorter": "lifetime-shorter",
    "depends": "lifetime-changed",
}


class Topic(Struct, frozen=True, kw_only=True):
    """The kinds of change on one topic; what is not there counts as "" where nothing is said.

    `turn` takes two values and returns the kind, "" for none; without it they only illustrate.
    """

    new: str = ""
    gone: str = ""
    turn: Turn | None = None


def _always(kind: str) -> Turn:
    return lambda _before, _after: kind


def _purpose(before: str, after: str) -> str:
    if before and covers(before, after):
        return "purpose-narrower"
    return "purpose-wider" if after and covers(after, before) else "purpose-changed"


def _contact(before: str, _after: str) -> str:
    """Return the kind for a processor, which a page may talk to after consent, or at once."""
    return "consent-relaxed" if before == "required" else "consent-tightened"


def _consent(before: str, after: str) -> str:
    if "required" in {before, after}:
        return _contact(before, after)
    return "exemption-changed"


def _lifetime(before: str, after: str) -> str:
    return _LIFETIMES[order(written(before), written(after))]


def _spread(before: str, after: str) -> str:
    """Return the kind for lists of places; an empty one means everywhere."""
    if not before or not after:
        return "spread-narrower" if after else "spread-wider"
    first, second = ({*msgspec.json.decode(text)} for text in (before, after))
    if first < second:
        return "spread-wider"
    return "spread-narrower" if first > second else "detail-changed"


def _existence(name: str, turn: Turn | None = None) -> Topic:
    return Topic(new=f"{name}-new", gone=f"{name}-gone", turn=turn)


TOPICS: Final[dict[str, Topic]] = {
    **{
        name: _existence(name)
        for name in (
            *("processor", "activity", "category", "subject", "recipient", "storage", "site"),
            *("store", "account", "table", "claim", "notice", "measure", "waiver"),
            *("attestation", "jurisdiction"),
        )
    },
    "transfer": _existence("transfer", _always("safeguard-changed")),
    "right": _existence("right", _always("right-changed")),
    "field": _existence("field", _always("field-changed")),
    "automated": Topic(
        new="automated-on", gone="automated-off", turn=_always("automated-changed")
    ),
    "name": Topic(turn=_always("name-changed")),
    "role": Topic(turn=_always("role-changed")),
    "contact_consent": Topic(turn=_contact),
    "purpose": Topic(turn=_purpose),
    "basis": Topic(turn=_always("basis-changed")),
    "interest": Topic(turn=_always("interest-changed")),
    "special_basis": Topic(turn=_always("special-basis-changed")),
    "source": Topic(turn=_always("source-changed")),
    "contact": Topic(turn=_always("contact-changed")),
    "dpo": Topic(turn=_always("dpo-changed")),
    "lifetime": Topic(turn=_lifetime),
    "consent": Topic(turn=_consent),
    "spread": Topic(turn=_spread),
    "quote": Topic(turn=_always("claim-changed")),
    "detail": Topic(turn=_always("detail-changed")),
}
