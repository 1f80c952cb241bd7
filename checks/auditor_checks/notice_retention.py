"""How long data is kept: the notice and policy.yaml say the same (GDPR Art. 13(2)(a))."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor import example
from auditor.check import Example, check
from auditor.durations import parse_duration
from auditor.evidence import Fact, Told
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching.lengths import Order, order
from auditor.matching.told import (
    facts_of,
    notice_of,
    said_in,
    settled,
)
from auditor.policy import NOWHERE, Policy, ProcessingActivity, Retention
from auditor.vocabulary import covers

KEPT = """
notices: [{id: privacy, path: privacy.md}]
processing_activities:
  - {id: accounts, data_categories: [user.name], retention: {period: P12M, anchor: last_used}}
"""
# Where it depends on the month, it is kept longer than told in some.
SEVERITIES: Mapping[Order, Severity] = {
    "longer": Severity.HIGH,
    "depends": Severity.HIGH,
    "equal": Severity.MEDIUM,
    "shorter": Severity.LOW,
}
Promise = tuple[ProcessingActivity, Retention]
VAGUE = {"as_needed": "as long as needed", "indefinite": "without an end"}


@check(
    "notice-retention",
    title="The notice says how long data is kept, as policy.yaml does",
    needs=Told,
    references=["gdpr:13-2-a", "gdpr:5-1-e"],
    passing=Example(
        policy=KEPT,
        told=example.notice(
            example.fact("retention", "fixed", period="P1Y", anchor="last_used"),
        ),
    ),
    failing=Example(
        policy=KEPT,
        told=example.notice(example.fact("retention", "fixed", period="P6M", anchor="last_used")),
    ),
)
def other_period(policy: Policy, told: Told) -> Iterator[Remark]:
    """Write into the notice the period that policy.yaml promises, and from when it counts.

    Where data is really kept longer than the notice says, delete it earlier or tell people the
    longer period. Where several notices are in one language, any of them counts.
    """
    if why := settled(policy, told):
        yield from why
        return
    rules = [
        (activity, rule)
        for activity in policy.processing_activities
        for rule in activity.retention_rules
        if rule.period
    ]
    facts = facts_of(policy, told, "retention")
    fixed = [fact for fact in facts if fact.key == "fixed" and _is_of_days(fact.period)]
    if not rules and not fixed:
        yield NotApplicable(why="neither policy.yaml nor the notice says how long data is kept")
    objected: set[int] = set()
    for fact in fixed:
        for activity, rule in _contradicted(fact, rules):
            objected.add(id(rule))
            yield _differs(told, fact, activity, rule)
        if not any(_is_about(fact, activity, rule) for activity, rule in rules):
            yield _nobodys(policy, told, fact)
    for activity, rule in rules:
        mine = [fact for fact in fixed if _is_about(fact, activity, rule)]
        if not mine:
            yield _untold(told, activity, rule, facts)
        elif id(rule) not in objected and not any(_says(fact, rule) for fact in mine):
            # what is told of other data, or of all, is not true of this
            yield _differs(told, max(mine, key=lambda fact: bool(fact.about)), activity, rule)


def _untold(
    told: Told, activity: ProcessingActivity, rule: Retention, facts: Sequence[Fact]
) -> Finding:
    """Object to a period that no sentence tells people."""
    about = [fact for fact in facts if _is_about(fact, activity, rule)]
    vague = [fact for fact in about if fact.key in VAGUE]
    instead = f", which says {VAGUE[vague[0].key]}" if vague else ""
    return Finding(
        object=f"activity:{activity.id}",
        facet="untold",
        keys=("period",),
        severity=Severity.MEDIUM,
        message=f"the period of {activity.id}, {rule.period}, is not found in the notice{instead}",
        at=rule.at,
        seen=tuple(said_in(told, fact) for fact in vague),
        remedies=(Remedy(kind="declare", text=f"write {rule.period} in words into the notice"),),
    )


def _nobodys(policy: Policy, told: Told, fact: Fact) -> Finding:
    """Object to a period of data that no activity has."""
    about = f" of {', '.join(fact.about)}" if fact.about else ""
    notice = notice_of(policy, told.notice)
    return Finding(
        object=f"period:{fact.period}{about}",
        severity=Severity.LOW,
        message=f"the notice says {fact.period}{about}; no activity in policy.yaml has that",
        at=notice.at if notice else NOWHERE,
        seen=(said_in(told, fact),),
        remedies=(Remedy(kind="declare", text="give the activity this retention"),),
    )


def _contradicted(fact: Fact, rules: Sequence[Promise]) -> Sequence[Promise]:
    """Return the rule that a sentence contradicts, if it says what none of them does."""
    mine = [(one, rule) for one, rule in rules if _is_about(fact, one, rule)]
    if any(_says(fact, rule) for _, rule in mine):
        return ()
    same = [(one, rule) for one, rule in mine if _turn(fact, rule) == "equal"]
    return (same or mine)[:1]


def _says(fact: Fact, rule: Retention) -> bool:
    """Return whether a sentence gives a rule's period, and no other beginning."""
    return _turn(fact, rule) == "equal" and _fits(fact, rule)


def _differs(told: Told, fact: Fact, activity: ProcessingActivity, rule: Retention) -> Finding:
    turn = _turn(fact, rule)
    if turn == "equal":
        counted = f"counts it from {fact.anchor.replace('_', ' ')}"
        what = f"the notice {counted}, policy.yaml from {str(rule.anchor).replace('_', ' ')}"
    else:
        what = f"the notice says {fact.period}, policy.yaml {rule.period}"
    return Finding(
        object=f"activity:{activity.id}",
        facet=f"{fact.period} {fact.anchor}".strip(),
        keys=("period", "anchor"),
        severity=SEVERITIES[turn],
        message=f"{what}, for {activity.id}",
        at=rule.at,
        seen=(said_in(told, fact),),
        remedies=(
            Remedy(kind="remove", text="keep data no longer than people are told"),
            Remedy(kind="declare", text="say the same in the notice and in policy.yaml"),
        ),
    )


def _is_about(fact: Fact, activity: ProcessingActivity, rule: Retention) -> bool:
    """Return whether a sentence is about the data of a rule: it names it, or no data at all."""
    named = rule.data_categories or activity.data_categories
    return not fact.about or any(_overlap(key, named) for key in fact.about)


def _overlap(key: str, others: Iterable[str]) -> bool:
    return any(covers(other, key) or covers(key, other) for other in others)


def _fits(fact: Fact, rule: Retention) -> bool:
    return not fact.anchor or rule.anchor is None or fact.anchor == rule.anchor


def _turn(told: Fact, kept: Retention) -> Order:
    """Say whether data is kept longer than people are told, by the calendar: P12M is P1Y."""
    return order((told.period,), (kept.period,))


def _is_of_days(period: str) -> bool:
    """Return whether a period can be compared with those of policy.yaml."""
    try:
        return parse_duration(period).seconds == 0
    except ValueError:
        return False
