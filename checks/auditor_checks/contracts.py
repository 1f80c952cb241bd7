"""Contracts: whoever handles data for us is bound by one (GDPR Art. 26, 28(3))."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Example, check
from auditor.evidence import PolicyItself
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.policy import Contract, Policy, Processor

BOUND = """
processors:
  - id: stripe
    contract: {url: https://stripe.com/legal/dpa, signed: 2026-01-10}
"""


@check(
    "policy-contract",
    title="Each processor is bound by a contract",
    needs=PolicyItself,
    references=["gdpr:28-3", "gdpr:26"],
    passing=Example(policy=BOUND),
    failing=Example(policy="processors: [{id: stripe, role: processor}]"),
)
def missing_contract(policy: Policy, itself: PolicyItself) -> Iterator[Remark]:
    """Stop giving data to whoever is not bound, or conclude the contract.

    Most services publish a data processing agreement: accept it in their settings, and write its
    address in `contract.url` or the day in `contract.signed`. Who decides with you why data are
    used needs an arrangement instead; who decides alone (`independent_controller`) needs neither,
    but people want to know its privacy policy.
    """
    if not policy.processors:
        yield NotApplicable(why="the policy declares no processor")
    for processor in policy.processors:
        yield from _objections(processor, itself.as_of)


def _objections(processor: Processor, as_of: date) -> Iterator[Finding]:
    contract = processor.contract or Contract()
    independent = processor.role == "independent_controller"
    if independent and not processor.privacy_policy:
        yield _finding(
            processor,
            "privacy_policy",
            Severity.LOW,
            "decides alone what it does with the data, and no privacy_policy is named",
            Remedy(
                kind="declare",
                text="name its privacy policy, and tell people",
                yaml="privacy_policy: TODO\n",
            ),
        )
    if not independent and not contract.url and not contract.signed:
        what = "arrangement" if processor.role == "joint_controller" else "contract"
        yield _finding(
            processor,
            what,
            Severity.MEDIUM,
            f"handles data (role: {processor.role}), and no {what} binds it",
            Remedy(
                kind="declare",
                text=f"conclude the {what}, then name its address or the day it was signed",
                yaml="contract:\n  url: TODO\n  signed: TODO\n",
            ),
        )
    if contract.signed and contract.signed > as_of:
        yield _finding(
            processor,
            "signed",
            Severity.MEDIUM,
            f"has a contract signed on {contract.signed.isoformat()},"
            f" which is after {as_of.isoformat()}",
            Remedy(kind="declare", text="write the day on which it was signed"),
        )


def _finding(
    processor: Processor, facet: str, severity: Severity, objection: str, declare: Remedy
) -> Finding:
    return Finding(
        object=f"processor:{processor.id}",
        facet=facet,
        keys=("role", "privacy_policy" if facet == "privacy_policy" else "contract"),
        severity=severity,
        message=f"{processor.name or processor.id} {objection}",
        at=processor.at,
        remedies=(Remedy(kind="remove", text="stop giving it personal data"), declare),
    )
