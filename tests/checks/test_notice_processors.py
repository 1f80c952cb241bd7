# ruff: noqa: E501 -- a policy is easier to read in one line
"""Who gets data is named in the notice, and who is named is declared."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Behind, Gap, HostFacts, Reason
from auditor.findings import Result
from auditor.matching.told import plain_name
from auditor.testing import fact, judge, notice, policy, request, site
from auditor_checks.notice_processors import missing_processor, unlisted_processor

ONE = "notices: [{id: privacy, path: privacy.md}]\n"
TWO = "notices: [{id: privacy, path: a.md}, {id: cookies, path: b.md}]\n"
STRIPE = "processors: [{id: stripe, name: Stripe, legal_name: 'Stripe, LLC', services: [stripe], domains: ['*.stripe.com']}]\n"


def found(result: Result) -> list[tuple[str, str]]:
    """Return objects with their severities."""
    return [(finding.object, finding.severity.value) for finding in result.findings]


@pytest.mark.parametrize(
    "named",
    [
        fact("processor", "stripe", name="Stripe"),
        fact("processor", name="STRIPE Inc."),
        fact("processor", name="Stripe LLC"),
        fact("processor", name="Payments", host="checkout.stripe.com"),
        fact("sub_processor", name="Karten", owner="Stripe, LLC"),
    ],
)
def test_a_processor_is_known_by_service_name_host_or_firm(named: object) -> None:
    """Whatever a notice calls a processor, the same one is meant in both directions."""
    told = notice(named)  # type: ignore[arg-type]
    promised = policy(ONE + STRIPE)
    assert judge(unlisted_processor, promised, told, site()).outcome.value == "pass"
    assert judge(missing_processor, promised, told, site()).outcome.value == "pass"


@given(st.text(max_size=30))
def test_names_are_compared_as_people_do(name: str) -> None:
    """Case, blanks, punctuation and legal forms make no other name of one."""
    assert plain_name(f"{name} ") == plain_name(name.upper().lower())
    assert plain_name(f" {name}, Inc.") == plain_name(f"{name} inc")


def test_a_list_weighs_more_than_a_sentence() -> None:
    """A name in a list of recipients is medium, one in a sentence low; ourselves are no finding."""
    told = notice(
        fact("processor", "slack", name="Slack", is_listed=True),
        fact("processor", "slack", name="Slack"),
        fact("processor", name="Acme Hosting", is_listed=False, confidence="medium"),
        fact("processor", name="Example"),
    )
    result = judge(unlisted_processor, policy(ONE), told)
    assert found(result) == [("processor:slack", "medium"), ("processor:acme-hosting", "low")]
    assert "id: slack" in result.findings[0].remedies[1].yaml


def test_a_declared_processor_that_nobody_is_told_of_is_found() -> None:
    """Each is one finding at its line; kinds of recipients, or its firm alone, make it low."""
    promised = policy(ONE + STRIPE)
    result = judge(missing_processor, promised, notice(), site())
    assert found(result) == [("processor:stripe", "medium")]
    assert result.findings[0].policy.line > 1
    vague = notice(fact("topic", "recipients"))
    assert found(judge(missing_processor, promised, vague, site())) == [
        ("processor:stripe", "low")
    ]
    firm = notice(fact("processor", "braintree", name="Braintree", owner="Stripe, LLC"))
    assert (
        "only as Braintree" in judge(missing_processor, promised, firm, site()).findings[0].message
    )


def test_another_notice_in_the_language_counts() -> None:
    """A list of its own page tells people as well; one in another language does not."""
    promised = policy(TWO + STRIPE)
    named = fact("processor", "stripe", name="Stripe")
    together = judge(
        missing_processor, promised, notice(), notice(named, notice="cookies"), site()
    )
    assert together.outcome.value == "pass"
    second = judge(missing_processor, promised, notice(named, notice="cookies"), notice(), site())
    assert second.outcome.value == "not_applicable"
    foreign = notice(named, notice="cookies", language="fr")
    assert judge(missing_processor, promised, notice(), foreign, site()).outcome.value == "fail"


def test_who_is_seen_and_not_named_is_found() -> None:
    """A third party on the site that neither policy.yaml nor the notice names is a finding."""
    seen = site(request("https://client.crisp.chat/l.js"))
    assert found(judge(missing_processor, policy(ONE), notice(), seen)) == [
        ("host:client.crisp.chat", "medium")
    ]
    told = notice(fact("processor", "", name="Crisp", host="crisp.chat"))
    assert judge(missing_processor, policy(ONE), told, seen).outcome.value == "pass"


def test_nobody_looked_is_no_pass() -> None:
    """A site that was not visited, requests not seen, a notice not read: each is a gap."""
    promised = policy(ONE + STRIPE)
    told = notice(fact("processor", "stripe", name="Stripe"))
    assert judge(missing_processor, promised, told).outcome.value == "error"
    gap = Gap(what="page", reason=Reason.TIMEOUT, needs="time")
    assert judge(missing_processor, promised, told, site(gaps=[gap])).outcome.value == "error"
    unread = notice(gaps=(gap,))
    result = judge(missing_processor, promised, unread, site())
    assert (result.outcome.value, result.findings) == ("error", ())
    both = policy(TWO + STRIPE)
    assert judge(missing_processor, both, notice(), site()).outcome.value == "error"
    assert judge(unlisted_processor, promised, unread).outcome.value == "error"


def test_nobody_else_does_not_apply() -> None:
    """Without recipients, declared or seen, there is nobody to name."""
    assert (
        judge(missing_processor, policy(ONE), notice(), site()).outcome.value == "not_applicable"
    )


def test_hosts_know_who_answers() -> None:
    """A service that the evidence attributes is found in the notice by its key."""
    seen = site(request("https://client.crisp.chat/l.js"))
    facts = {"client.crisp.chat": HostFacts(registrable_domain="crisp.chat", service="crisp")}
    told = notice(fact("processor", "crisp", name="Crisp"))
    known = type(seen)(
        site="www", url=seen.url, sources=seen.sources, hosts=facts, observations=seen.observations
    )
    assert judge(missing_processor, policy(ONE), told, known).outcome.value == "pass"
    assert Behind().service == ""


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=10))
def test_whatever_a_notice_says_stays_a_value(key: str, name: str, country: str) -> None:
    """Names, services and countries of an evidence file never become structure of the policy."""
    told = notice(fact("processor", key, name=f"n{name}", countries=[country], is_listed=True))
    for finding in judge(unlisted_processor, policy(ONE), told).findings:
        written = yaml.safe_load(finding.remedies[1].yaml)
        (entry,) = written.pop("processors")
        assert written == {}
        assert entry["name"] in {f"n{name}", "TODO"}
        assert entry.get("services", [""]) in ([key], ["TODO"])
        assert isinstance(entry["id"], str)
