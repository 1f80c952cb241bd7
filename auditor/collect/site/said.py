"""What a visit says while it is under way, one JSON line each: nothing is lost if it is ended."""

import msgspec
from msgspec import Struct

from auditor.evidence import Gap, HostFacts, SiteObservation


class Saw(Struct, frozen=True, kw_only=True, tag="saw", tag_field="said"):
    """Something was seen."""

    seen: SiteObservation


class Missed(Struct, frozen=True, kw_only=True, tag="missed", tag_field="said"):
    """Something could not be seen."""

    gap: Gap


class Met(Struct, frozen=True, kw_only=True, tag="met", tag_field="said"):
    """A host answered for the first time."""

    host: str
    facts: HostFacts


class Began(Struct, frozen=True, kw_only=True, tag="began", tag_field="said"):
    """The browser runs; `conditions` as in `Source`."""

    conditions: dict[str, str]


class Turned(Struct, frozen=True, kw_only=True, tag="turned", tag_field="said"):
    """A page is done with or was begun: what is left to do if the visit has to begin again.

    The addresses are exact, and stay in memory. `begun` names journeys: none is made
    twice. `journey` is the one under way.
    """

    done: tuple[str, ...]
    waiting: tuple[str, ...]
    current: str = ""
    begun: tuple[str, ...] = ()
    journey: str = ""


class Hung(Struct, frozen=True, kw_only=True, tag="hung", tag_field="said"):
    """The browser no longer answers: end it."""


Said = Saw | Missed | Met | Began | Turned | Hung

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Said).decode
