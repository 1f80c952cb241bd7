"""What was seen of stored data: fields, counts and ages; never a value that a record holds."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from auditor.evidence.gaps import Gap
from auditor.evidence.scalars import Count, Name
from auditor.evidence.settings import SettingSeen
from auditor.evidence.site import Source

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # other days are counted as unreadable


class Found(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A category of personal data in a field: found by its name, its values, or both.

    `category` is a key of the vocabulary, `detector` what recognised it in the values ("" where
    only the name speaks). Of `looked_at` values `hits` fit; `low` and `high` bound the share of
    fitting values in the whole field (95 %, Wilson). After an `exhaustive` look both are exact, or
    as near as its validator was asked: about all that have the pattern, or 1,000 of these.
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
    were looked into, all of them if `exhaustive`: what has a pattern cannot have been missed
    then, names of people can. Of `shortened` values only the beginning was looked into. What is in
    a `documented` field the service itself says, and no value was looked into.
    """

    name: Name
    type: Name = ""
    rows: Count = 0
    filled: Count = 0
    looked_at: Count = 0
    shortened: Count = 0
    exhaustive: bool = False
    documented: bool = False
    found: tuple[Found, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Return whether there are values, and nobody knows what they are."""
        return self.filled > 0 and not self.looked_at and not self.documented


class Ages(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How old records are, by one anchor of the policy: how many for each day (UTC).

    `fallback` is the anchor that stands in where the first is missing ("" for none). Only records
    in which one of the fields `holding` has a value are counted, all records if there is none
    named. `rows` = those of `days` + `undated` (no date) + `unreadable` (not a date, infinite, or
    outside `EARLIEST` to `LATEST`). `columns` say where the dates were read, and in which form;
    `assumed`, how those without a time zone were, or what a service takes for the date.

    Where a service only counts what is older than a day, `edges` are the days that it was asked
    about, in order: a record is counted on the first edge that is not before it, and those after
    the last edge on the day after it. `at_least`: it only says whether there are any, so that
    a count of 1 stands for one or more.
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
    edges: tuple[date, ...] = ()
    at_least: bool = False


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


class SubjectsSeen(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Which people are in a table, as keyed hashes: to be compared, and never to be undone.

    `field` holds what they are known by; `key` says by which key it was hashed (HMAC-SHA-256, the
    first 16 bytes in hex): hashes by another key cannot be compared. Sorted, each once.
    """

    field: Name
    key: Name
    hashes: tuple[Name, ...] = ()


class TableSeen(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A table, collection or set of files: its fields, and the ages of its records."""

    name: Name
    kind: Literal["table", "view", "collection", "files"] = "table"
    rows: Count = 0
    fields: tuple[FieldSeen, ...] = ()
    ages: tuple[Ages, ...] = ()
    consents: tuple[ConsentCounted, ...] = ()
    subjects: tuple[SubjectsSeen, ...] = ()


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
    settings: tuple[SettingSeen, ...] = ()
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
