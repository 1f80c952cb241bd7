"""Contract §1, meanings 1 to 3, sentence by sentence."""

import pytest

from auditor.matching import Declarations, Match, Objection, Sight
from auditor.testing import cookie, kept, policy, request, sent, site

STRIPE = "processors: [{id: stripe, domains: ['*.stripe.com', '*.stripe.network']}]\n"
OWN = "example.org"


def row(identifier: str = "session", **keys: str) -> str:
    """Write a policy with one cookie row, and Stripe."""
    said = "".join(f", {key}: {value}" for key, value in keys.items())
    return f"{STRIPE}device_storage: [{{identifier: '{identifier}', type: cookie{said}}}]"


def ask(text: str, **sight: str | bool) -> Match:
    """Match one sighting of a cookie called session on our own domain, changed in some ways."""
    hosts = [str(sight.get(key) or OWN) for key in ("domain", "writer")]
    seen = site(*(request(f"https://{host}/") for host in hosts))
    facts = {"type": "cookie", "name": "session", "domain": OWN, "writer": OWN, **sight}
    return Declarations(policy(text), seen).match(Sight(**facts))  # type: ignore[arg-type]


def is_declared(text: str, **sight: str | bool) -> bool:
    """Return whether a row covers the sighting whole."""
    return ask(text, **sight).is_declared


@pytest.mark.parametrize(
    ("identifier", "name", "fits"),
    [
        ("session", "session", True),
        ("session", "Session", False),
        ("session", "session2", False),
        ("session", "my-session", False),
        ("_ga*", "_ga", True),
        ("_ga*", "_ga_ABC", True),
        ("_ga*", "x_ga", False),
        ("*_session", "app_session", True),
        ("*_session", "_session", True),
        ("*_session", "app_session2", False),
        ("a_*_z_*", "a_1_z_2", True),
        ("a_*_z_*", "a_1_2", False),
        ("_g?*", "_ga1", False),
        ("_g?*", "_g?1", True),
        ("wordpress_test_cookie*", "wordpress_test", False),
    ],
)
def test_wildcards(identifier: str, name: str, *, fits: bool) -> None:
    """Only `*`, any run of characters, also none; case-sensitive; the whole name must match."""
    assert is_declared(row(identifier), name=name) is fits


@pytest.mark.parametrize(
    ("identifier", "name"),
    [("_ga_D8LRHP9HJ8", "_ga_*"), ("_ga_*", "_ga_*"), ("wp-settings-12", "wp-settings-*")],
)
def test_a_name_with_an_id_in_it_is_met_as_its_template(identifier: str, name: str) -> None:
    """Evidence holds `_ga_*`; the row may say that, or the very name that somebody saw."""
    assert is_declared(row(identifier), name=name)


def test_type_and_name_have_to_match() -> None:
    """A row for local storage covers no cookie of that name."""
    text = "device_storage: [{identifier: session, type: local_storage}]"
    assert ask(text) == Match()
    assert ask(text, type="local_storage").is_declared


@pytest.mark.parametrize(("sites", "fits"), [("[www]", True), ("[blog]", False)])
def test_the_site_has_to_match(sites: str, *, fits: bool) -> None:
    """A row that is confined to another site is not there for this one."""
    two = "sites: [{id: www, url: https://example.org/}, {id: blog, url: https://b.example/}]\n"
    assert ask(two + row(sites=sites)).is_declared is fits
    text = f"{two}processors: [{{id: p, domains: [p.example], sites: {sites}}}]"
    owner = Declarations(policy(text), site()).processor("p.example")
    assert (owner is not None) is fits


@pytest.mark.parametrize(
    ("keys", "domain", "fits"),
    [
        ({}, "example.org", True),
        ({}, "www.example.org", True),
        ({}, "example.com", False),
        ({"set_by": "stripe"}, "m.stripe.network", True),
        ({"set_by": "stripe"}, "stripe.com", True),
        ({"set_by": "stripe"}, "example.org", False),
        ({"set_by": "stripe", "domains": "[example.org]"}, "example.org", True),
        ({"set_by": "stripe", "domains": "[example.org]"}, "m.stripe.com", False),
        ({"domains": "[example.org]"}, "www.example.org", False),
        ({"domains": "['*.example.org']"}, "example.org", True),
        ({"domains": "['*.example.org']"}, "a.b.example.org", True),
        ({"domains": "['*.example.org']"}, "notexample.org", False),
    ],
)
def test_domains(keys: dict[str, str], domain: str, *, fits: bool) -> None:
    """By default first-party hosts for what we set, the processor's for what it sets."""
    found = ask(row(**keys), domain=domain)
    assert found.is_declared is fits
    assert fits or found.objection is Objection.DOMAIN


@pytest.mark.parametrize(
    ("travelled", "domains", "fits"),
    [
        (True, "[example.org]", True),
        (False, "[example.org]", False),
        (True, "[www.example.org]", True),
        (True, "[shop.example.org]", False),
    ],
)
def test_a_cookie_that_only_travelled_may_be_of_a_domain_above(
    travelled: bool, domains: str, fits: bool
) -> None:
    """Nobody saw it being set: it was sent to www, and a cookie of the domain goes there too."""
    found = ask(row(domains=domains), domain="www.example.org", writer="", travelled=travelled)
    assert found.is_declared is fits


@pytest.mark.parametrize(
    ("set_by", "writer", "objection"),
    [
        ("self", "example.org", None),
        ("self", "cdn.example.org", None),
        ("self", "evil.example", Objection.AUTHOR),
        ("stripe", "js.stripe.com", None),
        ("stripe", "m.stripe.network", None),
        ("stripe", "example.org", None),
        ("stripe", "evil.example", Objection.AUTHOR),
        ("self", "js.stripe.com", Objection.AUTHOR),
    ],
)
def test_the_writer_is_not_contradicted(
    set_by: str, writer: str, objection: Objection | None
) -> None:
    """An observed writer must be `set_by`, or our own code loading it."""
    found = ask(row(set_by=set_by, domains="[example.org]"), writer=writer)
    assert found.objection is objection
    assert found.author_seen


def test_an_unknown_writer_is_a_match_with_the_author_not_seen() -> None:
    """What nobody saw contradicts nothing, and is not said to be seen."""
    found = ask(row(), writer="")
    assert (found.is_declared, found.author_seen) == (True, False)
    assert not ask("", writer="").author_seen


@pytest.mark.parametrize(
    ("pages", "page", "fits"),
    [
        ("['/donate*']", "https://example.org/donate/now?x=*", True),
        ("['/donate*']", "https://example.org/", False),
        ("['/donate']", "https://example.org/donate/now", False),
        ("['/a/b', '/donate*']", "https://example.org/donate", True),
        ("['/donate*']", "", True),
        ("[/]", "https://example.org", True),
        ("[/u/3f9c2a1b77d0]", "https://example.org/u/*", True),
        ("[/u/3f9c2a1b77d0]", "https://example.org/u/ada", False),
    ],
)
def test_pages(pages: str, page: str, *, fits: bool) -> None:
    """A row may be confined to pages by their paths; an unknown page contradicts none."""
    found = ask(row(pages=pages), page=page)
    assert found.is_declared is fits
    assert fits or found.objection is Objection.PAGE


def test_of_several_rows_the_one_that_fits_best_is_taken() -> None:
    """A name written out goes before patterns, and no objection before any."""
    text = (
        "device_storage:\n"
        "  - {identifier: 'sess*', type: cookie, max_age: P1D}\n"
        "  - {identifier: 'session*', type: cookie, max_age: P2D}\n"
        "  - {identifier: session, type: cookie, pages: [/login], max_age: P3D}\n"
        "  - {identifier: session, type: cookie, domains: [other.example], max_age: P4D}\n"
    )

    def age(page: str = "", domain: str = OWN) -> str | None:
        found = ask(text, page=page, domain=domain)
        assert found.is_declared
        assert found.row
        return found.row.max_age

    assert age("https://example.org/login") == "P3D"
    assert age("https://example.org/") == "P2D"
    assert age(domain="other.example") == "P4D"


def test_the_nearest_row_is_told_with_its_objection() -> None:
    """What fits the domain but not the page is nearer than what fits neither."""
    text = (
        "device_storage:\n"
        "  - {identifier: session, type: cookie, domains: [other.example], max_age: P1D}\n"
        "  - {identifier: session, type: cookie, pages: [/login], max_age: P2D}\n"
    )
    found = ask(text, page="https://example.org/")
    assert found.objection is Objection.PAGE
    assert found.row
    assert found.row.max_age == "P2D"


def test_sightings_of_a_cookie_by_row() -> None:
    """Each sighting goes to the row that covers it, whoever wrote it and wherever."""
    text = (
        "device_storage:\n"
        "  - {identifier: a, type: cookie, pages: [/one], max_age: P1D}\n"
        "  - {identifier: a, type: cookie, pages: [/two], max_age: P2D}\n"
    )
    one, two = "https://example.org/one", "https://example.org/two"
    seen = site(cookie("a", page=one), cookie("a", page=two), sent("a", page=one))
    (cookie_a,) = seen.cookies
    ages = {
        (match.row.max_age if match.row else None, match.author_seen): len(sightings)
        for match, sightings in Declarations(policy(text), seen).matches_of(cookie_a)
    }
    assert ages == {("P1D", True): 1, ("P2D", True): 1, ("P1D", False): 1}


def test_sightings_of_a_stored_item_by_row() -> None:
    """The same rules as for cookies: by page and by writer; a removal is no sighting."""
    text = (
        "device_storage:\n"
        "  - {identifier: a, type: local_storage, pages: [/one], description: first}\n"
        "  - {identifier: a, type: session_storage, description: of another kind}\n"
    )
    one, two = "https://example.org/one", "https://example.org/two"
    seen = site(
        kept("a", page=one),
        kept("a", page=one, writer=""),
        kept("a", page=two),
        kept("a", page=one, writer="evil.example"),
        kept("a", page=one, removed=True),
    )
    (item,) = seen.storage
    found = {
        (match.row.description if match.row else "", match.objection, match.author_seen): [
            one.page for one in sightings
        ]
        for match, sightings in Declarations(policy(text), seen).matches_of(item)
    }
    assert found == {
        ("first", None, True): [one],
        ("first", None, False): [one],
        ("first", Objection.PAGE, True): [two],
        ("first", Objection.AUTHOR, True): [one],
    }


@pytest.mark.parametrize(
    ("url", "first_party", "host", "is_ours"),
    [
        ("https://www.example.org/", "", "example.org", True),
        ("https://www.example.org/", "", "shop.example.org", True),
        ("https://www.example.org/", "", "example.com", False),
        ("https://www.example.co.uk/", "", "cdn.example.co.uk", True),
        ("https://www.example.co.uk/", "", "other.co.uk", False),
        ("https://a.netlify.app/", "", "a.netlify.app", True),
        ("https://a.netlify.app/", "", "b.netlify.app", False),
        ("https://a.netlify.app/", "", "netlify.app", False),
        ("https://192.0.2.1/", "", "192.0.2.1", True),
        ("https://192.0.2.1/", "", "192.0.2.2", False),
        ("http://localhost:8000/", "", "localhost", True),
        ("http://localhost:8000/", "", "127.0.0.1", False),
        ("https://[2001:db8::1]/", "", "2001:db8::1", True),
        ("https://example.org/", "example.net", "cdn.example.net", True),
        ("https://example.org/", "cdn.example.net", "cdn.example.net", True),
        ("https://example.org/", "cdn.example.net", "www.example.net", False),
        ("https://example.org/", "cdn.example.net", "a.cdn.example.net", False),
        ("https://example.org/", "Bücher.example", "xn--bcher-kva.example", True),
        ("https://Bücher.example/", "", "xn--bcher-kva.example", True),
    ],
)
def test_first_party(url: str, first_party: str, host: str, *, is_ours: bool) -> None:
    """The registrable domain with private suffixes, exact IPs and localhost, and `first_party`."""
    extra = f", first_party: ['{first_party}']" if first_party else ""
    promised = policy(f"sites: [{{id: www, url: '{url}'{extra}}}]")
    shape = url.replace("Bücher", "xn--bcher-kva")
    seen = site(request(f"https://{'[' + host + ']' if ':' in host else host}/"), url=shape)
    assert Declarations(promised, seen).is_first_party(host) is is_ours


OWNERS = """
processors:
  - {id: broad, domains: ['*.example.net']}
  - {id: narrow, domains: ['*.cdn.example.net']}
  - {id: exact, domains: [cdn.example.net]}
  - {id: path, domains: ['cdn.example.net/lib']}
  - {id: account, domains: ['cdn.example.net/of/3f9c2a1b77d0']}
  - {id: longer, domains: ['cdn.example.net/lib/ours', '*.cdn.example.net/wide']}
"""


@pytest.mark.parametrize(
    ("host", "path", "owner"),
    [
        ("example.net", "/", "broad"),
        ("www.example.net", "/lib", "broad"),
        ("cdn.example.net", "/", "exact"),
        ("cdn.example.net", "/lib", "path"),
        ("cdn.example.net", "/lib/a.js", "path"),
        ("cdn.example.net", "/library", "exact"),
        ("cdn.example.net", "/of/*/a.js", "account"),
        ("cdn.example.net", "/of/all", "exact"),
        ("cdn.example.net", "/lib/ours/a.js", "longer"),
        ("a.cdn.example.net", "/lib/a.js", "narrow"),
        ("a.cdn.example.net", "/wide/a.js", "longer"),
        ("cdn.example.net", "/wide", "longer"),
        ("notexample.net", "/", None),
        ("net", "/", None),
    ],
)
def test_longest_host_then_longest_path(host: str, path: str, owner: str | None) -> None:
    """The most specific pattern wins, whatever order they stand in."""
    for text in (OWNERS, _turned(OWNERS)):
        found = Declarations(policy(text), site()).processor(host, path)
        assert (found.id if found else None) == owner


def _turned(text: str) -> str:
    head, *lines = text.strip().splitlines()
    return "\n".join([head, *reversed(lines)])


@pytest.mark.parametrize(
    ("domains", "url", "host", "reaches"),
    [
        ("stats.example.org", "https://www.example.org/", "stats.example.org", True),
        ("*.stats.example.org", "https://www.example.org/", "a.stats.example.org", True),
        ("*.example.org", "https://www.example.org/", "shop.example.org", False),
        ("*.hoster.example", "https://ours.hoster.example/", "ours.hoster.example", False),
        ("www.example.org", "https://www.example.org/", "www.example.org", False),
        ("www.example.org/pay", "https://www.example.org/", "www.example.org", True),
        ("*.party.example", "https://www.example.org/", "a.party.example", True),
    ],
)
def test_a_host_of_ours_is_a_processors_where_that_is_said_more_closely(
    domains: str, url: str, host: str, *, reaches: bool
) -> None:
    """A processor's server under our name is the processor's; our page at a hoster is ours."""
    promised = policy(
        f"sites: [{{id: www, url: '{url}'}}]\nprocessors: [{{id: p, domains: ['{domains}']}}]"
    )
    asked = request(f"https://{host}/pay/now")
    found = Declarations(promised, site(asked, url=url)).recipient(asked)
    assert (found is not None) is reaches
