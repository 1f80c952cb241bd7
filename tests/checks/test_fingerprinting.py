"""What is read from a device: declared, by whom it was said, and after consent."""

import pytest

from auditor.evidence import Aspect, DeviceRead, Gap, Reason, SiteObservation, State
from auditor.findings import Outcome, Result
from auditor.testing import judge, policy, read, site
from auditor_checks.fingerprinting import fingerprinted_device

ADS = "js.ads.example"
OWNERS = 'processors: [{id: ads, domains: ["*.ads.example"]}]\n'
ROW = "device_storage: [{{identifier: canvas, type: device_access, reason: needed{}}}]\n"
EXEMPT = ", consent: exempt_strictly_necessary"


def run(text: str, *seen: SiteObservation, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge what was seen on the site."""
    return judge(fingerprinted_device, policy(text), site(*seen, gaps=gaps))


def found(text: str, *seen: SiteObservation) -> list[tuple[str, str, str]]:
    """Return object, severity and message of each finding."""
    return [(f.object, f.severity.value, f.message) for f in run(text, *seen).findings]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", []),
        ("", [read("canvas", ADS, signs=())]),
        (ROW.format(EXEMPT), [read("canvas")]),
        (ROW.format(EXEMPT), [read("canvas", "cdn.example.org")]),
        (ROW.format(EXEMPT), [read("canvas", "")]),
        (OWNERS + ROW.format(f", set_by: ads{EXEMPT}"), [read("canvas", ADS)]),
        (OWNERS + ROW.format(f", set_by: ads{EXEMPT}"), [read("canvas")]),
        (OWNERS + ROW.format(", set_by: ads"), [read("canvas", ADS, state=State.ACCEPT)]),
    ],
    ids=range(8),
)
def test_what_is_declared_passes(text: str, seen: list[DeviceRead]) -> None:
    """Rows cover it, our own code may do it for them, and what meets no criteria is nothing."""
    result = run(text, *seen)
    assert (result.outcome.value, result.findings) == ("pass", ())


def test_nobody_declared_it() -> None:
    """A third party's script is worse than one of ours."""
    assert found("", read("canvas", ADS), read("audio")) == [
        (
            "device_access:canvas",
            "high",
            (
                "js.ads.example reads `canvas`, which tells one device from another; no row of"
                " device_storage covers it"
            ),
        ),
        (
            "device_access:audio",
            "medium",
            (
                "example.org reads how it computes sound, which tells one device from another;"
                " no row of device_storage covers it"
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("more", "seen", "why"),
    [
        ("", read("canvas", ADS), "its row says set_by: self"),
        (
            ", pages: [/buy]",
            read("canvas", page="https://example.org/x"),
            "its row covers only pages /buy",
        ),
        (", domains: [pay.example.org]", read("canvas"), "its row covers only pay.example.org"),
        (", set_by: ads", read("canvas", "js.other.example"), "its row says set_by: ads"),
    ],
)
def test_a_row_that_says_something_else(more: str, seen: DeviceRead, why: str) -> None:
    """Another author, page or host than the row's is told with the row."""
    ((_, _, message),) = found(OWNERS + ROW.format(more + EXEMPT), seen)
    assert message.endswith(f"; {why}")


def test_what_needs_consent_waits() -> None:
    """Before the choice, and after refusing, each is a finding of its own."""
    text = OWNERS + ROW.format(", set_by: ads")
    states = (State.BEFORE, State.REJECT, State.WITHDRAW, State.ACCEPT, State.GPC)
    result = run(text, *(read("canvas", ADS, state=state) for state in states))
    assert [(f.object, f.severity.value) for f in result.findings] == [
        ("device_access:canvas", "high")
    ] * 3
    text = f"jurisdictions: [us-ca-ccpa]\n{text}"
    both = run(text, *(read("canvas", ADS, state=state) for state in states))
    assert {seen.state for f in both.findings for seen in f.seen} == {State.REJECT, State.GPC}


def test_each_script_is_a_finding_of_its_own() -> None:
    """What one is forgiven, another is not."""
    result = run("", read("canvas", ADS), read("canvas", "x.spy.example"))
    assert len({f.fingerprint for f in result.findings}) == 2


def test_where_no_probe_was_heard_is_a_gap() -> None:
    """Silence of a probe is never a pass."""
    gap = Gap(what="x", reason=Reason.PROBE_NOT_ARMED, needs="y", aspects=(Aspect.DEVICE,))
    assert run("", gaps=(gap,)).outcome is Outcome.ERROR
