"""The policy itself: a draft is never green."""

from collections.abc import Iterator

from auditor.check import Example, check
from auditor.evidence import Gap, PolicyItself, Reason
from auditor.findings import Remark
from auditor.policy import Policy


@check(
    "policy-unfinished",
    title="The policy is finished",
    needs=PolicyItself,
    references=["gdpr:5-2", "gdpr:24"],
    passing=Example(policy="processors: [{id: stripe, country: US}]"),
    failing=Example(policy="processors: [{id: stripe, country: TODO}]"),
)
def undecided_value(policy: Policy, _: PolicyItself) -> Iterator[Remark]:
    """Write a value in place of each `TODO`, or take the entry out.

    A policy with a `TODO` can be checked, so that you see how far you are; it never passes. Each
    is a decision for the people who know why the data is needed, not for the tool.
    """
    for undecided in policy.origin.undecided:
        yield Gap(what=undecided.where, reason=Reason.UNDECIDED, needs=undecided.needs)
