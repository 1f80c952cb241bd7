"""Stored data: whoever is contacted has agreed, and it can be shown (GDPR Art. 7(1))."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, ConsentCounted, DeclaredData
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching import consents_in, held_in
from auditor.policy import Policy, Table

LETTERS = """
processing_activities:
  - {id: letters, data_categories: [user.contact], legal_basis: consent}
stores:
  - id: app
    connector: sql
    tables:
      - name: readers
        activities: [letters]
        fields: {email: user.contact.email}
        consent: {given_at: agreed_at, audience: {field: subscribed}}
"""
GIVEN = ConsentCounted(activity="letters", audience=100)
WORDS = {
    "without": "show no consent",
    "withdrawn": "took their consent back",
}


@check(
    "consent-record",
    title="Everybody who is contacted has agreed",
    needs=DeclaredData,
    references=["gdpr:7-1", "gdpr:6", "eprivacy:13"],
    looks_at=[Aspect.CONSENTS],
    passing=Example(policy=LETTERS, seen=(example.table("readers", GIVEN),)),
    failing=Example(
        policy=LETTERS,
        seen=(
            example.table("readers", ConsentCounted(activity="letters", audience=100, without=4)),
        ),
    ),
)
def contact_without_consent(policy: Policy, stored: DeclaredData) -> Iterator[Remark]:
    """Take these people out of the audience now.

    Consent has to be given before, and be shown by a record; asking for it afterwards does not
    heal what was sent. Whoever took it back is out of the audience from then on.
    """
    recorded = [held for held in held_in(policy, stored) if held.table.consent]
    if not recorded:
        yield NotApplicable(why="no table is said to show consent")
    for held in recorded:
        if held.table.consent and not held.table.consent.given_at:
            yield _unrecorded(held.table)
        for counted in consents_in(held):
            yield from _objections(held.table, counted)


def _unrecorded(table: Table) -> Finding:
    return Finding(
        object=f"table:{table.name}",
        facet="given_at",
        keys=("given_at",),
        severity=Severity.MEDIUM,
        message=f"no column of {table.name} is said to hold when people agreed",
        at=table.consent.at if table.consent else table.at,
        remedies=(
            Remedy(kind="gate", text="record when each person agreed"),
            Remedy(kind="declare", text="name the column", yaml="given_at: TODO\n"),
        ),
    )


def _objections(table: Table, counted: ConsentCounted) -> Iterator[Finding]:
    for what, number in (("without", counted.without), ("withdrawn", counted.withdrawn)):
        if number:
            told = f"{number:,} of {counted.audience:,} people"
            yield Finding(
                object=f"table:{table.name}",
                facet=f"{_what_for(table)}/{what}",
                severity=Severity.HIGH,
                message=f"{told} in the audience of {_what_for(table)} ({table.name})"
                f" {WORDS[what]}",
                at=table.consent.at if table.consent else table.at,
                seen=(Sighting(detail=f"{table.name}: {told}, {what}"),),
                remedies=(
                    Remedy(kind="remove", text="take them out of the audience now"),
                    Remedy(kind="gate", text="let people in only once they agreed, on record"),
                ),
            )


def _what_for(table: Table) -> str:
    """Return the activity that people agreed to."""
    named = table.consent.activity if table.consent else ""
    return named or next(iter(table.activities), "")
