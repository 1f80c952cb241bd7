"""People are told of each change of the policy that concerns them."""

from typing import Any

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.engine import Case
from auditor.engine import judge as judge_all
from auditor.errors import Position
from auditor.evidence import Change, Evidence, Gap, NoticeChange, PolicyChange, Reason, Tool
from auditor.findings import Outcome, Severity
from auditor.testing import TODAY, judge, policy
from auditor_checks.policy_change import NOTICE, unannounced_change

TOLD = NoticeChange(notice="privacy", path="privacy.md", changed=True)
UNTOLD = msgspec.structs.replace(TOLD, changed=False)
UNKNOWN = NoticeChange(notice="web", needs="its file")


def change(kind: str, **facts: Any) -> Change:  # noqa: ANN401 -- fields of Change
    """Return a change of this kind, on the first line."""
    return Change(kind=kind, what="activity:a", **{"at": Position(line=1, column=1), **facts})


def changed(
    *kinds: str, notices: tuple[NoticeChange, ...] = (UNTOLD,), gaps: tuple[Gap, ...] = ()
) -> PolicyChange:
    """Return what changed since `main`."""
    changes = tuple(map(change, kinds))
    return PolicyChange(compared_with="main", changes=changes, notices=notices, gaps=gaps)


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("activity-new", Severity.HIGH),
        ("purpose-changed", Severity.HIGH),
        ("processor-new", Severity.MEDIUM),
        ("basis-changed", Severity.MEDIUM),
        ("right-gone", Severity.MEDIUM),
        ("contact-changed", Severity.MEDIUM),
        ("retention-shorter", Severity.LOW),
    ],
)
def test_what_nobody_is_told_of_is_found(kind: str, severity: Severity) -> None:
    """A further purpose matters most, and what asks less of people least."""
    (found,) = judge(unannounced_change, policy(NOTICE), changed(kind)).findings
    assert found.severity is severity


@pytest.mark.parametrize("kind", ["processor-gone", "store-new", "waiver-new", "detail-changed"])
def test_what_need_not_be_told_passes(kind: str) -> None:
    """Not every change is one for the notice."""
    assert judge(unannounced_change, policy(NOTICE), changed(kind)).outcome is Outcome.PASS


def test_a_notice_that_changed_is_enough() -> None:
    """One of several: which one has to, the checks of notices know."""
    told = changed("processor-new", notices=(UNTOLD, TOLD, UNKNOWN))
    assert judge(unannounced_change, policy(NOTICE), told).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("notices", "what"),
    [((), "notices"), ((UNKNOWN,), "notice:web"), ((UNTOLD, UNKNOWN), "notice:web")],
)
def test_where_nobody_can_tell_it_is_a_gap(notices: tuple[NoticeChange, ...], what: str) -> None:
    """No notice, or one that nobody can compare: never a pass, and no finding either."""
    result = judge(unannounced_change, policy(""), changed("processor-new", notices=notices))
    assert result.outcome is Outcome.ERROR
    assert [(gap.what, gap.reason) for gap in result.gaps] == [(what, Reason.NOT_VERIFIED)]
    assert judge(unannounced_change, policy(""), changed(notices=notices)).outcome is Outcome.PASS


def test_what_is_not_decided_yet_is_a_gap() -> None:
    """A TODO may become anything; a finding that rests on it is one, too."""
    todo = Gap(what="processors[0].country", reason=Reason.UNDECIDED, needs="a decision")
    assert judge(unannounced_change, policy(""), changed(gaps=(todo,))).outcome is Outcome.ERROR
    draft = policy("processing_activities: [{id: a, retention: TODO}]")
    place = draft.processing_activities[0].at
    longer = change("retention-longer", at=place, keys=("retention",))
    found = PolicyChange(compared_with="main", changes=(longer,), notices=(UNTOLD,))
    result = judge(unannounced_change, draft, found)
    assert (result.outcome, result.findings) == (Outcome.ERROR, ())


def test_without_an_older_policy_it_is_not_checked() -> None:
    """`audit run` has nothing to compare with, and says so."""
    evidence = Evidence(tool=Tool(name="test", version="1"))
    case = Case(policy=policy(NOTICE), evidence=evidence, as_of=TODAY)
    (result,) = [
        r for r in judge_all([unannounced_change], case) if r.check == unannounced_change.id
    ]
    assert (result.outcome, result.detail) == snapshot(
        (Outcome.NOT_CHECKED, "nothing to compare with: audit diff BASE")
    )


def test_changes_of_one_object_are_told_apart() -> None:
    """Two categories of one activity are two findings, the same in every run."""
    first, second = (change("category-new", after=name) for name in ("user.name", "user.contact"))
    found = PolicyChange(compared_with="main", changes=(first, second), notices=(UNTOLD,))
    result = judge(unannounced_change, policy(NOTICE), found)
    assert len({one.fingerprint for one in result.findings}) == 2
    again = msgspec.structs.replace(found, compared_with="v2", changes=(second, first))
    assert judge(unannounced_change, policy(NOTICE), again).findings == result.findings


def test_whole_result() -> None:
    """The finding says what changed and what to do."""
    found = changed("processor-new")
    result = judge(unannounced_change, policy(NOTICE), found)
    assert msgspec.yaml.encode(result).decode() == snapshot("""\
check: policy-change-unannounced
title: Who changes the policy tells people in the same step
subject: policy
outcome: fail
detail: ''
references:
- gdpr:13-3
- gdpr:13
- gdpr:5-1-a
gaps: []
findings:
- fingerprint: 7e0a922d1612b8a23fb6851606ad24cd8ae1d430b3938d6085c5698b90a769ca
  object: activity:a
  severity: medium
  message: 'new processor: activity:a; the notice did not change'
  waived_by: null
  policy:
    path: policy.yaml
    line: 1
    column: 1
  seen: []
  remedies:
  - kind: remove
    text: take the change of policy.yaml back
    yaml: ''
  - kind: declare
    text: 'say it in the notice: privacy.md'
    yaml: ''
""")
