"""What a check may say: a finding, a gap, or that there is no promise to look at."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from auditor.errors import Position
from auditor.evidence import Gap


class Severity(StrEnum):
    """How much a finding matters; comparable with `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return 0 for low up to 3 for critical."""
        return list(Severity).index(self)


class Sighting(Struct, frozen=True, kw_only=True):
    """Where something was seen: page, visitor state, script or host behind it, what it did."""

    page: str = ""
    state: str = ""
    by: str = ""
    detail: str = ""


class Remedy(Struct, frozen=True, kw_only=True):
    """A way out, in the order in which a decent organisation tries them."""

    kind: Literal["remove", "gate", "declare"]
    text: str
    yaml: str = ""

    @property
    def is_entry(self) -> bool:
        """Return whether `yaml` is a section with a whole entry, which `audit accept` can add."""
        head, _, body = self.yaml.partition("\n")
        return head.endswith(":") and body.startswith("  - ")


class Finding(Struct, frozen=True, kw_only=True):
    """Something seen that does not match what was promised, as a check reports it.

    `facet` says what exactly is objected to where one object can be objected to in several ways
    (a lifetime, a state, a domain); `at` is the line of policy.yaml that is contradicted. `keys`
    are those of the entry there on which the finding rests: where one is still `TODO`, the engine
    makes a gap of it, because nobody has decided yet.
    """

    object: str
    severity: Severity
    message: str
    at: Position
    facet: str = ""
    keys: tuple[str, ...] = ()
    seen: tuple[Sighting, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class NotApplicable(Struct, frozen=True, kw_only=True):
    """The promise itself is absent, so there is nothing to keep or break."""

    why: str


Remark = Finding | Gap | NotApplicable
