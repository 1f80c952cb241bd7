"""How a service or a store is set: what it deletes, keeps, copies and shows."""

from typing import Literal

from msgspec import Struct

from auditor.evidence.scalars import Name


class SettingSeen(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A setting that decides what is kept, how long, and where else it goes.

    `name` and `value` are the service's own words. By `effect`:
    - `deletes_after`: data is deleted after `period` (ISO 8601); "" says that it never is.
    - `deletes_at`: each record is deleted on a date that a field of its own holds.
    - `outlives_deletion`: what was deleted can be had back for `period`; "" for ever.
    - `counts_from_last_use`: `deletes_after` counts anew with each use, or not (`is_on`).
    - `copies_to`: data goes on to what `to` names, which no other setting here covers.
    - `collects`: personal data of `category` is collected, if `is_on`.
    - `injects`: `to` is a host whose script the service puts into pages.
    - `exposes`: people other than the controller can read it.
    - `unanswered`: so many (`value`) requests about rights have had no answer for `period`.
    `of` says which data it is about.
    """

    name: Name
    value: Name
    effect: Literal[
        "deletes_after",
        "deletes_at",
        "outlives_deletion",
        "counts_from_last_use",
        "copies_to",
        "collects",
        "injects",
        "exposes",
        "unanswered",
    ]
    of: Name = ""
    period: Name = ""
    is_on: bool = True
    category: Name = ""
    to: Name = ""
