"""Changes of the policy: people are told in the same step (GDPR Art. 13(3))."""

from collections.abc import Iterator

from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Change, Gap, NoticeChange, PolicyChange, Reason
from auditor.findings import Finding, Remark, Remedy, Severity
from auditor.policy import Policy

NOTICE = "notices: [{id: privacy, path: privacy.md}]"
LONGER = Change(
    kind="retention-longer",
    what="activity:accounts",
    before="P12M after last_used",
    after="P24M after last_used",
    at=Position(line=1, column=1),
)
FURTHER_PURPOSE = "gdpr:13-3"


def _example(*, told: bool) -> Example:
    notice = NoticeChange(notice="privacy", path="privacy.md", changed=told)
    change = PolicyChange(compared_with="main", changes=(LONGER,), notices=(notice,))
    return Example(policy=NOTICE, changed=change)


@check(
    "policy-change-unannounced",
    title="Who changes the policy tells people in the same step",
    needs=PolicyChange,
    references=["gdpr:13-3", "gdpr:13", "gdpr:5-1-a"],
    passing=_example(told=True),
    failing=_example(told=False),
)
def unannounced_change(_: Policy, change: PolicyChange) -> Iterator[Remark]:
    """Change the notice in the same step, so that it says what the policy says now.

    `audit diff BASE` judges it, and no other command can: it takes two policies. That some
    notice changed is seen, not whether it says the right thing: the notice checks look at that.
    """
    needed = change.to_be_told
    if not needed or change.is_told:
        return
    if change.is_told is None:
        yield from _unknown(change)
        return
    for one in needed:
        yield Finding(
            object=one.what,
            facet=f"{one.kind}:{one.after or one.before}",
            severity=_severity(one),
            message=_message(one),
            at=one.at,
            keys=one.keys,
            remedies=(
                Remedy(kind="remove", text="take the change of policy.yaml back"),
                Remedy(kind="declare", text=f"say it in the notice: {_paths(change)}"),
            ),
        )


def _unknown(change: PolicyChange) -> Iterator[Gap]:
    """Yield a gap for each notice of which nobody can tell whether it changed."""
    number = len(change.to_be_told)
    of_what = "a change" if number == 1 else f"{number} changes"
    if not change.notices:
        needs = f"an entry under `notices` with its path: people have to be told of {of_what}"
        yield Gap(what="notices", reason=Reason.NOT_VERIFIED, needs=needs)
    for notice in change.notices:
        if notice.changed is None:
            what = f"notice:{notice.notice}"
            yield Gap(what=what, reason=Reason.NOT_VERIFIED, needs=notice.needs)


def _severity(one: Change) -> Severity:
    """Return high for a further purpose, low for what asks less of people than before."""
    if FURTHER_PURPOSE in one.references:
        return Severity.HIGH
    return Severity.LOW if one.weight == "narrows" else Severity.MEDIUM


def _message(one: Change) -> str:
    values = " -> ".join(filter(None, (one.before, one.after)))
    said = f"{one.title}: {one.what}" + (f", {values}" if values else "")
    return f"{said}; the notice did not change"


def _paths(change: PolicyChange) -> str:
    return (
        ", ".join(notice.path for notice in change.notices if notice.path) or "all that you have"
    )
