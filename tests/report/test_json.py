import json
import re
from collections.abc import Callable

import msgspec
import pytest
from inline_snapshot import snapshot
from jsonschema import Draft202012Validator

from auditor.findings import JudgedFinding, JudgedGap, Report, Result
from auditor.report import FORMATS
from auditor.report.json import render_json, report_schema

Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]


@pytest.fixture
def told(finding: Finding, gap: Gap, result: Judged, report: Told) -> Report:
    """Return a report with a finding whose names are hostile, and a gap."""
    return report(result(finding("cookie:\x1b[2J\u202e\n</script>"), gap()))


def test_the_whole_file(told: Report) -> None:
    """Keys, their order and the indentation are fixed."""
    assert render_json(told) == snapshot("""\
{
  "schema": 1,
  "verdict": "fail",
  "incomplete": true,
  "as_of": "2026-01-15",
  "scope": [
    "site"
  ],
  "only": [],
  "skip": [],
  "fail_on": "medium",
  "waivers_applied": true,
  "policy": {
    "path": "policy.yaml",
    "sha256": "abababababababababababababababababababababababababababababababab"
  },
  "tool": {
    "name": "policy-auditor",
    "version": "1"
  },
  "evidence": [
    {
      "path": "before.har",
      "sha256": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
      "collected_at": "2026-01-15T12:00:00Z"
    }
  ],
  "counts": {
    "pass": 0,
    "fail": 1,
    "error": 0,
    "attested": 0,
    "not_checked": 0,
    "not_applicable": 0,
    "findings": 1,
    "below_threshold": 0,
    "waived": 0,
    "gaps": 1
  },
  "results": [
    {
      "check": "cookie-undeclared",
      "title": "Every cookie is declared",
      "subject": "site:www",
      "outcome": "fail",
      "detail": "",
      "references": [
        "eprivacy:5-3"
      ],
      "gaps": [
        {
          "what": "https://www.example.org/team",
          "reason": "timeout",
          "needs": "a page that answers",
          "attested_by": null
        }
      ],
      "findings": [
        {
          "fingerprint": "756e99af628343440ef8a61443f98e297e3404b708c8400f1ea08728433e1078",
          "object": "cookie:\\u001b[2J\\u202e\\n</script>",
          "severity": "high",
          "message": "`_ga` is kept on visitors' devices; no row covers it",
          "waived_by": null,
          "policy": {
            "path": "policy.yaml",
            "line": 2,
            "column": 1
          },
          "seen": [
            {
              "page": "https://www.example.org/",
              "state": "before",
              "by": "",
              "detail": "asks for 2 years"
            }
          ],
          "remedies": [
            {
              "kind": "remove",
              "text": "stop setting it",
              "yaml": ""
            },
            {
              "kind": "declare",
              "text": "add it to device_storage",
              "yaml": "device_storage:\\n  - identifier: _ga\\n"
            }
          ]
        }
      ]
    }
  ],
  "coverage": {
    "looked_at": [
      {
        "subject": "site:www",
        "url": "https://www.example.org/",
        "pages": [
          "https://www.example.org/"
        ],
        "page_count": 1,
        "states": [
          "accept",
          "before",
          "reject"
        ],
        "collected_at": "2026-01-15T12:00:00Z"
      }
    ],
    "not_looked_at": [],
    "not_declared": [],
    "left_out": [],
    "claims": {}
  },
  "knowledge": {}
}
""")


def test_it_reads_back(told: Report) -> None:
    """What is written is the report, and reading it gives the same bytes again."""
    text = FORMATS["json"](told, policy_text="x", colour=True, width=40)
    again = msgspec.json.decode(text, type=Report)
    assert again == told
    assert render_json(again) == text


def test_a_terminal_can_show_it(report: Told, result: Judged, finding: Finding) -> None:
    """What JSON would leave as it is, and a terminal would obey, is escaped; nothing is lost."""
    told = report(result(finding("cookie:\x9b2J\u202e\u2028\n\x7f")))
    text = render_json(told)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text)
    assert msgspec.json.decode(text, type=Report) == told


def test_it_fits_its_schema(told: Report) -> None:
    """The published schema is valid, and describes what is written."""
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    written = json.loads(render_json(told))
    assert Draft202012Validator(schema).is_valid(written)
    assert not Draft202012Validator(schema).is_valid(written | {"verdict": "fine"})
