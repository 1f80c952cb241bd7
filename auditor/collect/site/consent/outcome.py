"""What may be said of a choice that was made: verified, claimed or failed."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote

import re2

from auditor.policy.site import ChoiceState

Outcome = Literal["verified", "claimed", "failed"]

SELF_TEST = "self-test"
OWN_STATE = "cookie named in the policy"
_DECIDES = (SELF_TEST, OWN_STATE)  # where one of these says otherwise, no choice was made


def outcome(*, gone: bool, back: bool | None, signals: Mapping[str, bool]) -> Outcome:
    """Return what may be said of a choice.

    `gone`: the banner went away; `back`: it came again on the next visit, None before that visit;
    `signals`: whether what else tells of the choice agrees with it.
    """
    if not gone or back or any(signals.get(name) is False for name in _DECIDES):
        return "failed"
    agree = set(signals.values())
    return "verified" if back is False and agree == {True} else "claimed"


def told(signals: Mapping[str, bool]) -> tuple[str, ...]:
    """Return the signals for a report."""
    return tuple(
        name if agrees else f"{name} says otherwise" for name, agrees in sorted(signals.items())
    )


def is_kept(state: ChoiceState, cookies: Mapping[str, str]) -> bool:
    """Return whether a cookie keeps the choice, as the policy says that it does."""
    value = cookies.get(state.cookie)
    if value is None:
        return False
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    expression = re2.compile(state.matches, options)
    return any(expression.search(text) for text in (value, unquote(value)))
