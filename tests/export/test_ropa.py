"""What the record says is known of each cell: never more than the checks have shown."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.evidence import ConsentCounted, Evidence, Gap, Reason
from auditor.example import ages, field, request, setting, table
from auditor.export.ropa import COLUMNS, Mark
from auditor.export.ropa.rules import RULES
from auditor.findings import Outcome, Report
from auditor.policy import Policy
from auditor.run import TOOL
from auditor.testing import account, policy, site, store
from auditor.vocabulary import CHECK_SCOPES

Audited = Callable[..., Report]
Known = Callable[..., dict[str, str]]

EMAIL = field("email", "user.contact.email")
KEPT = """\
processing_activities:
  - {id: a, data_categories: [user.contact], retention: {period: P12M, anchor: created}}
  - {id: b, data_categories: [user.contact], retention: {period: P2M, anchor: created}}
"""
STORED = """\
stores:
  - id: app
    connector: sql
    url: sqlite:///app.db
    tables:
      - {name: one, activities: [a], fields: {email: user.contact.email, d: system.operations},
         anchors: {created: d}}
      - {name: two, activities: [b], fields: {email: user.contact.email, d: system.operations},
         anchors: {created: d}}
"""


def rows(name: str, day: str = "2026-01-10", *more: Any) -> Any:  # noqa: ANN401 -- parts of a table
    """Return a table with ten records of one day."""
    return table(name, EMAIL, field("d"), ages({day: 10}, "created"), *more)


def seen(*items: Any, **facts: Any) -> Evidence:  # noqa: ANN401 -- fields of Evidence
    """Return evidence of the store."""
    return Evidence(tool=TOOL, stores=(store(*items, **facts),))


def test_without_a_report_nobody_looked(small: Policy, known: Known) -> None:
    """Not one cell claims more, whatever the policy says."""
    marks = {text for column in COLUMNS for text in known(column.key, small, None).values()}
    assert marks == {"nobody looked (no report)", "not declared"}


def test_a_period_that_is_kept_everywhere_is_verified(audited: Audited, known: Known) -> None:
    """Both checks passed on the store that holds the records, as of the day of the report."""
    promised = policy(KEPT + STORED)
    report = audited(promised, seen(rows("one"), rows("two")))
    told = "verified (2026-01-15, retention-overdue, retention-unprovable)"
    assert known("erasure", promised, report) == {"a": told, "b": told}
    assert known("practice", promised, report) == {"a": told, "b": told}


def test_a_finding_contradicts_its_own_row_alone(audited: Audited, known: Known) -> None:
    """What is too old for one activity says nothing against the other in the same store."""
    promised = policy(KEPT + STORED)
    report = audited(promised, seen(rows("one"), rows("two", "2025-06-01")))
    found = known("erasure", promised, report)
    assert found["a"].startswith("verified")
    assert found["b"] == "contradicted (retention-overdue at store:app)"


def test_periods_of_one_activity_are_told_apart(audited: Audited, known: Known) -> None:
    """Each period is a row; a finding is about the one that it names."""
    promised = policy(
        """\
processing_activities:
  - id: a
    data_categories: [user.contact, user.name]
    retention:
      - {period: P12M, anchor: created, data_categories: [user.contact]}
      - {period: P1M, anchor: created, data_categories: [user.name]}
      - {period: P1M, anchor: created, data_categories: [user.payment]}
stores:
  - id: app
    connector: sql
    url: sqlite:///app.db
    tables:
      - {name: one, activities: [a],
         fields: {email: user.contact.email, who: user.name, d: system.operations},
         anchors: {created: d}}
"""
    )
    both = table(
        "one",
        EMAIL,
        field("who", "user.name"),
        field("d"),
        ages({"2025-06-01": 10}, "created", holding=("email",)),
        ages({"2025-06-01": 10}, "created", holding=("who",)),
    )
    found = known("erasure", promised, audited(promised, seen(both)))
    assert found["a Contact details"].startswith("verified")
    assert found["a Name"] == "contradicted (retention-overdue at store:app)"
    assert found["a Payments"] == "nobody looked (policy.yaml names nothing to look at)"


@pytest.mark.parametrize("check", ["retention-overdue", "retention-unprovable"])
def test_one_check_is_not_enough(audited: Audited, known: Known, check: str) -> None:
    """Where only one of the two was run, nobody looked."""
    promised = policy(KEPT + STORED)
    report = audited(promised, seen(rows("one"), rows("two")), skip=(check,))
    assert known("erasure", promised, report)["a"] == f"nobody looked ({check} at store:app)"


def test_a_store_that_nobody_reached(audited: Audited, known: Known) -> None:
    """A second store with the same data and no evidence leaves the cell open."""
    more = STORED.replace("stores:\n", "").replace("id: app", "id: old").replace("app.db", "o.db")
    promised = policy(KEPT + STORED + more)
    report = audited(promised, seen(rows("one"), rows("two")))
    told = known("erasure", promised, report)["a"]
    assert told.startswith("nobody looked (retention-overdue at store:old")


def test_a_gap_is_nobody_looked(audited: Audited, known: Known) -> None:
    """A table that could not be read is not one that keeps its promise."""
    gap = Gap(what="table:one", reason=Reason.TIMEOUT, needs="an answer")
    promised = policy(KEPT + STORED)
    report = audited(promised, seen(rows("one"), rows("two"), gaps=(gap,)))
    assert known("erasure", promised, report)["a"].startswith("nobody looked (retention-overdue")


def test_a_recipient_of_which_nothing_is_seen(audited: Audited, known: Known) -> None:
    """Our own store keeps its promise; what the processor keeps, nobody looked at."""
    kept = KEPT.replace("{id: a,", "{id: a, processors: [acme],")
    promised = policy(f"processors: [{{id: acme, name: Acme}}]\n{kept}{STORED}")
    report = audited(promised, seen(rows("one"), rows("two")))
    told = "nobody looked (nothing of acme is declared to look at)"
    found = known("erasure", promised, report)
    assert (found["a"], found["b"][:8]) == (told, "verified")
    assert known("data_categories", promised, report)["a"] == told


def test_a_processor_keeps_for_the_longest(audited: Audited, known: Known) -> None:
    """A setting that fits the longest period of an account shows nothing of a shorter one."""
    promised = policy(
        KEPT + "accounts: [{id: ga, connector: google_analytics, property: properties/1,"
        " activities: [a, b]}]\n"
    )
    there = account(setting("deletes_after", "X", period="P12M"), account_id="ga")
    found = known("erasure", promised, audited(promised, Evidence(tool=TOOL, accounts=(there,))))
    assert found["a"] == "verified (2026-01-15, processor-retention-setting)"
    assert found["b"] == "nobody looked (account:ga keeps records for a, which is longer)"


def test_what_is_waived_stays_contradicted(audited: Audited, known: Known) -> None:
    """Accepted is not kept: the cell says until when."""
    waiver = (
        "waivers: [{id: W1, check: retention-overdue, subject: 'store:app', object: 'table:two',"
        " justification: a, owner: b, approved_by: c, created: 2026-01-01, expires: 2026-03-01}]\n"
    )
    promised = policy(KEPT + STORED + waiver)
    report = audited(promised, seen(rows("one"), rows("two", "2025-06-01")))
    told = "contradicted (retention-overdue at store:app; accepted until 2026-03-01)"
    assert known("erasure", promised, report)["b"] == told


def test_who_states_it_is_named(audited: Audited, known: Known) -> None:
    """Where a person stands in for what cannot be shown, the cell says who and when."""
    promised = policy(
        KEPT.replace("P2M", "P12M")
        + "accounts: [{id: s, connector: slack, activities: [a, b]}]\n"
        + "attestations: [{id: A1, covers: 'account:s:processor-data-overdue', statement: so,"
        " by: Ada, role: chair, date: 2026-01-02, expires: 2026-06-01}]\n"
    )
    shown = table("messages", rows=5)
    there = account(shown, setting("deletes_after", "X", period="P12M"), account_id="s")
    report = audited(promised, Evidence(tool=TOOL, accounts=(there,)))
    overdue = next(one for one in report.results if one.check == "processor-data-overdue")
    assert overdue.outcome is Outcome.ATTESTED
    assert known("erasure", promised, report)["a"] == "attested (Ada, 2026-01-02)"


def test_recipients_are_what_the_site_shows(audited: Audited, known: Known) -> None:
    """Verified where each would be seen by its hosts; a stranger speaks against every row."""
    promised = policy(
        "processors: [{id: s, name: S, domains: ['*.stripe.com'], consent: not_required},"
        " {id: post, name: Post}]\n"
        "processing_activities: [{id: a, processors: [s]}, {id: b, processors: [post]}]\n"
    )

    def looked(*urls: str) -> dict[str, str]:
        there = site(*(request(url) for url in urls))
        return known(
            "recipients", promised, audited(promised, Evidence(tool=TOOL, sites=(there,)))
        )

    good = looked("https://js.stripe.com/v3")
    assert good == {"a": "verified (2026-01-15, third-party-undeclared)", "b": "declared only"}
    told = "contradicted (third-party-undeclared at site:www)"
    assert looked("https://tracker.example.com/") == {"a": told, "b": told}


def test_categories_are_what_the_store_holds(audited: Audited, known: Known) -> None:
    """A field that holds something else contradicts the activity of its table."""
    promised = policy(KEPT + STORED)
    more = field("iban", "user.financial.bank_account")
    found = known(
        "data_categories",
        promised,
        audited(promised, seen(rows("one"), rows("two", "2026-01-10", more))),
    )
    assert found["a"].startswith("verified (2026-01-15, category-undeclared")
    assert found["b"].startswith("contradicted (")
    assert "field-undeclared at store:app" in found["b"]


def test_consent_is_what_the_records_show(small: Policy, audited: Audited, known: Known) -> None:
    """The legal basis is borne out where people agreed on record, and open elsewhere."""
    lawful = policy(f"{small.origin.text}rights: {{withdraw_consent: {{email: a@b.example}}}}\n")
    counted = ConsentCounted(activity="letters", audience=10)
    users = table("users", EMAIL, field("last_seen"), ages({"2026-01-10": 10}))
    readers = table(
        "readers", EMAIL, field("joined"), ages({"2026-01-10": 10}, "created"), counted
    )
    found = known("legal_basis", lawful, audited(lawful, seen(users, readers)))
    assert found["accounts"] == "declared only"
    assert found["letters"] == "verified (2026-01-15, consent-record)"


def test_what_no_check_sees_is_declared_only(
    small: Policy, audited: Audited, known: Known
) -> None:
    """A report does not make it more; what is TODO is not declared at all."""
    report = audited(small, Evidence(tool=TOOL))
    assert known("data_subjects", small, report)["accounts"] == "declared only"
    assert known("purpose", small, report) == {
        "accounts": "declared only",
        "letters": "not declared",
    }
    assert known("controller", small, report)["letters"] == "declared only"


def test_a_policy_check_names_its_processor(audited: Audited, known: Known) -> None:
    """A missing contract speaks against the activities of that processor alone."""
    promised = policy(
        "processors:\n"
        "  - {id: s, name: S, contract: {url: https://s.example/dpa, signed: 2026-01-01}}\n"
        "  - {id: t, name: T}\n"
        "processing_activities: [{id: a, processors: [s]}, {id: b, processors: [t]}]\n"
    )
    report = audited(promised, Evidence(tool=TOOL))
    found = known("contracts", promised, report)
    assert found == {"a": "declared only", "b": "contradicted (policy-contract at policy)"}


def test_the_rules_name_columns_and_checks_that_there_are() -> None:
    """A misspelt check would leave a cell open for ever."""
    assert {column.key for column in COLUMNS} == RULES.keys()
    looks = [look for rule in RULES.values() for look in (*rule.proofs, *rule.objections)]
    assert {check for look in looks for check in look.checks} <= CHECK_SCOPES.keys()
    assert {mark.value for mark in Mark} >= {"verified", "attested", "declared only"}
