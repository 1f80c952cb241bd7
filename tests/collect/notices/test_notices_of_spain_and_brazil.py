"""Two long notices, of a Spanish and of a Brazilian association: what people read in them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import re2

from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import Got
from auditor.evidence import FactKind, NoticeEvidence
from auditor.knowledge.notices import finder, fold, words
from auditor.knowledge.notices.finding import expanded
from auditor.vocabulary import RIGHTS

CASES = Path(__file__).parent / "cases"
MOMENT = datetime(2026, 2, 15, 12, tzinfo=UTC)
SPANISH, BRAZILIAN = "es_asociacion", "pt_associacao"
BOTH = pytest.mark.parametrize("name", [SPANISH, BRAZILIAN])


@cache
def notice(name: str) -> NoticeEvidence:
    """Return what one of the notices says."""
    place = f"{name}.md"
    return read_notice("privacy", Got(data=(CASES / place).read_bytes(), place=place), MOMENT)


def keys(name: str, *kinds: FactKind) -> set[str]:
    """Return the keys of some kinds of facts."""
    return {fact.key for fact in notice(name).of(*kinds)}


@pytest.mark.parametrize(
    ("name", "controller", "dpo", "country"),
    [
        (SPANISH, "Asociación Huerta Abierta", "dpd@huerta.example", "ES"),
        (BRAZILIAN, "Instituto Mata Viva", "encarregada@mataviva.example", "BR"),
    ],
)
def test_who_can_be_asked_is_found(name: str, controller: str, dpo: str, country: str) -> None:
    """Language, date, controller, officer and authority are told apart."""
    found = notice(name)
    assert (found.language, str(found.updated), found.gaps) == (name[:2], "2026-02-09", ())
    assert [fact.name for fact in found.of("controller")] == [controller]
    assert [fact.address for fact in found.of("dpo")] == [dpo]
    (authority,) = found.of("supervisory_authority")
    assert authority.countries == (country,)
    assert authority.address.startswith("https://")


@BOTH
def test_every_right_is_found_by_its_name(name: str) -> None:
    """All rights of the vocabulary are found for sure, and the one address to use them."""
    found = notice(name)
    assert {fact.key for fact in found.of("right") if fact.confidence == "high"} == set(RIGHTS)
    ways = {fact.address for fact in found.of("right_channel")}
    assert ways == {f"{'misdatos@huerta' if name == SPANISH else 'meusdados@mataviva'}.example"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (SPANISH, ["P3Y account_closed", "P10Y fiscal_year_end", "P7D",
                   "P2Y last_login", "P6M event_end", "as_needed"]),
        (BRAZILIAN, ["P3Y account_closed", "P10Y fiscal_year_end", "P6M",
                     "P2Y last_login", "P6M event_end", "as_needed"]),
    ],
)  # fmt: skip
def test_periods_count_from_what_is_said(name: str, expected: list[str]) -> None:
    """Periods of the table and of sentences have their anchors; that of an answer is none."""
    found = notice(name).of("retention")
    assert [" ".join(filter(None, (f.period or f.key, f.anchor))) for f in found] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (SPANISH, [("brevo", ("FR",)), ("stripe", ()), ("", ("ES",)),
                   ("google-analytics", ("US",))]),
        (BRAZILIAN, [("mailchimp", ("US",)), ("stripe", ()), ("", ("BR",)),
                     ("google-analytics", ("US",))]),
    ],
)  # fmt: skip
def test_recipients_are_found(name: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """Each item of the list is a recipient, with what for; and nobody else is."""
    processors = notice(name).of("processor")
    listed = [fact for fact in processors if fact.is_listed]
    assert [(fact.key, fact.countries) for fact in listed] == expected
    assert all(fact.about for fact in listed)
    assert {fact.key for fact in processors} == {fact.key for fact in listed}


@BOTH
def test_cookies_of_the_table_are_found(name: str) -> None:
    """Each row is a cookie with its lifetime and purpose, that of a session too."""
    cookies = notice(name).of("cookie")
    assert [fact.period for fact in cookies] == ["session", "P6M", "P13M"]
    assert [fact.about[0] for fact in cookies] == [
        "essential.service.authentication",
        "functional.storage.privacy_preferences",
        "analytics",
    ]


@BOTH
def test_claims_grounds_and_topics_are_found(name: str) -> None:
    """What is claimed, on what grounds, what waits for a yes, and what checklists ask for."""
    assert keys(name, "absolute_claim") == {"never_sell", "no_special_categories"}
    grounds = {"consent", "contract", "legal_obligation", "legitimate_interests"}
    assert keys(name, "legal_basis") == grounds
    assert keys(name, "opt_in") == {"marketing.communications", "analytics"}
    asked = {"obligation", "cookie_choice", "changes", "verification", "safeguards_copy"}
    assert keys(name, "topic") >= asked | {"recipients", "legitimate_interest"}
    assert "sccs" in keys(name, "transfer")
    assert "user.health_and_medical" not in keys(name, "data_category")


@BOTH
def test_one_pass_loses_nothing_of_a_long_notice(name: str) -> None:
    """The set of all patterns finds what each finds alone: the memory for it suffices."""
    language, text = name[:2], fold((CASES / f"{name}.md").read_text())
    alone = {
        (group, key)
        for group, phrases in words(language).phrases.items()
        for key, patterns in phrases.items()
        if group != "column" and any(re2.search(expanded(one), text) for one in patterns)
    }
    assert {(hit.group, hit.key) for hit in finder(language).find(text)} == alone
