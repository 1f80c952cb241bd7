"""What a ledger shows of a quarter. Nothing here is judged anew, and nothing unseen is good."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Final

from msgspec import Struct, structs

from auditor.diff.policies import policy_changes
from auditor.errors import PolicyError
from auditor.evidence import Change
from auditor.findings import Severity, Verdict
from auditor.history import Fault, Ledger, Page, Stamp
from auditor.policy import Attestation, Policy, Waiver
from auditor.quarterly.findings import State, Tracked, track
from auditor.quarterly.period import Period
from auditor.quarterly.promises import (
    UNSEEN,
    Known,
    Promise,
    claims,
    is_kept,
    newest_cells,
    promise_of,
    seen_on,
)
from auditor.report.words import plural
from auditor.waivers import Standing, standing

THRESHOLD: Final = Severity.MEDIUM  # whatever the last run was told
BEFOREHAND: Final = timedelta(days=92)  # in which people may have been told of a change
Read = Callable[[str], Policy]


class Week(Struct, frozen=True, kw_only=True):
    """A week, and how many runs judged what was seen in it."""

    first: date
    last: date
    looks: int


class Coverage(Struct, frozen=True, kw_only=True):
    """In how many weeks a subject of the policy was looked at, and when last."""

    subject: str
    weeks: int
    last: date | None


class Step(Struct, frozen=True, kw_only=True):
    """The policy changed between two runs; `told`: a notice too, None where nobody can say."""

    on: date
    changes: tuple[Change, ...]
    told: bool | None
    unreadable: str = ""


class Trend(Struct, frozen=True, kw_only=True):
    """Records under one period, run by run: the day, how many there are, how many are too old.

    None for what nobody could count.
    """

    subject: str
    table: str
    activity: str
    promise: str
    points: tuple[tuple[date, int | None, int | None], ...]

    @property
    def name(self) -> str:
        """Return what it is about, in one line."""
        return f"{self.subject}, {self.table}: {self.activity}"


class Due(Struct, frozen=True, kw_only=True):
    """An attestation or a waiver that has run out, or will within the next quarter."""

    id: str
    kind: str
    who: str
    expires: date
    is_over: bool


class Quarter(Struct, frozen=True, kw_only=True):
    """All that the report tells. `as_of` is the day on which it is written."""

    period: Period
    as_of: date
    verdict: Verdict
    why: tuple[str, ...]
    controller: str
    runs: tuple[Page, ...]
    promises: tuple[Promise, ...]
    findings: tuple[Tracked, ...]
    waivers: tuple[Waiver, ...]
    weeks: tuple[Week, ...]
    coverage: tuple[Coverage, ...]
    steps: tuple[Step, ...]
    trends: tuple[Trend, ...]
    due: tuple[Due, ...]
    retention: str
    retention_why: tuple[str, ...]
    faults: tuple[Fault, ...]
    stamps: tuple[Stamp, ...] = ()

    def opened(self) -> list[Tracked]:
        """Return the findings that were opened in the quarter."""
        return [one for one in self.findings if one.opened in self.period]

    def fixed(self) -> list[Tracked]:
        """Return those that were fixed in it."""
        return [one for one in self.findings if one.fixed and one.fixed in self.period]

    def left(self) -> list[Tracked]:
        """Return those that are open at its end, the accepted ones too."""
        return [one for one in self.findings if one.state is not State.FIXED]


def quarter(ledger: Ledger, period: Period, as_of: date, read: Read) -> Quarter:
    """Return the quarter; `read` reads a policy that a ledger keeps, `PolicyError` if it cannot.

    Runs count by the day as of which they judged, weeks by the day on which somebody looked. Cost:
    linear in the runs up to its end.
    """
    end = min(as_of, period.last)
    until = sorted(
        (page for page in ledger.pages if page.entry.as_of <= end),
        key=lambda page: (page.entry.as_of, page.entry.number),
    )
    runs = [page for page in until if page.entry.as_of in period]
    weeks = tuple(
        Week(
            first=a, last=b, looks=sum(any(a <= day <= b for day in _days(page)) for page in until)
        )
        for a, b in period.weeks(as_of)
    )
    policy = _read(runs[-1], read) if runs else None
    # What an older policy promised was kept or broken then: it says nothing of this one.
    of_now = [page for page in runs if page.entry.policy == runs[-1].entry.policy]
    tracked = (_at_the_end(one, policy, end) for one in track(until))
    findings = tuple(one for one in tracked if _matters(one, period))
    fresh = [page for page in of_now if seen_on(page) >= period.first]
    cells = newest_cells(policy, fresh) if policy else []
    promises = tuple(_promises(policy, cells, fresh, end)) if policy else ()
    coverage = tuple(_coverage(policy, until, period, weeks)) if policy else ()
    retention, retention_why = is_kept(cells) if policy else ("not known", ("nobody looked",))
    unseen = sum(one.standing in UNSEEN for one in promises)
    why, verdict = _verdict(ledger, policy, period, as_of, runs, weeks, findings, unseen, coverage)
    return Quarter(
        period=period,
        as_of=as_of,
        verdict=verdict,
        why=why,
        controller=policy.controller.name if policy else "",
        runs=tuple(runs),
        promises=promises,
        findings=findings,
        waivers=policy.waivers if policy else (),
        weeks=weeks,
        coverage=coverage,
        steps=tuple(_steps(until, period, read)),
        trends=tuple(_trends(runs)),
        due=tuple(_due(policy, period)) if policy else (),
        retention=retention,
        retention_why=retention_why,
        faults=ledger.faults,
        stamps=ledger.stamps,
    )


def _at_the_end(one: Tracked, policy: Policy | None, end: date) -> Tracked:
    """Return a finding that was accepted as open, where its waiver has run out since."""
    waivers = {waiver.id: waiver for waiver in policy.waivers} if policy else {}
    waiver = waivers.get(one.waived_by)
    if one.state is not State.WAIVED or waiver is None:
        return one
    if standing(waiver.created, waiver.expires, end) is Standing.ACTIVE:
        return one
    return structs.replace(one, state=State.OPEN, why=f"waiver {waiver.id} has run out")


def _promises(
    policy: Policy, cells: Sequence[Known], runs: Sequence[Page], end: date
) -> Iterator[Promise]:
    """Yield what is known of each promise; an attestation that has run out since states none."""
    used = {name for page in runs for name in page.report.coverage.get("attestations", {})}
    over = [
        stated.covers
        for stated in policy.attestations
        if stated.id in used and standing(stated.date, stated.expires, end) is not Standing.ACTIVE
    ]
    for promise in (*claims(policy, runs), *map(promise_of, cells)):
        is_over = any(one == promise.about or not one.startswith("claim:") for one in over)
        if promise.standing == "attested" and is_over:
            yield structs.replace(promise, standing="not attested")
        else:
            yield promise


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 -- a few
    return ", ".join(names[:3]) + more


def _matters(one: Tracked, period: Period) -> bool:
    return one.state is not State.FIXED or bool(one.fixed and one.fixed >= period.first)


def _read(page: Page, read: Read) -> Policy | None:
    try:
        return read(page.policy_text)
    except PolicyError:
        return None


def _verdict(  # noqa: PLR0913, PLR0917 -- everything that can speak against a pass
    ledger: Ledger,
    policy: Policy | None,
    period: Period,
    as_of: date,
    runs: Sequence[Page],
    weeks: Sequence[Week],
    findings: Sequence[Tracked],
    promises: int,
    coverage: Sequence[Coverage],
) -> tuple[tuple[str, ...], Verdict]:
    """Return what speaks against a pass, and the verdict; `promises` of which nothing is known."""
    asked = [*(page.report.fail_on for page in runs[-1:]), THRESHOLD]
    fail_on = min(asked, key=lambda one: one.rank)
    thin = [f"{one.subject} in {one.weeks}" for one in coverage if one.weeks < len(weeks)]
    open_ones = [
        one
        for one in findings
        if one.state in {State.OPEN, State.UNSEEN} and one.severity.rank >= fail_on.rank
    ]
    missing = [week for week in weeks if not week.looks]
    last = runs[-1].report if runs else None
    unseen = last.coverage.get("not_looked_at", []) if last else []
    partial = last is not None and bool(last.only or last.skip)
    restricted = last is not None and any(result.restriction for result in last.results)
    against = [
        (not ledger.holds, "the ledger was changed or is damaged: it cannot be relied on"),
        (not runs, "there was no run"),
        (bool(missing), f"nobody looked in {len(missing)} of {len(weeks)} weeks"),
        (bool(thin) and not missing, f"looked at, of {len(weeks)} weeks: {_some(thin)}"),
        (as_of <= period.last, f"the quarter is not over: it ends on {period.last}"),
        (bool(unseen), f"the last run did not look at all that is declared ({len(unseen)} left)"),
        (partial, "the last run left out checks (--only, --skip)"),
        (restricted, "the last run looked at new lines only (--since)"),
        (last is not None and policy is None, "the last run's policy cannot be read again"),
        (last is not None and last.incomplete, "the last run left questions open"),
        (
            bool(promises),
            f"{plural(promises, 'promise')} of which nobody knows whether it is kept",
        ),
    ]
    lacking = tuple(words for is_so, words in against if is_so)
    if open_ones:
        number = f"{len(open_ones)} {'finding is' if len(open_ones) == 1 else 'findings are'} open"
        return (f"{number} at the end of the quarter", *lacking), Verdict.FAIL
    return lacking, Verdict.INCOMPLETE if lacking else Verdict.PASS


def _days(page: Page, subject: str = "") -> set[date]:
    """Return the days on which somebody looked: judging again what was seen before is no look."""
    return {
        seen.collected_at.astimezone(UTC).date()
        for seen in page.entry.seen
        if subject in {"", seen.subject}
    }


def _coverage(
    policy: Policy, until: Sequence[Page], period: Period, weeks: Sequence[Week]
) -> Iterator[Coverage]:
    for subject in policy.subjects():
        if subject == "policy":
            continue
        days = [
            day
            for page in until
            if any(one["subject"] == subject for one in page.report.coverage.get("looked_at", []))
            for day in _days(page, subject)
            if day in period
        ]
        seen = sum(any(week.first <= day <= week.last for day in days) for week in weeks)
        yield Coverage(subject=subject, weeks=seen, last=max(days, default=None))


def _steps(until: Sequence[Page], period: Period, read: Read) -> Iterator[Step]:
    since = 0
    for number, (former, page) in enumerate(pairwise(until), 1):
        if page.entry.policy == former.entry.policy:
            continue
        before, since = since, number
        if page.entry.as_of not in period:
            continue
        try:
            changes = policy_changes(read(former.policy_text), read(page.policy_text))
        except PolicyError as error:
            yield Step(on=page.entry.as_of, changes=(), told=None, unreadable=str(error)[:300])
            continue
        yield Step(on=page.entry.as_of, changes=changes, told=_told(until[before:], page))


def _told(pages: Sequence[Page], change: Page) -> bool | None:
    """Return whether a notice has other words, None where no two runs read the same one.

    People may be told beforehand, since the policy changed last, or later in the quarter.
    """
    read: dict[str, set[str]] = {}
    runs: dict[str, int] = {}
    for page in pages:
        if change.entry.as_of - page.entry.as_of > BEFOREHAND:
            continue
        for seen in page.entry.seen:
            if seen.subject.startswith("notice:"):
                read.setdefault(seen.subject, set()).add(seen.sha256)
                runs[seen.subject] = runs.get(seen.subject, 0) + 1
    if all(number < 2 for number in runs.values()):  # noqa: PLR2004 -- one alone shows no change
        return None
    return any(len(digests) > 1 for digests in read.values())


def _trends(runs: Sequence[Page]) -> Iterator[Trend]:
    points: dict[tuple[str, str, str, str], list[tuple[date, int | None, int | None]]] = {}
    for page in runs:
        for one in page.entry.records:
            key = (one.subject, one.table, one.activity, one.promise)
            is_dated = not one.rows or one.undated < one.rows
            late = one.late if is_dated else None  # of what has no date nobody knows the age
            points.setdefault(key, []).append((page.entry.as_of, one.rows, late))
    for (subject, table, activity, promise), found in points.items():
        yield Trend(
            subject=subject, table=table, activity=activity, promise=promise, points=tuple(found)
        )


def _due(policy: Policy, period: Period) -> Iterator[Due]:
    stated: Sequence[Attestation | Waiver] = (*policy.attestations, *policy.waivers)
    for one in stated:
        if one.expires and one.expires <= period.after.last:
            is_waiver = isinstance(one, Waiver)
            yield Due(
                id=one.id,
                kind="waiver" if is_waiver else "attestation",
                who=one.owner if isinstance(one, Waiver) else one.by,
                expires=one.expires,
                is_over=one.expires < period.last,
            )
