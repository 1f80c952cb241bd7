"""How long the policy lets stored data be kept: the periods for the records of a table.

The collector asks a store by these rules, and the checks find the answers again by the same.
"""

from collections.abc import Iterator

from msgspec import Struct

from auditor.evidence import Ages, TableSeen
from auditor.matching.held import activity_of, category_of
from auditor.policy import AnchorField, Policy, ProcessingActivity, Retention, Table
from auditor.vocabulary import covers

_CREATED = "created"


class Rule(Struct, frozen=True, kw_only=True):
    """One period that the policy sets for records of a table, and how to ask for their ages.

    `columns` hold the dates: that of the `anchor`, and that of its `fallback` ("" for none). Only
    records in which a field of `holding` has a value count, all records if that is empty.
    `missing` says what the policy lacks for anybody to ask, "" if nothing.
    """

    activity: str
    retention: Retention
    anchor: str
    columns: tuple[AnchorField, ...] = ()
    fallback: str = ""
    holding: tuple[str, ...] = ()
    missing: str = ""

    @property
    def facet(self) -> str:
        """Return which promise of a table it is: never how long, so that a change stays known."""
        return "/".join((self.activity, self.anchor, *sorted(self.retention.data_categories)))

    @property
    def counted_from(self) -> str:
        """Return the anchor in words, with what stands in for it."""
        return f"{self.anchor}, else {self.fallback}" if self.fallback else self.anchor


def rules_of(policy: Policy, table: Table) -> tuple[Rule, ...]:
    """Return the periods of the table's activities that concern it, in the policy's order.

    A period for some categories concerns the fields of these, if the table has any. Where the
    records serve several activities, each rule is for the personal fields of its own: a record
    may outlive one of its purposes, what is only for this purpose may not.
    """
    return tuple(
        rule
        for activity in activities_of(policy, table)
        for retention in activity.retention_rules
        if (rule := _rule(table, activity, retention)) is not None
    )


def activities_of(policy: Policy, table: Table) -> tuple[ProcessingActivity, ...]:
    """Return what a table is for: its activities and those of its fields, as far as declared."""
    known = {activity.id: activity for activity in policy.processing_activities}
    return tuple(known[name] for name in _activity_names(table) if name in known)


def ages_of(rule: Rule, seen: TableSeen) -> Ages | None:
    """Return the answer to what a rule asks, None if the evidence has none.

    Dates that were read elsewhere than the policy now says are no answer.
    """
    wanted = (rule.anchor, rule.fallback, rule.holding)
    places = tuple(field.read_as for field in rule.columns)
    return next(
        (
            ages
            for ages in seen.ages
            if (ages.anchor, ages.fallback, ages.holding) == wanted
            and ages.columns in {(), places}  # evidence made by hand may not say
        ),
        None,
    )


def unruled(policy: Policy, table: Table) -> Iterator[tuple[ProcessingActivity, str]]:
    """Yield the personal fields for which no period of their activity is meant, if it has any."""
    for activity in activities_of(policy, table):
        rules = activity.retention_rules
        if rules and all(rule.data_categories for rule in rules):
            meant = {name for rule in rules for name in _holding(table, activity, rule) or ()}
            for field in table.fields:
                is_its = activity_of(table, field) == activity.id
                if (
                    is_its
                    and field not in meant
                    and not covers("system", category_of(table, field))
                ):
                    yield activity, field


def _activity_names(table: Table) -> tuple[str, ...]:
    named = (*table.activities, *(activity_of(table, field) for field in table.fields))
    return tuple(dict.fromkeys(filter(None, named)))


def _rule(table: Table, activity: ProcessingActivity, retention: Retention) -> Rule | None:
    """Return one period as a rule for a table, None if it is about none of its fields."""
    holding = _holding(table, activity, retention)
    own = [field for field in table.fields if activity_of(table, field) == activity.id]
    if holding == () and own:
        return None
    columns = _columns(table, retention)
    unclear = f"which columns it is about: `fields` for {activity.id}" if holding == () else ""
    return Rule(
        activity=activity.id,
        retention=retention,
        anchor=retention.anchor or "",
        columns=columns,
        fallback=_CREATED if len(columns) > 1 else "",
        holding=holding or (),
        missing=_lacking(table, retention) or unclear,
    )


def _holding(
    table: Table, activity: ProcessingActivity, retention: Retention
) -> tuple[str, ...] | None:
    """Return the fields whose values a period is about, None where it is about whole records."""
    wanted = retention.data_categories
    is_shared = len(table.activities) > 1 or any(
        activity_of(table, field) != activity.id for field in table.fields
    )
    if not wanted and retention.action == "delete" and not is_shared:
        return None
    return tuple(
        field
        for field in sorted(table.fields)
        if activity_of(table, field) == activity.id
        and not covers("system", category := category_of(table, field))
        and (not wanted or any(covers(key, category) for key in wanted))
    )


def _columns(table: Table, retention: Retention) -> tuple[AnchorField, ...]:
    """Return the columns of a period's anchor and its stand-in; () if the anchor has none."""
    if retention.anchor is None or retention.anchor not in table.anchors:
        return ()
    columns = [table.anchors[retention.anchor]]
    falls_back = retention.on_missing_anchor == "use_created" and retention.anchor != _CREATED
    if falls_back and _CREATED in table.anchors:
        columns.append(table.anchors[_CREATED])
    return tuple(c if isinstance(c, AnchorField) else AnchorField(field=c) for c in columns)


def _lacking(table: Table, retention: Retention) -> str:
    """Return what the policy must say before anybody can ask for ages, "" if it says all."""
    if not retention.period:
        return "how long: `period`, such as P12M"
    if retention.anchor is None:
        return "from when the period counts: `anchor`, such as last_used"
    if retention.anchor not in table.anchors:
        return f"which column holds that date: `anchors: {{{retention.anchor}: COLUMN}}`"
    return ""
