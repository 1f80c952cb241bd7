"""What does without consent says why, and is what it says."""

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.testing import judge, policy
from auditor_checks.exemption import doubtful_exemption

NECESSARY = {
    "type": "cookie",
    "purpose": "essential.service",
    "consent": "exempt_strictly_necessary",
    "reason": "keeps the basket",
}
AUDIENCE = {
    "purpose": "analytics.reporting",
    "consent": "exempt_audience_measurement",
    "reason": "counts our visitors for us alone",
}


def row(**changes: str) -> str:
    """Write a policy with one exempt row, whole but for the changes; "" leaves a key out."""
    keys = {key: value for key, value in {**NECESSARY, **changes}.items() if value}
    return "device_storage:\n  - identifier: basket\n" + "".join(
        f"    {key}: {value}\n" for key, value in keys.items()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"consent": "exempt_transmission"},
        AUDIENCE,
        {**AUDIENCE, "max_age": "session"},
        {**AUDIENCE, "max_age": "P13M"},
        {**AUDIENCE, "max_age": "P397D"},
        {"max_age": "P5Y"},
    ],
)
def test_an_exemption_that_holds_passes(changes: dict[str, str]) -> None:
    """A purpose that fits, a reason, and for audience measurement a short life."""
    result = judge(doubtful_exemption, policy(row(**changes)))
    assert (result.outcome.value, result.findings) == ("pass", ())


@pytest.mark.parametrize(
    ("changes", "severity", "words"),
    [
        ({"reason": ""}, "medium", "no reason says why"),
        ({"purpose": ""}, "medium", "no purpose says what for"),
        ({"purpose": "analytics"}, "high", "analytics can always wait"),
        ({"purpose": "marketing.advertising"}, "high", "can always wait"),
        ({"purpose": "personalize.content"}, "high", "can always wait"),
        ({"purpose": "third_party_sharing"}, "high", "can always wait"),
        ({"purpose": "sales"}, "high", "can always wait"),
        ({"purpose": "train_ai_system"}, "high", "can always wait"),
        ({"purpose": "analytics", "consent": "exempt_transmission"}, "high", "can always wait"),
        ({**AUDIENCE, "purpose": "marketing"}, "high", "but its purpose is marketing"),
        ({**AUDIENCE, "purpose": ""}, "medium", "no purpose"),
        ({**AUDIENCE, "max_age": "P14M"}, "medium", "may last P14M"),
        ({**AUDIENCE, "max_age": "P398D"}, "medium", "(CNIL)"),
    ],
)
def test_a_doubtful_exemption_is_found(changes: dict[str, str], severity: str, words: str) -> None:
    """Each doubt is one finding about the row."""
    result = judge(doubtful_exemption, policy(row(**changes)))
    (finding,) = result.findings
    assert (result.outcome.value, finding.severity.value) == ("fail", severity)
    assert finding.object == "cookie:basket"
    assert words in finding.message


def test_the_object_names_the_type() -> None:
    """A storage key and a cookie of one name are two things."""
    text = row(type="local_storage", reason="")
    (finding,) = judge(doubtful_exemption, policy(text)).findings
    assert finding.object == "local_storage:basket"


CONTRADICTION = """
processors: [{id: p, consent: not_required}]
processing_activities:
  - {id: news, legal_basis: consent, processors: [p]}
"""


def test_a_processor_that_does_not_wait_contradicts_consent() -> None:
    """An activity that rests on consent cannot use a processor that asks for none."""
    result = judge(doubtful_exemption, policy(CONTRADICTION))
    (finding,) = result.findings
    assert (finding.object, finding.severity.value) == ("processor:p", "high")
    assert "talk to p without consent, but the activity news (line 7)" in finding.message


def test_each_contradiction_is_told_apart() -> None:
    """One for each activity, none for who waits for consent; people read the name."""
    text = """
processors: [{id: p, name: Acme, consent: not_required}, {id: q}]
processing_activities:
  - {id: news, legal_basis: consent, processors: [q, p]}
  - {id: polls, legal_basis: consent, processors: [p]}
"""
    findings = judge(doubtful_exemption, policy(text)).findings
    assert {f.object for f in findings} == {"processor:p"}
    assert sorted(f.message.partition(" (")[0] for f in findings) == [
        "pages may talk to Acme without consent, but the activity news",
        "pages may talk to Acme without consent, but the activity polls",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("legal_basis: consent", "legal_basis: contract"), (", processors: [p]", "")],
)
def test_a_processor_may_do_without_consent_elsewhere(old: str, new: str) -> None:
    """Without consent as the basis of what it is used for there is no contradiction."""
    result = judge(doubtful_exemption, policy(CONTRADICTION.replace(old, new)))
    assert result.outcome.value == "pass"


@pytest.mark.parametrize("text", ["", "processors: [{id: p}]", row(consent="required")])
def test_nothing_exempt_does_not_apply(text: str) -> None:
    """What waits for consent needs no exemption."""
    assert judge(doubtful_exemption, policy(text)).outcome.value == "not_applicable"


def test_a_whole_result() -> None:
    """Two doubts about one row are told apart, the graver first."""
    text = row(purpose="analytics.reporting", reason="")
    assert msgspec.yaml.encode(judge(doubtful_exemption, policy(text))).decode() == snapshot("""\
check: policy-exemption
title: What does without consent says why
subject: policy
outcome: fail
detail: ''
references:
- eprivacy:5-3
- gdpr:6-1-a
gaps: []
findings:
- fingerprint: 0aeba8598500b2951eb4ae262c392b41ba5b3cbcbe4a3c850a9039ccd6edb97e
  object: cookie:basket
  severity: high
  message: '`basket` is exempt_strictly_necessary, but its purpose analytics.reporting
    can always wait for consent'
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop storing it
    yaml: ''
  - kind: gate
    text: store it only after the visitor agreed
    yaml: 'consent: required

      '
- fingerprint: d9e96f774b095efb836666bf4c1d101085227946e5987b1e53685616b1dce306
  object: cookie:basket
  severity: medium
  message: '`basket` is exempt_strictly_necessary and no reason says why'
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop storing it
    yaml: ''
  - kind: gate
    text: store it only after the visitor agreed
    yaml: 'consent: required

      '
  - kind: declare
    text: say why it cannot wait
    yaml: 'reason: TODO

      '
""")
