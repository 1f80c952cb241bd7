"""What changed between two policies, and whether what people are told changed with it."""

from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct

from auditor.errors import Position
from auditor.evidence.gaps import Gap
from auditor.vocabulary import CHANGES
from auditor.vocabulary.changes import Weight


class Change(Struct, frozen=True, kw_only=True):
    """One thing that a policy says otherwise than before.

    `kind` is a key of `auditor.vocabulary.CHANGES`, `what` an object such as `processor:stripe`.
    `before` and `after` are values as they are written, "" for none. `at` is the place in the
    newer policy: of the entry, else of its section; `keys` are those of the entry there on which
    the change rests.
    """

    kind: str
    what: str
    before: str = ""
    after: str = ""
    at: Position
    keys: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the kind in words."""
        return CHANGES[self.kind].title

    @property
    def weight(self) -> Weight:
        """Return what it does to people: widens, narrows or neutral."""
        return CHANGES[self.kind].weight

    @property
    def needs_notice(self) -> bool:
        """Return whether people have to be told of it."""
        return CHANGES[self.kind].needs_notice

    @property
    def references(self) -> tuple[str, ...]:
        """Return the texts that say what people have to be told."""
        return CHANGES[self.kind].references


class NoticeChange(Struct, frozen=True, kw_only=True):
    """Whether the words of one notice changed; None where that cannot be told, and what it takes.

    `path` is "" for a notice that stands only on the web.
    """

    notice: str
    path: str = ""
    changed: bool | None = None
    needs: str = ""


class PolicyChange(Struct, frozen=True, kw_only=True):
    """Two policies held side by side: what changed, and whether each notice did.

    `compared_with` names the older one. The gaps are what nobody has decided yet in the newer one.
    """

    scope: ClassVar[str] = "policy"

    compared_with: str
    changes: tuple[Change, ...] = ()
    notices: tuple[NoticeChange, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def to_be_told(self) -> tuple[Change, ...]:
        """Return the changes of which people have to be told."""
        return tuple(change for change in self.changes if change.needs_notice)

    @property
    def is_told(self) -> bool | None:
        """Return whether some notice changed; None where nobody can tell."""
        return _any_known(notice.changed for notice in self.notices)


def _any_known(answers: Iterable[bool | None]) -> bool | None:
    """Return True for a single yes, None where a yes may be hidden, else False."""
    found = tuple(answers)
    if True in found:
        return True
    return None if None in found or not found else False
