"""A promise that nobody can look at is an error, not a finding."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.check import Example, check
from auditor.evidence import Gap
from auditor.findings import Remark
from auditor.policy import Policy
from auditor.testing import judge, policy
from auditor_checks.cookies import undeclared_cookie
from auditor_checks.promises import unobserved_promise

KEPT = """
processors: [{id: host, domains: [host.example]}]
processing_activities: [{id: log, processors: [host], retention: {period: P1M}}]
"""


class StoreEvidence(msgspec.Struct, frozen=True):
    scope: ClassVar[str] = "stores"
    gaps: tuple[Gap, ...] = ()


@check(
    "retention-overdue",
    title="Nothing is kept too long",
    needs=StoreEvidence,
    references=[],
    passing=Example(policy=""),
    failing=Example(policy=""),
)
def kept_too_long(_policy: Policy, _store: StoreEvidence) -> Iterator[Remark]:
    """Stand in for a check that looks at stores."""
    yield from ()


NOT_INSTALLED = "no installed check is called"
NO_STORE = "the policy declares no store for retention-overdue"
INSTALLED = {item.id: item for item in (undeclared_cookie, kept_too_long)}


def unseen(text: str, as_of: date = date(2026, 1, 15)) -> list[tuple[str, str]]:
    """Judge a policy that must have no findings; return what is unseen, and why."""
    result = judge(unobserved_promise, policy(text), as_of=as_of, installed=INSTALLED)
    assert result.findings == ()
    assert result.outcome.value == ("error" if result.gaps else "pass")
    return [(gap.what, gap.reason.value) for gap in result.gaps]


def test_a_policy_without_promises_does_not_apply() -> None:
    """Where nothing is promised, nothing can go unseen."""
    result = judge(unobserved_promise, policy("notices: [{id: n, path: privacy.md}]"))
    assert result.outcome.value == "not_applicable"


def test_retention_that_nobody_can_check() -> None:
    """A period is a promise; without a store, an account or an attestation nobody sees it kept."""
    assert unseen(KEPT) == [("activity:log retention", "nobody_looks")]


@pytest.mark.parametrize(
    "holder",
    [
        "accounts: [{id: a, activities: [log]}]",
        "accounts: [{id: a, tables: [{name: t, activities: [log]}]}]",
        "stores: [{id: s, connector: sql, tables: [{name: t, activities: [log]}]}]",
        """
stores:
  - id: s
    connector: sql
    tables:
      - name: t
        fields: {ip: {category: user.device, activity: log}, name: user.name}
""",
    ],
)
def test_retention_shows_where_the_activity_is_listed(holder: str) -> None:
    """An account, a table or a field that lists the activity is a place to look."""
    assert unseen(KEPT + holder) == []


LISTED = """
processing_activities:
  - id: log
    retention:
      - {period: P1M, data_categories: [user.device]}
      - {period: P2M, data_categories: [user.name]}
stores:
  - id: s
    connector: sql
    tables: [{name: t, activities: [log], fields: {ip: user.device}}]
"""


def test_each_period_of_a_list_needs_a_place_of_its_own() -> None:
    """A table that holds no names shows nothing of how long names are kept."""
    assert unseen(LISTED) == [("activity:log retention of user.name", "nobody_looks")]
    assert unseen(LISTED.replace("ip: user.device", "ip: user.device, n: user.name.first")) == []
    assert unseen(LISTED + "accounts: [{id: a, activities: [log]}]") == []


def test_no_retention_is_no_promise() -> None:
    """An activity that does not say how long promises nothing that could be looked at."""
    assert unseen("processing_activities: [{id: log}]") == []


def test_retention_listed_elsewhere_is_still_unseen() -> None:
    """A store that lists only other activities shows nothing of this one."""
    text = """
processing_activities:
  - {id: log, retention: {period: P1M}}
  - {id: other}
stores: [{id: s, connector: sql, tables: [{name: t, activities: [other]}]}]
"""
    assert unseen(text) == [("activity:log retention", "nobody_looks")]


ATTESTED = """
accounts: [{id: a, processor: host}]
attestations:
  - {id: A, covers: "account:a:processor-retention-setting", statement: one month, by: Ada,
     date: 2026-01-01, expires: 2026-01-31}
"""


def test_retention_may_be_attested() -> None:
    """A statement of how long the activity's own processor keeps data counts while it lasts."""
    assert unseen(KEPT + ATTESTED) == []
    assert unseen(KEPT + ATTESTED, date(2026, 1, 1)) == []
    assert unseen(KEPT + ATTESTED, date(2026, 1, 31)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-01-31", "2026-01-14"),
        ("2026-01-31", "TODO"),
        ("2026-01-01", "TODO"),
        ("2026-01-01", "2026-01-16"),
        ("processor-retention-setting", "processor-category"),
        (", processors: [host]", ""),
        ("by: Ada", "by: TODO"),
    ],
)
def test_an_attestation_that_does_not_say_it_today(old: str, new: str) -> None:
    """Ended, not begun, about something else, about nobody it uses, or by nobody: unseen."""
    text = (KEPT + ATTESTED).replace(old, new)
    assert unseen(text) == [("activity:log retention", "nobody_looks")]


def test_an_attestation_about_an_unfinished_store() -> None:
    """While the store is undecided, nobody knows whose data it holds."""
    covers = ATTESTED.replace("account:a:processor-retention-setting", "store:s:retention-overdue")
    text = f"{KEPT}{covers}stores: [{{id: s, connector: TODO, processor: host}}]"
    assert unseen(text) == [("activity:log retention", "nobody_looks")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("processors: [{id: p, domains: [p.example]}]", []),
        ("processors: [{id: p, domains: [p.example], sites: [www]}]", []),
        ("processors: [{id: p}]\nstores: [{id: s, connector: sql, processor: p}]", []),
        ("processors: [{id: p}]\naccounts: [{id: a, processor: p}]", []),
        ("processors: [{id: p}]", [("processor:p", "nobody_looks")]),
        (
            "sites: []\nprocessors: [{id: p, domains: [p.example]}]",
            [("processor:p", "nobody_looks")],
        ),
    ],
)
def test_a_processor_shows_on_a_site_or_in_its_own_system(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """A processor without domains, site, store and account is only a name."""
    assert unseen(text) == expected


def test_device_storage_shows_on_a_site() -> None:
    """A row needs a site on which it may appear."""
    row = "device_storage: [{identifier: abc, type: cookie}]"
    assert unseen(row) == []
    assert unseen(f"sites: []\n{row}") == [("device_storage cookie:abc", "nobody_looks")]


def test_rights_show_in_a_notice() -> None:
    """A right is given where people are told of it."""
    rights = "rights: {access: {email: me@example.org}, complaint: {channel: by post}}"
    both = [("right:access", "nobody_looks"), ("right:complaint", "nobody_looks")]
    assert unseen(rights) == both
    assert unseen(f"notices: [{{id: n}}]\n{rights}") == both
    assert unseen(f"notices: [{{id: n, path: privacy.md}}]\n{rights}") == []
    assert unseen(f"notices: [{{id: n, url: https://example.org/p}}]\n{rights}") == []


@pytest.mark.parametrize(
    ("covered_by", "needs"),
    [
        ("[cookie-undeclared]", None),
        ("not_verifiable", None),
        ("[retention-unprovable]", f"{NOT_INSTALLED} retention-unprovable"),
        ("[retention-overdue]", NO_STORE),
        (
            "[cookie-undeclared, retention-overdue, gpc-ignored, cookie-lifetime]",
            f"{NO_STORE}; {NOT_INSTALLED} gpc-ignored; {NOT_INSTALLED} cookie-lifetime",
        ),
        ("[]", "covered_by: some checks, attestation or not_verifiable"),
    ],
)
def test_a_sentence_needs_every_check_that_it_names(covered_by: str, needs: str | None) -> None:
    """A claim is looked at only if each of its checks is installed and has where to look."""
    text = policy(f"claims: [{{id: c, covered_by: {covered_by}}}]")
    result = judge(unobserved_promise, text, installed=INSTALLED)
    expected = [] if needs is None else [("claim:c", "nobody_looks", needs)]
    assert [(g.what, g.reason.value, g.needs) for g in result.gaps] == expected


def test_a_check_has_where_to_look_once_its_place_is_declared() -> None:
    """The same claim is seen as soon as the policy declares a store."""
    text = "claims: [{id: c, covered_by: [retention-overdue]}]\n"
    assert unseen(f"{text}stores: [{{id: s, connector: sql}}]") == []


def test_a_sentence_that_only_a_person_can_state() -> None:
    """It stays open until somebody attests it, and is then attested, never passed."""
    text = "claims: [{id: c, covered_by: attestation}]\n"
    assert unseen(text) == [("claim:c", "cannot_be_shown")]
    stated = (
        "attestations: [{id: A, covers: claim:c, statement: locked, by: Ada,"
        " date: 2026-01-01, expires: 2026-06-30}]"
    )
    result = judge(unobserved_promise, policy(text + stated))
    assert result.outcome.value == "attested"
    assert [gap.attested_by for gap in result.gaps] == ["A"]


def test_a_whole_result() -> None:
    """Each gap says what is promised and what is needed in order to see it."""
    text = (
        KEPT
        + """
rights: {access: {channel: by post}}
claims: [{id: c, covered_by: attestation}]
"""
    )
    assert msgspec.yaml.encode(judge(unobserved_promise, policy(text))).decode() == snapshot("""\
check: promise-unobserved
title: Somebody looks at each promise
subject: policy
outcome: error
detail: ''
references:
- gdpr:5-2
- gdpr:24
gaps:
- what: activity:log retention
  reason: nobody_looks
  needs: a store or an account that lists the activity; or an attestation that covers
    account:ID:processor-retention-setting of one of its processors
  attested_by: null
- what: right:access
  reason: nobody_looks
  needs: the notice that tells of it, with path or url
  attested_by: null
- what: claim:c
  reason: cannot_be_shown
  needs: an attestation that covers claim:c and has not expired
  attested_by: null
findings: []
""")
