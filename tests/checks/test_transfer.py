"""Data leave the EEA only under a safeguard that covers where they go."""

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.testing import judge, policy
from auditor_checks.transfer import unsafe_transfer

Found = tuple[str, list[tuple[str, str]]]


def found(text: str) -> Found:
    """Judge a policy; return the outcome, and severity and object of each finding."""
    result = judge(unsafe_transfer, policy(text))
    return result.outcome.value, [(f.severity.value, f.object) for f in result.findings]


def processor(rest: str) -> str:
    """Write a policy with one processor."""
    return f"processors: [{{id: p, {rest}}}]"


@pytest.mark.parametrize(
    "rest",
    [
        "country: FR",
        "country: FR, transfer: {mechanism: none_eea}",
        "country: CH, transfer: {mechanism: adequacy_decision}",
        "country: IN, transfer: {mechanism: sccs}",
        "country: US, transfer: {mechanism: sccs, countries: [IN]}",
        "country: US, transfer: {mechanism: adequacy_decision, details: on the list}",
        "transfer: {countries: [DE]}",
    ],
)
def test_data_that_stay_or_are_protected_pass(rest: str) -> None:
    """A country of the EEA, or a mechanism that fits the countries, is all it takes."""
    assert found(processor(rest)) == ("pass", [])


@pytest.mark.parametrize(
    ("rest", "severity", "words"),
    [
        ("name: Who", "medium", "Who has no country"),
        ("transfer: {mechanism: none_eea}", "medium", "has no country"),
        ("country: US", "high", "in US, outside the EEA"),
        ("country: CH", "high", "in CH, outside the EEA"),
        ("country: FR, transfer: {countries: [IN, US]}", "high", "in IN, US, outside the EEA"),
        ("country: FR, transfer: {details: hm, countries: [GB]}", "high", "no transfer.mechanism"),
        ("country: US, transfer: {mechanism: none_eea}", "high", "but receives them in US"),
        ("country: IN, transfer: {mechanism: adequacy_decision}", "medium", "none is known"),
        ("country: US, transfer: {mechanism: adequacy_decision}", "medium", "Privacy Framework"),
        ("country: CA, transfer: {mechanism: adequacy_decision}", "medium", "PIPEDA"),
    ],
)
def test_what_leaves_unprotected_is_found(rest: str, severity: str, words: str) -> None:
    """Each way of leaving the EEA without a fitting safeguard is one finding."""
    result = judge(unsafe_transfer, policy(processor(rest)))
    (finding,) = result.findings
    assert (result.outcome.value, finding.severity.value) == ("fail", severity)
    assert finding.object == "processor:p"
    assert words in finding.message


def test_each_country_is_an_objection_of_its_own() -> None:
    """Accepting one country does not accept the next."""
    rest = "country: IN, transfer: {mechanism: adequacy_decision, countries: [CN, US, CH]}"
    assert found(processor(rest)) == ("fail", [("medium", "processor:p")] * 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the policy declares no processor"),
        (
            "jurisdictions: [us-ca-ccpa]\nprocessors: [{id: p}]",
            "the GDPR is not among the policy's jurisdictions",
        ),
    ],
)
def test_no_processor_and_no_gdpr_do_not_apply(text: str, why: str) -> None:
    """Nobody receives data, or the rule on transfers is not one of the policy's."""
    result = judge(unsafe_transfer, policy(text))
    assert (result.outcome.value, result.detail) == ("not_applicable", why)


def test_a_site_may_bring_the_gdpr() -> None:
    """One site under the GDPR is enough for processors to be looked at."""
    site = "sites: [{id: www, url: https://example.org/, jurisdictions: [eu-gdpr]}]"
    text = f"jurisdictions: [us-ca-ccpa]\n{site}\n{processor('country: US')}"
    assert found(text) == ("fail", [("high", "processor:p")])


def test_a_whole_result() -> None:
    """A finding names the line, what is missing, and what to do, in a fixed order."""
    result = judge(unsafe_transfer, policy("processors:\n  - {id: p, name: Acme, country: GB}"))
    assert msgspec.yaml.encode(result).decode() == snapshot("""\
check: policy-transfer
title: Data leave the EEA only under a safeguard
subject: policy
outcome: fail
detail: ''
references:
- gdpr:44
- gdpr:45
- gdpr:46
- gdpr:13-1-f
gaps: []
findings:
- fingerprint: ad62163369fdffccd0f062922e972194bcbdca4611e0b349bf97d7a192b248b4
  object: processor:p
  severity: high
  message: Acme receives data in GB, outside the EEA; no transfer.mechanism protects
    them
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: do without it, or use one that keeps data in the EEA
    yaml: ''
  - kind: declare
    text: find out what protects the data there, write it, and tell people
    yaml: "transfer:\\n  mechanism: adequacy_decision\\n"
""")
