"""Findings as results: where policy.yaml is contradicted, what was seen, and the ways out."""

from typing import Any
from urllib.parse import quote

from auditor.findings import JudgedFinding, Result, Sighting
from auditor.report.safe import visible
from auditor.report.sarif.rules import LEVELS, ROOT, Rules
from auditor.report.story import Line, Story
from auditor.report.words import first_seen

SIGHTINGS = 20  # of a finding


def results(story: Story, rules: Rules) -> list[dict[str, Any]]:
    """Return every finding, the worst first; those that a waiver accepts are suppressed."""
    lines = story.policy.origin.text.splitlines()
    found = [(result, finding) for result in story.report.results for finding in result.findings]
    return [
        _result(story, rules, lines, result, finding)
        for result, finding in sorted(found, key=_worst_first)
    ]


def _worst_first(pair: tuple[Result, JudgedFinding]) -> tuple[bool, int, str, str, str, str]:
    result, finding = pair
    names = result.check, result.subject, finding.object, finding.fingerprint
    return finding.waived_by is not None, -finding.severity.rank, *names


def _result(
    story: Story, rules: Rules, lines: list[str], result: Result, finding: JudgedFinding
) -> dict[str, Any]:
    counts = finding.severity.rank >= story.report.fail_on.rank
    line = story.line_of(result, finding)
    return {
        "ruleId": result.check,
        "ruleIndex": rules.place(result.check),
        "kind": "fail",
        "level": LEVELS[finding.severity] if counts else "note",
        "message": {"text": _message(finding)},
        "locations": [
            {
                "physicalLocation": _in_code(line) if line else _in_policy(rules, lines, finding),
                "logicalLocations": [
                    {
                        "name": visible(finding.object),
                        "fullyQualifiedName": visible(f"{result.subject}/{finding.object}"),
                        "kind": visible(finding.object.partition(":")[0]),
                    }
                ],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
        "suppressions": _suppressions(story, finding),
        "properties": {
            "subject": visible(result.subject),
            "object": visible(finding.object),
            "severity": finding.severity,
            "below_threshold": not counts,
            "seen": [_sighting(seen) for seen in finding.seen[:SIGHTINGS]],
            "seen_count": len(finding.seen),
        },
    }


def _message(finding: JudgedFinding) -> str:
    parts = [finding.message]
    if seen := first_seen(finding):
        parts.append(f"Seen: {seen}")
    parts += [f"To {remedy.kind}: {remedy.text}" for remedy in finding.remedies]
    return " ".join(_sentence(part) for part in parts)


def _sentence(text: str) -> str:
    """Return text of which a viewer makes no link (SARIF 3.11.6, embedded links)."""
    shown = visible(text).replace("](", "]\\u0028").rstrip(":")
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def _in_code(line: Line) -> dict[str, Any]:
    region = {"startLine": line.line}
    if line.column:
        region["startColumn"] = line.column
    artifact = {"uri": quote(visible(line.path)), "uriBaseId": ROOT}
    return {"artifactLocation": artifact, "region": region}


def _in_policy(rules: Rules, lines: list[str], finding: JudgedFinding) -> dict[str, Any]:
    """Return the line that is contradicted, from its column to its end."""
    line, column = max(finding.policy.line, 1), max(finding.policy.column, 1)
    text = lines[line - 1].rstrip() if line <= len(lines) else ""
    region: dict[str, Any] = {"startLine": line, "startColumn": column}
    region |= {"endLine": line, "endColumn": max(len(text), column) + 1}
    if marked := visible(text[column - 1 :]):
        region["snippet"] = {"text": marked}
    return {"artifactLocation": {**rules.artifact, "index": 0}, "region": region}


def _suppressions(story: Story, finding: JudgedFinding) -> list[dict[str, str]]:
    """Return the waiver that accepts it; none, said as such, is an empty list (3.27.23)."""
    if finding.waived_by is None:
        return []
    waivers = {waiver.id: waiver for waiver in story.policy.waivers}
    waiver = waivers.get(finding.waived_by)
    why = f"Waiver {finding.waived_by}"
    if waiver:
        why += f", until {waiver.expires}, owned by {waiver.owner}: {waiver.justification}"
    return [{"kind": "external", "status": "accepted", "justification": _sentence(why)}]


def _sighting(seen: Sighting) -> dict[str, str]:
    told = {"page": seen.page, "state": seen.state, "by": seen.by, "detail": seen.detail}
    return {name: visible(value) for name, value in told.items() if value}
