"""Source files: undeclared hosts, packages and ids, and what is passed over."""

import pytest

from auditor.coverage import standing_of
from auditor.evidence import Behind, Gap, Mention, Reason
from auditor.findings import Outcome
from auditor.findings.comparison import why_unseen
from auditor.policy import Claim
from auditor.testing import code, judge, policy
from auditor_checks.code import undeclared_in_code

CODE = 'code: {paths: ["."]}\n'
STRIPE = CODE + 'processors: [{id: s, services: [stripe], domains: ["*.stripe.com"]}]\n'
KNOWN = {
    "package:npm:stripe": Behind(service="stripe", called="Stripe"),
    "package:npm:mixpanel": Behind(service="mixpanel", called="Mixpanel", country="US"),
}
HOSTS = {"package:npm:stripe": ("*.stripe.com",), "package:npm:mixpanel": ("*.mixpanel.com",)}


def named(name: str, how: str = "tag", line: int = 1, **more: object) -> Mention:
    """Return a mention in a page."""
    facts = {"name": name, "how": how, "file": "page.html", "line": line, "column": 2, **more}
    return Mention(**facts)  # type: ignore[arg-type]


def test_a_host_is_told_once_with_every_place() -> None:
    """The worst of its places decides how severe it is."""
    seen = code(named("host:t.example", "text", 4), named("host:t.example", "call", 9))
    (finding,) = judge(undeclared_in_code, policy(CODE), seen).findings
    assert (finding.object, finding.severity.value) == ("host:t.example", "high")
    assert [one.page for one in finding.seen] == ["page.html:4:2", "page.html:9:2"]
    assert 'domains: ["*.t.example"]' in finding.remedies[-1].yaml


@pytest.mark.parametrize(
    ("how", "severity"),
    [("tag", "high"), ("call", "high"), ("dependency", "medium"), ("allowed", "low")],
)
def test_how_sure_it_is(how: str, severity: str) -> None:
    """What pages load weighs more than an address that stands in a text."""
    (finding,) = judge(
        undeclared_in_code, policy(CODE), code(named("host:t.example", how))
    ).findings
    assert finding.severity.value == severity


@pytest.mark.parametrize(
    "mention",
    [
        named("host:js.stripe.com"),
        named("host:example.org"),
        named("host:cdn.example.org"),
        named("package:npm:stripe", "dependency"),
        named("package:npm:left-pad", "dependency"),
        named("host:t.example", while_developing=True),
    ],
    ids=lambda one: one.name,
)
def test_what_is_declared_ours_or_no_recipient_passes(mention: Mention) -> None:
    """Declared, our own, a package of which nobody knows that it talks to anybody, a test."""
    seen = code(mention, behind=KNOWN, hosts=HOSTS, domains={"cdn.example.org": "example.org"})
    assert judge(undeclared_in_code, policy(STRIPE), seen).outcome is Outcome.PASS


def test_a_package_is_its_service() -> None:
    """It is declared by the service, or by its hosts."""
    seen = code(named("package:npm:mixpanel", "dependency"), behind=KNOWN, hosts=HOSTS)
    (finding,) = judge(undeclared_in_code, policy(STRIPE), seen).findings
    assert "Mixpanel" in finding.message
    assert "services:" in finding.remedies[-1].yaml
    owned = CODE + 'processors: [{id: m, domains: ["*.mixpanel.com"]}]\n'
    assert judge(undeclared_in_code, policy(owned), seen).outcome is Outcome.PASS


def test_what_could_not_be_read_is_a_gap() -> None:
    """A file that nobody could read is never a pass; nor is code that nobody looked at."""
    gap = Gap(what="src/a.js", reason=Reason.NOT_VERIFIED, needs="a file without syntax errors")
    assert judge(undeclared_in_code, policy(CODE), code(gaps=[gap])).outcome is Outcome.ERROR
    assert judge(undeclared_in_code, policy(CODE)).outcome is Outcome.ERROR


def test_what_is_old_is_neither_kept_nor_fixed() -> None:
    """With --since it passes for the change; no promise is verified by it, nothing is fixed."""
    change = judge(undeclared_in_code, policy(CODE), code(since="main"))
    assert (change.outcome, change.restriction) == (
        Outcome.PASS,
        "only lines that are new since main",
    )
    claim = Claim(id="c", covered_by=("code-undeclared-processor",))
    assert standing_of(claim, [change]) == "not observed"
    assert why_unseen(change) == change.restriction
    whole = judge(undeclared_in_code, policy(CODE), code())
    assert (standing_of(claim, [whole]), why_unseen(whole)) == ("verified", "")


@pytest.mark.parametrize(
    ("url", "host", "domain", "is_own"),
    [
        ("https://www.example.com/", "cdn.example.com", "example.com", True),
        ("https://www.example.com/", "example.com", "example.com", True),
        ("https://a.netlify.app/", "b.netlify.app", "b.netlify.app", False),
        ("https://www.example.com/", "x.cdn.partner.net", "partner.net", False),
        ("https://www.example.com/", "cdn.partner.net", "partner.net", True),
    ],
)
def test_who_we_are(url: str, host: str, domain: str, is_own: bool) -> None:
    """The registrable domain of a site with all below it, and exactly what is named beside it."""
    site = f"sites: [{{id: shop, url: '{url}', first_party: [cdn.partner.net]}}]\n"
    seen = code(named(f"host:{host}"), domains={host: domain})
    told = judge(undeclared_in_code, policy(site + CODE), seen)
    assert (told.outcome is Outcome.PASS) is is_own
