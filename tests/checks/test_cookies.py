"""Cookies that no row covers, and rows that say something else than what happens."""

import pytest
from inline_snapshot import snapshot
from msgspec import to_builtins

from auditor.evidence import Aspect, Gap, Reason, SiteObservation, ValueShape
from auditor.findings import Result
from auditor.testing import cookie, judge, policy, request, sent, site
from auditor_checks.cookies import undeclared_cookie

ROW = "device_storage: [{{identifier: session, type: cookie{}}}]"
STRIPE = "processors: [{id: stripe, name: Stripe, domains: ['*.stripe.com']}]\n"
DAY = 86_400
PLAIN = ValueShape(length=4)
KEPT = "is kept on visitors' devices"


def run(text: str, *seen: SiteObservation) -> Result:
    """Judge what was seen on the site."""
    return judge(undeclared_cookie, policy(text), site(*seen))


def found(text: str, *seen: SiteObservation) -> list[tuple[str, str, str]]:
    """Return object, severity and message of each finding."""
    return [(f.object, f.severity.value, f.message) for f in run(text, *seen).findings]


@pytest.mark.parametrize(
    "seen",
    [
        [],
        [cookie("session")],
        [cookie("session", domain="www.example.org", writer="cdn.example.org")],
        [sent("session")],
        [cookie("session", writer="")],
        [request("https://tracker.example.com/")],
        [cookie("other", deleted=True)],
    ],
    ids=range(7),
)
def test_what_is_declared_passes(seen: list[SiteObservation]) -> None:
    """Rows cover it, wherever it is ours; what is only deleted is kept nowhere."""
    result = run(ROW.format(""), *seen)
    assert (result.outcome.value, result.findings) == ("pass", ())


def test_a_cookie_that_only_travelled_may_be_of_the_domain_above() -> None:
    """It was sent to www, and nobody saw whether it is of www or of the whole domain."""
    text = ROW.format(", domains: [example.org]")
    assert found(text, sent("session", "www.example.org")) == []
    assert found(text, cookie("session", domain="www.example.org")) != []


@pytest.mark.parametrize(
    ("seen", "severity"),
    [
        (cookie("theme", value=PLAIN), "medium"),
        (cookie("theme"), "high"),
        (cookie("theme", domain="ads.example.com", value=PLAIN), "high"),
        (sent("theme"), "medium"),
        (sent("theme", "ads.example.com"), "high"),
        (cookie("theme", refused="domain"), "low"),
    ],
    ids=["preference", "identifier", "elsewhere", "sent", "sent elsewhere", "refused"],
)
def test_severity(seen: SiteObservation, severity: str) -> None:
    """Ours and harmless, an identifier, somebody else's, or one that no browser keeps."""
    ((_, rated, _),) = found(ROW.format(""), seen)
    assert rated == severity


@pytest.mark.parametrize(
    ("keys", "seen", "effect", "why"),
    [
        (
            ", domains: [shop.example.org]",
            cookie("session"),
            KEPT,
            "its row covers shop.example.org, not example.org",
        ),
        (
            "",
            cookie("session", domain="a.example"),
            KEPT,
            "its row covers first-party hosts, not a.example",
        ),
        (
            ", set_by: stripe",
            cookie("session"),
            KEPT,
            "its row covers the domains of stripe, not example.org",
        ),
        (", pages: [/login]", cookie("session"), KEPT, "its row covers only pages /login"),
        (
            "",
            cookie("session", writer="a.example"),
            KEPT,
            "its row says set_by: self, but a.example writes it",
        ),
        (
            ", pages: [/login]",
            cookie("session", refused="domain"),
            "is asked for, and browsers refuse it",
            "its row covers only pages /login",
        ),
    ],
    ids=["domains", "our domains", "its domains", "pages", "writer", "refused"],
)
def test_a_row_that_says_something_else(
    keys: str, seen: SiteObservation, effect: str, why: str
) -> None:
    """The message says what the row covers and what happens; the line is the row's."""
    result = run(STRIPE + ROW.format(keys), seen)
    (finding,) = result.findings
    assert finding.message == f"`session` {effect}; {why}"
    assert finding.policy.line == 5
    assert [remedy.yaml for remedy in finding.remedies] == ["", "", ""]


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        (", set_by: TODO", cookie("session", writer="a.example")),
        (", domains: TODO", cookie("session", domain="a.example")),
        (", set_by: TODO", cookie("session", domain="a.example")),
    ],
    ids=["writer", "domains", "whose domains"],
)
def test_what_is_undecided_contradicts_nothing(keys: str, seen: SiteObservation) -> None:
    """A row that is still a draft is a gap: nobody has said yet what it covers."""
    result = run(ROW.format(keys), seen)
    assert (result.outcome.value, result.findings) == ("error", ())
    assert [gap.reason for gap in result.gaps] == [Reason.UNDECIDED]


def test_each_objection_is_a_finding_of_its_own() -> None:
    """One cookie on a wrong page, and written by somebody else on a right one."""
    text = ROW.format(", pages: [/login]")
    evil = cookie("session", writer="evil.example", page="https://example.org/login")
    results = run(text, cookie("session"), evil).findings
    assert len({finding.fingerprint for finding in results}) == 2
    assert len({finding.object for finding in results}) == 1


def test_a_deletion_by_others_is_no_writing() -> None:
    """Somebody who takes our cookie away keeps nothing on the device."""
    deletion = cookie("session", writer="evil.example", deleted=True)
    assert found(ROW.format(""), cookie("session"), deletion) == []


def test_the_owner_of_the_domain_is_named() -> None:
    """A processor that is declared is told by its name."""
    ((_, _, message),) = found(STRIPE, cookie("m", domain="m.stripe.com", writer="m.stripe.com"))
    assert message.endswith("no row covers it on m.stripe.com (domain of Stripe)")


@pytest.mark.parametrize(
    ("seen", "lines"),
    [
        (cookie("a b", lifetime=DAY + 1), ['identifier: "a b"', "set_by: self", "max_age: P2D"]),
        (cookie("é"), ['identifier: "é"', "max_age: session"]),
        (cookie('x"y'), ['identifier: "x\\"y"']),
        (sent("a"), ["max_age: TODO"]),
        (cookie("a", lifetime=400 * DAY, capped=True), ["max_age: TODO"]),
        (cookie("a", lifetime=10**11), ["max_age: TODO"]),
        (cookie("a", domain="m.stripe.com", writer="m.stripe.com"), ["set_by: stripe"]),
        (cookie("a", writer="js.stripe.com"), ["set_by: stripe", 'domains: ["example.org"]']),
        (cookie("a", writer="who.example"), ["set_by: TODO"]),
        (sent("a", "who.example"), ["set_by: TODO", 'domains: ["who.example"]']),
    ],
    ids=range(10),
)
def test_the_row_to_write(seen: SiteObservation, lines: list[str]) -> None:
    """What can be known is filled in, what people have to decide says TODO; it reads back."""
    (finding,) = run(STRIPE, seen).findings
    stanza = finding.remedies[-1].yaml
    for line in lines:
        assert line in stanza
    (row,) = policy(STRIPE + stanza).device_storage
    assert row.type == "cookie"


def test_a_row_that_was_accepted_covers_it() -> None:
    """After the row is written and decided, the same evidence passes."""
    seen = site(cookie("a", writer="js.stripe.com", lifetime=DAY), sent("a", "www.example.org"))
    stanzas = {
        f.remedies[-1].yaml for f in judge(undeclared_cookie, policy(STRIPE), seen).findings
    }
    rows = "".join(stanza.partition("\n")[2] for stanza in sorted(stanzas))
    text = f"{STRIPE}device_storage:\n{rows}".replace("purpose: TODO", "purpose: essential")
    text = text.replace("consent: TODO", "consent: required")
    assert judge(undeclared_cookie, policy(text), seen).outcome.value == "pass"


def test_gaps_in_cookies_count_and_others_do_not() -> None:
    """Links that could not be read do not keep anybody from looking at cookies."""
    for aspect, outcome in ((Aspect.LINKS, "pass"), (Aspect.COOKIES, "error")):
        gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(aspect,))
        assert judge(undeclared_cookie, policy(""), site(gaps=[gap])).outcome.value == outcome


@pytest.mark.parametrize(
    ("seen", "message"),
    [
        (
            cookie("crisp-client/session/*", writer="client.crisp.chat"),
            (
                "`crisp-client/session/*` (Crisp) is kept on visitors' devices;"
                " no row covers it on example.org"
            ),
        ),
        (
            cookie("crisp-client/session/*", writer=""),
            (
                "`crisp-client/session/*` is kept on visitors' devices;"
                " no row covers it on example.org; its name matches Crisp"
            ),
        ),
        (
            cookie("own"),
            "`own` is kept on visitors' devices; no row covers it on example.org",
        ),
    ],
)
def test_whose_it_is_is_said(seen: SiteObservation, message: str) -> None:
    """As surely as it is known: by the host, by the name alone, or not at all."""
    (finding,) = run("", seen).findings
    assert finding.message == message


def test_a_whole_finding() -> None:
    """What was seen, where, and the ways out in the order in which they are tried."""
    seen = cookie("_ga", lifetime=400 * DAY, writer="g.example", by="https://g.example/a.js")
    (finding,) = run("", seen, sent("_ga")).findings
    assert to_builtins(finding) == snapshot(
        {
            "fingerprint": "2609c99a6a5310c55cb9eb22ad7c64e3949b965a731ab6e7a8c5b8f6016ff5af",
            "object": "cookie:_ga@example.org",
            "severity": "high",
            "message": (
                "`_ga` is kept on visitors' devices; no row covers it on example.org;"
                " its name matches Google Analytics"
            ),
            "waived_by": None,
            "policy": {"path": "policy.yaml", "line": 1, "column": 1},
            "seen": (
                {
                    "page": "https://example.org/",
                    "state": "before",
                    "by": "https://g.example/a.js",
                    "detail": "asks for 400 days",
                },
                {
                    "page": "https://example.org/",
                    "state": "before",
                    "by": "",
                    "detail": "sent to example.org; author not seen",
                },
            ),
            "remedies": (
                {"kind": "remove", "text": "stop setting it", "yaml": ""},
                {"kind": "gate", "text": "set it only after the visitor agreed", "yaml": ""},
                {
                    "kind": "declare",
                    "text": "add it to device_storage, and tell people in the notice",
                    "yaml": """\
device_storage:
  - identifier: "_ga"
    type: cookie
    set_by: TODO
    domains: ["example.org"]
    max_age: P400D
    purpose: TODO
    consent: TODO
""",
                },
            ),
        }
    )
