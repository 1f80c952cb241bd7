"""Ids: each is declared once, and each that is referred to is declared."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

SITE = "sites: [{id: www, url: https://example.org/}]\n"
GA = "accounts: [{id: ga}]\n"
WAIVER = (
    "justification: j, owner: o, approved_by: b, created: 2026-01-01, expires: 2026-02-01,"
    ' object: "cookie:_ga"'
)
STATED = "statement: s, by: b, date: 2026-01-01, expires: 2026-02-01"
MISTAKES = {
    "twice": (
        "processors: [{id: a}, {id: b}, {id: a}]",
        snapshot(
            'policy.yaml:3:37: processors[2].id: "a" is already used in line 3; ids are unique'
        ),
    ),
    "twice in each list": (
        "".join(
            f"{section}: [{{id: x{rest}}}, {{id: x{rest}}}]\n"
            for section, rest in {
                "notices": "",
                "claims": "",
                "processors": "",
                "processing_activities": "",
                "sites": ", url: https://example.org/",
                "stores": ", connector: sql",
                "accounts": "",
            }.items()
        ),
        snapshot("""\
policy.yaml:3:25: notices[1].id: "x" is already used in line 3; ids are unique
policy.yaml:4:24: claims[1].id: "x" is already used in line 4; ids are unique
policy.yaml:5:28: processors[1].id: "x" is already used in line 5; ids are unique
policy.yaml:6:39: processing_activities[1].id: "x" is already used in line 6; ids are unique
policy.yaml:7:50: sites[1].id: "x" is already used in line 7; ids are unique
policy.yaml:8:40: stores[1].id: "x" is already used in line 8; ids are unique
policy.yaml:9:26: accounts[1].id: "x" is already used in line 9; ids are unique\
"""),
    ),
    "self as a processor": (
        "processors: [{id: self}]",
        snapshot("policy.yaml:3:19: processors[0].id: self is reserved: it means the controller"),
    ),
    "writer": (
        (
            "processors: [{id: stripe}]\n"
            "device_storage: [{identifier: a, type: cookie, set_by: strip}]"
        ),
        snapshot(
            'policy.yaml:4:56: device_storage[0].set_by: "strip" is not declared under processors; did you mean stripe?'
        ),
    ),
    "sites of a row and of a processor": (
        (
            f"{SITE}device_storage: [{{identifier: a, type: cookie, sites: [www, ww]}}]\n"
            "processors: [{id: a, sites: [shop]}]"
        ),
        snapshot("""\
policy.yaml:4:61: device_storage[0].sites[1]: "ww" is not declared under sites; did you mean www?
policy.yaml:5:30: processors[0].sites[0]: "shop" is not declared under sites\
"""),
    ),
    "recipient": (
        "processing_activities: [{id: a, processors: [self, stripe]}]",
        snapshot(
            'policy.yaml:3:52: processing_activities[0].processors[1]: "stripe" is not declared under processors'
        ),
    ),
    "notices": (
        (
            "notices: [{id: en}, {id: fr, translation_of: eng}]\n"
            "sites: [{id: www, url: https://example.org/, notices: [de]}]\n"
            "claims: [{id: a, notice: fra}]"
        ),
        snapshot("""\
policy.yaml:3:46: notices[1].translation_of: "eng" is not declared under notices; did you mean en?
policy.yaml:4:56: sites[0].notices[0]: "de" is not declared under notices
policy.yaml:5:26: claims[0].notice: "fra" is not declared under notices; did you mean fr?\
"""),
    ),
    "whose store and account": (
        (
            "stores: [{id: app, connector: sql, processor: aws}]\n"
            "accounts: [{id: ga, processor: google, activities: [stats]}]"
        ),
        snapshot("""\
policy.yaml:3:47: stores[0].processor: "aws" is not declared under processors
policy.yaml:4:32: accounts[0].processor: "google" is not declared under processors
policy.yaml:4:53: accounts[0].activities[0]: "stats" is not declared under processing_activities\
"""),
    ),
    "activities of tables": (
        """\
processing_activities: [{id: accounts}]
stores:
- id: app
  connector: sql
  tables:
  - name: users
    activities: [acounts]
    fields: {email: {category: user, activity: mail}}
    consent: {activity: news}
""",
        snapshot("""\
policy.yaml:9:18: stores[0].tables[0].activities[0]: "acounts" is not declared under processing_activities; did you mean accounts?
policy.yaml:10:48: stores[0].tables[0].fields.email.activity: "mail" is not declared under processing_activities
policy.yaml:11:25: stores[0].tables[0].consent.activity: "news" is not declared under processing_activities\
"""),
    ),
    "check of a claim": (
        "claims: [{id: a, covered_by: [cookie-undeclared, cookies-undeclared]}]",
        snapshot(
            'policy.yaml:3:50: claims[0].covered_by[1]: "cookies-undeclared" is not a known check; did you mean cookie-undeclared?'
        ),
    ),
    "attestation of nonsense": (
        f"attestations: [{{id: a, covers: everything, {STATED}}}]",
        snapshot(
            'policy.yaml:3:32: attestations[0].covers: "everything" is neither SUBJECT:CHECK nor claim:ID'
        ),
    ),
    "attestation of no such claim": (
        f"claims: [{{id: safeguards}}]\nattestations: [{{id: a, covers: 'claim:safegards', {STATED}}}]",
        snapshot(
            'policy.yaml:4:32: attestations[0].covers: "claim:safegards" is not a declared claim; did you mean claim:safeguards?'
        ),
    ),
    "attestation of no such subject": (
        f"{GA}attestations: [{{id: a, covers: 'account:gaa:processor-retention-setting', {STATED}}}]",
        snapshot(
            'policy.yaml:4:32: attestations[0].covers: "account:gaa" is not a declared subject; did you mean account:ga?'
        ),
    ),
    "attestation of no such check": (
        f"{GA}attestations: [{{id: a, covers: 'account:ga:retention-setting', {STATED}}}]",
        snapshot(
            'policy.yaml:4:32: attestations[0].covers: "retention-setting" is not a known check; did you mean processor-retention-setting?'
        ),
    ),
    "attestation of a check that looks elsewhere": (
        f"{GA}attestations: [{{id: a, covers: 'account:ga:cookie-undeclared', {STATED}}}]",
        snapshot(
            'policy.yaml:4:32: attestations[0].covers: cookie-undeclared does not look at "account:ga"; it looks at: site'
        ),
    ),
    "waiver of no such check": (
        f"{SITE}waivers: [{{id: a, check: cookie, subject: 'site:www', {WAIVER}}}]",
        snapshot(
            'policy.yaml:4:26: waivers[0].check: "cookie" is not a known check; did you mean cookie-lifetime?'
        ),
    ),
    "waiver for no such subject": (
        (
            f"{SITE}waivers: [{{id: a, check: cookie-undeclared, subject: 'site:ww', {WAIVER}}},\n"
            f" {{id: b, check: code-undeclared-processor, subject: code, {WAIVER}}}]"
        ),
        snapshot("""\
policy.yaml:4:54: waivers[0].subject: "site:ww" is not a declared subject; did you mean site:www?
policy.yaml:5:53: waivers[1].subject: "code" is not a declared subject\
"""),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """A reference to nothing, or an id used twice, is told with what was probably meant."""
    assert refusal(text) == said


def test_what_is_declared_is_found(accepted: Callable[[str], object]) -> None:
    """Subjects, claims, checks and patterns of subjects that fit are good."""
    assert accepted(
        f"{SITE}{GA}claims: [{{id: c, covered_by: attestation}}]\ncode: {{}}\n"
        "notices: [{id: n}]\nstores: [{id: s, connector: sql}]\n"
        "attestations:\n"
        f"- {{id: a, covers: 'claim:c', {STATED}}}\n"
        f"- {{id: b, covers: 'notice:n:notice-rights', {STATED}}}\n"
        f"- {{id: c, covers: 'policy:promise-unobserved', {STATED}}}\n"
        f"- {{id: d, covers: 'store:s:credential-privilege', {STATED}}}\n"
        "waivers:\n"
        f"- {{id: a, check: cookie-undeclared, subject: 'site:w*', {WAIVER}}}\n"
        f"- {{id: b, check: code-undeclared-processor, subject: code, {WAIVER}}}\n"
    )
