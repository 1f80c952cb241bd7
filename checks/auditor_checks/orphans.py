"""Erasure: whoever's account is gone is gone everywhere (GDPR Art. 17, 19, 28(3)(g))."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, Gap, People, Reason, SubjectsSeen, TableSeen
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import holder_of
from auditor.policy import Policy, Table
from auditor.sighting import in_table

TWO = """
accounts:
  - id: app
    connector: stripe
    tables: [{name: customers, people_in: "account:app/people"}, {name: people}]
"""


def _people(*hashes: str) -> tuple[SubjectsSeen, ...]:
    return (SubjectsSeen(field="email:email", key="k", hashes=hashes),)


@check(
    "erasure-orphan",
    title="Nobody is left over whose account is gone",
    needs=People,
    references=["gdpr:17", "gdpr:19", "gdpr:28"],
    looks_at=[Aspect.SUBJECTS],
    passing=Example(
        policy=TWO,
        seen=(
            example.table("customers", subjects=_people("aa")),
            example.table("people", subjects=_people("aa", "bb")),
        ),
    ),
    failing=Example(
        policy=TWO,
        seen=(
            example.table("customers", subjects=_people("aa", "cc")),
            example.table("people", subjects=_people("aa", "bb")),
        ),
    ),
)
def left_over(policy: Policy, people: People) -> Iterator[Remark]:
    """Delete what is left of people whose account is gone, here and wherever it was sent.

    Say under `people_in` of a table where everybody with an account is listed. People are compared
    by keyed hashes: no name and no address is kept. The key is a secret of your own, in the
    variable AUDIT_SUBJECT_KEY, the same for every run.
    """
    holder = holder_of(policy, people.subject)
    asked = [table for table in (holder.tables if holder else ()) if table.people_in]
    if not asked:
        yield NotApplicable(why="no table here says where its people are listed (`people_in`)")
    there = {table.name: table for table in people.tables}
    for table in asked:
        yield from _compared(table, there.get(table.name), people)


def _compared(table: Table, seen: TableSeen | None, people: People) -> Iterator[Remark]:
    subject, _, name = table.people_in.partition("/")
    listed = next((one for one in people.elsewhere.get(subject, ()) if one.name == name), None)
    if seen is None or listed is None:
        missing = table.people_in if seen else f"{people.subject}/{table.name}"
        yield _gap(table, f"a look at {missing}")
        return
    pairs = [
        (mine, other)
        for mine in seen.subjects
        for other in listed.subjects
        if _kind(mine) == _kind(other)
    ]
    if not pairs:
        yield _gap(table, f"the same kind of key, such as e-mail, here and in {table.people_in}")
    for mine, other in pairs[:1]:
        if mine.key != other.key:
            yield _gap(table, "hashes by one key: collect both with the same AUDIT_SUBJECT_KEY")
        elif left := set(mine.hashes) - set(other.hashes):
            yield _finding(table, seen, len(left), len(mine.hashes))


def _kind(subjects: SubjectsSeen) -> str:
    return subjects.field.partition(":")[0]


def _gap(table: Table, needs: str) -> Gap:
    return Gap(
        what=f"table:{table.name}, who is left over",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=needs,
        aspects=(Aspect.SUBJECTS,),
    )


def _finding(table: Table, seen: TableSeen, left: int, number: int) -> Finding:
    return Finding(
        object=f"table:{table.name}",
        facet=table.people_in,
        severity=Severity.HIGH,
        message=f"{left:,} of {number:,} people in {table.name} are not in {table.people_in}:"
        " their account is gone, and this is left of them",
        at=table.at,
        seen=(in_table(seen, f"{left:,} of {number:,} people are not in {table.people_in}"),),
        remedies=(
            Remedy(kind="remove", text="delete them here, whenever an account is deleted"),
            Remedy(
                kind="declare",
                text="if something obliges you to keep them, give them an activity with its own"
                " period, and no `people_in`",
            ),
        ),
    )
