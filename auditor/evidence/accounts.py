"""What was seen of an account at a processor: its data as of a store, its settings, its limits."""

from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from auditor.evidence.gaps import Gap
from auditor.evidence.scalars import Name
from auditor.evidence.settings import SettingSeen
from auditor.evidence.site import Source
from auditor.evidence.stores import TableSeen


class AccountEvidence(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Everything seen of one account, and every gap.

    `can_write` names what the credential could change, in the service's words: () for nothing.
    """

    scope: ClassVar[str] = "accounts"

    account: Name
    connector: Name
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    tables: tuple[TableSeen, ...] = ()
    settings: tuple[SettingSeen, ...] = ()
    can_write: tuple[Name, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def subject(self) -> str:
        """Return the subject of the contract."""
        return f"account:{self.account}"

    @property
    def collected_at(self) -> datetime:
        """Return when the oldest part was collected."""
        return min(source.collected_at for source in self.sources)

    @property
    def is_looked_at(self) -> bool:
        """Return whether the service has answered anything."""
        return any(source.kind == "account" for source in self.sources)
