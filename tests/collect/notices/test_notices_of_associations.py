"""Two long notices, one in French and one in informal German: what people read in them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from auditor.collect.notices.collecting import read_notice
from auditor.collect.notices.fetching import Got
from auditor.evidence import NoticeEvidence
from auditor.vocabulary import RIGHTS

CASES = Path(__file__).parent / "cases"
MOMENT = datetime(2026, 1, 15, 12, tzinfo=UTC)
BOTH = pytest.mark.parametrize("name", ["fr_association", "de_verein"])


@cache
def notice(name: str) -> NoticeEvidence:
    """Return what one of the notices says."""
    place = f"{name}.md"
    return read_notice("privacy", Got(data=(CASES / place).read_bytes(), place=place), MOMENT)


@BOTH
def test_language_date_and_people_are_found(name: str) -> None:
    """The language is that of the text; controller, officer and authority are told apart."""
    found = notice(name)
    assert (found.language, str(found.updated), found.gaps) == (name[:2], "2026-01-12", ())
    assert len(found.of("controller")) == 1
    assert [fact.address[:3] for fact in found.of("dpo")] == ["dpo" if name[0] == "f" else "dsb"]
    (authority,) = found.of("supervisory_authority")
    assert authority.countries == (name[:2].upper(),)
    assert authority.address.startswith("https://")


@BOTH
def test_every_right_is_found_with_its_way(name: str) -> None:
    """All rights of the vocabulary are found by their names, and the address to use them."""
    found = notice(name)
    sure = {fact.key for fact in found.of("right") if fact.confidence == "high"}
    assert sure >= {"access", "rectification", "erasure", "restriction", "portability"}
    assert sure >= {"objection", "withdraw_consent", "marketing_opt_out", "complaint"}
    assert sure <= set(RIGHTS)
    ways = {fact.address for fact in found.of("right_channel") if fact.confidence == "high"}
    assert any(way.startswith(("vosdroits@", "deine-rechte@")) for way in ways)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fr_association", ["P3Y account_closed", "P6Y", "P12M", "P2Y last_login",
                            "P6M event_end", "as_needed", "by_law"]),
        ("de_verein", ["P3Y account_closed", "P10Y", "P7D", "P2Y last_login",
                       "P6M event_end", "by_law"]),
    ],
)  # fmt: skip
def test_periods_are_found_with_what_they_count_from(name: str, expected: list[str]) -> None:
    """Periods of tables and of sentences have their anchors; that of an answer is none."""
    found = notice(name).of("retention")
    assert [" ".join(filter(None, (f.period or f.key, f.anchor))) for f in found] == expected


@BOTH
def test_those_who_receive_data_are_found(name: str) -> None:
    """Each item of the list of recipients is one, with what for; countries where they are said."""
    listed = [fact for fact in notice(name).of("processor") if fact.is_listed]
    assert len(listed) == 4
    assert listed[0].key == "brevo"
    assert all(fact.about for fact in listed)
    assert [fact.countries for fact in listed[2:]] == [(name[:2].upper(),), ("US",)]
    transfers = {fact.key for fact in notice(name).of("transfer") if "US" in fact.countries}
    assert transfers >= {"adequacy_decision", "sccs"}


@BOTH
def test_cookies_have_their_lifetimes(name: str) -> None:
    """The rows of the table of cookies are read, sessions too."""
    cookies = notice(name).of("cookie")
    assert [fact.period for fact in cookies][:3] == ["session", "P6M", "P13M"]
    assert cookies[0].about == ("essential.service.authentication",)
    assert cookies[2].about == ("analytics",)


@BOTH
def test_claims_and_what_waits_for_a_yes_are_found(name: str) -> None:
    """Nothing is sold, nothing sensitive is asked for; statistics and newsletters need a yes."""
    found = notice(name)
    claims = {fact.key for fact in found.of("absolute_claim")}
    assert claims == {"never_sell", "no_special_categories"}
    assert {fact.key for fact in found.of("opt_in")} >= {"analytics", "functional.storage"}
    grounds = {fact.key for fact in found.of("legal_basis")}
    assert grounds == {"consent", "contract", "legal_obligation", "legitimate_interests"}
    topics = {fact.key for fact in found.of("topic")}
    assert topics >= {"obligation", "cookies", "cookie_choice", "changes", "verification"}
