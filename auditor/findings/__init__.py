"""What was judged: what checks remark, the report that every format renders, and the verdict."""

from auditor.findings.remarks import Finding, NotApplicable, Remark, Remedy, Severity, Sighting
from auditor.findings.report import (
    Counts,
    EvidenceDigest,
    JudgedFinding,
    JudgedGap,
    Outcome,
    Place,
    PolicyDigest,
    Report,
    Result,
    ToolVersion,
    Verdict,
    fingerprint,
    utc_text,
)
from auditor.findings.verdict import (
    count,
    counts_against,
    is_incomplete,
    is_observed,
    outcome_of,
    verdict_of,
)

__all__ = [
    "Counts",
    "EvidenceDigest",
    "Finding",
    "JudgedFinding",
    "JudgedGap",
    "NotApplicable",
    "Outcome",
    "Place",
    "PolicyDigest",
    "Remark",
    "Remedy",
    "Report",
    "Result",
    "Severity",
    "Sighting",
    "ToolVersion",
    "Verdict",
    "count",
    "counts_against",
    "fingerprint",
    "is_incomplete",
    "is_observed",
    "outcome_of",
    "utc_text",
    "verdict_of",
]
