"""The notice tells of each right that policy.yaml gives, and how to use it."""

import pytest

from auditor.evidence import Fact, Gap, Reason, SentenceSeen
from auditor.testing import fact, judge, notice, policy
from auditor_checks.notice_rights import untold_right

GIVEN = """
notices: [{id: privacy, path: privacy.md}]
rights: {access: {email: privacy@example.org}, erasure: {url: 'https://example.org/erase/'}}
"""
ACCESS, ERASURE = fact("right", "access"), fact("right", "erasure")
WRITE = fact("right_channel", "email", address="Privacy@Example.org", about=["access"])
FORM = fact("right_channel", "url", address="https://example.org/erase")


def test_the_same_ways_pass() -> None:
    """Addresses are compared without case and last slash; a way for all rights serves each."""
    result = judge(untold_right, policy(GIVEN), notice(ACCESS, ERASURE, WRITE, FORM))
    assert result.outcome.value == "pass"


def test_a_right_that_is_not_told_is_found() -> None:
    """Each right of policy.yaml that no sentence tells is one finding at its line."""
    result = judge(untold_right, policy(GIVEN), notice(ACCESS, WRITE, FORM))
    (finding,) = result.findings
    assert (finding.object, finding.severity.value) == ("right:erasure", "medium")
    assert finding.message == (
        "the right “delete the data” (GDPR Art. 17) is not found in the notice"
    )


def test_another_way_is_found() -> None:
    """Another address, none at all, or only as a contact: three messages, the last is low."""
    other = fact("right_channel", "email", address="old@example.org")
    promised = policy(GIVEN.replace(", erasure: {url: 'https://example.org/erase/'}", ""))
    said = {
        (finding.message.partition(":")[0], finding.severity.value)
        for told in (
            notice(ACCESS, other),
            notice(ACCESS),
            notice(ACCESS, fact("contact", "email", address="privacy@example.org")),
        )
        for finding in judge(untold_right, promised, told).findings
    }
    assert said == {
        ("the notice says another way to use it", "medium"),
        ("the notice does not say how to use it", "medium"),
        ("the notice names its address, and not for this", "low"),
    }


def test_a_way_for_another_right_is_none_for_this() -> None:
    """Where people are told to write for access, nobody has told them how to have data erased."""
    both = policy(
        GIVEN.replace("{url: 'https://example.org/erase/'}", "{email: privacy@example.org}")
    )
    (finding,) = judge(untold_right, both, notice(ACCESS, ERASURE, WRITE)).findings
    assert (finding.object, finding.severity.value) == ("right:erasure", "low")
    assert finding.message.startswith("the notice names its address, and not for this")


def test_an_address_on_the_same_site_may_be_short() -> None:
    """A link to `/erase` leads to the page that policy.yaml names in full."""
    short = fact("right_channel", "url", address="/erase")
    assert judge(untold_right, policy(GIVEN), notice(ACCESS, ERASURE, WRITE, short)).findings == ()
    other = fact("right_channel", "url", address="/contact")
    (finding,) = judge(untold_right, policy(GIVEN), notice(ACCESS, ERASURE, WRITE, other)).findings
    assert finding.message.startswith("the notice says another way to use it")


COMPLAINT = """
notices: [{id: privacy, path: privacy.md}]
rights: {complaint: {supervisory_authority: ICO}}
"""


@pytest.mark.parametrize(
    ("facts", "text", "said"),
    [
        ([fact("supervisory_authority", name="ICO")], "", ""),
        ([fact("right", "complaint")], "You can complain to the ICO.", ""),
        ([fact("right", "complaint")], "Complain in Mexico.", "ICO, to which people can complain"),
        ([fact("supervisory_authority", name="CNIL")], "", "ICO, to which people can complain"),
        ([], "", "the right “complain” (GDPR Art. 77) is not found"),
        (
            [fact("supervisory_authority", name="ICO", confidence="low")],
            "",
            "the right “complain”",
        ),
    ],
)
def test_the_authority_is_told(facts: list[Fact], text: str, said: str) -> None:
    """Naming it tells that one can complain; another authority, or none, is found."""
    told = notice(*facts, sentences=(SentenceSeen(text=text),))
    found = judge(untold_right, policy(COMPLAINT), told).findings
    assert [finding.message[: len(said)] for finding in found] == ([said] if said else [])


def test_a_notice_whose_language_nobody_can_tell_is_a_gap() -> None:
    """It may say all that is missing: an error without findings, until policy.yaml says which."""
    told = notice(language="", confidence=0.0)
    result = judge(untold_right, policy(GIVEN), told)
    assert (result.outcome.value, result.findings) == ("error", ())
    assert result.gaps[0].what == "language of notice:privacy"
    known = GIVEN.replace("privacy.md}", "privacy.md, language: en-GB}")
    assert len(judge(untold_right, policy(known), told).findings) == 2


def test_names_of_persons_are_not_quoted() -> None:
    """A sentence is quoted without the person in an address."""
    other = fact(
        "right_channel", "email", address="ana@example.org", sentence="Write to ana@example.org."
    )
    (finding,) = judge(
        untold_right, policy(GIVEN.partition(", erasure")[0] + "}"), notice(ACCESS, other)
    ).findings
    assert "Write to …@example.org." in finding.seen[1].detail


def test_a_right_that_only_the_notice_gives_is_found() -> None:
    """People are offered something that nobody has said how to answer."""
    result = judge(
        untold_right,
        policy(GIVEN),
        notice(ACCESS, ERASURE, WRITE, FORM, fact("right", "objection", confidence="medium")),
    )
    (finding,) = result.findings
    assert (finding.object, finding.severity.value) == ("right:objection", "low")


def test_other_outcomes() -> None:
    """No rights at all do not apply; a notice that was not read is an error without findings."""
    bare = policy("notices: [{id: privacy, path: privacy.md}]")
    assert judge(untold_right, bare, notice()).outcome.value == "not_applicable"
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    result = judge(untold_right, policy(GIVEN), notice(gaps=(gap,)))
    assert (result.outcome.value, result.findings) == ("error", ())
