"""From findings and gaps to outcomes, and from outcomes to the verdict (the one law)."""

from collections.abc import Iterable

from auditor.findings.remarks import Severity
from auditor.findings.report import Counts, JudgedFinding, JudgedGap, Outcome, Result, Verdict


def outcome_of(findings: Iterable[JudgedFinding], gaps: Iterable[JudgedGap]) -> Outcome:
    """Return the outcome of a check that was run (architecture: the table of the one law)."""
    gaps = tuple(gaps)
    if any(finding.waived_by is None for finding in findings):
        return Outcome.FAIL
    if any(gap.attested_by is None for gap in gaps):
        return Outcome.ERROR
    return Outcome.ATTESTED if gaps else Outcome.PASS


def is_observed(results: Iterable[Result]) -> bool:
    """Return whether anything but the policy itself was really looked at."""
    return any(
        result.subject != "policy"
        and (result.findings or result.outcome in {Outcome.PASS, Outcome.FAIL})
        for result in results
    )


def is_incomplete(results: Iterable[Result]) -> bool:
    """Return whether something in scope was not observed and nobody attests it."""
    results = tuple(results)
    return not is_observed(results) or any(
        gap.attested_by is None for result in results for gap in result.gaps
    )


def verdict_of(results: Iterable[Result], fail_on: Severity) -> Verdict:
    """Return fail, else incomplete, else pass; nothing observed at all is incomplete."""
    results = tuple(results)
    if any(counts_against(finding, fail_on) for result in results for finding in result.findings):
        return Verdict.FAIL
    return Verdict.INCOMPLETE if is_incomplete(results) else Verdict.PASS


def counts_against(finding: JudgedFinding, fail_on: Severity) -> bool:
    """Return whether a finding alone makes the verdict fail."""
    return finding.waived_by is None and finding.severity.rank >= fail_on.rank


def count(results: Iterable[Result], fail_on: Severity) -> Counts:
    """Count results by outcome, and findings and gaps over all of them."""
    results = tuple(results)
    findings = [finding for result in results for finding in result.findings]
    unwaived = [finding for finding in findings if finding.waived_by is None]
    by_outcome = {o.value: sum(r.outcome is o for r in results) for o in Outcome}
    passed = by_outcome.pop(Outcome.PASS.value)
    return Counts(
        passed=passed,
        **by_outcome,
        findings=len(unwaived),
        below_threshold=sum(not counts_against(finding, fail_on) for finding in unwaived),
        waived=len(findings) - len(unwaived),
        gaps=sum(len(result.gaps) for result in results),
    )
