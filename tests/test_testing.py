"""What people build their tests with: complete unless it is said not to be."""

from datetime import date

import pytest

from auditor.errors import PolicyError
from auditor.evidence import Gap, PageLoaded, Reason, State, WaiverUse
from auditor.findings import Outcome
from auditor.testing import (
    ages,
    cookie,
    field,
    judge,
    page,
    policy,
    request,
    sent,
    site,
    store,
    table,
    try_example,
)
from auditor_checks import CHECKS

BY_ID = {check.id: check for check in CHECKS}
UNDECLARED = BY_ID["cookie-undeclared"]


def test_a_policy_needs_no_more_than_what_it_is_about() -> None:
    """Version, controller and a site are added where they are left out."""
    small = policy("processors: [{id: p}]")
    assert (small.version, small.controller.name) == (1, "Example")
    assert [one.url for one in small.sites] == ["https://example.org/"]
    own = policy("controller: {name: Acme}\nsites: []\nversion: 1")
    assert (own.controller.name, own.sites) == ("Acme", ())


def test_a_policy_is_read_as_any_other() -> None:
    """Mistakes are errors; checks of a pack may be named when they are said to be there."""
    with pytest.raises(PolicyError):
        policy("processors: [{name: without id}]")
    claim = "claims: [{id: c, quote: q, covered_by: [acme-check]}]"
    with pytest.raises(PolicyError, match="acme-check"):
        policy(claim)
    assert policy(claim, checks=["acme-check"]).claims


def test_evidence_is_complete() -> None:
    """The home page in each state, and no gap; pages of one's own replace it."""
    seen = site()
    assert seen.states == set(State)
    assert seen.gaps == ()
    own = site(page("https://example.org/a"))
    assert [one.url for one in own.pages] == ["https://example.org/a"]


def test_evidence_knows_its_hosts() -> None:
    """Each host that is met has its registrable domain."""
    seen = site(
        cookie("a", domain="a.example.co.uk", writer="b.example.co.uk"),
        sent("b", "c.example.com"),
        request("https://d.netlify.app/"),
        page("https://www.example.net/"),
    )
    assert {host: facts.registrable_domain for host, facts in seen.hosts.items() if host} == {
        "a.example.co.uk": "example.co.uk",
        "b.example.co.uk": "example.co.uk",
        "c.example.com": "example.com",
        "d.netlify.app": "d.netlify.app",
        "example.org": "example.org",
        "www.example.net": "example.net",
    }


def test_gaps_url_and_id_can_be_given() -> None:
    """What is missing, another address, another site."""
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n")
    seen = site(gaps=[gap], url="https://blog.example/", site_id="blog")
    assert (seen.gaps, seen.url, seen.subject) == ((gap,), "https://blog.example/", "site:blog")


@pytest.mark.parametrize(
    ("built", "name", "value"),
    [
        (cookie("a"), "secure", True),
        (cookie("a", secure=False), "secure", False),
        (cookie("a"), "writer", "example.org"),
        (sent("a"), "host", "example.org"),
        (request("https://x.example/y"), "host", "x.example"),
        (request("https://x.example/y", host="z"), "host", "z"),
        (page(), "url", "https://example.org/"),
        (page(links=("a",)), "links", ("a",)),
    ],
    ids=range(8),
)
def test_builders_take_any_field(built: object, name: str, value: object) -> None:
    """What is not said is what a careful site does, before any choice."""
    assert getattr(built, name) == value
    assert getattr(built, "state", None) is State.BEFORE


def test_a_builder_refuses_what_is_no_field() -> None:
    """A slip in a test is an error, not a fact that is quietly left out."""
    with pytest.raises(TypeError):
        cookie("a", lifetme=3)


def test_judging_a_site() -> None:
    """One check, one site, as the engine and the waivers settle it."""
    seen = site(cookie("a"))
    result = judge(UNDECLARED, policy(""), seen)
    assert (result.outcome, [one.object for one in result.findings]) == (
        Outcome.FAIL,
        ["cookie:a@example.org"],
    )
    waiver = (
        "waivers: [{id: W, check: cookie-undeclared, subject: 'site:www',"
        " object: 'cookie:a@example*',"
        " justification: j, owner: o, approved_by: p, created: 2026-01-01, expires: 2026-02-01}]"
    )
    assert judge(UNDECLARED, policy(waiver), seen).outcome is Outcome.PASS
    later = judge(UNDECLARED, policy(waiver), seen, as_of=date(2026, 2, 2))
    assert later.outcome is Outcome.FAIL


def test_judging_without_evidence_is_an_error() -> None:
    """As it is in an audit."""
    assert judge(UNDECLARED, policy("")).outcome is Outcome.ERROR


def test_judging_the_policy_itself() -> None:
    """Checks of the policy look at it on a day, beside those that are said to be installed."""
    check = BY_ID["promise-unobserved"]
    claim = policy("claims: [{id: c, quote: q, covered_by: [cookie-undeclared]}]")
    assert judge(check, claim).outcome is Outcome.ERROR
    known = {"cookie-undeclared": UNDECLARED}
    assert judge(check, claim, installed=known).outcome is Outcome.PASS


def test_judging_the_waivers() -> None:
    """Checks of the waivers look at what these did."""
    text = BY_ID["waiver-unused"].failing.policy
    use = WaiverUse(as_of=date(2026, 1, 15), looked_at=frozenset({"W1"}))
    assert judge(BY_ID["waiver-unused"], policy(text), use).outcome is Outcome.FAIL
    assert judge(BY_ID["waiver-unused"], policy(text)).outcome is Outcome.PASS


def test_examples_are_tried() -> None:
    """What stands beside a check."""
    assert try_example(UNDECLARED, UNDECLARED.passing) is Outcome.PASS
    assert try_example(UNDECLARED, UNDECLARED.failing) is Outcome.FAIL


def test_home_is_left_out_only_for_pages() -> None:
    """A cookie alone does not replace the pages on which it could have been seen."""
    assert any(isinstance(one, PageLoaded) for one in site(cookie("a")).observations)


def test_a_store_is_complete() -> None:
    """It was reached, and holds what it is given; of each field every value was looked into."""
    seen = store(table("users", field("email", "user.name"), ages({"2026-01-01": 2}, undated=1)))
    assert seen.is_looked_at
    (users,) = seen.tables
    assert (users.fields[0].exhaustive, users.fields[0].found[0].confidence) == (True, "high")
    assert users.ages[0].rows == 3


def test_a_check_is_judged_on_what_it_is_given() -> None:
    """A store, although a site is declared as well; without evidence it is an error."""
    check = BY_ID["table-undeclared"]
    both = policy("stores: [{id: b, connector: sql}, {id: a, connector: sql}]")
    assert judge(check, both, store(store_id="a")).subject == "store:a"
    assert judge(check, both).subject == "store:b"
    assert judge(check, both).outcome is Outcome.ERROR
