"""Who is behind it: the host first; a name corroborates, and alone it is a hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect import behind
from auditor.collect.behind import behind_host, behind_names
from auditor.evidence import Behind, SiteObservation
from auditor.example import cookie, kept, sent
from auditor.knowledge.catalogue import services

GTAG = "https://www.googletagmanager.com/gtag/js"
PAGES = "reach4help.github.io"


@pytest.mark.parametrize(
    ("host", "paths", "service", "owner"),
    [
        ("js.stripe.com", ["/v3/"], "stripe", "Stripe, LLC"),
        ("js.stripe.com", [], "stripe", "Stripe, LLC"),
        (
            "www.google.com",
            ["/recaptcha/api.js", "/recaptcha/x"],
            "google-recaptcha",
            "Google LLC",
        ),
        ("www.google.com", ["/recaptcha/api.js", "/maps/embed"], "", "Google LLC"),
        ("unpkg.com", ["/vue"], "unpkg", ""),
        ("example.org", ["/"], "", ""),
        ("raw.githubusercontent.com", ["/a"], "github-pages", "GitHub, Inc."),
    ],
)
def test_a_host(host: str, paths: list[str], service: str, owner: str) -> None:
    """One service, or the one owner of several; nothing where that is not known."""
    found = behind_host(host, [f"https://{host}{path}?q=*" for path in paths])
    assert (found.service, found.owner) == (service, owner)
    assert found.confidence == ("host" if service or owner else "")


@pytest.mark.parametrize(
    ("seen", "service", "confidence"),
    [
        (cookie("crisp-client/session/*", writer="client.crisp.chat"), "crisp", "host and name"),
        (cookie("something", writer="client.crisp.chat"), "crisp", "host"),
        (cookie("crisp-client/session/*", writer="example.org"), "crisp", "name"),
        (cookie("crisp-client/session/*", writer="w.example"), "crisp", "name"),
        (sent("crisp-client/session/*"), "crisp", "name"),
        (sent("d", "app.slack.com"), "slack", "host and name"),
        (cookie("d"), "", ""),
        (cookie("session", writer="js.stripe.com"), "stripe", "host"),
        (cookie("_fbp", writer="js.stripe.com"), "stripe", "host"),
        (
            cookie("_ga", writer="www.googletagmanager.com", by=GTAG),
            "google-analytics",
            "host and name",
        ),
        (cookie("own", writer="www.googletagmanager.com", by=GTAG), "", ""),
        (cookie("_fbp", writer="unpkg.com", by="https://unpkg.com/x"), "meta", "name"),
        (cookie("own", writer="unpkg.com", by="https://unpkg.com/x"), "", ""),
        (cookie("m", domain="m.stripe.com", writer="m.stripe.com"), "stripe", "host and name"),
        (cookie("IDE", domain="doubleclick.net", writer=""), "google-ads", "host and name"),
        (cookie("logged_in", domain=PAGES, writer=PAGES), "", ""),
        (cookie("_octo", domain=PAGES, writer=PAGES), "github", "host and name"),
        (
            kept(
                "firebase:authUser:*",
                writer="www.gstatic.com",
                by="https://www.gstatic.com/firebasejs/9/firebase-auth.js",
            ),
            "firebase-auth",
            "host and name",
        ),
        (kept("firestore/x", storage="indexed_db"), "firestore", "name"),
        (kept("firestore/x", storage="cache_storage"), "", ""),
    ],
    ids=range(20),
)
def test_a_name(seen: SiteObservation, service: str, confidence: str) -> None:
    """Whoever writes counts, unless it carries what others wrote; the name only agrees."""
    found = [b for names in behind_names([seen]).values() for b in names.values()]
    assert [(b.service, b.confidence) for b in found] == (
        [(service, confidence)] if service else []
    )


def test_a_name_of_several_names_them() -> None:
    """Then there is no id and no owner, since nobody knows."""
    found = behind_names([cookie("__session", writer="")])
    assert found == {
        "example.org": {
            "cookie:__session": Behind(called="Clerk or Firebase Hosting", confidence="name")
        }
    }


def test_the_best_known_counts() -> None:
    """Whatever the order: a script that was seen writing says more than a name that travelled."""
    weak, strong = sent("_fbp"), cookie("_fbp", writer="connect.facebook.net")
    orders: list[list[SiteObservation]] = [[weak, strong], [strong, weak]]
    for seen in orders:
        (found,) = behind_names(seen)["example.org"].values()
        assert found.confidence == "host and name"


def test_of_equals_the_first_counts() -> None:
    """So that the same evidence always says the same."""
    seen = [cookie("x9", writer=f"{host}.com") for host in ("js.stripe", "static.hotjar")]
    (found,) = behind_names(seen)["example.org"].values()
    assert found.service == "stripe"


def test_a_host_that_is_known_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where some of what was asked for is nobody's known, nobody is named."""
    stripe = services()["stripe"]
    monkeypatch.setattr(behind, "attribute", lambda _, path: stripe if path == "/a" else None)
    urls = [f"https://cdn.example/{name}" for name in "ab"]
    assert behind_host("cdn.example", urls[:1]).service == "stripe"
    assert behind_host("cdn.example", urls) == Behind()


names = st.text(max_size=40)


@given(st.lists(st.builds(cookie, names, domain=names, writer=names, by=names), max_size=5))
def test_whatever_pages_say(seen: list[SiteObservation]) -> None:
    """Names, hosts and addresses are data: nothing raises, and nobody is made up."""
    for kept_there in behind_names(seen).values():
        assert {found.service for found in kept_there.values()} <= {*services(), ""}
