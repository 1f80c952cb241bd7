"""Reports made by hand, so that only the telling is tested."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from auditor.discovery import discover
from auditor.evidence import Evidence, Reason, SiteObservation, TableSeen, Tool
from auditor.findings import (
    EvidenceDigest,
    JudgedFinding,
    JudgedGap,
    Place,
    PolicyDigest,
    Remedy,
    Report,
    Result,
    Severity,
    Sighting,
    ToolVersion,
    count,
    fingerprint,
    is_incomplete,
    outcome_of,
    verdict_of,
)
from auditor.report import Story
from auditor.run import Options, Seen, report_on
from auditor.testing import TODAY, policy, site, store

HOME = "https://www.example.org/"
ENTRY = "device_storage:\n  - identifier: _ga\n"
COVERAGE: dict[str, Any] = {
    "looked_at": [
        {
            "subject": "site:www",
            "url": HOME,
            "pages": [HOME],
            "page_count": 1,
            "states": ["accept", "before", "reject"],
            "collected_at": "2026-01-15T12:00:00Z",
        }
    ],
    "not_looked_at": [],
    "not_declared": [],
    "left_out": [],
    "claims": {},
}


@pytest.fixture
def finding() -> Callable[..., JudgedFinding]:
    """Return what makes a finding: a cookie that no row covers, unless told."""

    def make(name: str = "cookie:_ga@example.org", **facts: object) -> JudgedFinding:
        common: dict[str, Any] = {
            "severity": Severity.HIGH,
            "message": "`_ga` is kept on visitors' devices; no row covers it",
            "waived_by": None,
            "policy": Place(path="policy.yaml", line=2, column=1),
            "seen": (Sighting(page=HOME, state="before", detail="asks for 2 years"),),
            "remedies": (
                Remedy(kind="remove", text="stop setting it"),
                Remedy(kind="declare", text="add it to device_storage", yaml=ENTRY),
            ),
        }
        code = fingerprint("check", "subject", name, "")
        return JudgedFinding(object=name, fingerprint=code, **(common | facts))

    return make


@pytest.fixture
def gap() -> Callable[..., JudgedGap]:
    """Return what makes a gap: a page that did not answer, unless told."""

    def make(what: str = "https://www.example.org/team", **facts: object) -> JudgedGap:
        common: dict[str, Any] = {"reason": Reason.TIMEOUT, "needs": "a page that answers"}
        return JudgedGap(what=what, **(common | facts))

    return make


@pytest.fixture
def result() -> Callable[..., Result]:
    """Return what makes the result of a check on site `www` from findings and gaps."""

    def make(*found: JudgedFinding | JudgedGap, **facts: object) -> Result:
        findings = tuple(item for item in found if isinstance(item, JudgedFinding))
        gaps = tuple(item for item in found if isinstance(item, JudgedGap))
        common: dict[str, Any] = {
            "check": "cookie-undeclared",
            "title": "Every cookie is declared",
            "subject": "site:www",
            "outcome": outcome_of(findings, gaps),
            "references": ("eprivacy:5-3",),
        }
        return Result(findings=findings, gaps=gaps, **(common | facts))

    return make


@pytest.fixture
def report() -> Callable[..., Report]:
    """Return what makes the report of some results."""

    def make(
        *results: Result,
        fail_on: Severity = Severity.MEDIUM,
        coverage: dict[str, Any] | None = None,
        **facts: object,
    ) -> Report:
        common: dict[str, Any] = {
            "scope": ("site",),
            "only": (),
            "skip": (),
            "waivers_applied": True,
            "policy": PolicyDigest(path="policy.yaml", sha256="ab" * 32),
            "evidence": (
                EvidenceDigest(
                    path="before.har", sha256="cd" * 32, collected_at="2026-01-15T12:00:00Z"
                ),
            ),
        }
        return Report(
            verdict=verdict_of(results, fail_on),
            incomplete=is_incomplete(results),
            as_of="2026-01-15",
            fail_on=fail_on,
            tool=ToolVersion(name="policy-auditor", version="1"),
            counts=count(results, fail_on),
            results=results,
            coverage=COVERAGE | (coverage or {}),
            knowledge={},
            **(common | facts),
        )

    return make


PROMISED = """
notices: [{id: privacy, url: "https://example.org/privacy"}]
claims:
  - {id: few, notice: privacy, quote: We use few cookies, covered_by: [cookie-undeclared]}
processors:
  - {id: pay, name: Pay, domains: ["*.pay.example"], country: US, consent: not_required}
  - {id: idle, name: Idle, domains: ["*.idle.example"], country: FR}
processing_activities:
  - id: accounts
    purpose: essential.service
    data_categories: [user.contact]
    processors: [pay]
    retention: {period: P12M, anchor: last_used}
device_storage:
  - {identifier: session, type: cookie, purpose: essential.service, max_age: P1D}
stores:
  - id: app
    connector: sql
    tables:
      - name: users
        activities: [accounts]
        fields: {email: user.contact.email, last_seen: system.operations}
        anchors: {last_used: last_seen}
waivers:
  - id: W1
    check: cookie-undeclared
    subject: site:www
    object: cookie:old*
    justification: It goes with the old shop
    owner: Ada
    approved_by: Grace
    created: 2026-01-01
    expires: 2026-01-25
attestations:
  - {id: A1, covers: "claim:few", statement: Few, by: Grace, date: 2026-01-01, expires: 2026-02-01}
"""
LOOKED = (
    "cookie-undeclared",
    "third-party-undeclared",
    "retention-overdue",
    "consent-before-choice",
)


@pytest.fixture
def story() -> Callable[..., Story]:
    """Return what judges things seen by a few checks, beside a small policy, for a whole story."""

    def make(*seen: SiteObservation | TableSeen, promised: str = PROMISED, **how: Any) -> Story:  # noqa: ANN401
        promise = policy(promised)
        tables = tuple(item for item in seen if isinstance(item, TableSeen))
        others = tuple(item for item in seen if not isinstance(item, TableSeen))
        evidence = Evidence(
            tool=Tool(name="test", version="1"),
            sites=(site(*others, gaps=how.pop("gaps", ())),),
            stores=(store(*tables),) if tables else (),
        )
        wanted = how.pop("checks", LOOKED)
        checks = [check for check in discover() if check.id in wanted]
        options = Options(as_of=TODAY, **how)
        told = report_on(promise, checks, Seen(evidence=evidence), options)
        fixed = structs.replace(told, tool=ToolVersion(name="policy-auditor", version="1"))
        fixed = structs.replace(fixed, knowledge={"public_suffix_list": "1"})
        return Story(report=fixed, policy=promise, seen=evidence, checks=tuple(checks))

    return make
