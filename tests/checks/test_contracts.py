"""Whoever handles data for us is bound by a contract."""

from datetime import date

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.testing import judge, policy
from auditor_checks.contracts import missing_contract

URL = "contract: {url: https://example.com/dpa}"


def processor(rest: str) -> str:
    """Write a policy with one processor."""
    return f"processors: [{{id: p, {rest}}}]"


@pytest.mark.parametrize(
    "rest",
    [
        URL,
        "contract: {signed: 2026-01-15}",
        f"role: sub_processor, {URL}",
        f"role: joint_controller, {URL}",
        "role: independent_controller, privacy_policy: https://example.com/privacy",
    ],
)
def test_whoever_is_bound_passes(rest: str) -> None:
    """An address or a day is enough; who decides alone needs neither."""
    result = judge(missing_contract, policy(processor(rest)))
    assert (result.outcome.value, result.findings) == ("pass", ())


@pytest.mark.parametrize(
    ("rest", "severity", "words"),
    [
        ("name: Acme", "medium", "Acme handles data (role: processor), and no contract"),
        ("contract: {}", "medium", "no contract binds it"),
        ("role: sub_processor", "medium", "no contract binds it"),
        ("role: joint_controller", "medium", "no arrangement binds it"),
        ("role: independent_controller", "low", "no privacy_policy"),
        ("contract: {signed: 2026-01-16}", "medium", "2026-01-16, which is after 2026-01-15"),
    ],
)
def test_whoever_is_not_bound_is_found(rest: str, severity: str, words: str) -> None:
    """Each processor without what its role needs is one finding."""
    result = judge(missing_contract, policy(processor(rest)))
    (finding,) = result.findings
    assert (result.outcome.value, finding.severity.value) == ("fail", severity)
    assert finding.object == "processor:p"
    assert words in finding.message


def test_a_signature_counts_from_its_day() -> None:
    """Judged as of the next day, the contract is there."""
    text = processor("contract: {signed: 2026-01-16}")
    later = judge(missing_contract, policy(text), as_of=date(2026, 1, 16))
    assert later.outcome.value == "pass"


def test_no_processor_does_not_apply() -> None:
    """Nobody else handles the data."""
    assert judge(missing_contract, policy("")).outcome.value == "not_applicable"


def test_a_whole_result() -> None:
    """A finding names the line, what is missing, and what to do, in a fixed order."""
    text = "processors:\n  - {id: a, contract: {url: https://example.com/dpa}}\n  - {id: b}"
    assert msgspec.yaml.encode(judge(missing_contract, policy(text))).decode() == snapshot("""\
check: policy-contract
title: Each processor is bound by a contract
subject: policy
outcome: fail
detail: ''
references:
- gdpr:28-3
- gdpr:26
gaps: []
findings:
- fingerprint: 2f6dc96de66e4abd4bf51b25c5986822ac45b43b09285d60eca837e6749ce294
  object: processor:b
  severity: medium
  message: 'b handles data (role: processor), and no contract binds it'
  waived_by: null
  policy:
    path: policy.yaml
    line: 6
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop giving it personal data
    yaml: ''
  - kind: declare
    text: conclude the contract, then name its address or the day it was signed
    yaml: "contract:\\n  url: TODO\\n  signed: TODO\\n"
""")
