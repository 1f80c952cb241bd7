"""The browser's opt-out signal is obeyed, where the law of California applies."""

import pytest

from auditor.evidence import SiteObservation, State
from auditor.findings import Result
from auditor.testing import cookie, judge, kept, page, policy, request, site
from auditor_checks.gpc import ignored_signal

LAW = "jurisdictions: [us-ca-ccpa]\n"
ROWS = """
device_storage:
  - {identifier: _ga, type: cookie}
  - {identifier: session, type: cookie, consent: exempt_strictly_necessary, reason: r}
  - {identifier: uid, type: local_storage, purpose: third_party_sharing,
     consent: exempt_transmission}
  - {identifier: _px, type: cookie, set_by: ads, domains: [example.org],
     consent: exempt_transmission}
  - {identifier: safe, type: cookie, set_by: ads, domains: [example.org],
     purpose: essential.fraud_detection, consent: exempt_strictly_necessary}
processors:
  - {id: stats, name: Stats, domains: ["*.stats.example"]}
  - {id: ads, name: Ads, domains: ["*.ads.example"], consent: not_required}
  - {id: pay, domains: ["*.pay.example"], consent: not_required}
processing_activities:
  - {id: a, purpose: marketing.advertising.third_party, processors: [ads]}
  - {id: b, purpose: essential.service, processors: [pay, ads]}
"""


def run(text: str, *seen: SiteObservation) -> Result:
    """Judge what was seen on the site."""
    return judge(ignored_signal, policy(text), site(*seen))


def gpc(seen: SiteObservation) -> Result:
    """Judge one thing, seen with the signal on."""
    return run(LAW + ROWS, seen)


@pytest.mark.parametrize(
    ("seen", "message"),
    [
        (cookie("_ga", state=State.GPC), "`_ga` needs consent, and is there"),
        (kept("uid", state=State.GPC), "`uid` is used to sell or share data, and is there"),
        (cookie("_px", state=State.GPC), "`_px` is used to sell or share data, and is there"),
        (
            request("https://x.stats.example/", state=State.GPC),
            "pages talk to Stats, which needs consent,",
        ),
        (
            request("https://x.ads.example/", state=State.GPC),
            "pages talk to Ads, which is used to sell or share data,",
        ),
    ],
    ids=range(5),
)
def test_what_the_signal_stops(seen: SiteObservation, message: str) -> None:
    """What is sold or shared, consent or not, and what needs consent."""
    (finding,) = gpc(seen).findings
    assert finding.message == f"{message} although the browser sends Global Privacy Control"
    assert finding.severity.value == "high"


@pytest.mark.parametrize(
    "seen",
    [
        cookie("session", state=State.GPC),
        cookie("safe", state=State.GPC),
        cookie("_ga", state=State.GPC, deleted=True),
        request("https://x.pay.example/", state=State.GPC),
        cookie("_ga", state=State.ACCEPT),
        request("https://x.ads.example/", state=State.BEFORE),
    ],
    ids=range(6),
)
def test_what_it_does_not_stop(seen: SiteObservation) -> None:
    """What is for something else, by its own purpose first, and what others see without it."""
    assert gpc(seen).outcome.value == "pass"


@pytest.mark.parametrize(
    ("purpose", "outcome"),
    [
        ("third_party_sharing", "fail"),
        ("third_party_sharing.legal_obligation", "not_applicable"),
        ("marketing.advertising", "fail"),
        ("marketing.advertising.first_party.contextual", "not_applicable"),
        ("marketing.communications.email", "not_applicable"),
        ("sales", "not_applicable"),
    ],
)
def test_what_is_selling(purpose: str, outcome: str) -> None:
    """To hand data on, or to choose adverts with what others know."""
    text = f"""
processors: [{{id: p, domains: [p.example], consent: not_required}}]
processing_activities: [{{id: a, purpose: {purpose}, processors: [p]}}]
"""
    result = run(LAW + text, request("https://p.example/", state=State.GPC))
    assert result.outcome.value == outcome


@pytest.mark.parametrize(
    ("laws", "own", "outcome"),
    [
        ("[us-ca-ccpa]", "", "fail"),
        ("[eu-gdpr, eprivacy]", "", "not_applicable"),
        ("[us-ca-ccpa]", "[eprivacy]", "not_applicable"),
        ("[eprivacy]", "[us-ca-ccpa]", "fail"),
    ],
)
def test_the_law_of_the_site(laws: str, own: str, outcome: str) -> None:
    """Elsewhere the signal is no choice that the law knows."""
    own = f", jurisdictions: {own}" if own else ""
    text = f"jurisdictions: {laws}\nsites: [{{id: www, url: https://example.org/{own}}}]\n{ROWS}"
    assert run(text, cookie("_ga", state=State.GPC)).outcome.value == outcome


def test_nothing_to_stop_does_not_apply() -> None:
    """Nothing is sold, shared or consented to."""
    assert run(LAW).outcome.value == "not_applicable"


def test_nobody_came_with_the_signal() -> None:
    """What happens then is not known."""
    pages = [page(state=state) for state in State if state is not State.GPC]
    result = run(LAW + ROWS, *pages)
    assert (result.outcome.value, [gap.what for gap in result.gaps]) == ("error", ["state gpc"])
