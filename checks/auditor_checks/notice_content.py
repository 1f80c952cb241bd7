"""What a notice must state: the checklist of the laws that apply (GDPR Art. 13, 14; ePrivacy)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Fact, FactKind, Told
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.matching.checklist import CCPA, Row, rows_for
from auditor.matching.told import (
    beside,
    facts_of,
    names_controller,
    notice_of,
    settled,
)
from auditor.policy import NOWHERE, Policy
from auditor.vocabulary import REFERENCES

PRIVACY = "notices: [{id: privacy, path: privacy.md}]\n"
KINDS: tuple[FactKind, ...] = (
    *("controller", "contact", "dpo", "representative", "purpose", "legal_basis", "topic"),
    *("processor", "sub_processor", "transfer", "retention", "right", "right_channel"),
    *("supervisory_authority", "data_category", "cookie", "opt_in", "absolute_claim", "updated"),
)
WHOLE = example.notice(
    example.fact("controller", name="Example"),
    example.fact("contact", "email", address="privacy@example.org"),
    example.fact("purpose", "essential.service"),
    example.fact("legal_basis", "contract"),
    example.fact("retention", "fixed", period="P1Y"),
    *(example.fact("right", key) for key in ("access", "rectification", "erasure")),
    example.fact("right", "restriction"),
    example.fact("supervisory_authority", name="CNIL"),
)


@check(
    "notice-content",
    title="The notice states what the law asks for",
    needs=Told,
    references=["gdpr:13", "gdpr:14", "eprivacy:5-3", "cjeu:c-673-17", "ccpa:1798.130"],
    passing=Example(policy=PRIVACY, told=WHOLE),
    failing=Example(policy=PRIVACY, told=example.notice()),
)
def incomplete_notice(policy: Policy, told: Told) -> Iterator[Remark]:
    """Add to the notice what is not found in it, in words that your readers understand.

    Which rows apply follows from policy.yaml: the jurisdictions of the sites that show the notice,
    purposes, legal bases, cookies, recipients. A row that is found says that there are words for
    it, and not that these are clear, true or enough: no program can tell that. The rows for
    California are experimental. Where several notices are in one language, any of them counts.
    """
    together = beside(policy, told)
    rows = rows_for(policy, together)
    if not rows:
        yield NotApplicable(why="no row of the checklist applies to this policy")
        return
    if why := settled(policy, told):
        yield from why
        return
    facts = list(facts_of(policy, told, *KINDS))
    if names_controller(policy, told):
        facts.append(Fact(kind="controller", name=policy.controller.name, sentence=""))
    missing = [(row, lacking) for row in rows if (lacking := row.lacking(policy, facts))]
    read = tuple(
        Sighting(
            page=notice.sources[0].path,
            detail=f"says nothing of it; {len(missing)} of {len(rows)} rows lack something",
        )
        for notice in together
    )
    for row, lacking in missing:
        yield _finding(policy, told, row, lacking, read)


def _finding(
    policy: Policy, told: Told, row: Row, lacking: str, read: tuple[Sighting, ...]
) -> Finding:
    notice = notice_of(policy, told.notice)
    articles = ", ".join(REFERENCES[key].title.partition(":")[0] for key in row.references)
    return Finding(
        object=f"row:{row.id} {row.name}",
        severity=_severity(row),
        message=f"not found in the notice: {lacking} ({articles})",
        at=notice.at if notice else NOWHERE,
        seen=read,
        remedies=(Remedy(kind="declare", text="say it in the notice"),),
    )


def _severity(row: Row) -> Severity:
    return Severity.LOW if row.minor or row.law == CCPA else Severity.MEDIUM
