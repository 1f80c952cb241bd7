"""Contact: the notice says who is responsible and how to reach them (GDPR Art. 13(1)(a), (b))."""

from collections.abc import Iterator, Sequence

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Fact, FactKind, Told
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.matching.addresses import is_written, masked
from auditor.matching.told import (
    facts_of,
    names_controller,
    said_in,
    settled,
    texts_of,
)
from auditor.policy import Policy

WRITE = example.fact("contact", "email", address="privacy@example.org")
OLD = example.fact("contact", "email", address="old@example.org")
WHO = """
notices: [{id: privacy, path: privacy.md}]
controller: {name: Example, email: privacy@example.org}
"""
NAMED = example.fact("controller", name="Example")
ADDRESSES: tuple[FactKind, ...] = ("contact", "controller", "right_channel")
OFFICES: dict[FactKind, tuple[str, str]] = {
    "dpo": ("data protection officer", "gdpr:13-1-b"),
    "representative": ("representative in the EU", "gdpr:27"),
}


@check(
    "notice-contact",
    title="The notice says who is responsible, and how to reach them",
    needs=Told,
    references=["gdpr:13-1-a", "gdpr:13-1-b", "gdpr:27"],
    passing=Example(policy=WHO, told=example.notice(NAMED, WRITE)),
    failing=Example(policy=WHO, told=example.notice(NAMED, OLD)),
)
def unreachable_controller(policy: Policy, told: Told) -> Iterator[Remark]:
    """Say in the notice who is responsible, and give the address that policy.yaml names.

    The same for the data protection officer and the representative in the EU, where there are.
    Another address is shown without the name in it, unless that is an office's. Where several
    notices are in one language, any of them counts.
    """
    if why := settled(policy, told):
        yield from why
        return
    yield from _name(policy, told)
    yield from _address(policy, told)
    for kind, (office, _) in OFFICES.items():
        yield from _office(policy, told, kind, office)


def _name(policy: Policy, told: Told) -> Iterator[Finding]:
    """Object where no sentence names the controller; its name anywhere is enough."""
    if names_controller(policy, told):
        return
    name, named = policy.controller.name, facts_of(policy, told, "controller")
    sure = [fact for fact in named if fact.confidence == "high"]
    instead = f", which names {sure[0].name}" if sure else ""
    yield Finding(
        object="controller:name",
        keys=("name",),
        severity=Severity.MEDIUM,
        message=f"{name}, who is responsible, is not found in the notice{instead}",
        at=policy.controller.at,
        seen=tuple(said_in(told, fact) for fact in sure),
        remedies=(Remedy(kind="declare", text="name in the notice who is responsible"),),
    )


def _address(policy: Policy, told: Told) -> Iterator[Finding]:
    """Object to another e-mail address, and where there is no way at all to reach anybody."""
    controller = policy.controller
    facts = facts_of(policy, told, *ADDRESSES)
    mails = [fact for fact in facts if fact.key == "email" and fact.address]
    if controller.email:
        if not _is_given(controller.email, mails):
            yield _other(controller.at, "controller:email", controller.email, told, mails)
        return
    if controller.address:
        text = " ".join(texts_of(policy, told))
        if not is_written(controller.address, text) and not mails:
            yield _no_way("controller:address", "address", policy)
    elif not any(fact.address for fact in facts):
        yield _no_way("controller:email", "", policy)


def _no_way(what: str, key: str, policy: Policy) -> Finding:
    return Finding(
        object=what,
        keys=(key,) if key else (),
        severity=Severity.MEDIUM,
        message="no way to reach who is responsible is found in the notice",
        at=policy.controller.at,
        remedies=(Remedy(kind="declare", text="give an address in the notice, and here"),),
    )


def _is_given(wanted: str, mails: Sequence[Fact]) -> bool:
    return any(fact.address.casefold() == wanted.casefold() for fact in mails)


def _office(policy: Policy, told: Told, kind: FactKind, office: str) -> Iterator[Finding]:
    declared = policy.controller.dpo if kind == "dpo" else policy.controller.representative
    facts = facts_of(policy, told, kind)
    if declared is None:
        sure = [fact for fact in facts if fact.address and fact.confidence == "high"]
        if sure:
            yield Finding(
                object=f"controller:{kind}",
                facet="undeclared",
                severity=Severity.LOW,
                message=f"the notice names a {office}; policy.yaml has none",
                at=policy.controller.at,
                seen=tuple(said_in(told, fact) for fact in sure),
                remedies=(Remedy(kind="declare", text=f"write controller.{kind}"),),
            )
        return
    at = declared.at
    if not facts:
        yield Finding(
            object=f"controller:{kind}",
            severity=Severity.MEDIUM,
            message=f"how to reach the {office} is not found in the notice",
            at=at,
            remedies=(Remedy(kind="declare", text=f"say how to reach the {office}"),),
        )
        return
    mails = [fact for fact in facts if fact.key == "email" and fact.address]
    # Its address may stand in a sentence of its own, behind the one that names the office.
    near = [fact for fact in facts_of(policy, told, *ADDRESSES) if fact.key == "email"]
    if declared.email and not _is_given(declared.email, (*mails, *near)):
        yield _other(at, f"controller:{kind}", declared.email, told, mails)


def _other(at: Position, what: str, wanted: str, told: Told, mails: Sequence[Fact]) -> Finding:
    instead = ", ".join(dict.fromkeys(masked(fact.address) for fact in mails[:3]))
    other = f"; it gives {instead}" if instead else ""
    return Finding(
        object=what,
        facet="email",
        keys=("email",),
        severity=Severity.MEDIUM,
        message=f"{wanted} is not found in the notice{other}",
        at=at,
        seen=tuple(dict.fromkeys(said_in(told, fact) for fact in mails)),
        remedies=(Remedy(kind="declare", text="give the same address in the notice and here"),),
    )
