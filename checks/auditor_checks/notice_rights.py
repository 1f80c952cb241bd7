"""Rights: the notice tells of each that policy.yaml gives, and how to use it (Art. 13(2)(b))."""

from collections.abc import Iterator, Sequence

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Fact, FactKind, Told
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching.addresses import is_same_address
from auditor.matching.told import (
    facts_of,
    notice_of,
    plain_name,
    said_in,
    settled,
    stands_in,
    texts_of,
)
from auditor.policy import NOWHERE, Complaint, Policy, Right
from auditor.vocabulary import REFERENCES, RIGHTS

GIVEN = """
notices: [{id: privacy, path: privacy.md}]
rights: {access: {email: privacy@example.org}}
"""
WRITE = example.fact("right_channel", "email", address="privacy@example.org")
AUTHORITY: FactKind = "supervisory_authority"


@check(
    "notice-rights",
    title="The notice tells of each right, and how to use it",
    needs=Told,
    references=["gdpr:13-2-b", "gdpr:13-2-c", "gdpr:13-2-d", "gdpr:12"],
    passing=Example(policy=GIVEN, told=example.notice(example.fact("right", "access"), WRITE)),
    failing=Example(policy=GIVEN, told=example.notice(WRITE)),
)
def untold_right(policy: Policy, told: Told) -> Iterator[Remark]:
    """Tell people in the notice which rights they have, and where to write to use each.

    A right that the notice offers and policy.yaml does not is one that nobody has said how to
    answer: add it to `rights`. Name the authority to which people can complain. Where several
    notices are in one language, any of them counts.
    """
    if why := settled(policy, told):
        yield from why
        return
    facts = facts_of(policy, told, "right")
    authorities = [f for f in facts_of(policy, told, AUTHORITY) if f.confidence != "low"]
    given = {key: right for key in RIGHTS if (right := getattr(policy.rights, key, None))}
    if not given and not facts:
        yield NotApplicable(why="neither policy.yaml nor the notice gives a right")
    for key, right in given.items():
        mine = [fact for fact in facts if fact.key == key]
        if not mine and not (key == "complaint" and authorities):
            yield _untold(key, right)
        else:
            yield from _channel(policy, told, key, right, mine)
            if isinstance(right, Complaint):
                yield from _authority(policy, told, right)
    yield from _undeclared(policy, told, facts, given)


def _untold(key: str, right: Right) -> Finding:
    return Finding(
        object=f"right:{key}",
        severity=Severity.MEDIUM,
        message=f"the right {_called(key)} is not found in the notice",
        at=right.at,
        remedies=(Remedy(kind="declare", text=f"tell people of it in the notice: {_does(key)}"),),
    )


def _channel(
    policy: Policy, told: Told, key: str, right: Right, mine: Sequence[Fact]
) -> Iterator[Finding]:
    """Object where the notice does not say how to use a right, or says something else."""
    wanted = [address for address in (right.email, right.url) if address]
    if not wanted:
        return
    channels = facts_of(policy, told, "right_channel")
    mine_or_all = [fact for fact in channels if not fact.about or key in fact.about]
    if any(_is_one_of(fact, wanted) for fact in mine_or_all):
        return
    ways = [fact for fact in mine_or_all if fact.key in {"email", "url"}]
    others = (*facts_of(policy, told, "contact"), *channels)
    known = [fact for fact in others if _is_one_of(fact, wanted)]
    told_instead = ways or known
    severity = Severity.LOW if known else Severity.MEDIUM
    says = "says another way to use it" if ways else "does not say how to use it"
    if known:
        says = "names its address, and not for this"
    yield Finding(
        object=f"right:{key}",
        facet="channel",
        keys=("email", "url"),
        severity=severity,
        message=f"the notice {says}: the right {_called(key)}",
        at=right.at,
        seen=tuple(dict.fromkeys(said_in(told, fact) for fact in (*mine, *told_instead))),
        remedies=(Remedy(kind="declare", text="say the same way in the notice and here"),),
    )


def _is_one_of(fact: Fact, wanted: Sequence[str]) -> bool:
    return any(is_same_address(fact.address, address) for address in wanted)


def _authority(policy: Policy, told: Told, complaint: Complaint) -> Iterator[Finding]:
    """Object where the notice does not name the authority that policy.yaml names."""
    wanted = complaint.supervisory_authority
    named = [fact for fact in facts_of(policy, told, AUTHORITY) if fact.name]
    same = any(plain_name(fact.name) == plain_name(wanted) for fact in named)
    if not wanted or same or stands_in(wanted, texts_of(policy, told)):
        return
    instead = f"; it names {', '.join(dict.fromkeys(fact.name for fact in named))}"
    yield Finding(
        object="right:complaint",
        facet="supervisory_authority",
        keys=("supervisory_authority",),
        severity=Severity.LOW,
        message=f"{wanted}, to which people can complain, is not found in the notice"
        f"{instead if named else ''}",
        at=complaint.at,
        seen=tuple(dict.fromkeys(said_in(told, fact) for fact in named)),
        remedies=(Remedy(kind="declare", text="name the same authority in the notice and here"),),
    )


def _undeclared(
    policy: Policy, told: Told, facts: Sequence[Fact], given: dict[str, Right | Complaint]
) -> Iterator[Finding]:
    notice = notice_of(policy, told.notice)
    at = policy.section("rights") if policy.rights else notice.at if notice else NOWHERE
    for key in RIGHTS:
        mine = [fact for fact in facts if fact.key == key]
        if not mine or key in given:
            continue
        sure = any(fact.confidence == "high" for fact in mine)
        yield Finding(
            object=f"right:{key}",
            facet="undeclared",
            severity=Severity.MEDIUM if sure else Severity.LOW,
            message=f"the notice gives the right {_called(key)}; policy.yaml does not say how",
            at=at,
            seen=tuple(dict.fromkeys(said_in(told, fact) for fact in mine)),
            remedies=(
                Remedy(
                    kind="declare",
                    text="say under rights who answers, and how",
                    yaml=f"{key}: {{email: TODO}}\n",
                ),
            ),
        )


def _called(key: str) -> str:
    """Call a right by what it lets people do, and by its article."""
    right = RIGHTS[key]
    article = REFERENCES[right.article].title.partition(":")[0]
    return f"“{right.label.lower()}” ({article})"


def _does(key: str) -> str:
    description = RIGHTS[key].description
    return f"{description[:1].lower()}{description[1:]}".rstrip(".")
