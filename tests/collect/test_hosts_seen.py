"""Every host that was seen is known, with who is behind it where the catalogue says so."""

from auditor.collect.hosts_seen import facts_of_hosts
from auditor.evidence import HostFacts, SiteObservation
from auditor.example import HOME, cookie, kept, page, request, sent


def test_every_host_is_there() -> None:
    """Pages, what they talk to, who writes, and for whom: sorted, each once."""
    seen: list[SiteObservation] = [
        page(),
        request("https://js.stripe.com/v3/", by="https://www.example.org/a.js"),
        cookie("a", domain="example.org", writer="t.example"),
        sent("a", "px.example"),
        kept("b", host="app.example.org", writer="w.example"),
    ]
    facts = facts_of_hosts(HOME, seen)
    assert list(facts) == [
        "app.example.org",
        "example.org",
        "js.stripe.com",
        "px.example",
        "t.example",
        "w.example",
        "www.example.org",
    ]
    assert facts["www.example.org"].registrable_domain == "example.org"


def test_what_the_browser_knew_is_kept() -> None:
    """Its address stays, whatever else is found out; what it said of owners does not."""
    known = HostFacts(registrable_domain="", address="192.0.2.1", called="Forged", service="x")
    facts = facts_of_hosts(HOME, [page()], {"example.org": known})
    assert facts == {
        "example.org": HostFacts(registrable_domain="example.org", address="192.0.2.1")
    }


def test_who_is_behind_a_host_and_what_is_kept_there() -> None:
    """Both stand with the host; one observation of an iterator is enough."""
    seen: list[SiteObservation] = [
        request("https://client.crisp.chat/l.js"),
        cookie("_ga", writer=""),
    ]
    facts = facts_of_hosts(HOME, iter(seen))
    crisp = facts["client.crisp.chat"]
    assert (crisp.service, crisp.called, crisp.owner, crisp.confidence) == (
        "crisp",
        "Crisp",
        "Crisp IM SAS",
        "host",
    )
    assert {name: found.service for name, found in facts["example.org"].kept.items()} == {
        "cookie:_ga": "google-analytics"
    }
