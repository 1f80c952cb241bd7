"""What was typed never gets into evidence: not even in the name of a host that it was put into."""

import re
from typing import TypeVar

import msgspec
from msgspec import Struct

from auditor.collect.site.plan import Plan
from auditor.collect.site.typing_in.person import HEAD, person

S = TypeVar("S", bound=Struct)


class Mask:
    """Puts `*` for what the somebody of a plan types; without the probe it changes nothing."""

    def __init__(self, plan: Plan) -> None:
        """Know what may be typed."""
        self._pattern = _pattern(plan) if plan.type_into_forms else None

    def __call__(self, said: S) -> S:
        """Return the same with nothing in it that was typed."""
        if self._pattern is None:
            return said
        written = msgspec.json.encode(said)
        masked = self._pattern.sub(b"*", written)
        return said if masked == written else msgspec.json.decode(masked, type=type(said))


def _pattern(plan: Plan) -> re.Pattern[bytes]:
    data = person(plan.seed, plan.locale).values()
    words = [word.encode() for datum in data for word in datum.words]
    heads = [head for word in words for head in (word[:HEAD], word[:HEAD].hex().encode())]
    numbers = [datum.digits.encode() for datum in data if datum.digits]
    return re.compile(
        rb"(?:%b)[a-z0-9_-]*|%b" % (b"|".join(heads), b"|".join(numbers)), re.IGNORECASE
    )
