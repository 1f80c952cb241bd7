"""There is a banner where one is needed, and it lets people refuse as easily as agree."""

# ruff: noqa: E501 -- a message is one line

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor.engine import AnyCheck
from auditor.evidence import (
    Aspect,
    BannerSeen,
    Gap,
    Reason,
    SiteEvidence,
    SiteObservation,
    Source,
    State,
)
from auditor.findings import Result
from auditor.testing import banner, choice, cookie, judge, page, policy, request, site
from auditor_checks.consent_banner import (
    harder_refusal,
    impossible_refusal,
    missing_banner,
    preticked_box,
)

TRACKER = "device_storage: [{identifier: _ga, type: cookie}]\n"
SITE = "sites: [{{id: www, url: https://example.org/, consent: {{banner: {}}}}}]\n"
REQUIRED, NONE = SITE.format("required"), SITE.format("none")
QUALITY = [impossible_refusal, harder_refusal, preticked_box]
every_check = pytest.mark.parametrize(
    "check", [missing_banner, *QUALITY], ids=lambda check: check.id
)
quality = pytest.mark.parametrize("check", QUALITY, ids=lambda check: check.id)


def run(check: AnyCheck, text: str, *seen: SiteObservation, gaps: Iterable[Gap] = ()) -> Result:
    """Judge what was seen on the site."""
    return judge(check, policy(text), site(*seen, gaps=gaps))


def by(kind: str, *seen: SiteObservation, state: State | None = State.BEFORE) -> SiteEvidence:
    """Return evidence from one source of a kind."""
    moment = datetime(2026, 1, 15, 12, tzinfo=UTC)
    source = Source(kind=kind, collected_at=moment, state=state)
    return structs.replace(site(page(state=state), *seen), sources=(source,))


def told(result: Result) -> tuple[str, list[str]]:
    """Return the outcome, and why something was not seen."""
    return result.outcome.value, [gap.reason.value for gap in result.gaps]


@every_check
def test_a_fair_banner_passes(check: AnyCheck) -> None:
    """On whatever page it is."""
    for page_url in ("https://example.org/", "https://example.org/about"):
        assert run(check, TRACKER, banner(page=page_url)).outcome.value == "pass"
        assert run(check, REQUIRED, banner(page=page_url)).outcome.value == "pass"


@every_check
@pytest.mark.parametrize(
    ("text", "seen", "expected"),
    [
        ("", (), ("not_applicable", [])),
        ("", (request("https://example.org/a.js"),), ("not_applicable", [])),
        (TRACKER, (), ("error", ["not_verified"])),
        ("", (cookie("x"),), ("error", ["not_verified"])),
        ("", (request("https://cdn.example/"),), ("error", ["not_verified"])),
        (NONE, (cookie("x"),), ("not_applicable", [])),
        (TRACKER, (banner(state=State.ACCEPT),), ("error", ["not_verified"])),
        (TRACKER, (banner(state=None),), ("error", ["not_verified"])),
        (f"jurisdictions: [us-ca-ccpa]\n{TRACKER}", (), ("not_applicable", [])),
    ],
    ids=range(9),
)
def test_without_a_banner(
    check: AnyCheck, text: str, seen: tuple[SiteObservation, ...], expected: tuple[str, list[str]]
) -> None:
    """None is needed where nothing needs consent; else none was found, and nothing passes."""
    assert told(run(check, text, *seen)) == expected


def test_a_promised_banner_that_is_not_there() -> None:
    """A finding, with or without anything that needs consent; the banner cannot be judged."""
    for text in (REQUIRED, REQUIRED + TRACKER, f"jurisdictions: [us-ca-ccpa]\n{REQUIRED}"):
        (finding,) = run(missing_banner, text).findings
        assert (finding.object, finding.severity.value) == ("banner:consent", "high")
        for check in QUALITY:
            assert told(run(check, text)) == ("error", ["not_verified"])


@every_check
@pytest.mark.parametrize("kind", ["har", "something else"])
@pytest.mark.parametrize("text", ["", TRACKER, REQUIRED])
def test_a_recording_shows_no_banner(check: AnyCheck, kind: str, text: str) -> None:
    """There may be one, or none."""
    assert told(judge(check, policy(text), by(kind))) == ("error", ["not_in_evidence"])


@every_check
def test_a_visit_does(check: AnyCheck) -> None:
    """One that came as somebody who has not chosen."""
    assert judge(check, policy(TRACKER), by("visit", banner())).outcome.value == "pass"
    assert judge(check, policy(""), by("visit")).outcome.value == "not_applicable"
    later = judge(check, policy(""), by("visit", state=State.GPC))
    assert told(later) == ("error", ["not_in_evidence"])
    before = by("visit").sources
    empty = structs.replace(by("visit", state=State.GPC), sources=before)
    assert told(judge(check, policy(""), empty)) == ("error", ["not_in_evidence"])


@every_check
@pytest.mark.parametrize(
    ("aspects", "state", "outcome"),
    [
        ((), None, "error"),
        ((Aspect.CHOICES,), State.BEFORE, "error"),
        ((Aspect.COOKIES,), State.BEFORE, "error"),
        ((Aspect.REQUESTS,), None, "error"),
        ((Aspect.STORAGE,), State.REJECT, "not_applicable"),
        ((Aspect.LINKS,), State.BEFORE, "not_applicable"),
    ],
)
def test_a_look_with_a_gap_is_no_look(
    check: AnyCheck, aspects: tuple[Aspect, ...], state: State | None, outcome: str
) -> None:
    """Neither for a banner, nor for what needs one."""
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=aspects, state=state)
    assert run(check, "", gaps=[gap]).outcome.value == outcome
    wanted = "error" if not aspects or Aspect.CHOICES in aspects else "fail"
    assert run(missing_banner, REQUIRED, gaps=[gap]).outcome.value == wanted


@quality
def test_elsewhere_nobody_has_to_ask(check: AnyCheck) -> None:
    """Where no law asks for consent beforehand, a banner is the site's own affair."""
    unfair = banner(reject=None, preticked=("a",))
    text = f"jurisdictions: [us-ca-ccpa]\n{TRACKER}"
    assert run(check, text, unfair).outcome.value == "not_applicable"
    assert run(check, NONE, banner(reject=3, preticked=("a",))).findings or (
        check is impossible_refusal
    )


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        ((banner(reject=None),), "fail"),
        ((banner(reject=2),), "pass"),
        ((banner(accept=None, reject=None),), "error"),
        ((banner(accept=None, reject=None), choice(State.ACCEPT)), "fail"),
        ((banner(reject=None), choice(State.REJECT)), "pass"),
        ((banner(reject=None), choice(State.REJECT, how="finder", clicks=3)), "pass"),
        ((banner(reject=None), choice(State.REJECT, how="autoconsent")), "error"),
        ((banner(reject=None), choice(State.REJECT, clicks=0)), "error"),
        ((banner(reject=None), choice(State.REJECT, outcome="failed")), "fail"),
        ((banner(), banner(reject=None, page="https://example.org/about")), "fail"),
    ],
    ids=range(10),
)
def test_a_way_to_refuse(seen: tuple[SiteObservation, ...], outcome: str) -> None:
    """Offered by the banner, or clicked; where neither way was found, nobody could read it."""
    assert run(impossible_refusal, TRACKER, *seen).outcome.value == outcome


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        ((banner(accept=1, reject=2),), "fail"),
        ((banner(accept=2, reject=2),), "pass"),
        ((banner(accept=2, reject=1),), "pass"),
        ((banner(accept=None, reject=1),), "error"),
        ((banner(accept=None, reject=None),), "error"),
        ((banner(accept=1, reject=None),), "not_applicable"),
        ((banner(accept=None, reject=2), choice(State.ACCEPT)), "fail"),
        ((banner(accept=1, reject=2), choice(State.REJECT, clicks=1)), "pass"),
        ((banner(accept=1, reject=2), choice(State.REJECT, clicks=4)), "fail"),
        ((banner(accept=1, reject=2), choice(State.REJECT, how="autoconsent")), "fail"),
        ((banner(accept=1, reject=2), choice(State.REJECT, outcome="failed")), "fail"),
        ((banner(), banner(reject=2)), "fail"),
        ((banner(accept=None), banner(reject=None)), "error"),
    ],
    ids=range(13),
)
def test_as_easily(seen: tuple[SiteObservation, ...], outcome: str) -> None:
    """Clicks are compared; where one number is not known, nothing passes."""
    result = run(harder_refusal, TRACKER, *seen)
    assert result.outcome.value == outcome
    assert {finding.severity.value for finding in result.findings} <= {"medium"}


@pytest.mark.parametrize(
    ("seen", "outcome", "objects"),
    [
        ((banner(),), "pass", []),
        ((banner(preticked=("Ads", "News")),), "fail", ["choice:Ads", "choice:News"]),
        ((banner(), banner(state=State.REJECT, preticked=("Ads",))), "fail", ["choice:Ads"]),
        ((banner(preticked=("",)),), "fail", ["choice:without a label"]),
        ((banner(reject=2),), "error", []),
        ((banner(reject=2), banner(state=State.ACCEPT)), "error", []),
        ((banner(reject=2), banner(state=State.REJECT)), "pass", []),
    ],
    ids=range(7),
)
def test_boxes(seen: tuple[BannerSeen, ...], outcome: str, objects: list[str]) -> None:
    """Each is a finding of its own; a further layer that nobody opened may hold some."""
    result = run(preticked_box, TRACKER, *seen)
    assert result.outcome.value == outcome
    assert sorted(finding.object for finding in result.findings) == objects


def test_the_words() -> None:
    """What people read: findings name the maker of the banner, gaps what to write."""
    whose = {"platform": "OneTrust"}
    results = [
        run(missing_banner, REQUIRED),
        run(missing_banner, TRACKER),
        judge(missing_banner, policy(""), by("har")),
        run(impossible_refusal, TRACKER, banner(reject=None, **whose)),
        run(impossible_refusal, TRACKER, banner(accept=None, reject=None)),
        run(harder_refusal, TRACKER, banner(reject=3, **whose)),
        run(preticked_box, TRACKER, banner(preticked=("Statistics",), reject=2)),
    ]
    assert [finding.message for one in results for finding in one.findings] == snapshot(
        [
            "the policy says that the site asks for consent (`banner: required`), and no banner was found",
            "the banner (OneTrust) offers a way to agree, and none to refuse",
            "in the banner (OneTrust), refusing takes 3 clicks, agreeing 1 click",
            'the box "Statistics" is ticked before the visitor does it',
        ]
    )
    assert [(gap.what, gap.needs) for one in results for gap in one.gaps] == snapshot(
        [
            (
                "the consent banner",
                "a banner, or how to find it, under consent: {accept: {steps: [...]}}: no banner found",
            ),
            (
                "the consent banner",
                "a visit by somebody who has not chosen: no recording shows one",
            ),
            (
                "the way to reject in the banner on https://example.org/",
                "a button that visitors can be seen to click: say which, under consent: {reject: {steps: [...]}}",
            ),
            (
                "boxes in further layers of the banner",
                "a refusal in the first layer: what is ticked behind it was not looked at",
            ),
        ]
    )
