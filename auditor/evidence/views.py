"""What checks look at beside single pieces of evidence: the policy, and several at once."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from msgspec import Struct

from auditor.evidence.accounts import AccountEvidence
from auditor.evidence.gaps import Gap
from auditor.evidence.notices import NoticeEvidence
from auditor.evidence.settings import SettingSeen
from auditor.evidence.site import SiteEvidence
from auditor.evidence.stores import StoreEvidence, TableSeen


class PolicyItself(Struct, frozen=True, kw_only=True):
    """Nothing but the policy: the day it is judged, and the scopes of every installed check."""

    scope: ClassVar[str] = "policy"

    as_of: date
    installed: Mapping[str, tuple[str, ...]] = {}
    gaps: tuple[Gap, ...] = ()


class EverySite(Struct, frozen=True, kw_only=True):
    """All sites together, for promises that any of them may keep; `missing` were not looked at.

    Which gap in which site matters depends on the promise, so a check of this view looks at
    `missing` and at each site's `gaps` and `states` itself.
    """

    scope: ClassVar[str] = "policy"

    sites: tuple[SiteEvidence, ...]
    missing: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


class PolicyAndSites(Struct, frozen=True, kw_only=True):
    """The policy, and the sites that are in scope: for claims that what is seen may contradict.

    What the policy says is judged whatever was asked for; `missing` are sites that are in scope
    and were not looked at. Gaps are looked at as with `EverySite`.
    """

    scope: ClassVar[str] = "policy"

    sites: tuple[SiteEvidence, ...] = ()
    missing: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


class StoredData(Struct, frozen=True, kw_only=True):
    """The tables of one store, and the day on which they are judged; a piece for each store."""

    scope: ClassVar[str] = "stores"

    as_of: date
    subject: str
    tables: tuple[TableSeen, ...] = ()
    gaps: tuple[Gap, ...] = ()


class DeclaredData(StoredData, frozen=True, kw_only=True):
    """The same of a store or an account, for what is promised of declared tables alone."""

    scopes: ClassVar[tuple[str, ...]] = ("stores", "accounts")


class AccountData(Struct, frozen=True, kw_only=True):
    """The data at one account, and what is collected there, on the day that is judged."""

    scope: ClassVar[str] = "accounts"

    as_of: date
    subject: str
    tables: tuple[TableSeen, ...] = ()
    settings: tuple[SettingSeen, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Handling(Struct, frozen=True, kw_only=True):
    """How one store or account is set, and what the credential for it could change."""

    scope: ClassVar[str] = "accounts"
    scopes: ClassVar[tuple[str, ...]] = ("accounts", "stores")

    as_of: date
    subject: str
    settings: tuple[SettingSeen, ...] = ()
    can_write: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


class People(Struct, frozen=True, kw_only=True):
    """Who is in the tables of one store or account; `elsewhere` has those of all, by subject.

    What is not in `elsewhere` was not looked at.
    """

    scope: ClassVar[str] = "accounts"
    scopes: ClassVar[tuple[str, ...]] = ("accounts", "stores")

    subject: str
    tables: tuple[TableSeen, ...] = ()
    elsewhere: Mapping[str, tuple[TableSeen, ...]] = {}
    gaps: tuple[Gap, ...] = ()


class Told(Struct, frozen=True, kw_only=True):
    """One notice beside all else that was seen: people are told one thing, and it is so or not.

    `others` are the other notices that were read, `sites` and `holders` (stores and accounts) what
    was looked at in the scopes of this run. `missing` are subjects of the policy in those scopes
    at which nobody looked. The gaps are those of the notice; what gaps elsewhere mean depends on
    the claim, so a check of this view looks at them itself.
    """

    scope: ClassVar[str] = "notice"

    as_of: date
    notice: NoticeEvidence
    others: tuple[NoticeEvidence, ...] = ()
    sites: tuple[SiteEvidence, ...] = ()
    holders: tuple[StoreEvidence | AccountEvidence, ...] = ()
    missing: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


class WaiverUse(Struct, frozen=True, kw_only=True):
    """What each waiver did in this run: the day, and how many findings each id covered.

    `looked_at` names the waivers whose check and subject were looked at without a gap, so that
    "covers nothing" is known and not guessed.
    """

    scope: ClassVar[str] = "policy"

    as_of: date
    covered: Mapping[str, int] = {}
    looked_at: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
