"""All checks on all subjects: what is run, what is left out by name, what nobody looks at."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec import structs

from auditor.check import Check
from auditor.engine import SCOPES, Case, Selection, judge, judge_waivers
from auditor.evidence import (
    EverySite,
    Evidence,
    Gap,
    PolicyItself,
    Reason,
    SiteEvidence,
    State,
    StoredData,
    StoreEvidence,
    Tool,
    WaiverUse,
)
from auditor.findings import NotApplicable, Result
from auditor.policy import Policy
from auditor.testing import banner, page, policy, site, store, table

Speaker = Callable[..., Check[Any]]
DAY = date(2026, 1, 15)
TWO_SITES = """
sites:
  - {id: www, url: https://example.org/}
  - {id: blog, url: https://blog.example.org/}
"""
STORE = "stores: [{id: app, connector: sql}]"


def case(
    promised: Policy,
    *seen: SiteEvidence | StoreEvidence,
    **facts: Any,  # noqa: ANN401
) -> Case:
    """Return what is judged."""
    evidence = Evidence(
        tool=Tool(name="test", version="1"),
        sites=tuple(item for item in seen if isinstance(item, SiteEvidence)),
        stores=tuple(item for item in seen if isinstance(item, StoreEvidence)),
    )
    return Case(**{"policy": promised, "evidence": evidence, "as_of": DAY, **facts})


def told(results: tuple[Result, ...]) -> list[tuple[str, str, str]]:
    """Return check, subject and outcome of each result."""
    return [(r.check, r.subject, r.outcome.value) for r in results]


def only(results: tuple[Result, ...], check: str = "probe") -> Result:
    """Return the one result of a check."""
    (result,) = (result for result in results if result.check == check)
    return result


def gaps(results: tuple[Result, ...]) -> list[tuple[str, str]]:
    """Return what the probe could not see, and why."""
    return [(gap.what, gap.reason.value) for gap in only(results).gaps]


@pytest.fixture
def about_policy(saying: Speaker) -> Check[Any]:
    """Return a check that looks at the policy alone: without one, nobody looks there."""
    return saying(id="policy-probe", needs=PolicyItself)


def test_every_check_on_every_subject_of_its_scope(
    saying: Speaker, about_policy: Check[Any]
) -> None:
    """Results stand by check and subject, however checks and evidence are ordered."""
    seen = (site(), site(site_id="blog", url="https://blog.example.org/"))
    probe = saying()
    results = judge([probe, about_policy], case(policy(TWO_SITES), *seen))
    assert told(results) == [
        ("policy-probe", "policy", "pass"),
        ("probe", "site:blog", "pass"),
        ("probe", "site:www", "pass"),
    ]
    turned = judge([about_policy, probe], case(policy(TWO_SITES), *reversed(seen)))
    assert turned == results


def test_a_declared_site_without_evidence_is_an_error(
    saying: Speaker, about_policy: Check[Any]
) -> None:
    """Missing is not clean; the gap says what to give."""
    results = judge([saying(references=["gdpr:5"]), about_policy], case(policy(TWO_SITES), site()))
    assert told(results)[1:] == [("probe", "site:blog", "error"), ("probe", "site:www", "pass")]
    blog = results[1]
    assert blog.references == ("gdpr:5",)
    assert [(gap.reason, gap.needs) for gap in blog.gaps] == [
        (
            Reason.NOT_IN_EVIDENCE,
            "evidence of it, or a recording: --evidence blog:before=FILE.har",
        )
    ]


def test_evidence_of_an_undeclared_site_is_not_judged(saying: Speaker) -> None:
    """A site that the policy does not name is nobody's promise, and no view shows it."""
    every = saying(id="probe", needs=EverySite)
    results = judge([every], case(policy("sites: []"), site()))
    assert only(results).outcome.value == "pass"
    assert not [result for result in results if result.subject.startswith("site:")]


@pytest.mark.parametrize(
    ("selection", "detail"),
    [
        (Selection(scope=("notice",)), "outside --scope: site"),
        (Selection(only=("other-*",)), "outside --only"),
        (Selection(skip=("pro*",)), "left out by --skip"),
        (Selection(only=("probe",), skip=("probe",)), "left out by --skip"),
    ],
)
def test_what_is_left_out_is_listed_by_name(
    saying: Speaker, selection: Selection, detail: str
) -> None:
    """Each subject of a check that was not run is told, with the reason; evidence or not."""
    for seen in ((), (site(),)):
        result = only(judge([saying()], case(policy(""), *seen, selection=selection)))
        assert (result.outcome.value, result.detail) == ("not_checked", detail)
        assert (result.findings, result.gaps) == ((), ())


@pytest.mark.parametrize(
    ("selection", "outcome"),
    [
        (Selection(only=("pro?e",)), "pass"),
        (Selection(only=("other", "probe")), "pass"),
        (Selection(skip=("other-*",)), "pass"),
        (Selection(scope=("site",)), "pass"),
        (Selection(only=("PROBE",)), "not_checked"),
    ],
)
def test_what_is_asked_for_is_run(saying: Speaker, selection: Selection, outcome: str) -> None:
    """Ids and globs, upper and lower case apart."""
    result = only(judge([saying()], case(policy(""), site(), selection=selection)))
    assert result.outcome.value == outcome


def test_the_policy_always_runs(about_policy: Check[Any]) -> None:
    """No scope leaves the policy itself out."""
    selection = Selection(scope=())
    results = judge([about_policy], case(policy(""), selection=selection))
    assert told(results) == [("policy-probe", "policy", "pass")]


def test_a_view_of_all_sites_needs_their_scope(saying: Speaker) -> None:
    """A promise that shows on sites is not judged where sites were not asked for."""
    every = saying(needs=EverySite)
    outside = judge([every], case(policy(""), selection=Selection(scope=("notice",))))
    assert only(outside).detail == "outside --scope: site"


def test_the_views(saying: Speaker) -> None:
    """Views say which sites are missing, which checks are there, and on which day it is."""
    given: list[Any] = []

    def listen(check: Check[Any]) -> Check[Any]:
        return listening_to(check, given)

    checks = [
        listen(saying(id="a", needs=PolicyItself)),
        listen(saying(id="b", needs=EverySite)),
        listen(saying(id="c")),
        listen(saying(id="d")),
    ]
    judge(checks, case(policy(TWO_SITES), site()))
    itself, every, first, second = given
    assert (itself.as_of, itself.installed["b"], itself.installed["c"]) == (
        DAY,
        ("policy",),
        ("site",),
    )
    assert ([one.site for one in every.sites], every.missing) == (["www"], ("blog",))
    assert first is second is every.sites[0]


def listening_to(check: Check[Any], given: list[Any]) -> Check[Any]:
    """Return the check with a function that keeps what it is given."""

    def find(_policy: Policy, item: Any) -> list[Any]:  # noqa: ANN401
        """Keep it."""
        given.append(item)
        return []

    fields = {name: getattr(check, name) for name in check.__slots__}
    return Check(**{**fields, "find": find})


def test_a_kind_of_evidence_that_nobody_collects_is_an_error(saying: Speaker) -> None:
    """A plug-in that wants what was not collected is not run on something else."""

    class Screenshots(SiteEvidence, frozen=True, kw_only=True):
        """Pictures of a site."""

    result = only(judge([saying(needs=Screenshots)], case(policy(""), site())))
    assert result.outcome.value == "error"


def test_waivers_are_judged_afterwards(saying: Speaker, about_policy: Check[Any]) -> None:
    """A check of the waivers waits until it is known what they covered."""
    waiting = saying(id="waiver-probe", needs=WaiverUse)
    checks = [waiting, about_policy]
    assert told(judge(checks, case(policy("")))) == [
        ("policy-probe", "policy", "pass"),
        ("promise-unobserved", "site:www", "error"),
    ]
    use = WaiverUse(as_of=DAY)
    assert told(judge_waivers(checks, case(policy("")), use)) == [
        ("waiver-probe", "policy", "pass")
    ]
    left_out = case(policy(""), selection=Selection(skip=("waiver-*",)))
    assert told(judge_waivers(checks, left_out, use)) == [
        ("waiver-probe", "policy", "not_checked")
    ]


def test_a_subject_at_which_nobody_looks_is_an_error(
    saying: Speaker, about_policy: Check[Any]
) -> None:
    """A store is declared and no check for stores is installed: that is never green."""
    results = judge([saying(), about_policy], case(policy(STORE), site()))
    assert ("promise-unobserved", "store:app", "error") in told(results)
    gap = only(results, "promise-unobserved").gaps[0]
    assert (gap.what, gap.reason) == ("store:app", Reason.NOBODY_LOOKS)
    assert "--scope" in gap.needs


def test_a_scope_left_out_is_no_error(saying: Speaker, about_policy: Check[Any]) -> None:
    """Who leaves stores out says so, and the report with them."""
    checks = [saying(), about_policy]
    for selection in (
        Selection(scope=("site",)),
        Selection(skip=("promise-unobserved",)),
        Selection(only=("probe",)),
    ):
        results = judge(checks, case(policy(STORE), site(), selection=selection))
        assert "store:app" not in [result.subject for result in results]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("notices: [{id: privacy, path: privacy.md}]", "notice:privacy"),
        (STORE, "store:app"),
        (
            "accounts: [{id: t, connector: slack, processor: s}]\nprocessors: [{id: s}]",
            "account:t",
        ),
        ("code: {paths: ['.']}", "code"),
    ],
)
def test_each_kind_of_subject_wants_somebody_who_looks(
    saying: Speaker, about_policy: Check[Any], text: str, subject: str
) -> None:
    """Whatever a policy can declare."""
    results = judge([saying(), about_policy], case(policy(text), site()))
    assert only(results, "promise-unobserved").subject == subject


def test_without_any_check_every_subject_is_open(saying: Speaker) -> None:
    """Nobody looks, with or without the check that says so; its title is used if it is there."""
    assert told(judge([], case(policy("")))) == [
        ("promise-unobserved", "policy", "error"),
        ("promise-unobserved", "site:www", "error"),
    ]
    named = saying(NotApplicable(why="w"), id="promise-unobserved", needs=PolicyItself)
    titles = {result.title for result in judge([named], case(policy("")))}
    assert titles == {"All is well"}


@pytest.mark.parametrize(
    ("as_of", "is_old"),
    [(date(2026, 1, 15), False), (date(2026, 1, 22), False), (date(2026, 1, 23), True)],
)
def test_old_evidence_is_a_gap(saying: Speaker, as_of: date, *, is_old: bool) -> None:
    """Evidence of the 15th at noon is good for seven days: through the 22nd."""
    results = judge([saying()], case(policy(""), site(), as_of=as_of, max_age="P7D"))
    expected = [("site:www, seen on 2026-01-15", "evidence_too_old")] if is_old else []
    assert gaps(results) == expected
    assert gaps(judge([saying()], case(policy(""), site(), as_of=as_of))) == []


@pytest.mark.parametrize("hour", [0, 23])
def test_the_last_day_counts_to_its_end(saying: Speaker, hour: int) -> None:
    """Evidence of midnight is as good for seven days as that of the evening."""
    (source,) = site().sources
    moment = datetime(2026, 1, 15, hour, tzinfo=UTC)
    seen = structs.replace(site(), sources=(structs.replace(source, collected_at=moment),))
    last = date(2026, 1, 22)
    results = judge([saying()], case(policy(""), seen, as_of=last, max_age="P7D"))
    assert gaps(results) == []


@pytest.mark.parametrize(
    ("as_of", "is_later"),
    [(date(2026, 1, 14), False), (date(2026, 1, 13), True), (date.min, True), (date.max, False)],
)
def test_evidence_from_afterwards_is_a_gap(
    saying: Speaker, as_of: date, *, is_later: bool
) -> None:
    """What was seen on the 15th shows nothing of the 13th; a day's difference is the clocks'."""
    expected = [("site:www, seen on 2026-01-15", "not_verified")] if is_later else []
    assert gaps(judge([saying()], case(policy(""), site(), as_of=as_of))) == expected


def test_what_is_undecided_about_a_site_is_a_gap(saying: Speaker) -> None:
    """Nobody knows yet how it is to be looked at; another site's TODO is another site's."""
    sites = "sites: [{{id: www, url: https://example.org/{}}}, {{id: b, url: https://b.org/{}}}]"
    banner = ", consent: {banner: TODO}"
    for written, expected in (
        (sites.format(banner, ""), [("sites[0].consent.banner", "undecided")]),
        (sites.format("", banner), []),
    ):
        results = judge([saying()], case(policy(written), site()))
        (www,) = (result for result in results if result.subject == "site:www")
        assert [(gap.what, gap.reason.value) for gap in www.gaps] == expected


def test_evidence_is_as_old_as_its_oldest_part(saying: Speaker) -> None:
    """One fresh recording does not make an old one fresh."""
    seen = site()
    (source,) = seen.sources
    old = structs.replace(source, collected_at=datetime(2026, 1, 1, tzinfo=UTC))
    mixed = structs.replace(seen, sources=(source, old))
    results = judge([saying()], case(policy(""), mixed, max_age="P7D"))
    assert gaps(results) == [("site:www, seen on 2026-01-01", "evidence_too_old")]


@pytest.mark.parametrize("status", [404, 500])
def test_pages_that_do_not_load_show_nothing(saying: Speaker, status: int) -> None:
    """A site that answers every page with an error was not looked at."""
    seen = site(*(page(state=state, status=status) for state in State))
    results = judge([saying()], case(policy(""), seen))
    assert only(results).outcome.value == "error"
    assert ("site:www", "not_in_evidence") in gaps(results)


def test_no_page_at_all_shows_nothing(saying: Speaker) -> None:
    """Evidence without a page is no evidence."""
    empty = structs.replace(site(), observations=())
    assert ("site:www", "not_in_evidence") in gaps(judge([saying()], case(policy(""), empty)))


def test_evidence_of_another_host_is_a_gap(saying: Speaker) -> None:
    """The policy moved to another address; the old evidence does not show that one."""
    moved = policy("sites: [{id: www, url: https://new.example.org/}]")
    result = only(judge([saying()], case(moved, site())))
    assert result.outcome.value == "error"
    assert "--site-url www=https://example.org/" in result.gaps[0].needs


def test_what_the_policy_asks_for_now_has_to_be_there(saying: Speaker) -> None:
    """Evidence kept from a time when the policy asked for less does not pass today."""
    seen = site(page(state=State.BEFORE), banner())
    then = policy("sites: [{id: www, url: https://example.org/, consent: {banner: none}}]")
    assert only(judge([saying()], case(then, seen))).outcome.value == "pass"
    assert gaps(judge([saying()], case(policy(""), seen))) == [
        ("state reject", "not_in_evidence"),
        ("state accept", "not_in_evidence"),
    ]
    more = policy(
        "sites: [{id: www, url: https://example.org/, consent: {banner: none},"
        " crawl: {start: [/, /donate]}}]"
    )
    assert gaps(judge([saying()], case(more, seen))) == [("start page /donate", "not_in_evidence")]


def test_what_the_collector_missed_is_listed_once(saying: Speaker) -> None:
    """The same gap from the evidence and from judging is one."""
    asks = site(page(state=State.BEFORE), banner())
    told_by_collector = next(iter(judge([saying()], case(policy(""), asks)))).gaps[0]
    again = Gap(
        what=told_by_collector.what, reason=told_by_collector.reason, needs=told_by_collector.needs
    )
    seen = structs.replace(asks, gaps=(again,))
    whats = [what for what, _ in gaps(judge([saying()], case(policy(""), seen)))]
    assert whats == ["state reject", "state accept"]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("", ["not_in_evidence"]),
        ("device_storage: [{identifier: _ga, type: cookie}]", ["not_verified"] * 2),
    ],
)
def test_a_state_that_a_check_asks_for_is_missed_once(
    saying: Speaker, text: str, reasons: list[str]
) -> None:
    """The gap of the policy and that of the check are one; the one that knows more is told."""
    probe = saying(in_states=[State.REJECT, State.ACCEPT][: len(reasons)])
    results = judge([probe], case(policy(text), site(page(state=State.BEFORE))))
    assert [reason for _, reason in gaps(results)] == reasons


def test_scopes_are_those_of_the_contract() -> None:
    """What `--scope` takes; the policy is none of them."""
    assert SCOPES == ("site", "notice", "stores", "accounts", "code")


USERS = "stores: [{id: app, connector: sql, tables: [{name: users}]}]"


def test_stores_are_judged_each(saying: Speaker) -> None:
    """As evidence, or as tables with the day that is judged; gaps are the same."""
    given: list[Any] = []
    checks = [
        listening_to(saying(id="probe", needs=StoreEvidence), given),
        listening_to(saying(id="tables", needs=StoredData), given),
    ]
    results = judge(checks, case(policy(STORE), store(table("t"))))
    assert told(results)[:1] == [("probe", "store:app", "pass")]
    evidence, tables = given
    assert (evidence.store, evidence.tables) == ("app", tables.tables)
    assert (tables.as_of, tables.subject, tables.gaps) == (DAY, "store:app", evidence.gaps)


@pytest.mark.parametrize("needs", [StoreEvidence, StoredData])
def test_a_declared_store_without_evidence_is_an_error(saying: Speaker, needs: Any) -> None:  # noqa: ANN401
    """Missing is not clean; evidence of a site, or of another store, is none of this one."""
    for seen in ((), (site(),), (store(store_id="other"),)):
        result = only(judge([saying(needs=needs)], case(policy(STORE), *seen)))
        assert (result.outcome.value, [gap.what for gap in result.gaps]) == (
            "error",
            ["store:app"],
        )
        assert "--scope stores" in result.gaps[0].needs


def test_a_store_that_was_not_reached_was_not_looked_at(saying: Speaker) -> None:
    """An attempt is no look, and leaves no list of what it did not answer."""
    seen = store()
    tried = structs.replace(seen, sources=(structs.replace(seen.sources[0], kind="attempt"),))
    results = judge([saying(needs=StoredData)], case(policy(USERS), tried))
    assert gaps(results) == [("store:app", "not_in_evidence")]


@pytest.mark.parametrize(
    ("as_of", "max_age", "reason"),
    [
        (DAY, "", None),
        (date(2026, 1, 14), "", None),
        (date(2026, 1, 13), "", "not_verified"),
        (date(2026, 3, 1), "P7D", "evidence_too_old"),
        (date(2026, 3, 1), "P1Y", None),
    ],
)
def test_evidence_of_a_store_from_another_day(
    saying: Speaker, as_of: date, max_age: str, reason: str | None
) -> None:
    """The same rules as for a site."""
    judged = case(policy(STORE), store(), as_of=as_of, max_age=max_age)
    assert [why for _, why in gaps(judge([saying(needs=StoredData)], judged))] == (
        [reason] if reason else []
    )


def test_what_the_policy_asks_now_is_asked_again(saying: Speaker) -> None:
    """A table that the policy names since, and a part that is not decided yet."""
    probe = saying(needs=StoredData)
    assert gaps(judge([probe], case(policy(USERS), store()))) == [
        ("table:users", "not_in_evidence")
    ]
    assert gaps(judge([probe], case(policy(USERS), store(table("users", rows=0))))) == []
    undecided = policy("stores: [{id: app, connector: sql, url: TODO}]")
    assert [why for _, why in gaps(judge([probe], case(undecided, store())))] == ["undecided"]


def test_evidence_of_an_undeclared_store_is_not_judged(saying: Speaker) -> None:
    """Nobody promises anything of it."""
    results = judge([saying(needs=StoredData)], case(policy(""), store()))
    assert not [result for result in results if result.check == "probe"]
