import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.diff.policies import newly_undecided, policy_changes
from auditor.policy import Policy
from auditor.testing import policy
from auditor.vocabulary import CHANGES

ACTIVITY = "processing_activities: [{id: a, %s}]"
PROCESSOR = "processors: [{id: p, name: P, %s}]"
ROW = "device_storage: [{identifier: _ga, type: cookie, %s}]"
WAIVER = """waivers: [{id: W, check: fingerprinting, subject: site:www, object: host:example.org,
  justification: j, owner: o, approved_by: b, created: 2026-01-01, expires: 2026-02-01}]"""
ATTESTATION = """claims: [{id: c, covered_by: attestation}]
attestations: [{id: A, covers: claim:c, statement: s, by: b, role: r, date: 2026-01-01,
  expires: 2026-02-01}]"""
RULE = ACTIVITY % "retention: {%s}"


def kinds(before: str, after: str) -> list[str]:
    """Return the kinds of change; the way back is always the opposite."""
    there, back = policy_changes(policy(before), policy(after)), None
    back = policy_changes(policy(after), policy(before))
    assert sorted(CHANGES[one.kind].opposite for one in back) == sorted(one.kind for one in there)
    return [one.kind for one in there]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", PROCESSOR % "country: FR", ["processor-new"]),
        (PROCESSOR % "country: FR", PROCESSOR % "country: US", ["transfer-new", "detail-changed"]),
        (PROCESSOR % "country: US", "", ["processor-gone"]),
        (
            PROCESSOR % "country: US, transfer: {mechanism: sccs}",
            PROCESSOR % "country: US, transfer: {mechanism: bcrs}",
            ["safeguard-changed"],
        ),
        (PROCESSOR % "transfer: {mechanism: none_eea}", PROCESSOR % "role: processor", []),
        ("", PROCESSOR % "transfer: {mechanism: sccs}", ["processor-new"]),
        (
            PROCESSOR % "optional: false",
            PROCESSOR % "transfer: {mechanism: sccs}",
            ["transfer-new"],
        ),
        (PROCESSOR % "role: processor", PROCESSOR % "role: joint_controller", ["role-changed"]),
        (
            PROCESSOR % "consent: required",
            PROCESSOR % "consent: not_required",
            ["consent-relaxed"],
        ),
        (PROCESSOR % "optional: false", PROCESSOR % "sites: [www]", ["spread-narrower"]),
        (PROCESSOR % "optional: false", PROCESSOR % "optional: true", ["detail-changed"]),
        ("", ACTIVITY % "purpose: analytics", ["activity-new"]),
        (ACTIVITY % "purpose: analytics", ACTIVITY % "purpose: marketing", ["purpose-changed"]),
        (
            ACTIVITY % "purpose: analytics",
            ACTIVITY % "purpose: analytics.reporting",
            ["purpose-narrower"],
        ),
        (
            ACTIVITY % "data_categories: [user.contact.email]",
            ACTIVITY % "data_categories: [user.contact]",
            ["category-new"],
        ),
        (
            ACTIVITY % "data_categories: [user.contact]",
            ACTIVITY % "data_categories: [user.contact, user.contact.email]",
            [],
        ),
        (
            ACTIVITY % "data_subjects: [volunteer]",
            ACTIVITY % "data_subjects: [volunteer, child]",
            ["subject-new"],
        ),
        (ACTIVITY % "legal_basis: contract", ACTIVITY % "legal_basis: consent", ["basis-changed"]),
        (
            ACTIVITY % "legitimate_interest: one",
            ACTIVITY % "legitimate_interest: another",
            ["interest-changed"],
        ),
        (ACTIVITY % "source: direct", ACTIVITY % "source: indirect", ["source-changed"]),
        (RULE % "period: P12M", RULE % "period: P13M", ["retention-longer"]),
        (RULE % "period: P12M", RULE % "period: P1Y", []),
        (RULE % "period: P1M", RULE % "period: P30D", ["retention-changed"]),
        (RULE % "period: P365D", RULE % "period: P12M", ["retention-longer"]),
        (RULE % "period: P12M", RULE % "period: P12M, grace: P7D", ["retention-longer"]),
        (RULE % "period: P12M", ACTIVITY % "source: direct", ["retention-longer"]),
        (
            RULE % "period: P1M, anchor: created",
            RULE % "period: P1M, anchor: last_used",
            ["anchor-later"],
        ),
        (
            RULE % "period: P1M, anchor: last_login",
            RULE % "period: P1M, anchor: last_used",
            ["anchor-changed"],
        ),
        (RULE % "period: P1M", RULE % "period: P1M, action: anonymize", ["deletion-weaker"]),
        (
            RULE % "period: P1M, action: aggregate",
            RULE % "period: P1M, action: anonymize",
            ["deletion-changed"],
        ),
        ("rights: {access: {email: a@b.example}}", "", ["right-gone"]),
        (
            "rights: {access: {email: a@b.example}}",
            "rights: {access: {email: c@b.example}}",
            ["right-changed"],
        ),
        ("", ROW % "max_age: P1D", ["storage-new"]),
        (ROW % "max_age: P1D", ROW % "max_age: P1Y", ["lifetime-longer"]),
        (ROW % "max_age: session", ROW % "max_age: PT1S", ["lifetime-longer"]),
        (ROW % "max_age: P400D", ROW % "optional: false", ["lifetime-longer"]),
        (ROW % "consent: required", ROW % "consent: exempt_transmission", ["consent-relaxed"]),
        (
            ROW % "consent: exempt_strictly_necessary",
            ROW % "consent: exempt_transmission",
            ["exemption-changed"],
        ),
        (ROW % 'pages: ["/donate*"]', ROW % 'pages: ["/donate*", "/shop*"]', ["spread-wider"]),
        (ROW % 'pages: ["/donate*"]', ROW % 'pages: ["/shop*"]', ["detail-changed"]),
        (
            "automated_decisions: {in_use: false}",
            "automated_decisions: {in_use: true}",
            ["automated-on"],
        ),
        ("", "stores: [{id: app, connector: sql}]", ["store-new"]),
        (
            "stores: [{id: app, connector: sql}]",
            "stores: [{id: app, connector: sql, tables: [{name: t, fields: {n: user.name}}]}]",
            ["table-new"],
        ),
        (
            "stores: [{id: app, connector: sql, tables: [{name: t, fields: {n: user.name}}]}]",
            "stores: [{id: app, connector: sql, tables: [{name: t, fields: {n: user.contact}}]}]",
            ["field-changed"],
        ),
        ("", "sites: [{id: b, url: 'https://b.example/'}]", ["site-new", "site-gone"]),
        ("", "claims: [{id: c, quote: q}]", ["claim-new"]),
        ("claims: [{id: c, quote: q}]", "claims: [{id: c, quote: r}]", ["claim-changed"]),
        ("", WAIVER, ["waiver-new"]),
        (ATTESTATION.partition("\natt")[0], ATTESTATION, ["attestation-new"]),
        (
            "security_measures: [locks]",
            "security_measures: [keys]",
            ["measure-gone", "measure-new"],
        ),
        ("", "jurisdictions: [eu-gdpr, eprivacy, us-ca-ccpa]", ["jurisdiction-new"]),
        ("", "controller: {name: Another}", ["contact-changed"]),
        (
            "controller: {name: Example}",
            "controller: {name: Example, dpo: {email: dpo@b.example}}",
            ["dpo-changed"],
        ),
        ("", "code: {paths: [src]}", ["detail-changed"]),
    ],
)
def test_each_kind(before: str, after: str, expected: list[str]) -> None:
    """One change of the text is one change of its kind, there and back."""
    assert kinds(before, after) == expected


def test_periods_by_category_are_compared_by_what_they_mean() -> None:
    """A list of rules that says the same as one rule is no change; one longer period is one."""
    one = ACTIVITY % "data_categories: [user.name, user.contact], retention: {period: P12M}"
    same = one.replace(
        "{period: P12M}",
        "[{period: P12M, data_categories: [user.name]},"
        " {period: P1Y, data_categories: [user.contact]}]",
    )
    assert kinds(one, same) == []
    longer = policy_changes(policy(one), policy(same.replace("P1Y", "P6Y")))
    assert [(c.kind, c.what) for c in longer] == [
        ("retention-longer", "activity:a (user.contact)")
    ]


def test_a_period_for_new_data_is_no_longer_period() -> None:
    """What was not collected before was not kept for any time."""
    before = ACTIVITY % "data_categories: [user.name], retention: {period: P1M}"
    after = ACTIVITY % (
        "data_categories: [user.name, user.contact], retention: [{period: P1M, data_categories:"
        " [user.name]}, {period: P9Y, data_categories: [user.contact]}]"
    )
    assert kinds(before, after) == ["category-new"]


def test_rows_of_one_name_are_told_apart() -> None:
    """Each is compared with the one in the same place; one less is one that is gone."""
    first = "{identifier: _ga, type: cookie, pages: ['/shop*'], max_age: %s}"
    second = "{identifier: _ga, type: cookie, pages: ['/team*'], max_age: %s}"
    both = f"device_storage: [{first % 'P1D'}, {second % 'P1D'}]"
    longer = f"device_storage: [{second % 'P1D'}, {first % 'P2D'}]"
    assert kinds(both, longer) == ["lifetime-longer"]
    assert kinds(both, f"device_storage: [{first % 'P1D'}]") == ["storage-gone"]


def test_the_order_of_steps_counts() -> None:
    """A banner is clicked through in an order; pages to leave out have none."""
    site = """sites: [{id: www, url: "https://example.org/", crawl: {exclude: [%s]},
      consent: {accept: {steps: [%s]}}}]"""
    pages, steps = ('"/aaa*", "/bbb*"', '"/bbb*", "/aaa*"'), ("{click: a}", "{click: b}")
    there, back = ", ".join(steps), ", ".join(reversed(steps))
    assert kinds(site % (pages[0], there), site % (pages[1], there)) == []
    assert kinds(site % (pages[0], there), site % (pages[0], back)) == ["detail-changed"]


def test_another_id_is_no_change_wherever_it_is_named() -> None:
    """An entry that says the same is the same, with all that refers to it."""
    text = """
notices: [{id: one, path: a.md}, {id: two, path: b.md, translation_of: one}]
sites: [{id: www, url: "https://example.org/", notices: [one]}]
processors: [{id: proc, name: P, sites: [www]}]
processing_activities: [{id: acts, purpose: analytics, processors: [proc]}]
device_storage: [{identifier: _ga, type: cookie, set_by: proc, sites: [www]}]
stores:
  - {id: app, connector: sql, processor: proc, tables: [{name: acts, activities: [acts],
     fields: {proc: user.name, two: {category: user.contact, activity: acts}},
     people_in: store:app/acts}]}
accounts: [{id: acc, connector: github, processor: proc, activities: [acts]}]
claims: [{id: cla, notice: two, quote: q}]
attestations:
  - {id: att, covers: claim:cla, statement: s, by: b, role: r, date: 2026-01-01,
     expires: 2026-02-01}
  - {id: atu, covers: "account:acc:credential-privilege", statement: s, by: b, role: r,
     date: 2026-01-01, expires: 2026-02-01}
waivers:
  - {id: wai, check: fingerprinting, subject: site:www, object: processor:proc, justification: j,
     owner: o, approved_by: b, created: 2026-01-01, expires: 2026-02-01}
"""
    renamed = text
    for old, new in {"id: one": "id: uno", "_of: one": "_of: uno", "[one]": "[uno]"}.items():
        renamed = renamed.replace(old, new)
    for old in ("two", "www", "proc", "acts", "app", "acc", "cla", "att", "wai"):
        for form in (
            "id: %s",
            "[%s]",
            "_by: %s",
            "processor: %s",
            "activity: %s",
            "notice: %s",
            "claim:%s",
            "account:%s",
            "site:%s",
            "processor:%s",
            "store:%s",
        ):
            renamed = renamed.replace(form % old, form % f"x{old}")
    assert renamed.count("x") > text.count("x") + 20
    assert policy_changes(policy(text), policy(renamed)) == ()


def test_what_is_not_decided_any_more_is_named() -> None:
    """A TODO that was there before is known already."""
    before = policy(PROCESSOR % "country: TODO")
    after = policy(PROCESSOR % "country: TODO, role: TODO")
    assert [gap.what for gap in newly_undecided(before, after)] == ["processors[0].role"]
    assert newly_undecided(after, after) == ()


PARTS: dict[str, list[Any]] = {
    "controller": [{"name": "A"}, {"name": "B", "dpo": {"email": "d@b.example"}}],
    "notices": [[], [{"id": "n", "path": "n.md"}]],
    "processors": [
        [],
        [{"id": "p", "name": "P", "country": "US"}],
        [{"id": "p", "name": "P", "consent": "not_required"}, {"id": "q", "name": "Q"}],
        [{"id": "r", "name": "P", "country": "US"}],
    ],
    "processing_activities": [
        [],
        [{"id": "a", "purpose": "analytics", "data_categories": ["user.name", "user.contact"]}],
        [
            {
                "id": "a",
                "purpose": "marketing",
                "data_categories": ["user"],
                "retention": [
                    {"period": "P1M", "data_categories": ["user"]},
                    {"period": "P9D", "data_categories": ["user.name"]},
                ],
            },
            {"id": "b", "retention": {"period": "P30D", "anchor": "created"}},
        ],
    ],
    "device_storage": [
        [],
        [{"identifier": "_ga", "type": "cookie", "max_age": "P1Y"}],
        [
            {"identifier": "_ga", "type": "cookie", "sites": ["www"]},
            {"identifier": "_ga", "type": "cookie", "pages": ["/about*"], "max_age": "session"},
        ],
    ],
    "rights": [{}, {"access": {"email": "a@b.example"}}, {"access": {"channel": "letter"}}],
    "security_measures": [[], ["locks", "keys"], ["keys"]],
    "automated_decisions": [{"in_use": False}, {"in_use": True, "logic": "dice"}],
    "claims": [[], [{"id": "c", "quote": "q"}], [{"id": "d", "quote": "q"}]],
}


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Make a policy of parts."""
    return {key: draw(st.sampled_from(options)) for key, options in PARTS.items()}


def read(parts: dict[str, Any]) -> Policy:
    """Read a policy that was made."""
    return policy("\n".join(f"{k}: {msgspec.json.encode(v).decode()}" for k, v in parts.items()))


@settings(max_examples=60)
@given(policies(), st.randoms(use_true_random=False))
def test_a_policy_and_itself_in_another_order_are_the_same(
    parts: dict[str, Any], chance: random.Random
) -> None:
    """Sections, entries and lists may stand in any order."""
    keys = list(parts)
    chance.shuffle(keys)
    mixed = {k: parts[k] for k in keys}
    for key, value in mixed.items():
        if isinstance(value, list):
            mixed[key] = chance.sample(value, len(value))
    assert policy_changes(read(parts), read(mixed)) == ()


@settings(max_examples=60)
@given(policies(), policies())
def test_the_way_back_is_the_opposite(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Each change there is one of the opposite kind back, with its values turned round."""
    there = policy_changes(read(before), read(after))
    back = policy_changes(read(after), read(before))
    turned = sorted((CHANGES[c.kind].opposite, c.after, c.before) for c in back)
    assert sorted((c.kind, c.before, c.after) for c in there) == turned
