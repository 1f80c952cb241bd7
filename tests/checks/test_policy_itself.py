"""A policy with something undecided is never green."""

import msgspec
from inline_snapshot import snapshot

from auditor.testing import judge, policy
from auditor_checks.policy_itself import undecided_value


def test_a_finished_policy_passes() -> None:
    """Without a TODO there is nothing to say."""
    result = judge(undecided_value, policy("processors: [{id: stripe, country: US}]"))
    assert result.outcome.value == "pass"
    assert (result.findings, result.gaps) == ((), ())


def test_each_todo_is_a_gap_with_its_line() -> None:
    """What is undecided is an error, never a finding: nobody knows yet what is promised."""
    draft = policy("processors:\n  - id: stripe\n    country: TODO\n    name: TODO")
    assert msgspec.yaml.encode(judge(undecided_value, draft)).decode() == snapshot("""\
check: policy-unfinished
title: The policy is finished
subject: policy
outcome: error
detail: ''
references:
- gdpr:5-2
- gdpr:24
gaps:
- what: processors[0].country
  reason: undecided
  needs: 'a decision: write the value in place of TODO (policy.yaml:6)'
  attested_by: null
- what: processors[0].name
  reason: undecided
  needs: 'a decision: write the value in place of TODO (policy.yaml:7)'
  attested_by: null
findings: []
""")
