"""Activities say why, on what basis, whose data, which and how long."""

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.testing import judge, policy
from auditor_checks.legal_basis import missing_basis

WHOLE = {
    "purpose": "essential.service",
    "data_subjects": "[volunteer]",
    "data_categories": "[user.contact]",
    "legal_basis": "contract",
    "retention": "{period: P1Y}",
}


def activity(**changes: str) -> str:
    """Write a policy with one activity, whole but for the changes; "" leaves a key out."""
    keys = {key: value for key, value in {**WHOLE, **changes}.items() if value}
    return "processing_activities:\n  - id: a\n" + "".join(
        f"    {k}: {v}\n" for k, v in keys.items()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"legal_basis": "legitimate_interests", "legitimate_interest": "to find misuse"},
        {
            "data_categories": "[user.health_and_medical]",
            "special_category_basis": "explicit_consent",
        },
        {"data_categories": "[user.criminal_history]", "legal_basis": "legal_obligation"},
        {"data_categories": "[user.criminal_history]", "legal_basis": "public_interest"},
        {"purpose": "marketing.advertising"},
        {"retention": "[{period: P1Y, data_categories: [user.contact]}]"},
    ],
)
def test_an_activity_that_says_all_passes(changes: dict[str, str]) -> None:
    """Nothing is objected to where everything is said."""
    result = judge(missing_basis, policy(activity(**changes)))
    assert (result.outcome.value, result.findings) == ("pass", ())


@pytest.mark.parametrize(
    ("changes", "severity", "words"),
    [
        ({"purpose": ""}, "high", "has no purpose"),
        ({"legal_basis": ""}, "high", "has no legal basis"),
        ({"legal_basis": "legitimate_interests"}, "medium", "does not say which"),
        ({"data_categories": "[user.contact, user.biometric]"}, "critical", "uses user.biometric"),
        ({"data_categories": "[user.demographic.trade_union]"}, "critical", "trade_union without"),
        ({"data_categories": "[user.criminal_history]"}, "high", "on the basis contract"),
        ({"purpose": "marketing.communications.email"}, "medium", "on the basis contract"),
        ({"data_subjects": ""}, "medium", "whose data"),
        ({"data_categories": ""}, "medium", "which data"),
        ({"retention": ""}, "medium", "how long"),
        ({"retention": "{anchor: created}"}, "medium", "how long"),
    ],
)
def test_each_thing_left_out_is_found(changes: dict[str, str], severity: str, words: str) -> None:
    """One thing missing is one finding, as grave as it is."""
    result = judge(missing_basis, policy(activity(**changes)))
    (finding,) = result.findings
    assert (result.outcome.value, finding.severity.value) == ("fail", severity)
    assert finding.object == "activity:a"
    assert words in finding.message


def test_consent_needs_one_way_back_for_all() -> None:
    """Consent that cannot be taken back is one finding, however many activities rest on it."""
    text = activity(legal_basis="consent")
    both = text + text.partition("\n")[2].replace("id: a", "id: b")
    (finding,) = judge(missing_basis, policy(both)).findings
    assert (finding.object, finding.severity.value) == ("right:withdraw_consent", "medium")
    assert finding.message.startswith("a, b rest on consent")
    with_it = f"{both}rights: {{withdraw_consent: {{email: me@example.org}}}}"
    assert judge(missing_basis, policy(with_it)).outcome.value == "pass"


def test_promotion_may_rest_on_consent() -> None:
    """Messages to people who agreed are fine; without a basis, only that is objected to."""
    asked = activity(purpose="marketing.communications.email", legal_basis="consent")
    (finding,) = judge(missing_basis, policy(asked)).findings
    assert finding.message.startswith("a rests on consent, and no rights.withdraw_consent")
    unsaid = activity(purpose="marketing.communications.email", legal_basis="")
    (finding,) = judge(missing_basis, policy(unsaid)).findings
    assert finding.message.startswith("a has no legal basis")


def test_other_rights_are_no_way_back() -> None:
    """That people may have their data erased does not tell them how to take consent back."""
    text = activity(legal_basis="consent") + "rights: {erasure: {email: me@example.org}}"
    assert [f.object for f in judge(missing_basis, policy(text)).findings] == [
        "right:withdraw_consent"
    ]


def test_no_activity_does_not_apply() -> None:
    """A policy without activities uses no data."""
    assert judge(missing_basis, policy("")).outcome.value == "not_applicable"


def test_a_whole_result() -> None:
    """An activity that says nothing but its name fails in five ways, each told apart."""
    result = judge(missing_basis, policy("processing_activities:\n  - id: newsletter"))
    assert msgspec.yaml.encode(result).decode() == snapshot("""\
check: policy-legal-basis
title: Each activity says why, on what basis, whose data and how long
subject: policy
outcome: fail
detail: ''
references:
- gdpr:6
- gdpr:7-3
- gdpr:9
- gdpr:10
- gdpr:13
- gdpr:30
- eprivacy:13
gaps: []
findings:
- fingerprint: 514ee332bbf72a257428a902ea83fa03cbe7109a94f7c33f1015669bc1a252e2
  object: activity:newsletter
  severity: high
  message: newsletter has no legal basis; without one the data may not be used
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop it, if nobody can say
    yaml: ''
  - kind: declare
    text: write legal_basis, and tell people
    yaml: 'legal_basis: TODO

      '
- fingerprint: e94d6bbc9d7c378a64446633b38c06625c0e4cf4214a5d6035670236c3d7dbdb
  object: activity:newsletter
  severity: high
  message: newsletter has no purpose; people are told what each use of their data
    is for
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop it, if nobody can say
    yaml: ''
  - kind: declare
    text: write purpose, and tell people
    yaml: 'purpose: TODO

      '
- fingerprint: 55f84e2612efcc899840ff47fec035a222c6df63a0c4ab7d710b7480ab9a2be2
  object: activity:newsletter
  severity: medium
  message: newsletter does not say whose data it uses
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: declare
    text: write data_subjects, and tell people
    yaml: 'data_subjects: [TODO]

      '
- fingerprint: 8728e87befdeed9babfccfaafc92b40298716bfd5ed679e7dd365d5a9ab67607
  object: activity:newsletter
  severity: medium
  message: newsletter does not say how long data are kept
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: declare
    text: write retention, and tell people
    yaml: 'retention: {period: TODO, anchor: TODO}

      '
- fingerprint: d9e2f9725db3e2096e8ec0f941df0497b47c82defa891f50c219988bc6733fbf
  object: activity:newsletter
  severity: medium
  message: newsletter does not say which data it uses
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: declare
    text: write data_categories, and tell people
    yaml: 'data_categories: [TODO]

      '
""")
