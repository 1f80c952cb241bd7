"""Stored data: no record is kept longer than promised (GDPR Art. 5(1)(e); contract, meaning 6)."""

from collections.abc import Iterator
from datetime import date, timedelta

from auditor import example
from auditor.check import Example, check
from auditor.durations import add, humanize_seconds, newest_overdue_day, parse_duration
from auditor.evidence import Ages, Aspect, Gap, Reason, StoredData, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import (
    Held,
    Rule,
    activity_of,
    ages_of,
    category_of,
    held_in,
    likely,
    rules_of,
    weight,
)
from auditor.policy import Policy
from auditor.sighting import in_table

NO_TIME = parse_duration("P0D")
LATE_JOB = timedelta(days=7)
MOST_NAMED = 5


@check(
    "retention-overdue",
    title="No record is kept longer than promised",
    needs=StoredData,
    references=["gdpr:5-1-e", "gdpr:17"],
    looks_at=[Aspect.AGES],
    passing=Example(
        policy=example.USERS,
        seen=(example.table("users", example.ages({"2025-01-15": 40, "2026-01-10": 60})),),
    ),
    failing=Example(
        policy=example.USERS,
        seen=(example.table("users", example.ages({"2025-01-14": 40, "2026-01-10": 60})),),
    ),
)
def record_kept_too_long(policy: Policy, stored: StoredData) -> Iterator[Remark]:
    """Delete the records, and let a job do so every day from now on.

    A record may exist on the day on which its period (and `grace`) ends, and no longer; periods
    count calendar months on UTC dates. Anonymising is a way out only if nothing is left by which
    a person can be told apart. Promise a longer period only where the purpose needs it, and tell
    people.
    """
    asked = [
        (held, rule) for held in held_in(policy, stored) for rule in rules_of(policy, held.table)
    ]
    if not asked:
        yield NotApplicable(why="the policy sets no period for what is in these tables")
    for held, rule in asked:
        if rule.missing:
            what = f"how old the records of {held.table.name} are, for {rule.activity}"
            yield Gap(what=what, reason=Reason.NOBODY_LOOKS, needs=rule.missing)
        elif held.seen and (ages := ages_of(rule, held.seen)):
            yield from _overdue(stored.as_of, held, held.seen, rule, ages)


def _overdue(
    as_of: date, held: Held, seen: TableSeen, rule: Rule, ages: Ages
) -> Iterator[Finding]:
    period = parse_duration(rule.retention.period)
    grace = parse_duration(rule.retention.grace) if rule.retention.grace else NO_TIME
    cut_off = newest_overdue_day(as_of, period, grace)
    overdue = {day: n for day, n in ages.days.items() if n and cut_off and day <= cut_off}
    if not overdue or cut_off is None:
        return
    oldest, number = min(overdue), sum(overdue.values())
    age = _age((as_of - oldest).days)
    late = as_of - add(add(oldest, period), grace)
    yield Finding(
        object=f"table:{held.table.name}",
        facet=rule.facet,
        severity=_severity(held, seen, rule, late),
        message=f"{number:,} of {ages.rows:,} records of {held.table.name}{_holding(rule)} are"
        f" kept too long: {rule.activity} promises {_promise(rule)}, so nothing of {cut_off} or"
        f" before may be left; the oldest is of {oldest} ({age})",
        at=rule.retention.at,
        seen=(in_table(seen, _counts(overdue, ages)),),
        remedies=_remedies(rule),
    )


def _age(days: int) -> str:
    years = int(days / 365.25)
    return f"over {years} years" if years > 1 else humanize_seconds(days * 86_400)


def _severity(held: Held, seen: TableSeen, rule: Rule, late: timedelta) -> Severity:
    """Rate by what is kept; a job that is a week late is less than one that never runs."""
    worst = max(Severity.MEDIUM, weight(_categories(held, seen, rule)), key=lambda s: s.rank)
    if late > LATE_JOB or worst is Severity.MEDIUM:
        return worst
    return list(Severity)[worst.rank - 1]


def _categories(held: Held, seen: TableSeen, rule: Rule) -> Iterator[str]:
    """Yield what the records hold, as it is declared and as it was found."""
    table = held.table
    for name in table.fields:
        if name in rule.holding or (
            not rule.holding and activity_of(table, name) == rule.activity
        ):
            yield category_of(table, name)
    for field in seen.fields:
        if not rule.holding or field.name in rule.holding:
            yield from (found.category for found in likely(field))


def _holding(rule: Rule) -> str:
    return f" that still hold {_names(rule.holding)}" if rule.holding else ""


def _names(fields: tuple[str, ...]) -> str:
    more = f" and {len(fields) - MOST_NAMED} more" if len(fields) > MOST_NAMED else ""
    return ", ".join(fields[:MOST_NAMED]) + more


def _promise(rule: Rule) -> str:
    grace = f" and {rule.retention.grace} of grace" if rule.retention.grace else ""
    return f"{rule.retention.period}{grace} from {rule.counted_from}"


def _counts(overdue: dict[date, int], ages: Ages) -> str:
    """Return how many are overdue, by the year of their date."""
    years: dict[int, int] = {}
    for day in sorted(overdue):
        years[day.year] = years.get(day.year, 0) + overdue[day]
    by_year = ", ".join(f"{year}: {number:,}" for year, number in years.items())
    assumed = f"; {ages.assumed}" if ages.assumed else ""
    return f"too old by year, {by_year}{assumed}"


def _remedies(rule: Rule) -> tuple[Remedy, ...]:
    what = _names(rule.holding)
    delete = f"empty {what} in them" if what else "delete them"
    anonymise = "anonymise them, so that nobody in them can be told apart any more"
    return (
        Remedy(kind="remove", text=f"{delete}, and let a job do so every day"),
        *(() if what else (Remedy(kind="remove", text=anonymise),)),
        Remedy(
            kind="declare",
            text="promise a longer period only if the purpose needs it, and tell people",
        ),
    )
