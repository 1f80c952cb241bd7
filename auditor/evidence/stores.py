"""What was seen of stored data: fields, counts and ages; never a value that a record holds."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from auditor.evidence.gaps import Gap
from auditor.evidence.site import Source

Name = Annotated[str, Meta(max_length=1000)]
Count = Annotated[int, Meta(ge=0)]

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # other days are counted as unreadable


class Found(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A category of personal data in a field: found by its name, its values, or both.

    `category` is a key of the vocabulary, `detector` what recognised it in the values ("" where
    only the name speaks). Of `looked_at` values `hits` fit; `low` and `high` bound the share of
    fitting values in the whole field (95 %, Wilson), both exact after an `exhaustive` look.
    `embedded`: inside longer text. `confidence` is high where name and values agree, or a
    checksum does.
    """

    category: Name
    detector: Name = ""
    by_name: bool = False
    hits: Count = 0
    looked_at: Count = 0
    low: float = 0.0
    high: float = 0.0
    embedded: bool = False
    exhaustive: bool = False
    confidence: Literal["high", "medium", "low"] = "medium"


class FieldSeen(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A column, or a field of documents by its path: `address.city`, `items[].price`.

    `type` is the engine's word. Of `rows` records `filled` hold a value; `looked_at` of these
    were looked into, all of them if `exhaustive`.
    """

    name: Name
    type: Name = ""
    rows: Count = 0
    filled: Count = 0
    looked_at: Count = 0
    exhaustive: bool = False
    found: tuple[Found, ...] = ()


class Ages(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How old records are, by one anchor of the policy: how many for each day (UTC).

    `fallback` is the anchor that stands in where the first is missing ("" for none). Only records
    in which one of the fields `holding` has a value are counted, all records if there is none
    named. `rows` = those of `days` + `undated` (no date) + `unreadable` (not a date, infinite, or
    outside `EARLIEST` to `LATEST`). `columns` say where the dates were read, and in which form;
    `assumed`, how those without a time zone were.
    """

    anchor: Name
    columns: tuple[Name, ...] = ()
    fallback: Name = ""
    holding: tuple[Name, ...] = ()
    rows: Count = 0
    days: dict[date, Count] = {}
    undated: Count = 0
    unreadable: Count = 0
    assumed: Name = ""


class ConsentCounted(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Of the records in an activity's audience, how many show consent that still stands.

    `without` have no consent on record, `withdrawn` one that was taken back later.
    """

    activity: Name
    audience: Count
    without: Count = 0
    withdrawn: Count = 0


class TableSeen(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A table, collection or set of files: its fields, and the ages of its records."""

    name: Name
    kind: Literal["table", "view", "collection", "files"] = "table"
    rows: Count = 0
    fields: tuple[FieldSeen, ...] = ()
    ages: tuple[Ages, ...] = ()
    consents: tuple[ConsentCounted, ...] = ()


class StoreEvidence(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Everything seen of one store, and every gap.

    `can_write` names what the credential could change, as the server words it: () for nothing.
    """

    scope: ClassVar[str] = "stores"

    store: Name
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    tables: tuple[TableSeen, ...] = ()
    can_write: tuple[Name, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def subject(self) -> str:
        """Return the subject of the contract."""
        return f"store:{self.store}"

    @property
    def collected_at(self) -> datetime:
        """Return when the oldest part was collected."""
        return min(source.collected_at for source in self.sources)

    @property
    def is_looked_at(self) -> bool:
        """Return whether the store was reached: one without tables was, too."""
        return any(source.kind == "store" for source in self.sources)
