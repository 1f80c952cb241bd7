"""`TODO`: allowed nearly anywhere, remembered with its place, never a contradiction."""

# ruff: noqa: E501 -- as somebody would write it, and a message is one line

import time
from collections.abc import Callable

import pytest
from inline_snapshot import snapshot

from auditor.policy import Policy

Accepted = Callable[..., Policy]
EVERYWHERE = """\
version: 1
jurisdictions: [eu-gdpr, TODO]
controller: TODO
notices:
- {id: TODO, path: privacy.md}
- {id: fr, url: TODO, last_reviewed: TODO}
claims:
- {id: TODO}
- {id: b, notice: en, quote: TODO, covered_by: TODO}
- {id: c, notice: fr, covered_by: [cookie-undeclared, TODO]}
processors:
- TODO
- id: TODO
  name: Somebody
- id: stripe
  domains: [TODO, "*.stripe.com"]
  country: TODO
  transfer: {mechanism: TODO}
  contract: TODO
  optional: TODO
processing_activities:
- id: accounts
  purpose: TODO
  data_categories: [TODO, user.name]
  processors: [stripe, mailer]
  retention: [{period: TODO, data_categories: TODO}, TODO, {period: P1Y, data_categories: [user]}]
device_storage:
- {identifier: TODO, type: cookie, set_by: stripe}
- {identifier: a, type: TODO}
- {identifier: b, type: cookie, consent: TODO, max_age: TODO, sites: [shop]}
- {identifier: c, type: cookie, sites: TODO}
sites:
- {id: shop, url: TODO}
- id: www
  url: https://example.org/
  crawl: {max_pages: TODO}
  consent: {banner: none, accept: {steps: [{click: TODO}, TODO]}}
  access: {basic_auth: TODO, headers: {X-Key: {env: TODO}}}
stores:
- {id: TODO, connector: sql}
- id: app
  connector: sql
  tables:
  - {name: TODO}
  - name: users
    activities: [accounts]
    fields: {email: TODO, phone: {category: TODO, activity: accounts}}
    anchors: {created: {field: TODO}, last_used: {field: at, table: visits, key: TODO, references: id}}
accounts: TODO
code: TODO
rights: {access: TODO, erasure: {email: TODO}}
security_measures: [TODO]
automated_decisions: {in_use: TODO}
attestations:
- {id: a, covers: "account:ga:processor-retention-setting", statement: TODO, by: TODO, date: TODO, expires: TODO}
- {id: b, covers: "claim:safeguards", statement: s, by: b, date: 2026-01-01, expires: 2026-02-01, evidence: {path: TODO}}
waivers:
- {id: w, check: TODO, subject: TODO, object: TODO, justification: TODO, owner: TODO, approved_by: TODO, created: TODO, expires: TODO}
- {id: x, check: cookie-undeclared, subject: "account:ga", object: "cookie:_ga", justification: j, owner: o, approved_by: b, created: 2026-01-01, expires: 2026-02-01}
rules: TODO
"""


def test_anywhere(accepted: Accepted) -> None:
    """A draft loads, and each `TODO` in it is listed with its place, in the order of the file."""
    policy = accepted(EVERYWHERE, start="")
    told = [f"{u.at.line}:{u.at.column} {u.where}" for u in policy.origin.undecided]
    assert len(told) == EVERYWHERE.count("TODO")
    assert told == snapshot(
        [
            "2:26 jurisdictions[1]",
            "3:13 controller",
            "5:8 notices[0].id",
            "6:17 notices[1].url",
            "6:38 notices[1].last_reviewed",
            "8:8 claims[0].id",
            "9:30 claims[1].quote",
            "9:48 claims[1].covered_by",
            "10:55 claims[2].covered_by[1]",
            "12:3 processors[0]",
            "13:7 processors[1].id",
            "16:13 processors[2].domains[0]",
            "17:12 processors[2].country",
            "18:25 processors[2].transfer.mechanism",
            "19:13 processors[2].contract",
            "20:13 processors[2].optional",
            "23:12 processing_activities[0].purpose",
            "24:21 processing_activities[0].data_categories[0]",
            "26:24 processing_activities[0].retention[0].period",
            "26:47 processing_activities[0].retention[0].data_categories",
            "26:54 processing_activities[0].retention[1]",
            "28:16 device_storage[0].identifier",
            "29:25 device_storage[1].type",
            "30:42 device_storage[2].consent",
            "30:57 device_storage[2].max_age",
            "31:40 device_storage[3].sites",
            "33:19 sites[0].url",
            "36:22 sites[1].crawl.max_pages",
            "37:52 sites[1].consent.accept.steps[0].click",
            "37:59 sites[1].consent.accept.steps[1]",
            "38:24 sites[1].access.basic_auth",
            "38:53 sites[1].access.headers.X-Key.env",
            "40:8 stores[0].id",
            "44:12 stores[1].tables[0].name",
            "47:21 stores[1].tables[1].fields.email",
            "47:45 stores[1].tables[1].fields.phone.category",
            "48:32 stores[1].tables[1].anchors.created.field",
            "48:82 stores[1].tables[1].anchors.last_used.key",
            "49:11 accounts",
            "50:7 code",
            "51:18 rights.access",
            "51:41 rights.erasure.email",
            "52:21 security_measures[0]",
            "53:31 automated_decisions.in_use",
            "55:72 attestations[0].statement",
            "55:82 attestations[0].by",
            "55:94 attestations[0].date",
            "55:109 attestations[0].expires",
            "56:116 attestations[1].evidence.path",
            "58:18 waivers[0].check",
            "58:33 waivers[0].subject",
            "58:47 waivers[0].object",
            "58:68 waivers[0].justification",
            "58:81 waivers[0].owner",
            "58:100 waivers[0].approved_by",
            "58:115 waivers[0].created",
            "58:130 waivers[0].expires",
            "60:8 rules",
        ]
    )


def test_what_is_left(accepted: Accepted) -> None:
    """What is decided stays; an entry goes with the value that it cannot be without."""
    policy = accepted(EVERYWHERE, start="")
    assert policy.controller.name == "TODO"
    assert policy.jurisdictions == ("eu-gdpr",)
    assert {
        section: [
            getattr(entry, "id", "") or entry.identifier for entry in getattr(policy, section)
        ]
        for section in "notices claims processors processing_activities device_storage sites"
        " stores accounts attestations waivers".split()
    } == snapshot(
        {
            "notices": ["fr"],
            "claims": ["b", "c"],
            "processors": ["stripe"],
            "processing_activities": ["accounts"],
            "device_storage": ["b", "c"],
            "sites": ["www"],
            "stores": ["app"],
            "accounts": [],
            "attestations": ["a", "b"],
            "waivers": ["w", "x"],
        }
    )
    assert policy.processors[0].domains == ("*.stripe.com",)
    assert [rule.period for rule in policy.processing_activities[0].retention_rules] == ["", "P1Y"]
    assert [list(table.anchors) for _, table in policy.tables()] == [["last_used"]]
    assert policy.attestations[1].evidence is None


def test_places_of_what_is_left(accepted: Accepted) -> None:
    """What stands behind a value that was taken out keeps its own place."""
    policy = accepted("processors:\n- TODO\n- {id: TODO}\n- id: a\n- id: b\n")
    assert [processor.at.line for processor in policy.processors] == [6, 7]


def test_list_that_may_not_be_empty(accepted: Accepted) -> None:
    """A list of nothing but `TODO` counts as not written where one item is needed."""
    policy = accepted("sites: [{id: a, url: https://a.example, crawl: {start: [TODO]}}]")
    assert policy.sites[0].crawl.start == ("/",)


def test_mistakes_behind_it(refusal: Callable[[str], str]) -> None:
    """A mistake behind a `TODO` in the same list is told with the place and path in the file."""
    text = "processors:\n- {id: TODO}\n- TODO\n- {id: a, domains: [TODO, 'a b']}\n"
    assert refusal(text) == snapshot(
        'policy.yaml:6:27: processors[2].domains[1]: "a b" is not a host; write letters, digits, hyphens and dots, as in example.org'
    )


def test_mistakes_beside_it(refusal: Callable[[str], str]) -> None:
    """One undecided value excuses nothing else, neither in its entry nor in the next."""
    text = """\
sites:
- {id: TODO}
- {id: TODO, url: https://example.org/}
- {url: https://example.org/}
device_storage:
- {identifier: TODO, type: cooky}
- {identifier: TODO, kind: TODO}
"""
    assert refusal(text) == snapshot("""\
policy.yaml:4:3: sites[0]: url is missing; write it, or url: TODO
policy.yaml:6:3: sites[2]: id is missing; write it, or id: TODO
policy.yaml:8:28: device_storage[0].type: "cooky" is not known here; did you mean cookie?
policy.yaml:9:3: device_storage[1]: type is missing; write it, or type: TODO
policy.yaml:9:22: device_storage[1].kind: unknown key; known keys: identifier, type, set_by, domains, max_age, purpose, consent, reason, pages, refresh, sites, optional, description\
""")


@pytest.mark.parametrize("name", ["TODO", "{name: TODO, email: privacy@example.org}"])
def test_controller(accepted: Accepted, name: str) -> None:
    """The controller, without which there is no policy, goes by the name of TODO."""
    assert accepted(f"version: 1\ncontroller: {name}", start="").controller.name == "TODO"


@pytest.mark.parametrize("value", ["todo", "TODO later", "[[TODO]]", "'TODO '"])
def test_only_the_word_itself(refusal: Callable[[str], str], value: str) -> None:
    """Any other text is not excused."""
    assert "rights.access.email" in refusal(f"rights: {{access: {{email: {value}}}}}")


HUGE = {
    "entries that go with it": "sites:\n" + "- {id: a, url: TODO}\n" * 9_900,
    "entries in a list that goes on": "sites: [" + "TODO, " * 49_000 + "]",
    "columns": "stores: [{id: a, connector: sql, tables: [{name: t, fields: {"
    + "".join(f"c{i}: {{category: TODO}}, " for i in range(12_000))
    + "}}]}]",
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_as_many_as_fit(accepted: Accepted, text: str) -> None:
    """The largest file of them is read in seconds: the time grows with the file, not faster."""
    begin = time.perf_counter()
    policy = accepted(text)
    assert len(policy.origin.undecided) == text.count("TODO")
    assert time.perf_counter() - begin < 30
