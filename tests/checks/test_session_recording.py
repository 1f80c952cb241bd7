"""Who records visits: declared for it, and never before consent."""

from msgspec import structs

from auditor.evidence import Aspect, Gap, Reason, SiteObservation, State
from auditor.findings import Outcome, Result
from auditor.testing import hears, judge, policy, request, site
from auditor_checks.session_recording import recorded_visit

REPLAY = 'processors: [{{id: replay, name: Replay, domains: ["*.replay.example"]{}}}]\n'
TOLD = """processing_activities:
  - {id: usability, data_categories: [user.behavior], processors: [replay]}
"""
CDN = "cdn.replay.example"


def run(text: str, *seen: SiteObservation) -> Result:
    """Judge what was seen on the site."""
    return judge(recorded_visit, policy(text), site(*seen))


def found(text: str, *seen: SiteObservation) -> list[tuple[str, str, str]]:
    """Return object, severity and message of each finding."""
    return [(f.object, f.severity.value, f.message) for f in run(text, *seen).findings]


def test_a_declared_recorder_after_consent_passes() -> None:
    """So does a site on which nobody records."""
    seen = hears(CDN, "keys", state=State.ACCEPT)
    assert run(REPLAY.format("") + TOLD, seen).outcome is Outcome.PASS
    assert run("").outcome is Outcome.PASS


def test_nobody_declared_it() -> None:
    """Whose it is has to be said first."""
    assert found("", hears(CDN, "clicks", state=State.ACCEPT)) == [
        (
            "host:cdn.replay.example",
            "high",
            "cdn.replay.example records visits; no processor in policy.yaml owns it",
        )
    ]


def test_no_activity_says_it() -> None:
    """That somebody is a processor does not say that they watch."""
    other = "processing_activities: [{id: a, data_categories: [user.name], processors: [replay]}]"
    assert found(REPLAY.format("") + other, hears(CDN, "clicks", state=State.ACCEPT)) == [
        (
            "processor:replay",
            "high",
            (
                "Replay records visits; no activity of replay has user.behavior among its"
                " data_categories"
            ),
        )
    ]


def test_what_is_typed_before_consent_is_critical() -> None:
    """Movements are high; and no entry makes it strictly necessary."""
    text = REPLAY.format(", consent: not_required") + TOLD
    assert found(text, hears(CDN, "clicks"), hears(CDN, "text", state=State.REJECT)) == [
        (
            "processor:replay",
            "critical",
            (
                "Replay records visits; it hears what is typed of visitors who have not agreed"
                " (reject)"
            ),
        ),
        (
            "processor:replay",
            "high",
            "Replay records visits; it records visits of visitors who have not agreed (before)",
        ),
    ]


def test_a_recorder_of_our_own_that_tells_others() -> None:
    """Whoever is told records; what stays with us needs an activity that says so."""
    ours = hears("example.org", "clicks", state=State.ACCEPT, sent_to=("in.replay.example",))
    assert [one[0] for one in found("", ours)] == ["host:in.replay.example"]
    alone = structs.replace(ours, sent_to=("example.org",))
    assert [one[:2] for one in found("", alone)] == [("host:example.org", "medium")]
    told = "processing_activities: [{id: a, data_categories: [user.behavior]}]"
    assert found(told, alone) == []


def test_a_known_recorder_that_was_not_seen_at_it() -> None:
    """Its script is enough; an image of the same service is not."""
    url = "https://static.hotjar.com/c/hotjar-1.js"
    script = request(url, resource="script", state=State.ACCEPT)
    ((name, _, message),) = found("", script)
    assert name == "host:static.hotjar.com"
    assert "is there to record visits" in message
    assert found("", structs.replace(script, resource="image")) == []


def test_where_nobody_listened_is_a_gap() -> None:
    """A gap in what visitors do, or in requests, is this check's."""
    for aspect in (Aspect.INPUT, Aspect.REQUESTS):
        gap = Gap(what="x", reason=Reason.PROBE_NOT_ARMED, needs="y", aspects=(aspect,))
        assert judge(recorded_visit, policy(""), site(gaps=[gap])).outcome is Outcome.ERROR
