import pytest

from auditor.collect.site.consent.consent_mode import ConsentMode
from auditor.collect.site.consent.outcome import is_kept, outcome, told
from auditor.collect.site.consent.statements import Statements, Tcf, what_fits
from auditor.policy.site import ChoiceState

TEST, OWN = "self-test", "cookie named in the policy"


@pytest.mark.parametrize(
    ("gone", "back", "signals", "expected"),
    [
        (True, False, {"TCF": True}, "verified"),
        (True, False, {}, "claimed"),
        (True, None, {"TCF": True}, "claimed"),
        (True, True, {"TCF": True}, "failed"),
        (False, False, {"TCF": True}, "failed"),
        (True, False, {"TCF": True, TEST: False}, "failed"),
        (True, False, {"TCF": True, OWN: False}, "failed"),
        (True, False, {"TCF": False, TEST: True}, "claimed"),
    ],
)
def test_what_may_be_said(
    gone: bool, back: bool | None, signals: dict[str, bool], expected: str
) -> None:
    """Verified takes a banner that stays away, and something else that says so."""
    assert outcome(gone=gone, back=back, signals=signals) == expected


def test_signals_are_told_as_they_are() -> None:
    """One that disagrees is not left out."""
    assert told({"TCF": False, "GPP": True}) == ("GPP", "TCF says otherwise")


@pytest.mark.parametrize(
    ("value", "is_there"), [("%22ads%22:false", True), ('"ads":true', False), (None, False)]
)
def test_the_cookie_of_the_policy(value: str | None, is_there: bool) -> None:
    """Its value is compared as it is, and with its escapes undone."""
    state = ChoiceState(cookie="cc", matches='"ads":false')
    assert is_kept(state, {} if value is None else {"cc": value}) is is_there


def mode(command: str, answer: str) -> Statements:
    """Return a page's statement in Consent Mode."""
    return Statements(mode=((command, (("ad_storage", answer), ("security_storage", "granted"))),))


def tcf(status: str, *, given: bool) -> Statements:
    """Return a page's statement in TCF."""
    return Statements(tcf=Tcf(status, "", (("1", given), ("2", False))))


def gpp(*answers: int) -> Statements:
    """Return a page's statement in GPP."""
    return Statements(gpp=(("usnat", answers), ("tcfeuv2", (1,))))


@pytest.mark.parametrize(
    ("after", "rejected"),
    [
        (mode("update", "denied"), {"Consent Mode": True}),
        (mode("update", "granted"), {"Consent Mode": False}),
        (mode("default", "denied"), {}),
        (tcf("useractioncomplete", given=False), {"TCF": True}),
        (tcf("useractioncomplete", given=True), {"TCF": False}),
        (tcf("cmpuishown", given=False), {}),
        (gpp(1, 1, 0), {"GPP": True}),
        (gpp(1, 2), {"GPP": False}),
        (gpp(0), {}),
        (Statements(), {}),
    ],
)
def test_what_a_page_says(after: Statements, rejected: dict[str, bool]) -> None:
    """A statement counts if it was made since the choice; a default is no choice."""
    assert what_fits(Statements(), after, (), agreed=False) == rejected
    assert what_fits(after, after, (), agreed=False) == {}


def test_what_requests_say() -> None:
    """The last request since the choice counts."""
    sent = (ConsentMode(ad_storage="denied"), ConsentMode(ad_storage="granted"))
    none = Statements()
    assert what_fits(none, none, sent, agreed=True) == {"Consent Mode in requests": True}
    assert what_fits(none, none, sent, agreed=False) == {"Consent Mode in requests": False}
