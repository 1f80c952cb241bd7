"""What needs consent waits for it, and ends with it (contract, meaning 5)."""

import pytest

from auditor.engine import AnyCheck
from auditor.evidence import Aspect, ChoiceMade, Gap, Reason, SiteObservation, State
from auditor.findings import Result
from auditor.testing import choice, cookie, judge, kept, page, policy, request, sent, site
from auditor_checks.consent import (
    contact_after_refusal,
    contact_after_withdrawal,
    contact_before_choice,
)

ROWS = """
device_storage:
  - {identifier: _ga, type: cookie}
  - {identifier: session, type: cookie, consent: exempt_strictly_necessary, reason: r}
  - {identifier: news, type: cookie, pages: [/news]}
  - {identifier: uid, type: local_storage}
  - {identifier: theme, type: local_storage, consent: exempt_strictly_necessary, reason: r}
  - {identifier: uid, type: indexed_db, set_by: pay}
processors:
  - {id: stats, name: Stats, domains: ["*.stats.example"]}
  - {id: pay, domains: ["*.pay.example"], consent: not_required}
"""
ELSEWHERE = """
sites:
  - {id: www, url: https://example.org/}
  - {id: b, url: https://b.example/}
device_storage: [{identifier: _ga, type: cookie, sites: [b]}]
processors: [{id: p, domains: [p.example], sites: [b]}]
"""
OTHERS = [state for state in [*State, None] if state is not State.BEFORE]


def run(text: str, *seen: SiteObservation) -> Result:
    """Judge what was seen on the site."""
    return judge(contact_before_choice, policy(text), site(*seen))


def found(text: str, *seen: SiteObservation) -> list[str]:
    """Return the objects of the findings; each is grave."""
    findings = run(text, *seen).findings
    assert {finding.severity.value for finding in findings} <= {"high"}
    return [finding.object for finding in findings]


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        (cookie("_ga"), "cookie:_ga@example.org"),
        (sent("_ga"), "cookie:_ga@example.org"),
        (request("https://www.stats.example/c"), "processor:stats"),
        (cookie("news", page="https://example.org/news"), "cookie:news@example.org"),
        (kept("uid"), "local_storage:uid"),
        (kept("uid", storage="indexed_db", host="js.pay.example"), "indexed_db:uid"),
    ],
    ids=["cookie", "sent", "processor", "on its page", "key", "database of others"],
)
def test_before_the_choice(seen: SiteObservation, name: str) -> None:
    """A cookie, however it was seen, what is kept elsewhere, and whoever a page talks to."""
    assert found(ROWS, seen) == [name]


@pytest.mark.parametrize("state", OTHERS)
def test_afterwards_is_another_matter(state: State | None) -> None:
    """What happens after a choice, or at a time that nobody knows, is not before it."""
    counted = request("https://www.stats.example/c", state=state)
    assert found(ROWS, cookie("_ga", state=state), kept("uid", state=state), counted) == []


@pytest.mark.parametrize(
    "seen",
    [
        cookie("session"),
        cookie("_ga", deleted=True),
        cookie("_ga", refused="domain"),
        cookie("undeclared"),
        cookie("_ga", domain="elsewhere.example"),
        cookie("news", page="https://example.org/"),
        request("https://www.pay.example/"),
        request("https://undeclared.example/"),
        request("https://example.org/stats"),
        kept("theme"),
        kept("uid", removed=True),
        kept("uid", storage="session_storage"),
        kept("uid", host="elsewhere.example"),
        kept("uid", writer="evil.example"),
    ],
    ids=range(14),
)
def test_what_may_happen_before(seen: SiteObservation) -> None:
    """The exempt, what is not kept, and what other checks object to."""
    assert found(ROWS, seen) == []


def test_what_others_keep_under_the_same_name_is_told_apart() -> None:
    """One object, a finding for each host of others; the message names the host."""
    text = """
processors: [{id: a, domains: ["*.a.example"]}]
device_storage:
  - {identifier: uid, type: local_storage}
  - {identifier: uid, type: local_storage, set_by: a}
"""
    hosts = ("example.org", "www.example.org", "x.a.example", "y.a.example")
    findings = run(text, *(kept("uid", host=host) for host in hosts)).findings
    assert {finding.object for finding in findings} == {"local_storage:uid"}
    assert sorted(finding.message.partition(" needs")[0] for finding in findings) == [
        "`uid`",
        "`uid` on x.a.example",
        "`uid` on y.a.example",
    ]
    assert {finding.remedies[1].text for finding in findings} == {
        "keep it only after the visitor agreed"
    }


def test_a_processor_under_our_own_name_waits_too() -> None:
    """Its server is called stats.example.org, and the policy says whose it is."""
    text = "processors: [{id: stats, domains: [stats.example.org]}]"
    assert found(text, request("https://stats.example.org/c")) == ["processor:stats"]


def test_our_own_pages_do_not_wait_for_their_hoster() -> None:
    """The host of the site is ourselves, whoever runs the machine."""
    text = (
        "sites: [{id: www, url: https://ours.hoster.example/}]\n"
        "processors: [{id: hoster, domains: ['*.hoster.example']}]"
    )
    seen = site(
        request("https://ours.hoster.example/"),
        request("https://api.hoster.example/", state=State.ACCEPT),
        url="https://ours.hoster.example/",
    )
    pages = [page("https://ours.hoster.example/", state=state) for state in State]
    seen = site(*pages, *seen.observations[len(State) :], url="https://ours.hoster.example/")
    assert judge(contact_before_choice, policy(text), seen).outcome.value == "pass"


def test_one_processor_is_one_finding() -> None:
    """However many requests, hosts and pages."""
    seen = [
        request(f"https://{host}.stats.example/{n}", page=f"https://example.org/{n}")
        for host in "ab"
        for n in range(3)
    ]
    (finding,) = run(ROWS, *seen).findings
    assert finding.object == "processor:stats"
    assert finding.message.startswith("pages talk to Stats, which needs consent")
    assert len(finding.seen) == 6


@pytest.mark.parametrize(
    ("policys", "sites", "applies"),
    [
        ("[eu-gdpr, eprivacy]", "", True),
        ("[eprivacy]", "", True),
        ("[eu-gdpr]", "", True),
        ("[us-ca-ccpa]", "", False),
        ("[us-ca-ccpa, eprivacy]", "", True),
        ("[us-ca-ccpa]", "[eprivacy]", True),
        ("[eu-gdpr, eprivacy]", "[us-ca-ccpa]", False),
    ],
)
def test_the_law_of_the_site(policys: str, sites: str, applies: bool) -> None:
    """Under Californian law alone nobody has to ask beforehand; a site may have its own law."""
    own = f", jurisdictions: {sites}" if sites else ""
    text = (
        f"jurisdictions: {policys}\nsites: [{{id: www, url: https://example.org/{own}}}]\n{ROWS}"
    )
    result = run(text, cookie("_ga"))
    assert result.outcome.value == ("fail" if applies else "not_applicable")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "processors: [{id: p}]",
        "processors: [{id: p, domains: [p.example], consent: not_required}]",
        "device_storage: [{identifier: abc, type: cookie, consent: exempt_transmission}]",
        ELSEWHERE,
    ],
    ids=["nothing", "no domains", "not required", "exempt", "another site"],
)
def test_nothing_that_needs_consent_does_not_apply(text: str) -> None:
    """Nothing on this site has to wait, so nothing can be too early."""
    assert run(text).outcome.value == "not_applicable"


def test_without_the_state_before_nothing_is_known() -> None:
    """Evidence of what happens after consent says nothing of what happens before it."""
    result = run(ROWS, page(state=State.ACCEPT), page(state=State.REJECT))
    assert result.outcome.value == "error"
    assert [gap.what for gap in result.gaps] == ["state before"]


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({"state": State.BEFORE}, True),
        ({"state": State.ACCEPT}, False),
        ({"aspects": (Aspect.CHOICES,)}, True),
        ({"aspects": (Aspect.STORAGE,)}, True),
        ({"aspects": (Aspect.LINKS,)}, False),
    ],
)
def test_gaps_that_matter(facts: dict[str, object], counts: bool) -> None:
    """Those before the choice, in what is stored, sent or chosen."""
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", **facts)  # type: ignore[arg-type]
    result = judge(contact_before_choice, policy(ROWS), site(gaps=[gap]))
    assert result.outcome.value == ("error" if counts else "pass")


AFTER = [(contact_after_refusal, State.REJECT), (contact_after_withdrawal, State.WITHDRAW)]
STATS = "https://www.stats.example/c"
afterwards = pytest.mark.parametrize(("check", "state"), AFTER, ids=["reject", "withdraw"])


@afterwards
def test_after_the_choice(check: AnyCheck, state: State) -> None:
    """Cookies, however they were seen, what is kept elsewhere, and whoever a page talks to."""
    seen = (
        cookie("_ga", state=state),
        sent("_ga", state=state),
        kept("uid", state=state),
        request(STATS, state=state),
    )
    result = judge(check, policy(ROWS), site(*seen))
    assert [(finding.object, finding.severity.value) for finding in result.findings] == [
        ("cookie:_ga@example.org", "high"),
        ("local_storage:uid", "high"),
        ("processor:stats", "high"),
    ]
    assert {one.state for finding in result.findings for one in finding.seen} == {state}


@afterwards
def test_only_that_state_counts(check: AnyCheck, state: State) -> None:
    """What happens before, after agreeing, or nobody knows when is another matter."""
    for other in [*State, None]:
        if other is not state:
            seen = (cookie("_ga", state=other), request(STATS, state=other))
            assert judge(check, policy(ROWS), site(*seen)).outcome.value == "pass"


@afterwards
def test_what_may_stay(check: AnyCheck, state: State) -> None:
    """The exempt, and what is taken away."""
    seen = (
        cookie("session", state=state),
        cookie("_ga", state=state, deleted=True),
        kept("uid", state=state, removed=True),
        request("https://www.pay.example/", state=state),
    )
    assert judge(check, policy(ROWS), site(*seen)).outcome.value == "pass"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([], "after the visitor refused"),
        ([{}], "after the visitor refused (the choice: verified)"),
        ([{"outcome": "claimed"}], "after the visitor refused (the choice: claimed)"),
        ([{"outcome": "failed"}], "after the visitor refused (the choice: failed)"),
        (
            [{"outcome": "failed", "clicks": 0}, {"clicks": 0}],
            "after the visitor refused (the choice: failed, verified)",
        ),
    ],
)
def test_a_tracker_after_the_click_is_a_finding(
    facts: list[dict[str, object]], words: str
) -> None:
    """Whatever came of the refusal: the outcome is told, the fingerprint is the same."""
    made = [choice(State.REJECT, **one) for one in facts]
    seen = site(*made, cookie("_ga", state=State.REJECT))
    (finding,) = judge(contact_after_refusal, policy(ROWS), seen).findings
    assert finding.message == f"`_ga` needs consent, and is there {words}"
    (plain,) = judge(
        contact_after_refusal, policy(ROWS), site(cookie("_ga", state=State.REJECT))
    ).findings
    assert finding.fingerprint == plain.fingerprint


@pytest.mark.parametrize(
    ("check", "made"),
    [
        (contact_after_refusal, choice(State.REJECT, outcome="failed", clicks=0)),
        (contact_after_withdrawal, choice(State.WITHDRAW, outcome="failed", clicks=2)),
    ],
)
def test_a_choice_that_nobody_made_is_a_gap(check: AnyCheck, made: ChoiceMade) -> None:
    """No click, or perhaps only the one that agreed: nothing is known of what follows."""
    for seen in ((), (request(STATS, state=made.state),)):
        result = judge(check, policy(ROWS), site(made, *seen))
        assert (result.outcome.value, result.findings) == ("error", ())
        assert [gap.reason for gap in result.gaps] == [Reason.NOT_VERIFIED]


@afterwards
def test_a_choice_that_failed_never_passes(check: AnyCheck, state: State) -> None:
    """Although nothing was seen after it."""
    seen = site(choice(state, outcome="failed", clicks=3))
    assert judge(check, policy(ROWS), seen).outcome.value == "error"


@afterwards
def test_a_state_that_nobody_saw_is_a_gap(check: AnyCheck, state: State) -> None:
    """One gap, by whoever asks for it."""
    pages = [page(state=other) for other in State if other is not state]
    result = judge(check, policy(ROWS), site(*pages))
    assert result.outcome.value == "error"
    assert [gap.what for gap in result.gaps] == [f"state {state}"]


@afterwards
@pytest.mark.parametrize("text", ["", ELSEWHERE], ids=["nothing", "another site"])
def test_nothing_to_wait_for_does_not_apply_afterwards(
    check: AnyCheck, state: State, text: str
) -> None:
    """Nothing on this site needs the consent that was not given, even if the choice failed."""
    seen = site(choice(state, outcome="failed"))
    assert judge(check, policy(text), seen).outcome.value == "not_applicable"


@pytest.mark.parametrize(
    ("check", "laws", "outcome"),
    [
        (contact_after_refusal, "[us-ca-ccpa]", "fail"),
        (contact_after_withdrawal, "[us-ca-ccpa]", "not_applicable"),
        (contact_after_refusal, "[eprivacy]", "fail"),
        (contact_after_withdrawal, "[eprivacy]", "fail"),
    ],
)
def test_the_laws_afterwards(check: AnyCheck, laws: str, outcome: str) -> None:
    """A refusal is obeyed under each of them; consent is taken back where it is asked for."""
    seen = [request(STATS, state=state) for _, state in AFTER]
    result = judge(check, policy(f"jurisdictions: {laws}\n{ROWS}"), site(*seen))
    assert result.outcome.value == outcome


@afterwards
def test_without_a_banner_nobody_can_choose(check: AnyCheck, state: State) -> None:
    """Then the state does not exist; a recording of it is judged all the same."""
    none = "sites: [{id: www, url: https://example.org/, consent: {banner: none}}]\n"
    text = f"{none}processors: [{{id: stats, domains: ['*.stats.example']}}]"
    only = judge(check, policy(text), site(page()))
    assert only.outcome.value == "not_applicable"
    both = (page(), page(state=state))
    assert judge(check, policy(text), site(*both)).outcome.value == "pass"
    assert judge(contact_before_choice, policy(text), site(*both)).outcome.value == "pass"
    seen = site(*both, request(STATS, state=state))
    assert judge(check, policy(text), seen).outcome.value == "fail"
