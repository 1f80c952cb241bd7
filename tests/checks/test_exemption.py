"""What does without consent says why, and is what it says."""

from datetime import date

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.engine import Case, Selection
from auditor.engine import judge as judge_all
from auditor.evidence import Aspect, Evidence, Gap, Reason, SiteObservation, Tool
from auditor.findings import Result
from auditor.testing import cookie, judge, kept, page, policy, sent, site
from auditor_checks.exemption import doubtful_exemption

NECESSARY = {
    "type": "cookie",
    "purpose": "essential.service",
    "consent": "exempt_strictly_necessary",
    "reason": "keeps the basket",
}
AUDIENCE = {
    "purpose": "analytics.reporting",
    "consent": "exempt_audience_measurement",
    "reason": "counts our visitors for us alone",
}


def row(**changes: str) -> str:
    """Write a policy with one exempt row, whole but for the changes; "" leaves a key out."""
    keys = {key: value for key, value in {**NECESSARY, **changes}.items() if value}
    return "device_storage:\n  - identifier: basket\n" + "".join(
        f"    {key}: {value}\n" for key, value in keys.items()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"consent": "exempt_transmission"},
        AUDIENCE,
        {**AUDIENCE, "max_age": "session"},
        {**AUDIENCE, "max_age": "P13M"},
        {**AUDIENCE, "max_age": "P397D"},
        {"max_age": "P5Y"},
    ],
)
def test_an_exemption_that_holds_passes(changes: dict[str, str]) -> None:
    """A purpose that fits, a reason, and for audience measurement a short life."""
    result = judge(doubtful_exemption, policy(row(**changes)), site())
    assert (result.outcome.value, result.findings) == ("pass", ())


@pytest.mark.parametrize(
    ("changes", "severity", "words"),
    [
        ({"reason": ""}, "medium", "no reason says why"),
        ({"purpose": ""}, "medium", "no purpose says what for"),
        ({"purpose": "analytics"}, "high", "analytics can always wait"),
        ({"purpose": "marketing.advertising"}, "high", "can always wait"),
        ({"purpose": "personalize.content"}, "high", "can always wait"),
        ({"purpose": "third_party_sharing"}, "high", "can always wait"),
        ({"purpose": "sales"}, "high", "can always wait"),
        ({"purpose": "train_ai_system"}, "high", "can always wait"),
        ({"purpose": "analytics", "consent": "exempt_transmission"}, "high", "can always wait"),
        ({**AUDIENCE, "purpose": "marketing"}, "high", "but its purpose is marketing"),
        ({**AUDIENCE, "purpose": ""}, "medium", "no purpose"),
        ({**AUDIENCE, "max_age": "P14M"}, "medium", "may last P14M"),
        ({**AUDIENCE, "max_age": "P398D"}, "medium", "(CNIL)"),
    ],
)
def test_a_doubtful_exemption_is_found(changes: dict[str, str], severity: str, words: str) -> None:
    """Each doubt is one finding about the row."""
    result = judge(doubtful_exemption, policy(row(**changes)))
    (finding,) = result.findings
    assert (result.outcome.value, finding.severity.value) == ("fail", severity)
    assert finding.object == "cookie:basket"
    assert words in finding.message


def test_the_object_names_the_type() -> None:
    """A storage key and a cookie of one name are two things."""
    text = row(type="local_storage", reason="")
    (finding,) = judge(doubtful_exemption, policy(text)).findings
    assert finding.object == "local_storage:basket"


CONTRADICTION = """
processors: [{id: p, consent: not_required}]
processing_activities:
  - {id: news, legal_basis: consent, processors: [p]}
"""


def test_a_processor_that_does_not_wait_contradicts_consent() -> None:
    """An activity that rests on consent cannot use a processor that asks for none."""
    result = judge(doubtful_exemption, policy(CONTRADICTION))
    (finding,) = result.findings
    assert (finding.object, finding.severity.value) == ("processor:p", "high")
    assert "talk to p without consent, but the activity news (line 7)" in finding.message


def test_each_contradiction_is_told_apart() -> None:
    """One for each activity, none for who waits for consent; people read the name."""
    text = """
processors: [{id: p, name: Acme, consent: not_required}, {id: q}]
processing_activities:
  - {id: news, legal_basis: consent, processors: [q, p]}
  - {id: polls, legal_basis: consent, processors: [p]}
"""
    findings = judge(doubtful_exemption, policy(text)).findings
    assert {f.object for f in findings} == {"processor:p"}
    assert sorted(f.message.partition(" (")[0] for f in findings) == [
        "pages may talk to Acme without consent, but the activity news",
        "pages may talk to Acme without consent, but the activity polls",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("legal_basis: consent", "legal_basis: contract"), (", processors: [p]", "")],
)
def test_a_processor_may_do_without_consent_elsewhere(old: str, new: str) -> None:
    """Without consent as the basis of what it is used for there is no contradiction."""
    result = judge(doubtful_exemption, policy(CONTRADICTION.replace(old, new)))
    assert result.outcome.value == "pass"


@pytest.mark.parametrize("text", ["", "processors: [{id: p}]", row(consent="required")])
def test_nothing_exempt_does_not_apply(text: str) -> None:
    """What waits for consent needs no exemption."""
    assert judge(doubtful_exemption, policy(text)).outcome.value == "not_applicable"


def test_a_whole_result() -> None:
    """Two doubts about one row are told apart, the graver first."""
    text = row(purpose="analytics.reporting", reason="")
    result = judge(doubtful_exemption, policy(text), site())
    assert msgspec.yaml.encode(result).decode() == snapshot("""\
check: policy-exemption
title: What does without consent says why
subject: policy
outcome: fail
detail: ''
references:
- eprivacy:5-3
- gdpr:6-1-a
gaps: []
findings:
- fingerprint: 0aeba8598500b2951eb4ae262c392b41ba5b3cbcbe4a3c850a9039ccd6edb97e
  object: cookie:basket
  severity: high
  message: '`basket` is exempt_strictly_necessary, but its purpose analytics.reporting
    can always wait for consent'
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop storing it
    yaml: ''
  - kind: gate
    text: store it only after the visitor agreed
    yaml: 'consent: required

      '
- fingerprint: d9e96f774b095efb836666bf4c1d101085227946e5987b1e53685616b1dce306
  object: cookie:basket
  severity: medium
  message: '`basket` is exempt_strictly_necessary and no reason says why'
  waived_by: null
  policy:
    path: policy.yaml
    line: 5
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: stop storing it
    yaml: ''
  - kind: gate
    text: store it only after the visitor agreed
    yaml: 'consent: required

      '
  - kind: declare
    text: say why it cannot wait
    yaml: 'reason: TODO

      '
""")


YEARS = 2 * 365 * 86400
GTAG = "www.google-analytics.com"
OWNERS = f"""
processors:
  - {{id: ga, domains: [{GTAG}]}}
  - {{id: meta, domains: [connect.facebook.net]}}
"""
STATS = """
processors:
  - {id: stats, domains: [stats.example], role: processor}
  - {id: ads, domains: [ads.example], role: independent_controller}
"""


def seen_by(text: str, *seen: SiteObservation) -> Result:
    """Judge a policy, its exempt row named as what was seen is, by what a site showed."""
    return judge(doubtful_exemption, policy(text), site(*seen))


@pytest.mark.parametrize(
    ("changes", "seen", "severity", "words"),
    [
        (
            {"identifier": "_ga", "set_by": "ga", "domains": "[example.org]"},
            cookie("_ga", writer=GTAG),
            "high",
            "but belongs to Google Analytics, whose use is analytics.reporting",
        ),
        ({"identifier": "_ga"}, sent("_ga"), "medium", "but has a name of Google Analytics"),
        (
            {"identifier": "_fbp", **AUDIENCE, "set_by": "meta", "domains": "[example.org]"},
            cookie("_fbp", writer="connect.facebook.net"),
            "high",
            "is exempt_audience_measurement, but belongs to Meta",
        ),
        ({}, cookie("basket", writer="x.example"), "medium", "as ours, and x.example writes it"),
        (
            {"pages": '["/donate*"]'},
            cookie("basket"),
            "medium",
            "on /donate*, and is there elsewhere",
        ),
        (
            {"type": "local_storage", "pages": '["/donate*"]'},
            kept("basket"),
            "medium",
            "is there elsewhere",
        ),
        ({}, cookie("basket", lifetime=YEARS), "medium", "asks for 2 years, not thirteen months"),
        (
            {},
            cookie("basket", lifetime=400 * 86400, capped=True),
            "medium",
            "asks for at least 400 days, not thirteen",
        ),
        (
            {"max_age": "session"},
            cookie("basket", lifetime=86400),
            "medium",
            "asks for 1 day, not the session",
        ),
        (AUDIENCE, cookie("basket", lifetime=YEARS), "medium", "asks for 2 years, not thirteen"),
    ],
    ids=range(10),
)
def test_what_was_seen_speaks_against_it(
    changes: dict[str, str], seen: SiteObservation, severity: str, words: str
) -> None:
    """Whose it is, who writes it, where, and for how long: each doubt is a finding with places."""
    changes = dict(changes)
    name = changes.pop("identifier", "basket")
    text = OWNERS + row(**changes).replace("identifier: basket", f"identifier: {name}")
    (finding,) = seen_by(text, seen).findings
    assert finding.object.endswith(f":{name}")
    assert finding.severity.value == severity
    assert words in finding.message
    assert finding.seen[0].page == "https://example.org/"
    assert finding.policy.line == 9


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, cookie("basket")),
        ({}, cookie("basket", lifetime=397 * 86400)),
        ({}, cookie("basket", lifetime=YEARS, deleted=True)),
        ({}, cookie("basket", lifetime=YEARS, refused="no TLS")),
        ({"max_age": "session"}, cookie("basket")),
        ({"pages": '["/donate*"]'}, cookie("basket", page="https://example.org/donate")),
        ({}, cookie("basket", writer="other.example", domain="other.example")),
        ({"consent": "required", "reason": ""}, cookie("basket", lifetime=YEARS)),
        (AUDIENCE, sent("basket")),
        ({}, sent("basket", "example.org")),
    ],
    ids=range(10),
)
def test_what_was_seen_agrees(changes: dict[str, str], seen: SiteObservation) -> None:
    """What keeps its promise is no finding, nor is what never gets there or is another's."""
    assert seen_by(row(**changes), seen).findings == ()


def test_what_is_only_taken_away_again_is_no_doubt() -> None:
    """A deletion asks for no lifetime, whoever else sets the cookie."""
    seen = cookie("basket"), cookie("basket", lifetime=YEARS, deleted=True)
    assert seen_by(row(), *seen).findings == ()


def test_a_necessity_of_a_service_that_is_one() -> None:
    """Payments need their own cookies: the purpose agrees with the claim."""
    text = """
processors: [{id: stripe, domains: ["*.stripe.com"]}]
device_storage:
  - {identifier: __stripe_mid, type: cookie, set_by: stripe, domains: [example.org],
     purpose: essential.fraud_detection, consent: exempt_strictly_necessary, reason: pays}
"""
    result = seen_by(text, cookie("__stripe_mid", writer="js.stripe.com", lifetime=31_536_000))
    assert (result.outcome.value, result.findings) == ("pass", ())


@pytest.mark.parametrize(
    ("set_by", "host", "found"),
    [
        ("stats", "stats.example", False),
        ("stats", "px.example", True),
        ("stats", "ads.example", True),
        ("ads", "ads.example", True),
        ("self", "stats.example", True),
    ],
)
def test_visitor_counts_stay_with_who_counts(set_by: str, host: str, *, found: bool) -> None:
    """Sent to anybody who does not count for the site alone, it is no longer exempt."""
    text = STATS + row(**AUDIENCE, set_by=set_by, domains=f"[{host}]")
    findings = seen_by(text, sent("basket", host)).findings
    assert [f.severity.value for f in findings] == (["high"] if found else [])
    assert all(f"is sent to {host}" in finding.message for finding in findings)


def test_an_undecided_key_is_a_gap() -> None:
    """Who sets it is not decided, so that nobody can say that somebody else does."""
    result = seen_by(row(set_by="TODO"), cookie("basket", writer="x.example"))
    assert result.findings == ()
    assert {gap.reason for gap in result.gaps} == {Reason.UNDECIDED}


def outcome_in(scope: tuple[str, ...], text: str, *gaps: Gap, looked: bool = True) -> Result:
    """Judge a policy with a site that has gaps, or at which nobody looked."""
    sites = (site(gaps=gaps),) if looked else ()
    case = Case(
        policy=policy(text),
        evidence=Evidence(tool=Tool(name="test", version="1"), sites=sites),
        as_of=date(2026, 1, 15),
        selection=Selection(scope=scope),
    )
    return judge_all([doubtful_exemption], case)[0]


def test_a_site_at_which_nobody_looked_is_a_gap() -> None:
    """The policy alone is judged, and what nobody saw is told."""
    result = outcome_in(("site",), row(reason=""), looked=False)
    assert [finding.object for finding in result.findings] == ["cookie:basket"]
    assert [(gap.what, gap.needs) for gap in result.gaps] == snapshot(
        [("how exempt entries are used on site:www", "evidence of site:www")]
    )
    assert outcome_in(("site",), row(), looked=False).outcome.value == "error"


def test_out_of_scope_the_policy_alone_is_judged() -> None:
    """A run that leaves sites out says so elsewhere: here it is no gap."""
    assert outcome_in((), row(), looked=False).outcome.value == "pass"
    assert outcome_in((), row(reason=""), looked=False).outcome.value == "fail"


@pytest.mark.parametrize(
    ("aspects", "outcome"),
    [((Aspect.COOKIES,), "error"), ((), "error"), ((Aspect.LINKS, Aspect.STORAGE), "pass")],
)
def test_what_was_not_wholly_seen_is_a_gap(aspects: tuple[Aspect, ...], outcome: str) -> None:
    """A cookie's row needs all that is seen of cookies, whatever the visitor chose."""
    gaps = [
        Gap(what=f"/{n}", reason=Reason.TIMEOUT, needs="a page that loads", aspects=aspects)
        for n in range(5)
    ]
    result = outcome_in(("site",), row(), *gaps)
    assert result.outcome.value == outcome
    if result.gaps:
        (gap,) = result.gaps
        assert gap.needs == "evidence of /0, /1, /2 and 2 more"


def test_only_what_rows_concern_is_asked_for() -> None:
    """Where every exempt row is of something else, or elsewhere, nobody has to look."""
    elsewhere = "sites: [{id: www, url: https://example.org/}, {id: b, url: https://b.example/}]\n"
    text = elsewhere + row(sites="[b]")
    result = outcome_in(("site",), text)
    assert [gap.what for gap in result.gaps] == ["how exempt entries are used on site:b"]
    assert outcome_in(("site",), row(type="device_access"), looked=False).outcome.value == "pass"


def test_a_whole_doubt() -> None:
    """A finding tells where it was seen, and of which line of the policy it is."""
    two = [cookie("basket", lifetime=YEARS, page=f"https://example.org/{p}") for p in "ab"]
    (finding,) = seen_by(row(), page(), *two).findings
    assert msgspec.yaml.encode(finding).decode() == snapshot("""\
fingerprint: e88830fffaea8b7da1ababd19564eef86d1c1e7372dbd17c70624586e664064f
object: cookie:basket
severity: medium
message: '`basket` is exempt_strictly_necessary and asks for 2 years, not thirteen
  months'
waived_by: null
policy:
  path: policy.yaml
  line: 5
  column: 5
seen:
- page: https://example.org/a
  state: before
  by: example.org
  detail: asks for 2 years
- page: https://example.org/b
  state: before
  by: example.org
  detail: asks for 2 years
remedies:
- kind: remove
  text: stop storing it
  yaml: ''
- kind: gate
  text: store it only after the visitor agreed
  yaml: 'consent: required

    '
""")
