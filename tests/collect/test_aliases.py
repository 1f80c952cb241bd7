"""Where a site's own names lead in the DNS: asked of a real name server."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from auditor.collect.aliases import MOST, names_of
from auditor.evidence import HostFacts, Reason, Tls

ZONE = {
    "www.shop.example": ("shop.hoster.example", "edge.hoster.example"),
    "stats.shop.example": ("ID4711.Eulerian.NET",),
    "shop.example": (),
    "self.shop.example": ("lb.shop.example",),
}


class _Server(socketserver.ThreadingUDPServer):
    daemon_threads = True
    asked: list[str]


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, out = self.request
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text().rstrip(".")
        assert isinstance(self.server, _Server)
        self.server.asked.append(name)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        chain = ZONE.get(name.lower())
        if name == "silent.shop.example":
            return
        if chain is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            for source, target in zip((name, *chain), chain, strict=False):
                answer.answer.append(
                    dns.rrset.from_text(f"{source}.", 60, "IN", "CNAME", f"{target}.")
                )
            if query.question[0].rdtype == dns.rdatatype.A:
                last = (name, *chain)[-1]
                answer.answer.append(dns.rrset.from_text(f"{last}.", 60, "IN", "A", "192.0.2.1"))
        out.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server() -> Iterator[tuple[str, list[str]]]:
    """Serve the zone on this machine; yield its address and what it is asked."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", server.asked
        server.shutdown()


def test_a_chain_and_who_is_behind_it() -> None:
    """Each name of the chain is known, whose the last is, and what was known before stays."""
    known = {"www.shop.example": HostFacts(registrable_domain="", tls=Tls(protocol="TLS 1.3"))}
    with name_server() as (resolver, _):
        found = names_of(ZONE, known, resolver=resolver)
    assert not found.gaps
    www = found.facts["www.shop.example"]
    assert www.aliases == ("shop.hoster.example", "edge.hoster.example")
    assert (www.alias_domain, www.tls) == ("hoster.example", Tls(protocol="TLS 1.3"))
    assert found.facts["shop.example"].aliases == ()
    stats = found.facts["stats.shop.example"]
    assert (stats.aliases, stats.alias_domain) == (("id4711.eulerian.net",), "eulerian.net")


def test_what_is_final_is_not_asked_about() -> None:
    """Mapped hosts, addresses and this machine are what the run says they are."""
    hosts = ("www.mapped.example", "127.0.0.1", "shop.localhost", "shop.example")
    with name_server() as (resolver, asked):
        found = names_of(hosts, {}, mapped=("*.mapped.example",), resolver=resolver)
    assert set(asked) == {"shop.example"}
    assert sorted(host for host, facts in found.facts.items() if facts.mapped) == [
        "127.0.0.1",
        "shop.localhost",
        "www.mapped.example",
    ]


def test_what_nobody_answers_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the server does not know, one without an answer, and one too many."""
    monkeypatch.setattr("auditor.collect.name_server.PATIENCE", 0.3)
    with name_server() as (resolver, _):
        found = names_of(["nobody.shop.example", "silent.shop.example"], {}, resolver=resolver)
        many = names_of([f"h{n}.shop.example" for n in range(MOST + 1)], {}, resolver=resolver)
    assert [gap.what for gap in found.gaps] == [
        "the name nobody.shop.example in the DNS",
        "the name silent.shop.example in the DNS",
    ]
    assert not found.facts
    assert many.gaps[-1].reason is Reason.CAP_REACHED
