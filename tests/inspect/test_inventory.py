from datetime import UTC, datetime

import pytest
from msgspec import structs

from auditor.collect.hosts_seen import facts_of_hosts
from auditor.evidence import (
    FormSeen,
    Gap,
    HostFacts,
    Reason,
    SiteEvidence,
    SiteObservation,
    Source,
    State,
    Tls,
)
from auditor.example import HOME, cookie, kept, page, request, secret, sent
from auditor.inspect.inventory import inventory_of
from auditor.testing import site


def test_a_cookie_is_there_once_with_its_writers() -> None:
    """Owner and party are the writer's own; lifetimes are in words, the longest counts."""
    script = "https://cdn.stats.example.net/a.js"
    seen = site(
        cookie("_id", writer="cdn.stats.example.net", by=script, lifetime=60),
        cookie("_id", writer="cdn.stats.example.net", by=script, lifetime=400 * 86_400),
        sent("_id", page=f"{HOME}about"),
    )
    (entry,) = inventory_of(seen).cookies
    (writer,) = entry.writers
    assert (writer.host, writer.owner, writer.party) == (
        "cdn.stats.example.net",
        "example.net",
        "third",
    )
    assert writer.scripts == (script,)
    assert (entry.party, entry.lifetime, entry.seconds) == ("first", "400 days", 400 * 86_400)
    assert entry.attributes == ("Secure", "HttpOnly")
    assert entry.pages == (HOME, f"{HOME}about")


@pytest.mark.parametrize(
    ("seen", "lifetime", "is_kept"),
    [
        (cookie("a"), "session", True),
        (cookie("a", lifetime=34_560_000, capped=True), "at least 400 days", True),
        (cookie("a", lifetime=3600, refused="by the browser"), "1 hour", False),
        (cookie("a", deleted=True), "deleted", False),
        (sent("a"), "not seen", True),
    ],
)
def test_how_long_a_cookie_is_kept(seen: SiteObservation, lifetime: str, *, is_kept: bool) -> None:
    """What was asked for is told apart from what was only seen travelling, deleted or refused."""
    (entry,) = inventory_of(site(seen)).cookies
    assert (entry.lifetime, entry.kept) == (lifetime, is_kept)


def test_a_page_tells_what_led_to_it() -> None:
    """Redirects are told in order; a circle of them has an end."""
    seen = site(
        request(f"{HOME}b", resource="document", status=302, redirected_from=f"{HOME}a"),
        request(f"{HOME}c", resource="document", redirected_from=f"{HOME}b"),
        request(f"{HOME}a", resource="document", redirected_from=f"{HOME}c"),
        request(f"{HOME}pixel", resource="image", redirected_from=f"{HOME}d"),
        page(f"{HOME}c"),
        page(f"{HOME}pixel", links=(HOME,)),
    )
    first, second = inventory_of(seen).pages
    assert first.redirected_from == (f"{HOME}c", f"{HOME}a", f"{HOME}b")
    assert (first.links, second.links, second.redirected_from) == (None, 1, ())


def test_everything_else_has_its_kind() -> None:
    """Hosts, storage, forms and keys stand under their own name, each once."""
    seen = site(
        request("https://px.example.net/p.gif", resource="image", by=f"{HOME}app.js"),
        request("https://px.example.net/q.gif", resource="image", failed="net::ERR_FAILED"),
        kept("theme"),
        kept("theme", removed=True),
        kept("db", storage="indexed_db", writer=""),
        FormSeen(page=HOME, action="https://app.example.org/x", method="POST"),
        FormSeen(page=HOME, action="https://forms.example.com/x", fields=("email::mail",)),
        FormSeen(page=HOME, action="https://forms.example.com/x", fields=("email::mail",)),
        secret("Stripe secret key"),
    )
    told = inventory_of(seen)
    (host,) = told.hosts
    assert (host.requests, host.resources, host.failed) == (2, ("image",), ("net::ERR_FAILED",))
    assert host.started_by == ("example.org",)
    (theme,) = told.local_storage
    assert theme.removed
    (database,) = told.stored("indexed_db")
    assert (database.name, database.writers) == ("db", ())
    (own, form) = told.forms
    assert (own.host, own.owner, own.party) == ("app.example.org", "example.org", "first")
    assert (form.host, form.owner, form.party) == ("forms.example.com", "example.com", "third")
    (found,) = told.secrets
    assert (found.secret, found.url) == ("Stripe secret key", f"{HOME}app.js")


def test_tls_and_address_of_a_host() -> None:
    """What is known of a host stands with it."""
    tls = Tls(protocol="TLS 1.3", issuer="Example CA", valid_until="2027-01-01")
    facts = HostFacts(registrable_domain="", address="192.0.2.1", tls=tls)
    observations = (page(), request(HOME))
    evidence = SiteEvidence(
        site="www",
        url=HOME,
        sources=(Source(kind="visit", collected_at=datetime(2026, 1, 15, tzinfo=UTC)),),
        hosts=facts_of_hosts(HOME, observations, {"example.org": facts}),
        observations=observations,
    )
    (host,) = inventory_of(evidence).hosts
    assert (host.address, host.tls, host.owner, host.party) == (
        "192.0.2.1",
        tls,
        "example.org",
        "first",
    )


def test_who_is_behind_it() -> None:
    """The catalogue's service stands with a host, and with what is kept."""
    told = inventory_of(
        site(
            request("https://client.crisp.chat/l.js"),
            request("https://t.example/"),
            cookie("_ga"),
            kept("x", writer="client.crisp.chat"),
        )
    )
    assert [host.behind.called for host in told.hosts] == ["Crisp", ""]
    assert [host.owner for host in told.hosts] == ["crisp.chat", "t.example"]
    assert [(c.behind.service, c.behind.confidence) for c in told.cookies] == [
        ("google-analytics", "name")
    ]
    assert [item.behind.confidence for item in told.local_storage] == ["host"]


def test_gaps_and_pictures_are_handed_on() -> None:
    """What was not seen is part of the inventory."""
    gap = Gap(what="/b", reason=Reason.TIMEOUT, needs="a page that loads", state=State.BEFORE)
    told = inventory_of(structs.replace(site(), gaps=(gap,)), {"page-001-before.png": HOME})
    assert told.gaps == (gap,)
    assert told.screenshots == {"page-001-before.png": HOME}
