"""A small policy that uses what the exports tell, and what judges evidence of it."""

from collections.abc import Callable
from datetime import date

import pytest

from auditor.discovery import discover
from auditor.evidence import Evidence
from auditor.export import Wanted
from auditor.export.ropa import record
from auditor.findings import Report
from auditor.policy import Policy
from auditor.run import Options, Seen, report_on
from auditor.testing import policy

SMALL = """\
controller: {name: Lantern, email: hello@example.org, country: FR}
processors:
  - id: stripe
    name: Stripe
    legal_name: Stripe Payments Europe, Limited
    domains: ["*.stripe.com"]
    consent: not_required
    country: IE
    transfer: {mechanism: sccs, details: module 3, countries: [US]}
    contract: {url: https://stripe.com/legal/dpa, signed: 2026-01-10}
    privacy_policy: https://stripe.com/privacy
  - {id: post, name: TODO, country: TODO, role: TODO}
processing_activities:
  - id: accounts
    purpose: essential.service
    data_subjects: [volunteer]
    data_categories: [user.name, user.contact]
    legal_basis: contract
    processors: [stripe]
    retention: {period: P12M, anchor: last_used, grace: P30D}
  - id: letters
    purpose: TODO
    data_subjects: [member]
    data_categories: [user.contact]
    legal_basis: consent
    processors: [post]
    retention: {period: P2M, anchor: created}
device_storage:
  - identifier: __stripe_mid
    type: cookie
    set_by: stripe
    domains: [example.org]
    max_age: P1Y
    refresh: true
    purpose: essential.fraud_detection
    consent: exempt_strictly_necessary
    reason: payments
    description: Recognises a browser that paid
  - {identifier: theme, type: local_storage, purpose: functional.service}
  - {identifier: session, type: cookie, max_age: session, purpose: TODO}
  - {identifier: canvas, type: device_access, purpose: essential.service.security}
stores:
  - id: app
    connector: sql
    url: sqlite:///app.db
    tables:
      - name: users
        activities: [accounts]
        fields: {email: user.contact.email, last_seen: system.operations}
        anchors: {last_used: last_seen}
      - name: readers
        activities: [letters]
        fields: {email: user.contact.email, joined: system.operations}
        anchors: {created: joined}
        consent: {given_at: joined, audience: {field: subscribed}}
"""
AS_OF = date(2026, 1, 15)


@pytest.fixture
def small() -> Policy:
    """Return the small policy."""
    return policy(SMALL)


@pytest.fixture
def audited() -> Callable[..., Report]:
    """Return what judges evidence with every installed check."""

    def judge(promised: Policy, seen: Evidence, skip: tuple[str, ...] = ()) -> Report:
        chosen = Options(as_of=AS_OF, skip=skip)
        return report_on(promised, discover(), Seen(evidence=seen), chosen)

    return judge


@pytest.fixture
def known() -> Callable[..., dict[str, str]]:
    """Return what tells one column of the record: what is known of each row, by its activity."""

    def of(column: str, promised: Policy, report: Report | None) -> dict[str, str]:
        entries = record(Wanted(policy=promised, report=report))
        return {
            " ".join(filter(None, (entry.activity, entry.period))): str(cell.standing)
            for entry in entries
            for cell in entry.cells
            if cell.column.key == column
        }

    return of
