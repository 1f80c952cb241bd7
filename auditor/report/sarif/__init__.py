"""The report as SARIF, for code scanning: each finding at the line of policy.yaml it contradicts.

Source: SARIF 2.1.0 (OASIS, 2020-03-27), and GitHub's "SARIF support for code scanning" for what
it reads, and for its limits. What could not be looked at is a notification of the run, never
the absence of a result alone.
"""

import gzip
from typing import Any

from auditor.report.json import as_json
from auditor.report.safe import visible
from auditor.report.sarif.notifications import notifications
from auditor.report.sarif.results import results
from auditor.report.sarif.rules import ROOT, Rules
from auditor.report.story import Story

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/reach4help/policy-auditor"
MOST_RESULTS = 25_000  # of one run, on GitHub
LARGEST = 10_000_000  # bytes, compressed


def render_sarif(story: Story, *, most: int = MOST_RESULTS, largest: int = LARGEST) -> bytes:
    """Return the log, cut to what GitHub takes: the worst findings stay, the rest is counted."""
    most = min(most, sum(len(result.findings) for result in story.report.results))
    whole = _log(story, most)
    while most > 1 and len(whole) > largest and len(gzip.compress(whole)) > largest:
        most //= 2
        whole = _log(story, most)
    return whole


def _log(story: Story, most: int) -> bytes:
    run = _run(story, most)
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}).encode()


def _run(story: Story, most: int) -> dict[str, Any]:
    rules = Rules(story)
    found = results(story, rules)
    return {
        "tool": {"driver": _driver(story, rules)},
        "automationDetails": {"id": f"audit/{visible(story.category)}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The root of the repository that has the policy."}}
        },
        "artifacts": [
            {
                "location": {**rules.artifact, "index": 0},
                "hashes": {"sha-256": story.report.policy.sha256},
            }
        ],
        "invocations": [
            {
                "executionSuccessful": not story.report.incomplete,
                "toolExecutionNotifications": notifications(
                    story, rules, left_out=found[most:], most=most
                ),
            }
        ],
        "results": found[:most],
        "properties": {
            "verdict": story.report.verdict,
            "incomplete": story.report.incomplete,
            "as_of": story.report.as_of,
            "fail_on": story.report.fail_on,
        },
    }


def _driver(story: Story, rules: Rules) -> dict[str, Any]:
    tool = story.report.tool
    return {
        "name": tool.name,
        "organization": "Reach4Help",
        "semanticVersion": tool.version,
        "informationUri": HOME,
        "rules": rules.told,
    }
