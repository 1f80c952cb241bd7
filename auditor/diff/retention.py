"""How long data is kept: what changed for each data category of an activity, said once."""

from collections.abc import Iterable, Iterator

from auditor.diff.processing import widest
from auditor.evidence import Change
from auditor.matching.lengths import Order, order, written
from auditor.policy import ProcessingActivity, Retention
from auditor.vocabulary import covers

_LENGTHS: dict[Order, str] = {
    "longer": "retention-longer",
    "shorter": "retention-shorter",
    "depends": "retention-changed",
}
_FIRST = frozenset({"created", "collected"})  # nothing that happens to a record comes before
_WITHOUT = Retention()
KEYS = ("retention",)


def retention_changes(before: ProcessingActivity, after: ProcessingActivity) -> Iterator[Change]:
    """Yield what changed; categories that are new or gone say so themselves."""
    names = [name for name in _categories(before, after) if _is_in_both(name, before, after)]
    found: dict[tuple[str, str, str], list[str]] = {}
    for name in names:
        for change in _turned(rules_for(before, name), rules_for(after, name)):
            found.setdefault(change, []).append(name)
    for (kind, was, now), concerned in found.items():
        whole = len(concerned) == len(names)
        what = f"activity:{after.id}" + ("" if whole else f" ({', '.join(concerned)})")
        yield Change(kind=kind, what=what, before=was, after=now, at=after.at, keys=KEYS)


def rules_for(activity: ProcessingActivity, category: str) -> tuple[Retention, ...]:
    """Return the rules for a data category: those that name it, else those for all data."""
    rules = activity.retention_rules
    own = [r for r in rules if any(covers(name, category) for name in r.data_categories)]
    return tuple(own or (r for r in rules if not r.data_categories))


def _categories(before: ProcessingActivity, after: ProcessingActivity) -> list[str]:
    """Return everything that may have a rule of its own; "" stands for whatever data there is."""
    said = (*before.data_categories, *after.data_categories)
    rules = (*before.retention_rules, *after.retention_rules)
    named = (name for rule in rules for name in rule.data_categories)
    return sorted({*said, *named}) or [""]


def _is_in_both(name: str, before: ProcessingActivity, after: ProcessingActivity) -> bool:
    def has(activity: ProcessingActivity) -> bool:
        rules = (c for rule in activity.retention_rules for c in rule.data_categories)
        held = widest((*activity.data_categories, *rules))
        return not name or any(covers(known, name) for known in held)

    return has(before) and has(after)


def _turned(
    before: tuple[Retention, ...], after: tuple[Retention, ...]
) -> Iterator[tuple[str, str, str]]:
    """Yield kind, before and after; several rules for one category are compared as a whole."""
    if max(len(before), len(after)) > 1:
        was, now = (" or ".join(sorted(map(_said, rules))) for rules in (before, after))
        if was != now:
            yield "retention-changed", was, now
        return
    first, second = next(iter(before), _WITHOUT), next(iter(after), _WITHOUT)
    if kind := _LENGTHS.get(order(_length(first), _length(second))):
        yield kind, _said(first), _said(second)
    if first.period and second.period:
        yield from _otherwise(first, second)


def _otherwise(first: Retention, second: Retention) -> Iterator[tuple[str, str, str]]:
    """Yield what changed beside the length."""
    if first.anchor != second.anchor:
        earliest = [rule.anchor in _FIRST for rule in (first, second)]
        kinds = {(True, False): "anchor-later", (False, True): "anchor-earlier"}
        kind = kinds.get((earliest[0], earliest[1]), "anchor-changed")
        yield kind, first.anchor or "", second.anchor or ""
    if first.action != second.action:
        kinds_of_action = {first.action: "deletion-weaker", second.action: "deletion-stronger"}
        yield kinds_of_action.get("delete", "deletion-changed"), first.action, second.action
    was, now = (f"{rule.legal_basis} {rule.on_missing_anchor}".strip() for rule in (first, second))
    if was != now:
        yield "detail-changed", was, now


def _length(rule: Retention) -> tuple[str, ...]:
    return written(rule.period, rule.grace) if rule.period else ()


def _said(rule: Retention) -> str:
    """Return a rule as it is written: `P12M after last_used, then P7D`."""
    if not rule.period:
        return ""
    parts = (
        rule.period,
        f"after {rule.anchor}" if rule.anchor else "",
        f"and P{rule.grace[1:]} to delete" if rule.grace else "",
    )
    return " ".join(filter(None, parts))


def of_activities(
    before: Iterable[ProcessingActivity], after: Iterable[ProcessingActivity]
) -> Iterator[Change]:
    """Yield the changes of all activities that both policies have."""
    known = {activity.id: activity for activity in before}
    for activity in after:
        if former := known.get(activity.id):
            yield from retention_changes(former, activity)
