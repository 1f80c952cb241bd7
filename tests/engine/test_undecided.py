"""What rests on a `TODO` is not held against anybody: nobody has decided yet, and it is a gap."""

import pytest

from auditor.evidence import Reason
from auditor.example import cookie, request
from auditor.findings import Outcome, Result
from auditor.testing import judge, policy, site
from auditor_checks import CHECKS

PROCESSOR = """
processors:
  - id: cloud
    domains: ["*.cloud.example"]
    {line}
"""
ROW = """
device_storage:
  - identifier: visitor
    type: cookie
    {line}
"""
SEEN = site(
    request("https://www.cloud.example/"),
    cookie("visitor", lifetime=86_400),
)


def result_of(check_id: str, text: str) -> Result:
    """Judge one built-in check."""
    check = next(check for check in CHECKS if check.id == check_id)
    return judge(check, policy(text), SEEN)


@pytest.mark.parametrize(
    ("check", "text", "key", "value"),
    [
        ("policy-transfer", PROCESSOR, "country", "TODO"),
        ("policy-transfer", PROCESSOR, "transfer", "{mechanism: TODO}"),
        ("policy-contract", PROCESSOR, "contract", "{url: TODO}"),
        ("consent-before-choice", PROCESSOR, "consent", "TODO"),
        ("consent-before-choice", ROW, "consent", "TODO"),
        ("cookie-lifetime", ROW, "max_age", "TODO"),
    ],
)
def test_undecided_is_a_gap(check: str, text: str, key: str, value: str) -> None:
    """The finding is there without the key, and gives way to the gap where it says TODO."""
    missing = result_of(check, text.format(line="description: x" if "device" in text else ""))
    assert missing.outcome is Outcome.FAIL
    undecided = result_of(check, text.format(line=f"{key}: {value}"))
    assert undecided.outcome is Outcome.ERROR
    assert undecided.findings == ()
    assert [gap.reason for gap in undecided.gaps] == [Reason.UNDECIDED]
    assert f".{key}" in undecided.gaps[0].what
    assert "policy.yaml:" in undecided.gaps[0].needs


def test_a_decided_neighbour_stays_a_finding() -> None:
    """A TODO in one entry excuses no other."""
    text = PROCESSOR.format(line="country: TODO") + "  - id: other\n    country: US\n"
    result = result_of("policy-transfer", text)
    assert [finding.object for finding in result.findings] == ["processor:other"]
    assert [gap.what for gap in result.gaps] == ["processors[0].country"]
