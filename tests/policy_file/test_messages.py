"""What is said about a mistake in policy.yaml: where it is, what it is, what to write instead."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

MISTAKES = {
    "duration": (
        """\
device_storage:
- {identifier: a, type: cookie, max_age: P1Y}
- {identifier: b, type: cookie, max_age: session}
- {identifier: c, type: cookie, max_age: "13 months"}
- {identifier: d, type: cookie, max_age: forever}
""",
        snapshot("""\
policy.yaml:6:42: device_storage[2].max_age: "13 months" is not an ISO 8601 duration; write P13M
policy.yaml:7:42: device_storage[3].max_age: "forever" is not an ISO 8601 duration such as P12M, P30D or PT1H\
"""),
    ),
    "duration that counts hours": (
        "processing_activities: [{id: a, retention: {period: PT12H}}]",
        snapshot(
            'policy.yaml:3:53: processing_activities[0].retention.period: "PT12H" has a time part; write whole days, months or years, such as P30D'
        ),
    ),
    "unknown key at the top": (
        "procesors: []",
        snapshot("policy.yaml:3:1: procesors: unknown key; did you mean processors?"),
    ),
    "unknown key inside": (
        "code: {path: ['.']}",
        snapshot("policy.yaml:3:8: code.path: unknown key; did you mean paths?"),
    ),
    "unknown key in a list": (
        """\
device_storage:
- identifier: session
  type: cookie
  lifetime: P1Y
""",
        snapshot(
            "policy.yaml:6:3: device_storage[0].lifetime: unknown key; known keys: identifier, type, set_by, domains, max_age, purpose, consent, reason, pages, refresh, sites, optional, description"
        ),
    ),
    "unknown key in a list in a list": (
        "stores: [{id: a, connector: sql, tables: [{name: t, feilds: {}}]}]",
        snapshot(
            "policy.yaml:3:53: stores[0].tables[0].feilds: unknown key; did you mean fields?"
        ),
    ),
    "key of a mapping": (
        "stores: [{id: a, connector: sql, tables: [{name: t, anchors: {last_use: seen}}]}]",
        snapshot(
            'policy.yaml:3:63: stores[0].tables[0].anchors.last_use: "last_use" is not known here; did you mean last_used?'
        ),
    ),
    "TODO as a key": (
        "stores: [{id: a, connector: sql, tables: [{name: t, anchors: {TODO: seen}}]}]",
        snapshot(
            'policy.yaml:3:63: stores[0].tables[0].anchors.TODO: "TODO" is not known here; write one of: account_closed, collected, consent_given, consent_withdrawn, contract_end, created, event_end, fiscal_year_end, last_login, last_updated, last_used, transaction'
        ),
    ),
    "required keys": (
        "sites:\n- id: www\ndevice_storage:\n- type: cookie\n",
        snapshot("""\
policy.yaml:4:3: sites[0]: url is missing; write it, or url: TODO
policy.yaml:6:3: device_storage[0]: identifier is missing; write it, or identifier: TODO\
"""),
    ),
    "empty value": (
        "rights: {access: {email: }}",
        snapshot(
            "policy.yaml:3:26: rights.access.email: has no value; write text, or TODO, or leave the key out"
        ),
    ),
    "empty text": (
        "rights: {access: {email: '', channel: ''}}",
        snapshot("""\
policy.yaml:3:26: rights.access.email: is empty; write something, or TODO, or leave the key out
policy.yaml:3:39: rights.access.channel: is empty; write something, or TODO, or leave the key out\
"""),
    ),
    "empty section": (
        "processors:",
        snapshot(
            "policy.yaml:3:12: processors: has no value; write a list, or TODO, or leave the key out"
        ),
    ),
    "text for a list": (
        "processors: [{id: a, domains: a.example}]",
        snapshot(
            'policy.yaml:3:31: processors[0].domains: "a.example" is not a list; write ["a.example"]'
        ),
    ),
    "text for a group": (
        "automated_decisions: none",
        snapshot('policy.yaml:3:22: automated_decisions: "none" is not a group of keys'),
    ),
    "text for true": (
        "automated_decisions: {in_use: no}",
        snapshot(
            'policy.yaml:3:31: automated_decisions.in_use: "no" is not true or false; write false'
        ),
    ),
    "text for a whole number": (
        "sites: [{id: a, url: https://a.example, crawl: {max_pages: '25'}}]",
        snapshot(
            'policy.yaml:3:60: sites[0].crawl.max_pages: "25" is not a whole number; write 25, without quotes'
        ),
    ),
    "empty list": (
        "sites: [{id: a, url: https://a.example, crawl: {start: []}}]",
        snapshot(
            "policy.yaml:3:56: sites[0].crawl.start: is an empty list; write an item, or leave the key out"
        ),
    ),
    "number for text": (
        "security_measures: [27001]",
        snapshot(
            'policy.yaml:3:21: security_measures[0]: 27001 is not text; write it in quotes: "27001"'
        ),
    ),
    "truth for text": (
        "security_measures: [true]",
        snapshot(
            'policy.yaml:3:21: security_measures[0]: true is not text; write it in quotes: "true"'
        ),
    ),
    "group for text": (
        "notices: [{id: a, path: {en: a.md}}]",
        snapshot("policy.yaml:3:25: notices[0].path: is a group of keys, not text"),
    ),
    "list for a group": (
        "code: [src]",
        snapshot("policy.yaml:3:7: code: is a list, not a group of keys"),
    ),
    "text in place of an entry": (
        "processors: [stripe]",
        snapshot(
            'policy.yaml:3:14: processors[0]: "stripe" is not a group of keys; write {id: "stripe"}'
        ),
    ),
    "number out of range": (
        (
            "sites: [{id: a, url: https://a.example, crawl: {max_pages: 0}},\n"
            " {id: b, url: https://b.example, crawl: {max_pages: 10001}}]"
        ),
        snapshot("""\
policy.yaml:3:60: sites[0].crawl.max_pages: 0 is less than 1
policy.yaml:4:53: sites[1].crawl.max_pages: 10001 is more than 10000\
"""),
    ),
    "country": (
        "processors: [{id: a, country: uk}, {id: b, country: no}]",
        snapshot("""\
policy.yaml:3:31: processors[0].country: "uk" is not known here; write the two letters of a country, such as FR or GB
policy.yaml:3:53: processors[1].country: "no" is not known here; did you mean NO?\
"""),
    ),
    "word with a likely meaning": (
        "processing_activities: [{id: a, legal_basis: consnet, data_subjects: [volunteers]}]",
        snapshot("""\
policy.yaml:3:46: processing_activities[0].legal_basis: "consnet" is not known here; did you mean consent?
policy.yaml:3:71: processing_activities[0].data_subjects[0]: "volunteers" is not known here; did you mean volunteer?\
"""),
    ),
    "word of a short list": (
        "processors: [{id: a, role: boss}]",
        snapshot(
            'policy.yaml:3:28: processors[0].role: "boss" is not known here; write one of: independent_controller, joint_controller, processor, sub_processor'
        ),
    ),
    "word of a long list": (
        "processing_activities: [{id: a, purpose: xyzzy}]",
        snapshot(
            'policy.yaml:3:42: processing_activities[0].purpose: "xyzzy" is not known here; `audit terms WORD` finds the right one'
        ),
    ),
    "field": (
        "stores: [{id: a, connector: sql, tables: [{name: t, fields: {mail: user.contact.emial}}]}]",
        snapshot(
            'policy.yaml:3:68: stores[0].tables[0].fields.mail: "user.contact.emial" is not known here; did you mean user.contact.email?'
        ),
    ),
    "field with an activity": (
        "stores: [{id: a, connector: sql, tables: [{name: t, fields: {mail: {category: x, activty: y}}}]}]",
        snapshot("""\
policy.yaml:3:79: stores[0].tables[0].fields.mail.category: "x" is not known here; `audit terms WORD` finds the right one
policy.yaml:3:82: stores[0].tables[0].fields.mail.activty: unknown key; did you mean activity?\
"""),
    ),
    "field without a value": (
        "stores: [{id: a, connector: sql, tables: [{name: t, fields: {mail: , name: 1}}]}]",
        snapshot("""\
policy.yaml:3:68: stores[0].tables[0].fields.mail: has no value; write text or a group of keys, or TODO, or leave the key out
policy.yaml:3:76: stores[0].tables[0].fields.name: 1 is not text or a group of keys\
"""),
    ),
    "covered by one check": (
        "claims: [{id: a, covered_by: cookie-undeclared}]",
        snapshot(
            'policy.yaml:3:30: claims[0].covered_by: "cookie-undeclared" is not known here; write one of: attestation, not_verifiable; or a list: ["cookie-undeclared"]'
        ),
    ),
    "covered by a slip": (
        "claims: [{id: a, covered_by: atestation}]",
        snapshot(
            'policy.yaml:3:30: claims[0].covered_by: "atestation" is not known here; did you mean attestation?'
        ),
    ),
    "covered by a group": (
        "claims: [{id: a, covered_by: {check: a}}]",
        snapshot("policy.yaml:3:30: claims[0].covered_by: is a group of keys, not text"),
    ),
    "covered by numbers": (
        "claims: [{id: a, covered_by: [1]}]",
        snapshot(
            'policy.yaml:3:31: claims[0].covered_by[0]: 1 is not text; write it in quotes: "1"'
        ),
    ),
    "retention as text": (
        "processing_activities: [{id: a, retention: P12M}]",
        snapshot(
            'policy.yaml:3:44: processing_activities[0].retention: "P12M" is not a list or a group of keys'
        ),
    ),
    "retention in a list": (
        "processing_activities: [{id: a, retention: [{period: P12M, anker: created}]}]",
        snapshot(
            "policy.yaml:3:60: processing_activities[0].retention[0].anker: unknown key; known keys: period, anchor, action, data_categories, grace, legal_basis, on_missing_anchor"
        ),
    ),
    "web address": (
        "sites: [{id: a, url: example.org}, {id: b, url: 'https://me:secret@example.org/'}]",
        snapshot("""\
policy.yaml:3:22: sites[0].url: "example.org" is not a web address: write it with https://, without a name or password
policy.yaml:3:49: sites[1].url: "https://...@example.org/" is not a web address: write it with https://, without a name or password\
"""),
    ),
    "line break at the end": (
        "notices:\n- id: |\n    privacy\n",
        snapshot(
            'policy.yaml:4:7: notices[0].id: "privacy\\u000a" is not a usable name: write letters, digits, `-`, `_` and `.`, and begin with a letter or digit'
        ),
    ),
    "e-mail": (
        "rights: {access: {email: privacy at example.org}}",
        snapshot(
            'policy.yaml:3:26: rights.access.email: "privacy at example.org" is not an e-mail address: write one such as privacy@example.org'
        ),
    ),
    "language": (
        "notices: [{id: a, language: English}]",
        snapshot(
            'policy.yaml:3:29: notices[0].language: "English" is not a language code: write one such as en, fr or pt-BR'
        ),
    ),
    "digest": (
        "attestations: [{id: a, evidence: {path: a.pdf, sha256: ABC}}]",
        snapshot(
            'policy.yaml:3:56: attestations[0].evidence.sha256: "ABC" is not a SHA-256 digest: write its 64 characters of 0-9 and a-f'
        ),
    ),
    "date": (
        "notices: [{id: a, last_reviewed: 2026-02-30}]",
        snapshot(
            'policy.yaml:3:34: notices[0].last_reviewed: "2026-02-30" is not a date; write YYYY-MM-DD'
        ),
    ),
    "date in words": (
        "notices: [{id: a, last_reviewed: 1 May 2026}]",
        snapshot(
            'policy.yaml:3:34: notices[0].last_reviewed: "1 May 2026" is not a date; write YYYY-MM-DD'
        ),
    ),
    "id": (
        "notices: [{id: Privacy notice}]",
        snapshot(
            'policy.yaml:3:16: notices[0].id: "Privacy notice" is not a usable name: write letters, digits, `-`, `_` and `.`, and begin with a letter or digit'
        ),
    ),
    "too long": (
        f"processors: [{{id: {'a' * 65}}}]",
        snapshot("policy.yaml:3:19: processors[0].id: is longer than 64 characters"),
    ),
    "secret": (
        (
            "accounts: [{id: a, credentials: xoxb-1234}]\n"
            "sites: [{id: a, url: https://a.example, access: {headers: {X-Key: s3cret}}}]"
        ),
        snapshot("""\
policy.yaml:3:33: accounts[0].credentials: a secret is never in the file; write {env: NAME}, the variable that holds it
policy.yaml:4:67: sites[0].access.headers.X-Key: a secret is never in the file; write {env: NAME}, the variable that holds it\
"""),
    ),
    "variable": (
        "accounts: [{id: a, credentials: {env: MY-TOKEN}}]",
        snapshot(
            'policy.yaml:3:39: accounts[0].credentials.env: "MY-TOKEN" is not the name of an environment variable: write letters, digits and `_`'
        ),
    ),
    "secret or text": (
        "stores: [{id: a, connector: sql, url: [x]}]",
        snapshot("policy.yaml:3:39: stores[0].url: is a list, not text or a group of keys"),
    ),
    "rules": (
        "rules: [a]",
        snapshot("policy.yaml:3:8: rules: is reserved for a later version; leave it out"),
    ),
    "several, in the order of the file": (
        """\
processors:
- id: stripe
  rol: processor
  country: Ireland
claims:
- id: a b
  quote: 5
sites:
- {id: www, url: https://example.org/, crawl: {max_pages: many}}
""",
        snapshot("""\
policy.yaml:5:3: processors[0].rol: unknown key; did you mean role?
policy.yaml:6:12: processors[0].country: "Ireland" is not known here; write the two letters of a country, such as FR or GB
policy.yaml:8:7: claims[0].id: "a b" is not a usable name: write letters, digits, `-`, `_` and `.`, and begin with a letter or digit
policy.yaml:9:10: claims[0].quote: 5 is not text; write it in quotes: "5"
policy.yaml:11:59: sites[0].crawl.max_pages: "many" is not a whole number\
"""),
    ),
}
WHOLE_FILES = {
    "no version": (
        "controller: {name: Example}",
        snapshot("policy.yaml:1:1: version is missing; write version: 1"),
    ),
    "version of the future": (
        "version: 2\ncontroller: {name: Example}",
        snapshot("policy.yaml:1:10: version: 2 is not known here; write 1"),
    ),
    "version as text": (
        "version: '1'\ncontroller: {name: Example}",
        snapshot('policy.yaml:1:10: version: "1" is not known here; write 1, without quotes'),
    ),
    "version to be decided": (
        "version: TODO\ncontroller: {name: Example}",
        snapshot('policy.yaml:1:10: version: "TODO" is not known here; write 1'),
    ),
    "no controller": (
        "version: 1",
        snapshot("policy.yaml:1:1: controller is missing; write it, or controller: TODO"),
    ),
    "controller without a name": (
        "version: 1\ncontroller: {email: a@b.example}",
        snapshot("policy.yaml:2:13: controller: name is missing; write it, or name: TODO"),
    ),
    "duplicate keys": (
        "version: 1\nsites: []\ncontroller: {name: a}\nsites: []",
        snapshot("policy.yaml:4:1: sites: the same key stands in line 2; keep one"),
    ),
    "anchor": (
        "version: 1\ncontroller: &us {name: a}",
        snapshot(
            'policy.yaml:2:13: controller: text that begins with & must be quoted: write "&us" (YAML anchors are not read)'
        ),
    ),
    "name that begins with a star": (
        "version: 1\ncontroller: {name: a}\nprocessors: [{id: a, domains: [*.a.example]}]",
        snapshot(
            'policy.yaml:3:32: text that begins with * must be quoted: write "*.a.example" (YAML aliases are not read)'
        ),
    ),
    "tag": (
        "version: !!int 1\ncontroller: {name: a}",
        snapshot(
            'policy.yaml:1:10: version: text that begins with ! must be quoted: write "!!int" (YAML tags are not read)'
        ),
    ),
    "second document": (
        "version: 1\ncontroller: {name: a}\n---\nversion: 1",
        snapshot("policy.yaml:3:1: a second document begins; a file is one policy"),
    ),
    "too large": (
        f"version: 1\n#{'x' * 1024 * 1024}",
        snapshot("policy.yaml:1:1: the file is larger than 1 MiB; policies are far smaller"),
    ),
    "empty": (
        "# nothing yet",
        snapshot(
            'policy.yaml:1:1: the file holds nothing; a policy is keys with values, such as "version: 1"'
        ),
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(refusal: Callable[[str], str], text: str, said: str) -> None:
    """Each mistake is told with its place, its path, and what to write instead."""
    assert refusal(text) == said


@pytest.mark.parametrize(("text", "said"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_mistake_of_the_whole_file(refusal: Callable[..., str], text: str, said: str) -> None:
    """What is wrong with the file as such is told in the same form."""
    assert refusal(text, start="") == said


def test_no_more_than_can_be_read(refusal: Callable[[str], str]) -> None:
    """A file full of mistakes gives the first of them, in order, and says that there are more."""
    lines = refusal("\n".join(f"key{i}: 1" for i in range(1000))).splitlines()
    assert len(lines) == 26
    assert lines[0].startswith("policy.yaml:3:1: key0: unknown key")
    assert lines[24].startswith("policy.yaml:27:1: key24: unknown key")
    assert lines[25] == snapshot(
        "policy.yaml:27:1: there are more problems than these 25; mend these first"
    )
