"""What each check is given: its pieces of evidence, with the gaps that only judging can know."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from msgspec import Struct, structs

from auditor.durations import add, parse_duration
from auditor.engine.case import Case
from auditor.engine.trial import AnyCheck
from auditor.errors import Position
from auditor.evidence import (
    AccountData,
    AccountEvidence,
    CodeEvidence,
    DeclaredData,
    EverySite,
    Gap,
    Handling,
    Item,
    NoticeEvidence,
    People,
    PolicyAndSites,
    PolicyItself,
    Reason,
    SiteEvidence,
    StoredData,
    StoreEvidence,
    Told,
)
from auditor.matching import missing, unanswered, unseen_tables
from auditor.policy import Site, scope_of

I = TypeVar(  # noqa: E741 -- item
    "I", SiteEvidence, StoreEvidence, AccountEvidence, NoticeEvidence, CodeEvidence
)
_VIEWS = (StoredData, DeclaredData, AccountData, Handling, People)
TOLERANCE = timedelta(days=1)  # clocks and time zones differ


class Piece(Struct, frozen=True, kw_only=True):
    """One subject for a check: the scope that must be asked for, and the evidence if any is."""

    subject: str
    scope: str
    item: Any = None


class Views:
    """The evidence of a case as checks look at it; each view is made once."""

    def __init__(self, checks: Sequence[AnyCheck], case: Case) -> None:
        """Add to each piece of evidence what it does not show."""
        declared = {site.id: site for site in case.policy.sites}
        sites = tuple(
            _completed_site(item, declared[item.site], case)
            for item in case.evidence.sites
            if item.site in declared
        )
        holders = {store.id: store for store in case.policy.stores}
        stores = tuple(
            _completed_store(item, holders[item.store].at, case)
            for item in case.evidence.stores
            if item.store in holders
        )
        entries = {account.id: account for account in case.policy.accounts}
        accounts = tuple(
            _completed_account(item, entries[item.account].at, case)
            for item in case.evidence.accounts
            if item.account in entries
        )
        told = {notice.id: notice for notice in case.policy.notices}
        self._notices = tuple(
            _completed(item, told[item.notice].at, case)
            for item in case.evidence.notices
            if item.notice in told
        )
        code = case.policy.code
        read = case.evidence.code if code else ()
        sources = tuple(_completed(item, code.at, case) for item in read if code)
        seen = {item.site for item in sites}
        self._case = case
        self._sites = sites
        self._holders: tuple[StoreEvidence | AccountEvidence, ...] = (*stores, *accounts)
        self._by_subject: dict[str, Item] = {item.subject: item for item in sites}
        self._by_subject |= {item.subject: item for item in self._holders}
        self._by_subject |= {item.subject: item for item in self._notices}
        self._by_subject |= {item.subject: item for item in sources}
        self._tables = {item.subject: item.tables for item in self._holders}
        self._every_site = EverySite(
            sites=sites, missing=tuple(sorted(site for site in declared if site not in seen))
        )
        self._policy_and_sites = PolicyAndSites()
        if "site" in case.selection.scope:
            self._policy_and_sites = PolicyAndSites(sites=sites, missing=self._every_site.missing)
        self._policy_itself = PolicyItself(
            as_of=case.as_of, installed={check.id: check.scopes for check in checks}
        )

    def pieces(self, check: AnyCheck) -> Iterator[Piece]:
        """Yield what a check has to look at; where nothing was seen, the piece has no item."""
        if check.needs is PolicyItself:
            yield Piece(subject="policy", scope="policy", item=self._policy_itself)
        elif check.needs is PolicyAndSites:
            yield Piece(subject="policy", scope="policy", item=self._policy_and_sites)
        elif check.needs is EverySite:
            yield Piece(subject="policy", scope="site", item=self._every_site)
        else:
            for subject in self._case.policy.subjects():
                if scope_of(subject) in check.scopes:
                    item = self._as_needed(check, self._by_subject.get(subject))
                    yield Piece(subject=subject, scope=scope_of(subject), item=item)

    def _as_needed(self, check: AnyCheck, found: Item | None) -> Any:  # noqa: ANN401
        if isinstance(found, StoreEvidence | AccountEvidence) and check.needs in _VIEWS:
            return self._view(check, found)
        if isinstance(found, NoticeEvidence) and check.needs is Told:
            return self._told(found)
        return found if isinstance(found, check.needs) else None

    def _told(self, notice: NoticeEvidence) -> Told:
        """Return a notice beside what was seen in the scopes that were asked for."""
        asked = self._case.selection.scope
        return Told(
            as_of=self._case.as_of,
            notice=notice,
            others=tuple(item for item in self._notices if item is not notice),
            sites=self._sites if "site" in asked else (),
            holders=tuple(item for item in self._holders if item.scope in asked),
            missing=tuple(
                subject
                for subject in self._case.policy.subjects()
                if scope_of(subject) in asked and subject not in self._by_subject
            ),
            gaps=notice.gaps,
        )

    def _view(self, check: AnyCheck, found: StoreEvidence | AccountEvidence) -> Any:  # noqa: ANN401
        common: dict[str, Any] = {"subject": found.subject, "gaps": found.gaps}
        dated = {**common, "as_of": self._case.as_of}
        if check.needs is StoredData and isinstance(found, StoreEvidence):
            return StoredData(tables=found.tables, **dated)
        if check.needs is DeclaredData:
            return DeclaredData(tables=found.tables, **dated)
        if check.needs is AccountData and isinstance(found, AccountEvidence):
            return AccountData(tables=found.tables, settings=found.settings, **dated)
        if check.needs is Handling:
            return Handling(settings=found.settings, can_write=found.can_write, **dated)
        if check.needs is People:
            return People(tables=found.tables, elsewhere=self._tables, **common)
        return None


def missing_evidence(subject: str) -> Gap:
    """Return the gap of a subject at which nobody looked."""
    needs = "evidence of it"
    if subject.startswith("store:"):
        needs += ": a run that reaches it, with --scope stores"
    if subject.startswith("notice:"):
        needs += ": a run that reads it, with --scope notice"
    if subject == "code":
        needs += ": a run that reads it, with --scope code"
    if subject.startswith("account:"):
        needs += ": a run with its credential, with --scope accounts"
    if subject.startswith("site:"):
        needs += f", or a recording: --evidence {subject.removeprefix('site:')}:before=FILE.har"
    return Gap(what=subject, reason=Reason.NOT_IN_EVIDENCE, needs=needs)


def _completed_site(item: SiteEvidence, site: Site, case: Case) -> SiteEvidence:
    """Add the gaps of a site, and those of what the policy, as it is now, asks for."""
    found = structs.replace(item, gaps=(*item.gaps, *missing(case.policy, site, item)))
    return _completed(found, site.at, case)


def _completed_store(item: StoreEvidence, at: Position, case: Case) -> StoreEvidence:
    """Add the gaps of a store, and those of what the policy, as it is now, asks for."""
    asked = unanswered(case.policy, item) if item.is_looked_at else ()
    return _completed(structs.replace(item, gaps=(*item.gaps, *asked)), at, case)


def _completed_account(item: AccountEvidence, at: Position, case: Case) -> AccountEvidence:
    """Add the gaps of an account, and those of the tables that the policy says are there."""
    asked = unseen_tables(case.policy, item) if item.is_looked_at else ()
    return _completed(structs.replace(item, gaps=(*item.gaps, *asked)), at, case)


def _completed(item: I, at: Position, case: Case) -> I:
    """Add the gaps: nothing seen, another day, not decided yet how to look (its entry is `at`)."""
    gaps = [*item.gaps, *_undecided(at, case), *_another_day(item, case)]
    if not item.is_looked_at:
        gaps.append(missing_evidence(item.subject))
    return structs.replace(item, gaps=tuple(dict.fromkeys(gaps)))


def _undecided(at: Position, case: Case) -> Iterator[Gap]:
    """Yield what nobody has decided of how it is to be looked at."""
    for todo in case.policy.origin.undecided:
        if any(place == at for place, _ in todo.keys):
            yield Gap(what=todo.where, reason=Reason.UNDECIDED, needs=todo.needs)


def _another_day(item: Item, case: Case) -> Iterator[Gap]:
    """Yield a gap where evidence says nothing about the day that is judged."""
    day = item.collected_at.astimezone(UTC).date()
    what = f"{item.subject}, seen on {day.isoformat()}"
    if day - case.as_of > TOLERANCE:
        needs = f"evidence that is not from after {case.as_of.isoformat()}, the day that is judged"
        yield Gap(what=what, reason=Reason.NOT_VERIFIED, needs=needs)
    if case.max_age and _is_too_old(item, case):
        needs = (
            f"evidence not older than {case.max_age}, or a longer --max-evidence-age, or"
            f" --as-of {day.isoformat()} to judge that day"
        )
        yield Gap(what=what, reason=Reason.EVIDENCE_TOO_OLD, needs=needs)


def _is_too_old(item: Item, case: Case) -> bool:
    limit = add(item.collected_at, parse_duration(case.max_age))
    return limit < datetime.combine(case.as_of, time.min, UTC)
