# ruff: noqa: E501 -- a policy is easier to read in one line
"""What the law asks a notice to state: row by row."""

import pytest

from auditor.evidence import Fact, Gap, Reason, SentenceSeen
from auditor.findings import Sighting
from auditor.matching.checklist import ROWS, rows_for
from auditor.testing import fact, judge, notice, policy
from auditor.vocabulary import REFERENCES
from auditor_checks.notice_content import PRIVACY, WHOLE, incomplete_notice

ALL = (
    "notices: [{id: privacy, path: privacy.md}]\njurisdictions: [eu-gdpr, eprivacy, us-ca-ccpa]\n"
)
RICH = (
    ALL
    + """
controller: {name: Example, country: US, dpo: {email: dpo@example.org}}
automated_decisions: {in_use: true}
processors: [{id: a, country: US, transfer: {mechanism: sccs}}]
processing_activities:
  - {id: a, purpose: marketing.advertising, legal_basis: consent, data_categories: [user.biometric]}
  - {id: b, purpose: marketing.communications.email, legal_basis: legitimate_interests, source: indirect}
device_storage: [{identifier: _ga, type: cookie}]
"""
)
SAYING: dict[str, tuple[Fact, ...]] = {
    "N01": (fact("controller", name="Example"), fact("contact", "email", address="a@example.org")),
    "N02": (fact("representative", name="Acme"),),
    "N03": (fact("dpo", "email", address="dpo@example.org"),),
    "N04": (
        fact("purpose", "analytics"),
        fact("legal_basis", "consent"),
        fact("legal_basis", "legitimate_interests"),
    ),
    "N05": (fact("topic", "legitimate_interest"),),
    "N06": (fact("processor", name="Acme"),),
    "N07": (fact("transfer", "sccs"), fact("topic", "safeguards_copy")),
    "N08": (fact("retention", "as_needed"),),
    "N09": tuple(
        fact("right", key)
        for key in (
            "access",
            "rectification",
            "erasure",
            "restriction",
            "portability",
            "objection",
        )
    ),
    "N10": (fact("right", "withdraw_consent"),),
    "N11": (fact("supervisory_authority"),),
    "N12": (fact("topic", "obligation"),),
    "N13": (fact("topic", "automated_decisions"),),
    "N14": (fact("data_category", "user.name"),),
    "N15": (fact("topic", "source"),),
    "N17": (fact("right", "objection", sentence="You may object."),),
    "E01": (fact("topic", "cookies"),),
    "E02": (fact("opt_in", "analytics"),),
    "E03": (fact("cookie", name="_ga", period="P1Y"),),
    "E04": (fact("topic", "cookie_choice"),),
    "E05": (fact("right", "marketing_opt_out"),),
    "C01": (fact("data_category", "user.name"), fact("topic", "past_12_months")),
    "C02": (fact("topic", "sale_or_sharing"),),
    "C04": (fact("processor", name="Acme"),),
    "C05": (fact("topic", "limit_sensitive"),),
    "C06": (
        *(fact("right", key) for key in ("access", "erasure", "rectification")),
        fact("topic", "no_retaliation"),
    ),
    "C07": (
        fact("right_channel", "email", address="a@example.org"),
        *(fact("topic", key) for key in ("verification", "authorised_agent", "gpc")),
    ),
    "C08": (fact("updated", "2026-01-01"),),
    "C09": (fact("retention", "as_needed"),),
    "C10": (fact("topic", "do_not_sell"),),
}


def objects(text: str, *facts: Fact, **about: object) -> list[str]:
    """Return the rows that are not found."""
    result = judge(incomplete_notice, policy(text), notice(*facts, **about))
    return [finding.object.partition(" ")[0] for finding in result.findings]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_each_row_is_asked_for_and_can_be_answered(row: object) -> None:
    """In a policy to which all rows apply, each is found missing, and found where it is said."""
    name = row.id  # type: ignore[attr-defined]
    assert f"row:{name}" in objects(RICH)
    assert f"row:{name}" not in objects(RICH, *SAYING[name])


@pytest.mark.parametrize(
    ("name", "left_out"),
    [(name, number) for name, facts in SAYING.items() for number in range(len(facts))],
)
def test_each_part_of_a_row_is_needed(name: str, left_out: int) -> None:
    """A row is found only where all of it is said; what is said of other rows does not help."""
    facts = [one for number, one in enumerate(SAYING[name]) if number != left_out]
    assert f"row:{name}" in objects(RICH, *facts)


# Of the policy above: what makes a row apply, and what it is replaced by so that it does not.
WITHOUT: dict[str, tuple[tuple[str, str], ...]] = {
    "N02": (("country: US, dpo", "country: GB, dpo"),),
    "N03": ((", dpo: {email: dpo@example.org}", ""),),
    "N05": (("legitimate_interests", "contract"),),
    "N06": (("processors: [{id: a, country: US, transfer: {mechanism: sccs}}]", ""),),
    "N07": (("id: a, country: US, transfer: {mechanism: sccs}", "id: a, country: FR"),),
    "N10": (
        ("legal_basis: consent", "legal_basis: contract"),
        ("type: cookie", "type: cookie, consent: exempt_transmission"),
    ),
    "N12": (("data_categories: [user.biometric]", "source: indirect"),),
    "N13": (("in_use: true", "in_use: false"),),
    "N14": ((", source: indirect", ""),),
    "N15": ((", source: indirect", ""),),
    "N17": (("legitimate_interests", "contract"), (".communications.email", ".advertising")),
    "E01": (("device_storage: [{identifier: _ga, type: cookie}]", ""),),
    "E02": (("type: cookie", "type: cookie, consent: exempt_transmission"),),
    "E03": (("type: cookie", "type: local_storage"),),
    "E04": (("type: cookie", "type: cookie, consent: exempt_transmission"),),
    "E05": ((".communications.email", ".advertising"),),
    "C04": (("processors: [{id: a, country: US, transfer: {mechanism: sccs}}]", ""),),
    "C05": (("user.biometric", "user.name"),),
    "C10": (("marketing.advertising", "third_party_sharing.legal_obligation"),),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_each_row_that_has_a_condition_does_not_apply_without_it(name: str) -> None:
    """A row whose condition is false is not asked for; it does not count as found."""
    text = RICH
    for old, new in WITHOUT[name]:
        assert old in text
        text = text.replace(old, new)
    assert name in {row.id for row in rows_for(policy(RICH), ())}
    assert name not in {row.id for row in rows_for(policy(text), ())}


def test_the_rows_without_a_condition_are_known() -> None:
    """Whatever the policy holds, these are asked for where their law applies."""
    always = {"N01", "N04", "N08", "N09", "N11", "C01", "C02", "C06", "C07", "C08", "C09"}
    assert {row.id for row in rows_for(policy(ALL), ())} == always
    assert {row.id for row in ROWS} == always | set(WITHOUT)


@pytest.mark.parametrize(
    ("name", "facts", "is_found"),
    [
        # agreeing to a newsletter says nothing of cookies
        ("E02", (fact("opt_in", "marketing.communications"),), False),
        ("E02", (fact("legal_basis", "consent"),), False),
        ("E02", (fact("legal_basis", "consent", sentence="S"), fact("topic", "cookies")), False),
        (
            "E02",
            (
                fact("legal_basis", "consent", sentence="S"),
                fact("topic", "cookies", sentence="S"),
            ),
            True,
        ),
        (
            "E02",
            (
                fact("legal_basis", "consent", place={"section": "Cookies"}),
                fact("topic", "cookies", place={"section": "Cookies"}),
            ),
            True,
        ),
        ("E05", (fact("right", "objection"),), False),
        ("N07", (fact("transfer", countries=["US"]), fact("topic", "safeguards_copy")), False),
        (
            "N17",
            (fact("right", "objection", sentence="S"), fact("right", "access", sentence="S")),
            False,
        ),
        ("N04", (fact("purpose", "analytics"), fact("legal_basis", "contract")), False),
    ],
)
def test_what_only_looks_like_an_answer_is_none(
    name: str, facts: tuple[Fact, ...], *, is_found: bool
) -> None:
    """Words near the subject do not answer a row."""
    assert (f"row:{name}" not in objects(RICH, *facts)) == is_found


def test_the_sites_that_show_a_notice_say_which_laws_apply() -> None:
    """A site of its own law asks for that law's rows in its own notice, and in no other."""
    text = """
notices: [{id: privacy, path: p.md, language: en}, {id: california, path: c.md, language: es}]
sites:
  - {id: www, url: 'https://example.org', notices: [privacy], jurisdictions: [eprivacy]}
  - {id: ca, url: 'https://ca.example.org', notices: [california], jurisdictions: [us-ca-ccpa]}
"""
    promised = policy(text)
    here, there = notice(), notice(notice="california", language="es")
    assert judge(incomplete_notice, promised, here, there).outcome.value == "not_applicable"
    found = judge(incomplete_notice, promised, there, here).findings
    assert {finding.object[:5] for finding in found} == {"row:C"}


def test_no_row_at_all_is_not_applicable() -> None:
    """Nothing that was asked is nothing that was found: no pass."""
    result = judge(incomplete_notice, policy(PRIVACY + "jurisdictions: [eprivacy]"), notice())
    assert (result.outcome.value, result.detail) == (
        "not_applicable",
        "no row of the checklist applies to this policy",
    )


def test_rows_that_do_not_apply_are_not_asked_for() -> None:
    """A policy without cookies, consent or recipients is asked little; none of the other laws'."""
    asked = objects(ALL.replace(", eprivacy, us-ca-ccpa", ""))
    assert asked == ["row:N01", "row:N04", "row:N08", "row:N09", "row:N11"]


def test_every_row_has_its_law() -> None:
    """Ids are unique, and every reference is one that the docs know."""
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert {key for row in ROWS for key in row.references} <= set(REFERENCES)


def test_a_message_says_what_is_missing_and_where_it_is_asked_for() -> None:
    """What is not found stands in words, with the article; never as advice on the law."""
    told = notice(*(one for one in WHOLE.facts if one.kind != "retention"))
    (finding,) = judge(
        incomplete_notice, policy(ALL.replace(", eprivacy, us-ca-ccpa", "")), told
    ).findings
    assert finding.message == (
        "not found in the notice: how long data is kept (GDPR Art. 13(2)(a))"
    )
    rights = notice(*(one for one in WHOLE.facts if one.key != "access"))
    (finding,) = judge(
        incomplete_notice, policy(ALL.replace(", eprivacy, us-ca-ccpa", "")), rights
    ).findings
    assert finding.message == (
        "not found in the notice: the right to “see the data” (GDPR Art. 13(2)(b))"
    )
    assert finding.seen == (
        Sighting(page="privacy.md", detail="says nothing of it; 1 of 5 rows lack something"),
    )


def test_the_controllers_name_anywhere_is_enough() -> None:
    """A sentence that names who is responsible need not use the law's word for it."""
    facts = [one for one in WHOLE.facts if one.kind != "controller"]
    sentence = SentenceSeen(text="Example cares about you.")
    assert objects(ALL.replace(", eprivacy, us-ca-ccpa", ""), *facts, sentences=(sentence,)) == []


def test_several_notices_are_judged_together_at_the_first() -> None:
    """What a cookie notice says counts; it is not judged again by itself."""
    text = ALL.replace("path: privacy.md}", "path: privacy.md}, {id: cookies, path: c.md}")
    cookies = notice(*SAYING["E03"], *SAYING["E01"], notice="cookies")
    result = judge(
        incomplete_notice,
        policy(text + "device_storage: [{identifier: _ga, type: cookie}]"),
        notice(),
        cookies,
    )
    assert not {"row:E01", "row:E03"} & {
        finding.object.partition(" ")[0] for finding in result.findings
    }
    second = judge(incomplete_notice, policy(text), cookies, notice())
    assert second.outcome.value == "not_applicable"


def test_what_nobody_read_is_not_called_missing() -> None:
    """A notice, or another beside it, that was not read: an error, and no finding."""
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    result = judge(incomplete_notice, policy(ALL), notice(gaps=(gap,)))
    assert (result.outcome.value, result.findings) == ("error", ())
    text = ALL.replace("path: privacy.md}", "path: privacy.md}, {id: cookies, path: c.md}")
    assert judge(incomplete_notice, policy(text), notice()).outcome.value == "error"


def test_a_notice_whose_language_nobody_can_tell_is_a_gap() -> None:
    """Which words to look for is not known; nor whether it belongs to the one that is read."""
    unknown = notice(language="", confidence=0.0)
    result = judge(incomplete_notice, policy(ALL), unknown)
    assert (result.outcome.value, result.findings) == ("error", ())
    text = ALL.replace("path: privacy.md}", "path: privacy.md}, {id: cookies, path: c.md}")
    cookies = notice(language="", confidence=0.0, notice="cookies")
    result = judge(incomplete_notice, policy(text), notice(), cookies)
    assert [gap.what for gap in result.gaps] == ["language of notice:cookies"]
