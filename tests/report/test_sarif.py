"""SARIF: what code scanning shows, by GitHub's own rules."""

# ruff: noqa: E501 -- a line of a snapshot is a line of the file

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor import __version__
from auditor.findings import JudgedFinding, JudgedGap, Outcome, Report, Result, Severity, Sighting
from auditor.report import Story
from auditor.report.sarif import render_sarif
from auditor.testing import cookie

Audit = Callable[..., subprocess.CompletedProcess[str]]
See = Callable[..., Path]
Finding = Callable[..., JudgedFinding]
Gap = Callable[..., JudgedGap]
Judged = Callable[..., Result]
Told = Callable[..., Report]

WAIVER = """
waivers:
  - id: W1
    check: cookie-undeclared
    subject: site:www
    object: cookie:_ga*
    justification: It goes with the old shop
    owner: Ada
    approved_by: Grace
    created: 2026-01-01
    expires: 2026-03-25
"""


def run_of(data: bytes | str) -> dict[str, Any]:
    """Return the only run of a log."""
    (run,) = json.loads(data)["runs"]
    return dict(run)


def faults(log: dict[str, Any]) -> Iterator[str]:
    """Yield what GitHub refuses or ignores, with the number of Microsoft's rule for it."""
    if log["version"] != "2.1.0" or not log["$schema"].endswith("sarif-schema-2.1.0.json"):
        yield "GH1001 version"
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        yield from (f"GH2012 {rule['id']}" for rule in driver["rules"] if not is_described(rule))
        if not run["automationDetails"]["id"].endswith("/"):
            yield "category"
        for result in run["results"]:
            yield from faults_of(result, driver["rules"])


def is_described(rule: dict[str, Any]) -> bool:
    """Return whether a rule has all that is shown of it, each no longer than it may be."""
    shown = rule["shortDescription"]["text"], rule["fullDescription"]["text"]
    helped = rule["help"]["text"] and rule["help"]["markdown"] and rule["helpUri"]
    facts = rule["properties"]
    return bool(
        all(0 < len(text) <= 1024 for text in shown)
        and helped
        and 0 < len(facts["tags"]) <= 20
        and "security" in facts["tags"]
        and facts["precision"] in {"very-high", "high", "medium", "low"}
        and facts["security-severity"] in {"9.5", "8.0", "5.5", "2.0"}
        and rule["defaultConfiguration"]["level"] in {"note", "warning", "error"}
    )


def faults_of(result: dict[str, Any], rules: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with one result."""
    if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
        yield "ruleIndex"
    if not result["message"]["text"]:
        yield "GH1018 message"
    if not result["partialFingerprints"]["primaryLocationLineHash"]:
        yield "fingerprint"
    for location in result["locations"] or [{}]:
        place = location.get("physicalLocation")
        if not place:
            yield "GH1015 location"
            continue
        uri = place["artifactLocation"]["uri"]
        if uri.startswith("/") or ":" in uri or ".." in uri:
            yield "GH1016 not relative"
        region = place["region"]
        if min(number for number in region.values() if isinstance(number, int)) < 1:
            yield "GH1017 region"
        ends = region.get("endLine", 1), region.get("endColumn", 1)
        if ends < (region["startLine"], region.get("startColumn", 1)) and "endLine" in region:
            yield "ends before it begins"


def test_the_whole_file(audit: Audit, see: See, folder: Path) -> None:
    """A finding, a finding that a waiver accepts, and their rule."""
    policy = folder / "policy.yaml"
    policy.write_text(policy.read_text() + WAIVER)
    only = ("--only", "cookie-undeclared", "--format", "sarif")
    done = audit("check", str(see(cookie("theme"), cookie("_ga"))), *only)
    assert done.returncode == 1
    log = json.loads(done.stdout)
    assert [*faults(log)] == []
    rule = log["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["help"].pop("markdown").startswith("# cookie-undeclared\n\n**Every cookie")
    assert log["runs"][0]["tool"]["driver"].pop("semanticVersion") == __version__
    assert log == snapshot(
        {
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "policy-auditor",
                            "organization": "Reach4Help",
                            "informationUri": "https://github.com/reach4help/policy-auditor",
                            "rules": [
                                {
                                    "id": "cookie-undeclared",
                                    "shortDescription": {"text": "Every cookie is declared."},
                                    "fullDescription": {
                                        "text": "Stop the site from setting the cookie, or set it only after consent."
                                    },
                                    "help": {
                                        "text": """\
Stop the site from setting the cookie, or set it only after consent.

If it is needed, declare it under `device_storage` in policy.yaml, with its purpose and
whether it needs consent, and say so in the notice. A row covers a cookie if name, domain and
page fit and it was not written by somebody else than `set_by` says, or by our own code.\
"""
                                    },
                                    "defaultConfiguration": {"level": "error"},
                                    "properties": {
                                        "tags": [
                                            "privacy",
                                            "security",
                                            "site",
                                            "eprivacy:5-3",
                                            "gdpr:5-1-a",
                                        ],
                                        "precision": "high",
                                        "security-severity": "8.0",
                                    },
                                    "helpUri": "https://github.com/reach4help/policy-auditor/blob/main/docs/checks/cookie-undeclared.md",
                                }
                            ],
                        }
                    },
                    "automationDetails": {"id": "audit/policy.yaml/site/only cookie-undeclared/"},
                    "columnKind": "unicodeCodePoints",
                    "originalUriBaseIds": {
                        "%SRCROOT%": {
                            "description": {
                                "text": "The root of the repository that has the policy."
                            }
                        }
                    },
                    "artifacts": [
                        {
                            "location": {
                                "uri": "policy.yaml",
                                "uriBaseId": "%SRCROOT%",
                                "index": 0,
                            },
                            "hashes": {
                                "sha-256": "7cf53208a0013c9002d435cf78e7631f8cbe0b146f1afa5f91e9de0258d5858f"
                            },
                        }
                    ],
                    "invocations": [
                        {
                            "executionSuccessful": True,
                            "toolExecutionNotifications": [
                                {
                                    "descriptor": {"id": "not_checked"},
                                    "level": "note",
                                    "message": {
                                        "text": "Not looked at, outside --only: 30 checks on site:www, policy."
                                    },
                                }
                            ],
                        }
                    ],
                    "results": [
                        {
                            "ruleId": "cookie-undeclared",
                            "ruleIndex": 0,
                            "kind": "fail",
                            "level": "error",
                            "message": {
                                "text": "`theme` is kept on visitors' devices; no row covers it on example.org. Seen: https://example.org/, before any choice, asks for the session. To remove: stop setting it. To gate: set it only after the visitor agreed. To declare: add it to device_storage, and tell people in the notice."
                            },
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {
                                            "uri": "policy.yaml",
                                            "uriBaseId": "%SRCROOT%",
                                            "index": 0,
                                        },
                                        "region": {
                                            "startLine": 7,
                                            "startColumn": 1,
                                            "endLine": 7,
                                            "endColumn": 16,
                                            "snippet": {"text": "device_storage:"},
                                        },
                                    },
                                    "logicalLocations": [
                                        {
                                            "name": "cookie:theme@example.org",
                                            "fullyQualifiedName": "site:www/cookie:theme@example.org",
                                            "kind": "cookie",
                                        }
                                    ],
                                }
                            ],
                            "partialFingerprints": {
                                "primaryLocationLineHash": "2b22421f405328724fa60acaf3bb44cf182fba70d81f9ceffd5e953b968ba176"
                            },
                            "suppressions": [],
                            "properties": {
                                "subject": "site:www",
                                "object": "cookie:theme@example.org",
                                "severity": "high",
                                "below_threshold": False,
                                "seen": [
                                    {
                                        "page": "https://example.org/",
                                        "state": "before",
                                        "by": "example.org",
                                        "detail": "asks for the session",
                                    }
                                ],
                                "seen_count": 1,
                            },
                        },
                        {
                            "ruleId": "cookie-undeclared",
                            "ruleIndex": 0,
                            "kind": "fail",
                            "level": "error",
                            "message": {
                                "text": "`_ga` is kept on visitors' devices; no row covers it on example.org; its name matches Google Analytics. Seen: https://example.org/, before any choice, asks for the session. To remove: stop setting it. To gate: set it only after the visitor agreed. To declare: add it to device_storage, and tell people in the notice."
                            },
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {
                                            "uri": "policy.yaml",
                                            "uriBaseId": "%SRCROOT%",
                                            "index": 0,
                                        },
                                        "region": {
                                            "startLine": 7,
                                            "startColumn": 1,
                                            "endLine": 7,
                                            "endColumn": 16,
                                            "snippet": {"text": "device_storage:"},
                                        },
                                    },
                                    "logicalLocations": [
                                        {
                                            "name": "cookie:_ga@example.org",
                                            "fullyQualifiedName": "site:www/cookie:_ga@example.org",
                                            "kind": "cookie",
                                        }
                                    ],
                                }
                            ],
                            "partialFingerprints": {
                                "primaryLocationLineHash": "2609c99a6a5310c55cb9eb22ad7c64e3949b965a731ab6e7a8c5b8f6016ff5af"
                            },
                            "suppressions": [
                                {
                                    "kind": "external",
                                    "status": "accepted",
                                    "justification": "Waiver W1, until 2026-03-25, owned by Ada: It goes with the old shop.",
                                }
                            ],
                            "properties": {
                                "subject": "site:www",
                                "object": "cookie:_ga@example.org",
                                "severity": "high",
                                "below_threshold": False,
                                "seen": [
                                    {
                                        "page": "https://example.org/",
                                        "state": "before",
                                        "by": "example.org",
                                        "detail": "asks for the session",
                                    }
                                ],
                                "seen_count": 1,
                            },
                        },
                    ],
                    "properties": {
                        "verdict": "fail",
                        "incomplete": False,
                        "as_of": "2026-01-15",
                        "fail_on": "medium",
                    },
                }
            ],
        }
    )


def test_the_category_names_what_was_asked(story: Callable[..., Story]) -> None:
    """A part of the checks is another category: their alerts are not closed by not looking."""
    ids = {
        run_of(render_sarif(story(**how)))["automationDetails"]["id"]
        for how in ({}, {"only": ("cookie-*",)}, {"skip": ("cookie-*",)}, {"scope": ("site",)})
    }
    assert ids == snapshot(
        {
            "audit/policy.yaml/site,notice,stores/",
            "audit/policy.yaml/site,notice,stores/only cookie-*/",
            "audit/policy.yaml/site,notice,stores/skip cookie-*/",
            "audit/policy.yaml/site/",
        }
    )


def test_gaps_are_told(
    story: Callable[..., Story], report: Told, result: Judged, gap: Gap
) -> None:
    """What nobody saw is a notification, and the run was no success."""
    told = report(
        result(gap()), result(gap(attested_by="A1"), check="notice-link", title="There is a link")
    )
    run = run_of(render_sarif(structs.replace(story(), report=told)))
    assert run["results"] == []
    assert run["invocations"] == snapshot(
        [
            {
                "executionSuccessful": False,
                "toolExecutionNotifications": [
                    {
                        "descriptor": {"id": "nothing_observed"},
                        "level": "error",
                        "message": {"text": "Nothing but the policy itself was looked at."},
                    },
                    {
                        "descriptor": {"id": "timeout"},
                        "level": "error",
                        "message": {
                            "text": "site:www: https://www.example.org/team: did not answer in time. Needs: a page that answers. Leaves open: cookie-undeclared."
                        },
                        "properties": {"subject": "site:www", "checks": ["cookie-undeclared"]},
                    },
                    {
                        "descriptor": {"id": "attested"},
                        "level": "note",
                        "message": {
                            "text": "site:www: https://www.example.org/team: did not answer in time. Stated by a person (A1), not observed."
                        },
                        "properties": {"subject": "site:www", "checks": ["notice-link"]},
                    },
                ],
            }
        ]
    )


def test_nothing_looked_at(story: Callable[..., Story]) -> None:
    """No evidence is no success, and no rule: a rule without results reads as passed."""
    base = story()
    results = tuple(
        structs.replace(one, outcome=Outcome.NOT_CHECKED, detail="skipped", findings=(), gaps=())
        for one in base.report.results
    )
    told = structs.replace(base.report, results=results, incomplete=True)
    run = run_of(render_sarif(structs.replace(base, report=told)))
    assert run["tool"]["driver"]["rules"] == []
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    first, *others = invocation["toolExecutionNotifications"]
    assert first["level"] == "error"
    assert first["message"]["text"] == "Nothing but the policy itself was looked at."
    assert [one["descriptor"]["id"] for one in others] == ["not_checked"]


def test_levels(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding
) -> None:
    """By severity; what is below the threshold is a note, and the rule is as bad as its worst."""
    made = [finding(f"cookie:{one}", severity=one) for one in Severity]
    run = run_of(render_sarif(structs.replace(story(), report=report(result(*made)))))
    assert [one["level"] for one in run["results"]] == ["error", "error", "warning", "note"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["properties"]["security-severity"] == "9.5"
    told = report(result(*made), fail_on=Severity.CRITICAL)
    run = run_of(render_sarif(structs.replace(story(), report=told)))
    assert [one["level"] for one in run["results"]] == ["error", "note", "note", "note"]


def test_what_was_seen_in_code_is_shown_there(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding
) -> None:
    """A file and line of source come before those of policy.yaml, within the repository."""

    def place(page: str, subject: str = "code", source: str = "") -> tuple[str, int]:
        made = finding(seen=(Sighting(page=page),))
        told = report(result(made, subject=subject))
        made_of = structs.replace(story(), report=told, source=source)
        (one,) = run_of(render_sarif(made_of))["results"]
        shown = one["locations"][0]["physicalLocation"]
        return shown["artifactLocation"]["uri"], shown["region"]["startLine"]

    assert place("src/layout.tsx:14") == ("src/layout.tsx", 14)
    assert place("src/layout.tsx:14:3") == ("src/layout.tsx", 14)
    assert place("src/our page: new.html:14:3") == ("src/our%20page%3A%20new.html", 14)
    assert place("src/layout.tsx:14", source="sub/policy.yaml") == ("sub/src/layout.tsx", 14)
    for page in ("/etc/passwd:1", "../other/x.ts:1", "C:\\x.ts:1", "https://x.example:443", ""):
        assert place(page) == ("policy.yaml", 2)
    assert place("src/layout.tsx:14", "site:www") == ("policy.yaml", 2)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("policy.yaml", "policy.yaml"),
        ("sub/our policy.yaml", "sub/our%20policy.yaml"),
        ("../elsewhere/policy.yaml", "policy.yaml"),
    ],
)
def test_no_path_of_this_machine(
    audit: Audit, see: See, folder: Path, at: str, shown: str
) -> None:
    """The policy's path begins at the repository; outside of it, there is only its name."""
    evidence, text = see(cookie("_ga")), (folder / "policy.yaml").read_text()
    path = folder / at
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    (folder / ".git").mkdir()
    done = audit("check", "--policy", str(path.resolve()), str(evidence), "--format", "sarif")
    assert str(folder) not in done.stdout
    assert str(folder.parent) not in done.stdout
    run = run_of(done.stdout)
    assert run["artifacts"][0]["location"]["uri"] == shown
    assert [*faults(json.loads(done.stdout))] == []


def test_limits(
    story: Callable[..., Story], report: Told, result: Judged, finding: Finding
) -> None:
    """What is too much is left out from its end, the least severe first, and counted."""
    made = [finding(f"cookie:{n}", severity=Severity.LOW) for n in range(30)]
    told = report(result(*made, finding("cookie:worst", severity=Severity.CRITICAL)))
    whole = structs.replace(story(), report=told)
    run = run_of(render_sarif(whole, most=10))
    assert len(run["results"]) == 10
    assert run["results"][0]["properties"]["object"] == "cookie:worst"
    (note, *_) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == snapshot(
        "21 findings more are not in this file, which holds the worst 10. --format json has all of them."
    )
    smaller = render_sarif(whole, largest=2500)
    assert 1 <= len(run_of(smaller)["results"]) < 31
    assert "more are not in this file" in smaller.decode()


def test_the_same_bytes(story: Callable[..., Story]) -> None:
    """No moment and no number of the run are in it."""
    assert render_sarif(story()) == render_sarif(story())
