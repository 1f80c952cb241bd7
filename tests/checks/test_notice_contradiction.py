# ruff: noqa: E501 -- a policy is easier to read in one line
"""Nothing speaks against what a notice claims without exception."""

import pytest
from msgspec import structs

from auditor.evidence import CLAIMS, Aspect, Gap, HostFacts, Item, Reason
from auditor.matching.contradictions import FINDERS
from auditor.testing import cookie, fact, field, judge, notice, policy, request, site, store, table
from auditor_checks.notice_contradiction import contradicted_claim

NOTICE = "notices: [{id: privacy, path: privacy.md}]\n"
STATS = "processing_activities: [{id: stats, purpose: analytics.reporting}]\n"
ADS = "processing_activities: [{id: ads, purpose: marketing.advertising}]\n"
ROW = "device_storage: [{identifier: _ga, type: cookie, purpose: analytics, max_age: P1D}]\n"
BY_US = "device_storage: [{identifier: sid, type: cookie, consent: exempt_strictly_necessary, reason: x, max_age: P1D}]\n"
STRIPE = "processors: [{id: stripe, country: US, domains: ['*.stripe.com']}]\n"
OWN = "processors: [{id: bank, role: independent_controller}]\n"
PERSONAL = "processing_activities: [{id: a, data_categories: [user.device.ip_address]}]\n"
HEALTH = "processing_activities: [{id: a, data_categories: [user.health_and_medical]}]\n"
CHILD = "processing_activities: [{id: a, data_subjects: [child]}]\n"
DECIDES = "automated_decisions: {in_use: true}\n"
SELLS = "processing_activities: [{id: a, purpose: sales}]\n"
STORE = "stores: [{id: app, connector: sql}]\n"
GA = request("https://www.google-analytics.com/g/collect")

ABOUT = {"not_used": ("google-analytics", "stripe"), "not_collected": ("user.health_and_medical",)}


@pytest.mark.parametrize(
    ("claim", "text", "seen", "object_"),
    [
        ("no_cookies", BY_US, site(), "cookie:sid"),
        ("no_cookies", "", site(cookie("any")), "cookie:any@example.org"),
        ("only_necessary_cookies", ROW, site(), "cookie:_ga"),
        ("only_necessary_cookies", "", site(cookie("_ga"), GA), "cookie:_ga@example.org"),
        ("no_tracking", STATS, site(), "activity:stats"),
        ("no_tracking", "", site(GA), "host:www.google-analytics.com"),
        ("no_analytics", "", site(GA), "host:www.google-analytics.com"),
        ("no_analytics", ROW, site(), "cookie:_ga"),
        ("no_advertising", ADS, site(), "activity:ads"),
        ("never_sell", SELLS, site(), "activity:a"),
        ("no_sharing", OWN, site(), "processor:bank"),
        ("no_third_parties", "", site(GA), "host:www.google-analytics.com"),
        ("no_transfer", STRIPE, site(), "processor:stripe"),
        ("no_profiling", DECIDES, site(), "automated_decisions"),
        ("no_personal_data", PERSONAL, store(), "activity:a"),
        ("no_ip_addresses", PERSONAL, store(), "activity:a"),
        ("no_special_categories", HEALTH, store(), "activity:a"),
        (
            "no_special_categories",
            STORE,
            store(table("t", field("notes", "user.health_and_medical"))),
            "field:t.notes",
        ),
        ("no_children", CHILD, store(), "activity:a"),
        ("not_used", STRIPE, site(), "processor:stripe"),
        ("not_used", "", site(GA), "host:www.google-analytics.com"),
        ("not_used", "", site(cookie("_ga")), "cookie:_ga@example.org"),
        ("not_collected", HEALTH, store(), "activity:a"),
        (
            "not_collected",
            STORE,
            store(table("t", field("notes", "user.health_and_medical"))),
            "field:t.notes",
        ),
    ],
)
def test_what_speaks_against_a_claim_is_found(
    claim: str, text: str, seen: Item, object_: str
) -> None:
    """What policy.yaml declares and what was seen contradict, each as one finding."""
    told = notice(fact("absolute_claim", claim, about=ABOUT.get(claim, ()), name="Stripe"))
    result = judge(contradicted_claim, policy(NOTICE + text), told, seen)
    assert object_ in [finding.object for finding in result.findings]
    assert CLAIMS[claim] in result.findings[0].message


def test_every_claim_has_what_would_speak_against_it() -> None:
    """No claim of the evidence is passed over."""
    assert set(FINDERS) == set(CLAIMS)


def test_those_on_our_behalf_are_told_mildly() -> None:
    """Processors are no third parties in law (Art. 4(10)); people may think so: low."""
    told = notice(fact("absolute_claim", "no_sharing"))
    result = judge(contradicted_claim, policy(NOTICE + STRIPE), told)
    assert [finding.severity.value for finding in result.findings] == ["low"]


def test_a_sentence_that_contradicts_itself_is_told() -> None:
    """Only necessary cookies, to improve the service: the same sentence says both."""
    told = notice(
        fact("absolute_claim", "only_necessary_cookies", sentence="Only needed, to improve."),
        fact("purpose", "functional.service.improve", sentence="Only needed, to improve."),
        fact("purpose", "essential.service.operations", sentence="Only needed, to improve."),
        fact("purpose", "analytics", sentence="Another."),
    )
    result = judge(contradicted_claim, policy(NOTICE), told, site())
    assert [(f.object, f.severity.value) for f in result.findings] == [
        ("purpose:functional.service.improve", "low")
    ]


def test_necessary_cookies_are_no_contradiction() -> None:
    """An exempt cookie, and an unknown one of our own that other checks judge, say nothing."""
    told = notice(fact("absolute_claim", "only_necessary_cookies"))
    seen = site(cookie("sid"), cookie("odd"))
    assert judge(contradicted_claim, policy(NOTICE + BY_US), told, seen).outcome.value == "pass"


def test_only_what_is_named_speaks_against_it() -> None:
    """Another service, and data that the sentence does not name, are no contradiction."""
    for claim, seen in (("not_used", site(cookie("_ga"))), ("not_collected", store())):
        about = ("hotjar",) if claim == "not_used" else ("user.political_opinion",)
        told = notice(fact("absolute_claim", claim, about=about))
        result = judge(contradicted_claim, policy(NOTICE + HEALTH + STRIPE), told, seen)
        assert result.findings == ()


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_nobody_looked_is_no_pass(claim: str) -> None:
    """Where neither a site nor a store was looked at, no claim about them is green."""
    told = notice(fact("absolute_claim", claim))
    assert judge(contradicted_claim, policy(NOTICE + STORE), told).outcome.value == "error"


def test_gaps_in_what_was_seen_are_told() -> None:
    """A gap about cookies keeps a claim about cookies from passing, one about links does not."""
    told = notice(fact("absolute_claim", "no_cookies"))
    for aspect, outcome in ((Aspect.COOKIES, "error"), (Aspect.LINKS, "pass")):
        gap = Gap(what="p", reason=Reason.TIMEOUT, needs="time", aspects=(aspect,))
        result = judge(contradicted_claim, policy(NOTICE), told, site(gaps=[gap]))
        assert result.outcome.value == outcome


def test_what_nobody_can_show_may_be_attested() -> None:
    """That data is never sold is stated by somebody, for a time."""
    told = notice(fact("absolute_claim", "never_sell"))
    stated = (
        "attestations: [{id: A1, covers: 'notice:privacy:notice-contradiction', statement: so,"
        " by: Ana, role: board, date: 2026-01-01, expires: 2026-03-01}]\n"
    )
    assert (
        judge(contradicted_claim, policy(NOTICE + stated), told, site()).outcome.value
        == "attested"
    )


def test_no_claim_does_not_apply() -> None:
    """A notice without such sentences promises nothing of this kind."""
    assert judge(contradicted_claim, policy(NOTICE), notice()).outcome.value == "not_applicable"


def test_who_is_seen_speaks_against_sharing_and_transfers() -> None:
    """A stranger on the site gets data; a declared one, and where it is, policy.yaml tells."""
    seen, near, unknown = (
        structs.replace(
            site(GA), hosts={GA.host: HostFacts(registrable_domain="", country=country)}
        )
        for country in ("US", "IE", "")
    )
    declared = "processors: [{id: ga, country: DE, domains: ['*.google-analytics.com']}]\n"
    for claim, where, text, objects in (
        ("no_sharing", near, "", [f"host:{GA.host}"]),
        ("no_sharing", near, declared, ["processor:ga"]),
        ("no_transfer", seen, "", [f"host:{GA.host}"]),
        ("no_transfer", unknown, "", [f"host:{GA.host}"]),
        ("no_transfer", near, "", []),
        ("no_transfer", seen, declared, []),
        (
            "no_transfer",
            site(),
            declared.replace("DE", "DE, transfer: {countries: [IN]}"),
            ["processor:ga"],
        ),
        ("no_transfer", site(), declared.replace(" country: DE,", ""), ["processor:ga"]),
    ):
        told = notice(fact("absolute_claim", claim))
        result = judge(contradicted_claim, policy(NOTICE + text), told, where)
        assert [finding.object for finding in result.findings] == objects, (claim, text)


def test_a_mild_finding_hides_no_gap() -> None:
    """What was not looked at is told beside what was found."""
    told = notice(fact("absolute_claim", "no_sharing"), fact("absolute_claim", "no_personal_data"))
    accounts = "accounts: [{id: pay, connector: stripe}]\n"
    result = judge(contradicted_claim, policy(NOTICE + STRIPE + STORE + accounts), told, store())
    assert [finding.object for finding in result.findings] == ["processor:stripe"]
    assert [gap.what for gap in result.gaps] == ["site:www", "account:pay"]
