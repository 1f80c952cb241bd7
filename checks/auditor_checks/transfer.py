"""Transfers: data leave the European Economic Area only under a safeguard (GDPR Art. 44-49)."""

from collections.abc import Iterator

from auditor.check import Example, check
from auditor.evidence import PolicyItself
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.policy import Policy, Processor, Transfer
from auditor.vocabulary import ADEQUATE, EEA, PARTLY_ADEQUATE

SAFE = """
processors:
  - id: stripe
    country: US
    transfer: {mechanism: adequacy_decision, details: on the Data Privacy Framework list}
"""
UNSAFE = """
processors:
  - id: stripe
    country: US
"""


@check(
    "policy-transfer",
    title="Data leave the EEA only under a safeguard",
    needs=PolicyItself,
    references=["gdpr:44", "gdpr:45", "gdpr:46", "gdpr:13-1-f"],
    passing=Example(policy=SAFE),
    failing=Example(policy=UNSAFE),
)
def unsafe_transfer(policy: Policy, _: PolicyItself) -> Iterator[Remark]:
    """Keep the data in the European Economic Area, or find out what protects them elsewhere.

    A service with servers in the EEA, or none at all, is the simplest answer. Otherwise ask the
    processor what it offers (its data processing agreement says so), write it in `transfer`, with
    every country the data go to, and tell people in the notice.
    """
    if not any("eu-gdpr" in laws for laws in _laws(policy)):
        yield NotApplicable(why="the GDPR is not among the policy's jurisdictions")
    elif not policy.processors:
        yield NotApplicable(why="the policy declares no processor")
    else:
        for processor in policy.processors:
            yield from _objections(processor)


def _laws(policy: Policy) -> list[tuple[str, ...]]:
    return [policy.jurisdictions, *(site.jurisdictions for site in policy.sites)]


def _objections(processor: Processor) -> Iterator[Finding]:
    transfer = processor.transfer or Transfer()
    outside = [country for country in processor.countries if country not in EEA]
    where = ", ".join(outside)
    if not processor.countries:
        yield _finding(
            processor,
            "country",
            Severity.MEDIUM,
            "has no country: nobody can tell whether data leave the EEA",
            Remedy(kind="declare", text="say where it handles the data", yaml="country: TODO\n"),
        )
    elif outside and not transfer.mechanism:
        yield _finding(
            processor,
            "mechanism",
            Severity.HIGH,
            f"receives data in {where}, outside the EEA; no transfer.mechanism protects them",
            Remedy(
                kind="declare",
                text="find out what protects the data there, write it, and tell people",
                yaml=_stanza(outside),
            ),
        )
    elif outside and transfer.mechanism == "none_eea":
        yield _finding(
            processor,
            "none_eea",
            Severity.HIGH,
            f"is said to keep data in the EEA (none_eea), but receives them in {where}",
            Remedy(
                kind="declare",
                text="correct the countries or the mechanism, and what people are told",
                yaml=_stanza(outside),
            ),
        )
    elif transfer.mechanism == "adequacy_decision":
        yield from _inadequate(processor, transfer, outside)


def _inadequate(processor: Processor, transfer: Transfer, outside: list[str]) -> Iterator[Finding]:
    for country in outside:
        if country in ADEQUATE:
            continue
        if country not in PARTLY_ADEQUATE:
            yield _finding(
                processor,
                f"adequacy_decision {country}",
                Severity.MEDIUM,
                f"names an adequacy decision for {country}; none is known",
                Remedy(
                    kind="declare",
                    text="name the safeguard that really applies, such as sccs",
                    yaml=_stanza([country]),
                ),
            )
        elif not transfer.details:
            yield _finding(
                processor,
                f"details {country}",
                Severity.MEDIUM,
                f"does not say under what: the decision for {country} covers only"
                f" {PARTLY_ADEQUATE[country]}",
                Remedy(
                    kind="declare",
                    text="make sure that it is one of these, and say so in transfer.details",
                    yaml="transfer:\n  mechanism: adequacy_decision\n  details: TODO\n",
                ),
            )


def _finding(
    processor: Processor, facet: str, severity: Severity, objection: str, declare: Remedy
) -> Finding:
    return Finding(
        object=f"processor:{processor.id}",
        facet=facet,
        keys=("country", "transfer"),
        severity=severity,
        message=f"{processor.name or processor.id} {objection}",
        at=processor.at,
        remedies=(
            Remedy(kind="remove", text="do without it, or use one that keeps data in the EEA"),
            declare,
        ),
    )


def _stanza(outside: list[str]) -> str:
    decided = all(country in ADEQUATE for country in outside)
    return f"transfer:\n  mechanism: {'adequacy_decision' if decided else 'TODO'}\n"
