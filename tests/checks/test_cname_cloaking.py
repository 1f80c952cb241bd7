"""Hosts of our own name: whose they are, each outcome."""

from msgspec import structs

from auditor.evidence import Aspect, Gap, Reason, State
from auditor.findings import Outcome, Severity
from auditor.testing import cookie, judge, policy, request, site
from auditor_checks.cname_cloaking import cloaked_host

STATS = "https://stats.example.org/collect"
TO_TRACKER = {"stats.example.org": ("x1.watch.example",)}
TRACKER = 'processors: [{id: watch, domains: ["*.watch.example"]}]'


def test_nobody_owns_what_it_leads_to() -> None:
    """It is named, with the host that answers."""
    result = judge(cloaked_host, policy(""), site(request(STATS), aliases=TO_TRACKER))
    (finding,) = result.findings
    assert finding.object == "host:stats.example.org"
    assert finding.message == (
        "stats.example.org leads to x1.watch.example; no processor in policy.yaml owns that"
    )
    assert finding.severity is Severity.MEDIUM


def test_cookies_of_the_whole_domain_are_named() -> None:
    """They are sent there too; those of one host are not, nor those that are gone."""
    seen = (
        cookie("uid", host_only=False),
        cookie("own"),
        cookie("away", host_only=False, deleted=True),
        *(cookie(f"a{n}", host_only=False) for n in range(5)),
    )
    evidence = site(request(STATS), *seen, aliases=TO_TRACKER)
    (finding,) = judge(cloaked_host, policy(""), evidence).findings
    assert finding.message.endswith("; browsers send it `a0`, `a1`, `a2`, `a3`, `a4` and 1 more")


def test_a_service_that_watches_is_worse() -> None:
    """Where the catalogue knows it as analytics, it is high."""
    aliases = {"stats.example.org": ("www.google-analytics.com",)}
    (finding,) = judge(cloaked_host, policy(""), site(request(STATS), aliases=aliases)).findings
    assert finding.severity is Severity.HIGH
    assert "(Google Analytics)" in finding.message


def test_what_waits_for_consent_waits_under_our_name_too() -> None:
    """Before the choice it is a finding, after agreeing it is not."""
    before = judge(cloaked_host, policy(TRACKER), site(request(STATS), aliases=TO_TRACKER))
    assert [finding.severity for finding in before.findings] == [Severity.HIGH]
    seen = site(request(STATS, state=State.ACCEPT), aliases=TO_TRACKER)
    assert judge(cloaked_host, policy(TRACKER), seen).outcome is Outcome.PASS


def test_our_own_other_name_is_ours() -> None:
    """A balancer of ours is no third party."""
    aliases = {"stats.example.org": ("lb.example.org",)}
    seen = site(request(STATS), aliases=aliases)
    assert judge(cloaked_host, policy(""), seen).outcome is Outcome.PASS


def test_it_could_not_be_asked() -> None:
    """A gap in the names is this check's, and is never a pass."""
    needs = "a name server that answers"
    gap = Gap(what="x", reason=Reason.UNREACHABLE, needs=needs, aspects=(Aspect.NAMES,))
    result = judge(cloaked_host, policy(""), site(request(STATS), gaps=[gap]))
    assert result.outcome is Outcome.ERROR


def test_where_the_site_itself_leads_is_its_own_affair() -> None:
    """Its hosting company is found elsewhere; here only other names count."""
    aliases = {"www.example.org": ("example.hoster.example",)}
    seen = site(request("https://www.example.org/"), aliases=aliases)
    assert judge(cloaked_host, policy(""), seen).outcome is Outcome.PASS


def test_names_that_were_mapped_say_nothing() -> None:
    """Where the run said itself where hosts are, there is nothing to look at."""
    seen = site(request(STATS))
    hosts = {host: structs.replace(facts, mapped=True) for host, facts in seen.hosts.items()}
    result = judge(cloaked_host, policy(""), structs.replace(seen, hosts=hosts))
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_a_recording_does_not_say_it() -> None:
    """Where a name leads is asked in a visit, so here it is a gap."""
    seen = site(request(STATS))
    hosts = {host: structs.replace(facts, aliases=None) for host, facts in seen.hosts.items()}
    result = judge(cloaked_host, policy(""), structs.replace(seen, hosts=hosts))
    assert [gap.what for gap in result.gaps] == ["the name stats.example.org in the DNS"]
