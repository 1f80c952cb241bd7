"""Accounts: nothing is kept at a processor for longer than promised (GDPR Art. 5(1)(e), 28)."""

from collections.abc import Iterator
from datetime import date

from auditor import example
from auditor.check import Example, check
from auditor.evidence import AccountData, Ages, Aspect, Gap, Reason, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import holder_of, likely, longest_kept, periods_at, tables_at, weight
from auditor.matching.at_processors import Kept
from auditor.policy import Policy
from auditor.sighting import in_table

ACCOUNT = """
processing_activities:
  - id: accounts
    data_categories: [user.contact]
    retention: {period: P12M, anchor: last_used}
accounts: [{id: app, connector: firebase_auth, project: example, activities: [accounts]}]
"""


@check(
    "processor-data-overdue",
    title="Nothing at a processor is kept longer than promised",
    needs=AccountData,
    references=["gdpr:5-1-e", "gdpr:17", "gdpr:28"],
    looks_at=[Aspect.AGES, Aspect.TABLES],
    passing=Example(
        policy=ACCOUNT,
        seen=(example.table("people", example.ages({"2025-01-15": 40, "2026-01-10": 60})),),
    ),
    failing=Example(
        policy=ACCOUNT,
        seen=(example.table("people", example.ages({"2025-01-14": 40, "2026-01-10": 60})),),
    ),
)
def data_kept_too_long(policy: Policy, account: AccountData) -> Iterator[Remark]:
    """Delete the records at the processor, and let a job do so every day from now on.

    The promise holds wherever the data are: whoever processes them for us deletes when we say so.
    By which of the service's dates a record counts is printed with what was seen. Records that
    serve several activities may stay as long as the longest of these.
    """
    holder = holder_of(policy, account.subject)
    if not periods_at(policy, holder):
        yield NotApplicable(why="the policy sets no period for what this account is for")
        return
    if not account.tables and not account.gaps:
        yield NotApplicable(why="the service shows no records: its settings say how long it keeps")
    seen_by_name = {table.name: table for table in account.tables}
    for table in tables_at(policy, account.subject, account.tables):
        seen = seen_by_name[table.name]
        if kept := longest_kept(policy, table, seen, account.as_of):
            yield from _judged(kept, seen, account.as_of)


def _judged(kept: Kept, seen: TableSeen, as_of: date) -> Iterator[Remark]:
    if kept.ages is None:
        if seen.rows:
            yield _no_date(kept, seen)
        return
    if kept.unclear:
        yield Gap(
            what=f"table:{seen.name}, of which day {kept.unclear:,} records are",
            reason=Reason.NOT_IN_EVIDENCE,
            needs="an answer for the periods of this policy: collect the evidence again",
            aspects=(Aspect.AGES,),
        )
    if kept.overdue:
        yield _overdue(kept, seen, kept.ages)
    yield from _doubtful(kept, seen, kept.ages, as_of)


def _no_date(kept: Kept, seen: TableSeen) -> Gap:
    shown = ", ".join(ages.anchor for ages in seen.ages) or "no date"
    return Gap(
        what=f"table:{seen.name}, {kept.retention.anchor or 'a date'} of {kept.activity}",
        reason=Reason.CANNOT_BE_SHOWN if kept.retention.anchor else Reason.UNDECIDED,
        needs=f"a date by which {kept.activity} counts: the service shows {shown}. A person can"
        " state how it is made sure, with what shows it",
        aspects=(Aspect.AGES,),
    )


def _overdue(kept: Kept, seen: TableSeen, ages: Ages) -> Finding:
    number = f"{'at least ' if ages.at_least else ''}{kept.overdue:,}"
    of = "" if ages.at_least else f" of {ages.rows:,}"
    oldest = min(day for day, count in ages.days.items() if count)
    when = f"of {oldest} or before" if ages.edges else f"the oldest of {oldest}"
    return Finding(
        object=f"table:{seen.name}",
        facet=f"{kept.activity}/{kept.retention.anchor}",
        severity=_severity(seen),
        message=f"{number}{of} records in {seen.name} are kept too long: {kept.activity} promises"
        f" {kept.retention.period} from {kept.retention.anchor}, so nothing of {kept.cut_off} or"
        f" before may be left; {when}",
        at=kept.retention.at,
        seen=(in_table(seen, _basis(ages)),),
        remedies=(
            Remedy(kind="remove", text="delete them there, and let a job do so every day"),
            Remedy(
                kind="declare",
                text="promise a longer period only if the purpose needs it, and tell people",
            ),
        ),
    )


def _doubtful(kept: Kept, seen: TableSeen, ages: Ages, as_of: date) -> Iterator[Finding]:
    """Object to records of which no date, or one that lies ahead, says how old they are."""
    ahead = sum(number for day, number in ages.days.items() if day > as_of and not ages.edges)
    for what, number, words in (
        ("undated", ages.undated, "no date"),
        ("unreadable", ages.unreadable, "a date that cannot be read"),
        ("future", ahead, f"a date after {as_of}"),
    ):
        if number:
            yield Finding(
                object=f"table:{seen.name}",
                facet=f"{kept.activity}/{kept.retention.anchor}/{what}",
                severity=Severity.MEDIUM,
                message=f"{number:,} of {ages.rows:,} records in {seen.name} have {words}; whether"
                f" they are kept longer than {kept.retention.period} cannot be told",
                at=kept.retention.at,
                seen=(in_table(seen, _basis(ages)),),
                remedies=(Remedy(kind="remove", text="delete what has no date that is right"),),
            )


def _basis(ages: Ages) -> str:
    return f"by {ages.anchor}{f': {ages.assumed}' if ages.assumed else ''}"


def _severity(seen: TableSeen) -> Severity:
    held = (found.category for field in seen.fields for found in likely(field))
    return max(Severity.MEDIUM, weight(held), key=lambda severity: severity.rank)
