"""What stores are asked, as the policy has it: for their records, and to show it beforehand."""

from typing import Final

from auditor.collect.stores.reader import AgesQuestion, ConsentQuestion
from auditor.matching.stored import rules_of
from auditor.policy import AnchorField, Policy, Store, Table

WITHDRAWN: Final = "consent_withdrawn"


def looks_into(store: Store, table: str) -> bool:
    """Return whether the fields of a table that is there are looked into."""
    return store.undeclared_tables == "fail" or any(one.name == table for one in store.tables)


def ages_asked(policy: Policy, table: Table) -> tuple[AgesQuestion, ...]:
    """Return what a table is asked for its ages, each question once."""
    questions = (
        AgesQuestion(
            table=table.name,
            anchor=rule.anchor,
            columns=rule.columns,
            fallback=rule.fallback,
            holding=rule.holding,
        )
        for rule in rules_of(policy, table)
        if not rule.missing
    )
    return tuple(dict.fromkeys(questions))


def consents_asked(table: Table) -> tuple[ConsentQuestion, ...]:
    """Return what a table is asked for consents; how dates are written, its anchors say."""
    said = table.consent
    if said is None or not said.given_at:
        return ()
    anchors = {
        name: AnchorField(field=column) if isinstance(column, str) else column
        for name, column in table.anchors.items()
    }
    given = AnchorField(field=said.given_at)
    known = [anchor for anchor in anchors.values() if not anchor.table]
    return (
        ConsentQuestion(
            table=table.name,
            activity=said.activity,
            given_at=next((one for one in known if one.field == given.field), given),
            withdrawn_at=anchors.get(WITHDRAWN),
            audience=said.audience,
        ),
    )
