"""How old records are beside how long they may be kept: a chart and a row for each promise.

What counts as too old is worked out as the check `retention-overdue` does (contract, meaning 6).
"""

from collections.abc import Iterator
from datetime import date

import svg
from markupsafe import Markup
from msgspec import Struct

from auditor.durations import humanize_seconds, newest_overdue_day, parse_duration
from auditor.evidence import AccountEvidence, Ages, StoreEvidence
from auditor.matching import Rule, ages_of, held_in, rules_of
from auditor.policy import Store
from auditor.report.html.drawing import SOFT, picture, words
from auditor.report.html.tables import Cell, Table, cell, counted, lasting, table
from auditor.report.story import Story

BARS = 24
WIDTH, HEIGHT, FLOOR = 340, 112, 84
FINE, LATE = "#0b5cad", "#b42318"
NO_GRACE = "P0D"


class Promise(Struct, frozen=True, kw_only=True):
    """A period for records of a table, with their ages where somebody counted them."""

    subject: str
    table: str
    rule: Rule
    ages: Ages | None = None
    overdue_to: date | None = None  # the newest day of which nothing may be left

    @property
    def name(self) -> str:
        """Return what it is about, in one line."""
        return f"{self.subject}, {self.table}: {self.rule.activity}"

    @property
    def words(self) -> str:
        """Return what is promised."""
        retention = self.rule.retention
        grace = f" and {lasting(retention.grace)} of grace" if retention.grace else ""
        if not retention.period or not self.rule.anchor:
            return "no period, or nothing that it counts from"
        return f"{lasting(retention.period)}{grace} from {self.rule.counted_from}"

    @property
    def overdue(self) -> int:
        """Return how many records are too old, by what was counted."""
        days = self.ages.days.items() if self.ages else ()
        return sum(n for day, n in days if self.overdue_to and day <= self.overdue_to)


class Chart(Struct, frozen=True, kw_only=True):
    """A chart with the line that is read beside it."""

    heading: str
    picture: Markup
    caption: str


def promises(story: Story) -> tuple[Promise, ...]:
    """Return each period that the policy sets for a declared table, in the policy's order."""
    policy = story.policy
    stores = {seen.subject: seen for seen in story.seen.stores}
    accounts = {seen.subject: seen for seen in story.seen.accounts}
    seen_tables: dict[str, StoreEvidence | AccountEvidence] = {**stores, **accounts}
    found: list[Promise] = []
    for holder, declared in policy.tables():
        kind = "store" if isinstance(holder, Store) else "account"
        subject = f"{kind}:{holder.id}"
        seen = seen_tables.get(subject)
        held = {each.table.name: each.seen for each in held_in(policy, seen)} if seen else {}
        there = held.get(declared.name)
        for rule in rules_of(policy, declared):
            ages = ages_of(rule, there) if there and not rule.missing else None
            found.append(
                Promise(
                    subject=subject,
                    table=declared.name,
                    rule=rule,
                    ages=ages,
                    overdue_to=_cut_off(story, rule) if ages else None,
                )
            )
    return tuple(found)


def _cut_off(story: Story, rule: Rule) -> date | None:
    period = parse_duration(rule.retention.period)
    grace = parse_duration(rule.retention.grace or NO_GRACE)
    return newest_overdue_day(date.fromisoformat(story.report.as_of), period, grace)


def ages_table(story: Story, found: tuple[Promise, ...]) -> Table:
    """Return the figures of every promise, and why there are none where nobody could count."""
    rows = (_row(date.fromisoformat(story.report.as_of), each) for each in found)
    headers = "Records | Promise | Too old | Oldest | Within the promise | Without a usable date"
    return table("Ages of records against the promise", headers, rows, "promise")


def _row(as_of: date, each: Promise) -> tuple[Cell, ...]:
    told = cell(each.words, f"policy.yaml, line {each.rule.retention.at.line}")
    name = cell(each.table, each.subject, f"for {each.rule.activity}")
    if each.ages is None:
        why = each.rule.missing and f"nobody can count: policy.yaml lacks {each.rule.missing}"
        return name, told, cell(why or "nobody looked", tone="warn"), cell(), cell(), cell()
    ages = each.ages
    late, blind = each.overdue, ages.undated + ages.unreadable
    some = "at least " if ages.at_least and late else ""
    in_time = sum(ages.days.values()) - late
    return (
        name,
        told,
        cell(f"{some}{late:,} of {ages.rows:,}", tone="bad" if late else "good"),
        cell(*_oldest(as_of, ages)),
        cell(f"{in_time:,}"),
        cell(f"{blind:,}", ages.assumed, tone="warn" if blind else ""),
    )


def _oldest(as_of: date, ages: Ages) -> Iterator[str]:
    days = [day for day, number in ages.days.items() if number]
    if days:
        yield str(min(days))
        yield f"{humanize_seconds(max((as_of - min(days)).days, 0) * 86_400)} old"
    if ages.edges:
        yield "the service counts in steps: a day stands for all before it"


def charts(story: Story, found: tuple[Promise, ...]) -> tuple[Chart, ...]:
    """Return a chart for each promise whose records somebody counted."""
    as_of = date.fromisoformat(story.report.as_of)
    return tuple(
        _chart(as_of, each, f"ages-{number}")
        for number, each in enumerate(found)
        if each.ages and each.ages.days
    )


def _chart(as_of: date, each: Promise, name: str) -> Chart:
    """Draw how many records there are of each age; those right of the line are too old."""
    days = each.ages.days if each.ages else {}
    limit = (as_of - each.overdue_to).days if each.overdue_to else None
    old = {max((as_of - day).days, 0): n for day, n in sorted(days.items(), reverse=True)}
    span = max(*old, limit or 0, 1) * 1.02
    bins = [0] * (2 * BARS)
    for age, number in old.items():
        late = limit is not None and age >= limit
        bins[min(int(age / span * BARS), BARS - 1) + late * BARS] += number
    highest = max(bins)
    drawn: list[svg.Element] = [
        _bar(place, number, highest) for place, number in enumerate(bins) if number
    ]
    drawn.append(svg.Line(x1=0, x2=WIDTH, y1=FLOOR, y2=FLOOR, stroke=SOFT, class_=["axis"]))
    drawn.append(words(0, FLOOR + 14, f"today, {as_of}", size=10, fill=SOFT))
    oldest = humanize_seconds(int(span) * 86_400)
    drawn.append(words(WIDTH, FLOOR + 14, oldest, size=10, fill=SOFT, anchor="end"))
    if limit is not None:
        drawn += _limit(WIDTH * limit / span, each.rule.retention.period)
    title = f"{each.name}: {each.overdue} of {each.ages.rows if each.ages else 0} too old"
    caption = f"{counted(each.overdue, 'record')} older than promised ({each.words})"
    return Chart(
        heading=each.name, picture=picture(WIDTH, HEIGHT, name, title, drawn), caption=caption
    )


def _bar(place: int, number: int, highest: int) -> svg.Rect:
    """Return one bar; the smallest number is still to be seen."""
    is_late, step = divmod(place, BARS)
    tall = max(3.0, (FLOOR - 22) * number / highest)
    return svg.Rect(
        x=round(step * WIDTH / BARS + 1, 1),
        y=round(FLOOR - tall, 1),
        width=round(WIDTH / BARS - 2, 1),
        height=round(tall, 1),
        fill=LATE if is_late else FINE,
        class_=["bar", "late" if is_late else "fine"],
    )


def _limit(x: float, period: str) -> list[svg.Element]:
    is_right = x > WIDTH / 2
    text = words(
        round(x + (-5 if is_right else 5), 1),
        12,
        f"limit: {lasting(period)}",
        size=11,
        anchor="end" if is_right else "start",
    )
    line = svg.Line(
        x1=round(x, 1),
        x2=round(x, 1),
        y1=2,
        y2=FLOOR + 4,
        stroke=LATE,
        stroke_width=2,
        stroke_dasharray=[4, 3],
        class_=["edge", "early"],
    )
    return [line, text]
