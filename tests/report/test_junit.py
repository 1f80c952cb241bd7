"""JUnit: what test reporters show, and that nothing is green at which nobody looked."""

# ruff: noqa: E501 -- a line of a snapshot is a line of the file

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from inline_snapshot import snapshot
from junitparser import JUnitXml
from msgspec import structs

from auditor.findings import JudgedFinding, JudgedGap, Outcome, Report, Result, Severity
from auditor.report import Story
from auditor.report.junit import render_junit
from auditor.testing import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]


@pytest.fixture
def cases(story: Callable[..., Story], report: Told) -> Callable[..., list[tuple[str, str]]]:
    """Return what tells results, and reads back what became of each case."""

    def read(*results: Result, **how: Any) -> list[tuple[str, str]]:  # noqa: ANN401
        xml = render_junit(structs.replace(story(), report=report(*results, **how)))
        return [
            (case[0].tag, str(case[0].get("message"))) if len(case) else ("passed", "")
            for case in fromstring(xml).iter("testcase")
        ]

    return read


def test_the_whole_file(audit: Audit, see: Callable[..., Path]) -> None:
    """A suite for each subject, a case for each check; no host, no path, no moment."""
    only = ("--only", "cookie-*", "--only", "gpc-ignored", "--format", "junit")
    done = audit("check", str(see(cookie("_ga"))), *only)
    assert done.returncode == 1
    assert done.stdout == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="policy-auditor" tests="31" failures="1" errors="0" skipped="28" time="0">
  <testsuite name="site:www" timestamp="2026-01-15T00:00:00" tests="21" failures="1" errors="0" skipped="18" time="0">
    <testcase classname="site:www" name="cname-cloaking" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-after-reject" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-after-withdrawal" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-banner-missing" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-before-choice" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-no-refusal" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-preticked" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="consent-refusal-harder" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="cookie-attributes" time="0" />
    <testcase classname="site:www" name="cookie-lifetime" time="0" />
    <testcase classname="site:www" name="cookie-undeclared" time="0">
      <failure message="1 finding: `_ga` is kept on visitors' devices; no row covers it on example.org; its name matches Google Analytics" type="high">
high: `_ga` is kept on visitors' devices; no row covers it on example.org; its name matches Google Analytics
  policy.yaml:7:1
  seen: https://example.org/, before any choice, asks for the session
  remove: stop setting it
  gate: set it only after the visitor agreed
  declare: add it to device_storage, and tell people in the notice
</failure>
    </testcase>
    <testcase classname="site:www" name="fingerprinting" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="gpc-ignored" time="0">
      <skipped message="not applicable: us-ca-ccpa is not among the site's jurisdictions" />
    </testcase>
    <testcase classname="site:www" name="notice-link" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="personal-data-leak" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="secret-exposed" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="session-recording" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="storage-undeclared" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="tag-undeclared" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="third-party-undeclared" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="site:www" name="transport-insecure" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
  </testsuite>
  <testsuite name="policy" timestamp="2026-01-15T00:00:00" tests="10" failures="0" errors="0" skipped="10" time="0">
    <testcase classname="policy" name="policy-change-unannounced" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="policy-contract" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="policy-entry-unused" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="policy-exemption" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="policy-legal-basis" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="policy-transfer" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="policy-unfinished" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="promise-unobserved" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="waiver-expired" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
    <testcase classname="policy" name="waiver-unused" time="0">
      <skipped message="not checked: outside --only" />
    </testcase>
  </testsuite>
</testsuites>
""")


def test_reporters_read_it(audit: Audit, see: Callable[..., Path]) -> None:
    """The totals are the sums of what is in it."""
    done = audit("check", str(see(cookie("_ga"))), "--format", "junit")
    read = JUnitXml.fromstring(done.stdout.encode())
    cases = [case for suite in read for case in suite]
    assert (read.tests, read.failures, read.errors) == (len(cases), 1, 0)
    assert read.skipped == sum(case.is_skipped for case in cases)
    assert sum(suite.tests for suite in read) == read.tests
    assert [case.name for case in cases if case.is_failure] == ["cookie-undeclared"]


def test_outcomes(
    cases: Callable[..., list[tuple[str, str]]], finding: Finding, gap: Gap, result: Judged
) -> None:
    """Green is only where somebody looked and found nothing."""
    low = finding(severity=Severity.LOW)
    told = cases(
        result(),
        result(finding(), finding("cookie:b", waived_by="W1")),
        result(finding(), gap()),
        result(gap()),
        result(low, gap()),
        result(low),
        result(finding(waived_by="W1")),
        result(finding(waived_by="W1"), gap()),
        result(gap(attested_by="A1")),
        result(outcome=Outcome.NOT_CHECKED, detail="skipped"),
        result(outcome=Outcome.NOT_APPLICABLE, detail="no banner"),
    )
    assert told == snapshot(
        [
            ("passed", ""),
            ("failure", "1 finding: `_ga` is kept on visitors' devices; no row covers it"),
            (
                "failure",
                "1 finding: `_ga` is kept on visitors' devices; no row covers it, and 1 thing not looked at",
            ),
            ("error", "1 thing could not be looked at: https://www.example.org/team"),
            ("error", "1 thing could not be looked at: https://www.example.org/team"),
            ("skipped", "1 finding below medium"),
            ("skipped", "accepted by waiver W1"),
            ("error", "1 thing could not be looked at: https://www.example.org/team"),
            ("skipped", "stated by a person (A1), not observed"),
            ("skipped", "not checked: skipped"),
            ("skipped", "not applicable: no banner"),
        ]
    )


@pytest.mark.parametrize("outcome", [Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE])
def test_nothing_looked_at_is_an_error(
    cases: Callable[..., list[tuple[str, str]]], result: Judged, outcome: Outcome
) -> None:
    """Only skipped cases would be green for most readers."""
    message = "nothing but the policy itself was looked at"
    assert ("error", message) in cases(result(outcome=outcome, detail="why"))
    assert ("error", message) in cases()
    assert cases(result()) == [("passed", "")]


def test_many_findings_end_with_a_count(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding, gap: Gap
) -> None:
    """Nothing is left out in silence."""
    many = [finding(f"cookie:{n}") for n in range(60)], [gap(f"page {n}") for n in range(60)]
    told = structs.replace(story(), report=report(result(*many[0], *many[1])))
    text = render_junit(told).decode()
    assert text.count("and 10 more (--format json has all of them)") == 2
