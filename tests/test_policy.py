"""The policy as data: what can be asked of it, and our own as its first user."""

from pathlib import Path

import pytest

from auditor.discovery import discover, scopes_by_id
from auditor.policy import NOWHERE, Policy, ProcessingActivity, Retention, Site
from auditor.policy_file import load_policy
from auditor.testing import policy
from auditor.vocabulary import CHECK_SCOPES, RIGHTS

OURS = Path(__file__).parent.parent / "policy.yaml"
EVERYTHING = """\
jurisdictions: [eu-gdpr]
notices: [{id: privacy}]
processors: [{id: stripe}]
sites:
- {id: www, url: https://example.org/}
- {id: us, url: https://us.example.org/, jurisdictions: [us-ca-ccpa]}
stores: [{id: app, connector: sql, tables: [{name: users}, {name: visits}]}]
accounts: [{id: ga, processor: stripe, tables: [{name: contacts}]}]
code: {}
"""


@pytest.fixture
def everything() -> Policy:
    """Return a policy with one or two of each thing that can be looked at."""
    return policy(EVERYTHING)


@pytest.fixture
def ours() -> Policy:
    """Return Reach4Help's own policy."""
    return load_policy(OURS, scopes_by_id(discover()))


def test_found_by_id(everything: Policy) -> None:
    """Processors and sites are found by their id, and nothing is found by another."""
    assert everything.processor("stripe") is everything.processors[0]
    assert everything.site("us") is everything.sites[1]
    assert everything.processor("self") is None
    assert everything.site("ww") is None


def test_sections(everything: Policy) -> None:
    """A section is where its key stands; one that is not written is at the top of the file."""
    assert everything.section("sites").line == everything.section("processors").line + 1
    assert everything.section("waivers") == NOWHERE


def test_jurisdictions(everything: Policy) -> None:
    """A site's own jurisdictions count, else the policy's, else the European ones."""
    first, second = everything.sites
    assert everything.jurisdictions_of(first) == ("eu-gdpr",)
    assert everything.jurisdictions_of(second) == ("us-ca-ccpa",)
    site = Site(id="a", url="https://a.example")
    assert policy("").jurisdictions_of(site) == ("eu-gdpr", "eprivacy")


def test_tables(everything: Policy) -> None:
    """Tables of stores and of accounts come with what holds them."""
    found = [(holder.id, table.name) for holder, table in everything.tables()]
    assert found == [("app", "users"), ("app", "visits"), ("ga", "contacts")]


def test_subjects(everything: Policy) -> None:
    """Everything that can be looked at is a subject; the policy itself always is."""
    assert everything.subjects() == (
        "site:www", "site:us", "notice:privacy", "store:app", "account:ga", "code", "policy",
    )  # fmt: skip
    assert policy("sites: []").subjects() == ("policy",)


def test_undecided_keys() -> None:
    """What is undecided is known by each entry around it, and the key that leads there."""
    draft = policy("processors:\n- {id: a, transfer: {mechanism: TODO}}\nrights: TODO\n")
    processor = draft.processors[0]
    assert processor.transfer is not None
    found = draft.undecided_keys()
    assert found[processor.at, "transfer"] is found[processor.transfer.at, "mechanism"]
    assert found[processor.at, "transfer"].where == "processors[0].transfer.mechanism"
    assert "(policy.yaml:5)" in found[processor.at, "transfer"].needs
    assert (processor.at, "country") not in found


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        (None, ()),
        (Retention(period="P1Y"), (Retention(period="P1Y"),)),
        ((Retention(period="P1Y"),), (Retention(period="P1Y"),)),
    ],
)
def test_retention_rules(
    written: Retention | tuple[Retention, ...] | None, rules: tuple[Retention, ...]
) -> None:
    """Retention is a list of rules, however it was written."""
    assert ProcessingActivity(id="a", retention=written).retention_rules == rules


def test_our_claims(ours: Policy) -> None:
    """Each sentence that Reach4Help tells people stands with its words, notice and coverage."""
    assert len(ours.claims) == 20
    for claim in ours.claims:
        assert claim.quote, claim.id
        assert claim.notice == "privacy", claim.id
        assert claim.covered_by, claim.id
    checks = {
        c for claim in ours.claims if isinstance(claim.covered_by, tuple) for c in claim.covered_by
    }
    assert checks <= {*CHECK_SCOPES}


def test_our_processors(ours: Policy) -> None:
    """Everybody whom the page names is declared, and each has an account to be looked at."""
    named = "netlify firebase airtable google-analytics slack google-meet stripe github".split()
    assert {*named} <= {entry.id for entry in ours.processors}
    assert {*named} <= {account.processor for account in ours.accounts}


def test_our_rights(ours: Policy) -> None:
    """The five rights of the page are given, by the address that it names, and no other."""
    assert ours.rights is not None
    given = {name: way.email for name in RIGHTS if (way := getattr(ours.rights, name)) is not None}
    five = "access erasure portability marketing_opt_out complaint".split()
    assert given == dict.fromkeys(five, "privacy@reach4help.org")


def test_our_retention(ours: Policy) -> None:
    """What the page says of "within 12 months from the last time" holds for every activity."""
    rules = [rule for entry in ours.processing_activities for rule in entry.retention_rules]
    assert len(rules) == len(ours.processing_activities)
    assert {(rule.period, rule.anchor) for rule in rules} == {("P12M", "last_used")}


def test_ours_is_a_draft(ours: Policy) -> None:
    """What the page does not say is left to be decided: nothing there is made up."""
    undecided = {todo.where for todo in ours.origin.undecided}
    assert {"device_storage", "stores", "controller.country"} <= undecided
    countries = [where for where in undecided if where.endswith("].country")]
    assert len(countries) == len(ours.processors)
