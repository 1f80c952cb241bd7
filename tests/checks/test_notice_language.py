"""A notice is in the language it claims, and its translations say the same."""

from auditor.evidence import Gap, Place, Reason, SectionSeen, SentenceSeen
from auditor.testing import fact, judge, notice, policy
from auditor_checks.notice_language import other_language

ONE = "notices: [{id: privacy, path: privacy.md, language: en}]\n"
TWO = "notices: [{id: privacy, path: a.md}, {id: fr, path: b.md, translation_of: privacy}]\n"


def said(
    *facts: object, text: str = ONE, others: tuple[object, ...] = (), **about: object
) -> list[str]:
    """Return the messages about a notice."""
    told = notice(*facts, **about)  # type: ignore[arg-type]
    result = judge(other_language, policy(text), told, *others)  # type: ignore[arg-type]
    return sorted(finding.message for finding in result.findings)


def test_a_text_in_its_language_passes() -> None:
    """Tags and addresses that say the same are fine; pt-BR is Portuguese."""
    assert said(declared={"html": "en", "path": "en"}) == []
    assert said(text=ONE.replace("en}", "pt-BR}"), language="pt") == []


def test_another_language_is_found_where_it_is_claimed() -> None:
    """The policy, the markup and the address are told apart; the address counts once."""
    declared = {"html": "fr", "slug": "fr", "path": "fr", "title": "fr"}
    sentences = (SentenceSeen(text="We care."),)
    assert said(text=ONE.replace("en}", "fr}"), declared=declared, sentences=sentences) == [
        "policy.yaml says fr, the text is en",
        "the text is en, and its address says fr",
        "the text is en, and its markup (lang) says fr",
        "the text is en, and its title says fr",
    ]


def test_sections_that_nobody_translated_are_found() -> None:
    """Sections in another language are one finding for each language; doubtful ones are none."""
    sections = (
        SectionSeen(heading="Rights", language="fr", confidence=0.99, place=Place(line=4)),
        SectionSeen(heading="Contact", language="fr", confidence=0.99),
        SectionSeen(heading="Other", language="de", confidence=0.5),
        SectionSeen(heading="Mine", language="en", confidence=1.0),
    )
    assert said(sections=sections) == ["the notice is en; 2 of its sections are fr"]


def test_translations_that_differ_are_found() -> None:
    """Recipients, periods and rights that only one of two has are each a finding."""
    original = notice(
        fact("processor", "stripe", name="Stripe", is_listed=True),
        fact("retention", "fixed", period="P1Y"),
        fact("right", "access"),
    )
    messages = said(
        fact("processor", "stripe", name="Stripe"),
        fact("retention", "fixed", period="P2Y"),
        fact("right", "access"),
        text=TWO,
        others=(original,),
        notice="fr",
        language="fr",
    )
    assert messages == [
        "notice fr (fr) has the period P2Y, notice privacy (en) does not",
        "notice privacy (en) has the period P1Y, notice fr (fr) does not",
    ]


def test_what_cannot_be_told_is_no_pass() -> None:
    """A text too short to tell, an original that was not read: gaps."""
    assert judge(other_language, policy(ONE), notice(language="")).outcome.value == "error"
    alone = notice(notice="fr", language="fr")
    assert judge(other_language, policy(TWO), alone).outcome.value == "error"
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    unread = notice(gaps=(gap,))
    assert judge(other_language, policy(TWO), alone, unread).outcome.value == "error"
    assert judge(other_language, policy(TWO), alone, notice()).outcome.value == "pass"
