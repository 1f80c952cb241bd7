"""Waivers and attestations end on their day, and cover something."""

from datetime import date, timedelta

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.evidence import WaiverUse
from auditor.testing import judge, policy
from auditor_checks.waiving import expired_waiver, unused_waiver

END = date(2026, 3, 31)
WAIVER = f"""
waivers:
  - {{id: W1, check: cookie-undeclared, subject: site:www, object: cookie:_ga*, justification: j,
     owner: Ada, approved_by: Grace, created: 2026-01-01, expires: {END}}}
"""
ATTESTATION = f"""
claims: [{{id: c, covered_by: attestation}}]
attestations:
  - {{id: A1, covers: claim:c, statement: s, by: Ada, date: 2026-01-01, expires: {END}}}
"""


def ended(text: str, days_left: int) -> list[tuple[str, str]]:
    """Judge so many days before the end; return severity and object of each finding."""
    use = WaiverUse(as_of=END - timedelta(days=days_left))
    result = judge(expired_waiver, policy(text), use)
    assert result.outcome.value == ("fail" if result.findings else "pass")
    return [(f.severity.value, f.object) for f in result.findings]


@pytest.mark.parametrize(
    ("days_left", "severity"), [(31, None), (30, "low"), (1, "low"), (0, "low"), (-1, "medium")]
)
def test_the_end_comes_nearer(days_left: int, severity: str | None) -> None:
    """The last day still counts; a month before, the end is announced."""
    expected = [severity] if severity else []
    assert ended(WAIVER, days_left) == [(s, "waiver:W1") for s in expected]
    assert ended(ATTESTATION, days_left) == [(s, "attestation:A1") for s in expected]


def test_an_end_that_nobody_decided_is_not_told_here() -> None:
    """A TODO as the end is told as unfinished."""
    assert ended(WAIVER.replace(str(END), "TODO"), -100) == []


@pytest.mark.parametrize(("days", "when"), [(0, "today"), (1, "tomorrow"), (12, "in 12 days")])
def test_the_days_left_are_said(days: int, when: str) -> None:
    """People read when it ends."""
    result = judge(expired_waiver, policy(WAIVER), WaiverUse(as_of=END - timedelta(days=days)))
    assert f"ends {when}:" in result.findings[0].message


def use(*looked_at: str, **covered: int) -> WaiverUse:
    """Return what waivers did on a day on which they all count."""
    return WaiverUse(as_of=date(2026, 1, 15), covered=covered, looked_at=frozenset(looked_at))


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [(use("W1", W1=1), "pass"), (use("W1"), "fail"), (use(), "pass"), (use("W2"), "pass")],
)
def test_a_waiver_that_covers_nothing_is_found(seen: WaiverUse, outcome: str) -> None:
    """Only where its check looked is it known that there is nothing to cover."""
    result = judge(unused_waiver, policy(WAIVER), seen)
    assert result.outcome.value == outcome
    assert [(f.severity.value, f.object) for f in result.findings] == (
        [("low", "waiver:W1")] if outcome == "fail" else []
    )


def test_without_waivers_the_checks_do_not_apply() -> None:
    """An attestation is no waiver, and may end all the same."""
    assert judge(expired_waiver, policy(""), use()).outcome.value == "not_applicable"
    assert judge(unused_waiver, policy(""), use()).outcome.value == "not_applicable"
    assert judge(unused_waiver, policy(ATTESTATION), use()).outcome.value == "not_applicable"


def test_whole_results() -> None:
    """Each finding names the line, what follows from the end, and the way out."""
    late = WaiverUse(as_of=date(2026, 4, 1))
    results = [
        judge(expired_waiver, policy(WAIVER + ATTESTATION), late),
        judge(unused_waiver, policy(WAIVER), use("W1")),
    ]
    assert msgspec.yaml.encode(results).decode() == snapshot("""\
- check: waiver-expired
  title: No waiver or attestation has ended
  subject: policy
  outcome: fail
  detail: ''
  references:
  - gdpr:5-2
  - gdpr:24
  gaps: []
  findings:
  - fingerprint: 6614edd3c94ecf0926a79b76095bc46f7c38ae9fa2470ab9390fc978651b6d16
    object: attestation:A1
    severity: medium
    message: 'attestation A1 ended on 2026-03-31: what it states is open again'
    waived_by: null
    policy:
      path: policy.yaml
      line: 11
      column: 5
    seen: []
    remedies:
    - kind: declare
      text: look again, and state anew what is true today
      yaml: ''
  - fingerprint: 30c70889db233df6a79888349f011d348511da193b701796a7bb511a626eeab1
    object: waiver:W1
    severity: medium
    message: 'waiver W1 ended on 2026-03-31: the findings it covered count again'
    waived_by: null
    policy:
      path: policy.yaml
      line: 6
      column: 5
    seen: []
    remedies:
    - kind: remove
      text: fix what it covers, and take it out
      yaml: ''
    - kind: declare
      text: have it approved anew, with a new reason and date
      yaml: ''
- check: waiver-unused
  title: Every waiver covers something
  subject: policy
  outcome: fail
  detail: ''
  references:
  - gdpr:5-2
  gaps: []
  findings:
  - fingerprint: af0d290676e0a2f1b0f745f1e4d62564c136a8f423156e879cac84e2f09553af
    object: waiver:W1
    severity: low
    message: 'waiver W1 covers nothing: cookie-undeclared found no cookie:_ga* on
      site:www'
    waived_by: null
    policy:
      path: policy.yaml
      line: 6
      column: 5
    seen: []
    remedies:
    - kind: remove
      text: take the waiver out
      yaml: ''
""")
