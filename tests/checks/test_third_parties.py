"""Hosts that pages talk to, and that nobody named."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec import structs, to_builtins

from auditor.evidence import SiteObservation
from auditor.testing import cookie, judge, policy, request, sent, site
from auditor_checks.third_parties import undeclared_third_party

STRIPE = "processors: [{id: stripe, domains: ['*.stripe.com', 'cdn.example.net/stripe']}]"


def found(text: str, *seen: SiteObservation) -> list[tuple[str, str]]:
    """Return severity and object of each finding."""
    result = judge(undeclared_third_party, policy(text), site(*seen))
    return [(finding.severity.value, finding.object) for finding in result.findings]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "https://cdn.example.org/a.js",
        "https://js.stripe.com/v3/",
        "https://stripe.com/",
        "https://cdn.example.net/stripe",
        "https://cdn.example.net/stripe/a.js",
    ],
)
def test_who_is_named_passes(url: str) -> None:
    """Ourselves, and the hosts and paths of processors."""
    assert found(STRIPE, request(url)) == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://notstripe.com/", "notstripe.com"),
        ("https://cdn.example.net/", "cdn.example.net"),
        ("https://cdn.example.net/stripes/a.js", "cdn.example.net"),
        ("https://192.0.2.1/", "192.0.2.1"),
    ],
)
def test_who_is_not_named_is_found(url: str, host: str) -> None:
    """Each host by its name, also one of which only a path is somebody's."""
    assert found(STRIPE, request(url)) == [("medium", f"host:{host}")]


@pytest.mark.parametrize(
    ("seen", "severity"),
    [
        ([request("https://t.example/a.gif", resource="image")], "medium"),
        ([request("https://t.example/", failed="net::ERR_TIMED_OUT", status=None)], "medium"),
        *(
            ([request("https://t.example/", resource=kind)], "high")
            for kind in ("script", "document", "beacon", "websocket", "xhr", "fetch")
        ),
        ([request("https://t.example/"), cookie("a", writer="t.example")], "high"),
        ([request("https://t.example/"), sent("a", "t.example")], "high"),
    ],
    ids=range(10),
)
def test_severity(seen: list[SiteObservation], severity: str) -> None:
    """Who runs code, is told of things or keeps cookies matters more than a picture.

    One that could not be reached was contacted all the same.
    """
    assert found("", *seen) == [(severity, "host:t.example")]


def test_one_host_is_one_finding() -> None:
    """However often it was talked to, and only where it is nobody's."""
    seen = [request(f"https://cdn.example.net/{name}") for name in ("stripe/a", "b", "c")]
    result = judge(undeclared_third_party, policy(STRIPE), site(*seen))
    (finding,) = result.findings
    assert [told.detail for told in finding.seen] == [
        "request https://cdn.example.net/b",
        "request https://cdn.example.net/c",
    ]


@pytest.mark.parametrize(
    ("host", "domain", "name"),
    [
        ("t.example.com", "*.example.com", "example-com"),
        ("a.b.example.co.uk", "*.example.co.uk", "example-co-uk"),
        ("192.0.2.1", "192.0.2.1", "192-0-2-1"),
        ("[2001:db8::1]", "2001:db8::1", "2001-db8-1"),
        ("xn--bcher-kva.example", "*.xn--bcher-kva.example", "xn-bcher-kva-example"),
        (f"{'a' * 63}.{'b' * 63}.example", f"*.{'b' * 63}.example", "b" * 63),
    ],
)
def test_the_entry_to_write(host: str, domain: str, name: str) -> None:
    """It reads back, covers what was seen, and leaves to people what they have to decide."""
    seen = site(request(f"https://{host}/"))
    (finding,) = judge(undeclared_third_party, policy(""), seen).findings
    stanza = finding.remedies[-1].yaml
    (entry,) = policy(stanza).processors
    assert entry.domains == (domain,)
    assert entry.id.startswith(name)
    assert "consent: TODO" in stanza
    assert found(stanza, request(f"https://{host}/")) == []


def test_the_service_is_named() -> None:
    """People know Crisp, not its host; what can be filled in is, and the entry reads back."""
    seen = site(request("https://client.crisp.chat/l.js"))
    (finding,) = judge(undeclared_third_party, policy(""), seen).findings
    assert finding.message == (
        "pages talk to client.crisp.chat (Crisp); no processor in policy.yaml owns it"
    )
    stanza = finding.remedies[-1].yaml
    (entry,) = policy(stanza).processors
    assert (entry.id, entry.name, entry.services) == ("crisp-chat", "Crisp", ("crisp",))
    assert found(stanza, request("https://client.crisp.chat/l.js")) == []


def test_services_declare_nothing() -> None:
    """A processor that names the service still has to own the host; then that is what is said."""
    text = "processors: [{id: chat, name: Chat, services: [crisp], domains: [chat.example]}]"
    seen = site(request("https://client.crisp.chat/l.js"))
    (finding,) = judge(undeclared_third_party, policy(text), seen).findings
    assert finding.message == (
        "pages talk to client.crisp.chat (Crisp); no processor in policy.yaml owns it,"
        " and chat has the service, not the host"
    )
    assert finding.policy.line == 4
    assert (finding.remedies[-1].text, finding.remedies[-1].yaml) == (
        "add client.crisp.chat to the domains of chat, if it is to be used there",
        "",
    )


def test_several_services_of_one_owner() -> None:
    """Then the owner is named."""
    seen = [request(f"https://www.google.com/{path}") for path in ("recaptcha/api.js", "maps/e")]
    (finding,) = judge(undeclared_third_party, policy(""), site(*seen)).findings
    assert finding.message.startswith("pages talk to www.google.com (Google LLC); ")


@given(st.text(max_size=200), st.text(max_size=200))
def test_names_in_forged_evidence(called: str, service: str) -> None:
    """Evidence may come from anywhere: what it calls a service stays a value."""
    seen = site(request("https://t.example/"))
    hosts = {
        host: structs.replace(facts, called=called, service=service)
        for host, facts in seen.hosts.items()
    }
    forged = structs.replace(seen, hosts=hosts)
    (finding,) = judge(undeclared_third_party, policy(""), forged).findings
    (entry,) = yaml.safe_load(finding.remedies[-1].yaml)["processors"]
    assert {*entry} - {"services"} == {"id", "name", "domains", "country", "consent"}
    assert entry["name"] in {called, "TODO"}
    assert entry.get("services", [""]) in ([service], ["TODO"])


def test_a_whole_finding() -> None:
    """Who, where, and the ways out in the order in which they are tried."""
    seen = request("https://t.ads.dev/t.js", resource="script", by="https://example.org/")
    (finding,) = judge(undeclared_third_party, policy(STRIPE), site(seen)).findings
    assert to_builtins(finding) == snapshot(
        {
            "fingerprint": "e69d5098865dc5e8d7e5955c2d804249276905b7215e0d111c2d1e8faba23e0a",
            "object": "host:t.ads.dev",
            "severity": "high",
            "message": "pages talk to t.ads.dev (ads.dev); no processor in policy.yaml owns it",
            "waived_by": None,
            "policy": {"path": "policy.yaml", "line": 4, "column": 1},
            "seen": (
                {
                    "page": "https://example.org/",
                    "state": "before",
                    "by": "https://example.org/",
                    "detail": "script https://t.ads.dev/t.js",
                },
            ),
            "remedies": (
                {
                    "kind": "remove",
                    "text": "take out what loads it, or host it yourself",
                    "yaml": "",
                },
                {"kind": "gate", "text": "load it only after the visitor agreed", "yaml": ""},
                {
                    "kind": "declare",
                    "text": "add it to processors, and tell people in the notice",
                    "yaml": """\
processors:
  - id: ads-dev
    name: TODO
    domains: ["*.ads.dev"]
    country: TODO
    consent: TODO
""",
                },
            ),
        }
    )
