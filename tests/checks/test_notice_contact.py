# ruff: noqa: E501 -- a policy is easier to read in one line
"""The notice says who is responsible, and how to reach them."""

import pytest

from auditor.evidence import Gap, Reason, SentenceSeen
from auditor.testing import fact, judge, notice, policy
from auditor_checks.notice_contact import unreachable_controller

WHO = """
notices: [{id: privacy, path: privacy.md}]
controller: {name: Harbour Friends, email: privacy@harbour.example, dpo: {email: dpo@harbour.example}}
"""
NAME = fact("controller", name="Harbour Friends e.V.")
WRITE = fact("contact", "email", address="privacy@harbour.example")
DPO = fact("dpo", "email", address="DPO@harbour.example")


def objects(*facts: object, text: str = WHO, **about: object) -> list[str]:
    """Return what is found where a notice says this."""
    told = notice(*facts, **about)  # type: ignore[arg-type]
    result = judge(unreachable_controller, policy(text), told)
    return sorted(finding.object for finding in result.findings)


def test_what_policy_and_notice_share_passes() -> None:
    """A legal form and case make no difference, and a name in any sentence is enough."""
    assert objects(NAME, WRITE, DPO) == []
    sentence = SentenceSeen(text="Welcome to Harbour Friends!")
    assert objects(WRITE, DPO, sentences=(sentence,)) == []


def test_each_part_that_is_missing_is_found() -> None:
    """Name, address and officer are asked for one by one."""
    assert objects() == ["controller:dpo", "controller:email", "controller:name"]
    assert objects(NAME, WRITE) == ["controller:dpo"]


def test_another_address_is_named_without_its_person() -> None:
    """Another address is shown; a person's name in it is not."""
    maria = "maria.lopez@harbour.example"
    mail = fact("contact", "email", address=maria, sentence=f"Ask {maria}, or hello@x.org.")
    (finding,) = judge(unreachable_controller, policy(WHO), notice(NAME, mail, DPO)).findings
    assert finding.message == (
        "privacy@harbour.example is not found in the notice; it gives …@harbour.example"
    )
    assert finding.seen[0].detail == 'says "Ask …@harbour.example, or hello@x.org."'
    office = fact("contact", "email", address="data-protection@harbour.example")
    (finding,) = judge(unreachable_controller, policy(WHO), notice(NAME, office, DPO)).findings
    assert finding.message.endswith("it gives data-protection@harbour.example")


def test_a_name_is_a_word_of_its_own() -> None:
    """Words that only hold the name, or are a plain word in a sentence, do not name anybody."""
    text = "notices: [{id: privacy, path: p.md}]\ncontroller: {name: Example, email: a@x.org}"
    write = fact("contact", "email", address="a@x.org")
    for said in ("For example, we ask.", "Examples of this", "MyExample", "EXAMPLES"):
        assert objects(write, text=text, sentences=(SentenceSeen(text=said),)) == [
            "controller:name"
        ]
    assert objects(write, text=text, title="Privacy at Example") == []
    incorporated = text.replace("name: Example", "name: 'Example, Inc.'")
    assert objects(write, text=incorporated, title="Privacy at Example") == []
    assert objects(write, text=incorporated, title="For example") == ["controller:name"]


def test_a_postal_address_is_enough_where_no_other_is_declared() -> None:
    """It is found by its numbers; without it, or any e-mail, nobody can be reached."""
    text = (
        "notices: [{id: privacy, path: p.md}]\n"
        "controller: {name: Harbour Friends, address: '12 Quay Street, D02 XY45, Ireland'}"
    )
    written = SentenceSeen(text="12, Quay St. - Dublin D02 XY45")
    assert objects(NAME, text=text, sentences=(written,)) == []
    assert objects(NAME, text=text) == ["controller:address"]
    assert objects(NAME, WRITE, text=text) == []
    other = SentenceSeen(text="14 Quay Street, Dublin D02 XY45")
    assert objects(NAME, text=text, sentences=(other,)) == ["controller:address"]


def test_an_officer_without_an_address_is_found() -> None:
    """Naming the office is not enough; its address may follow in the next sentence."""
    assert objects(NAME, WRITE, fact("dpo", name="Ana")) == ["controller:dpo"]
    near = fact("contact", "email", address="dpo@harbour.example")
    assert objects(NAME, WRITE, fact("dpo", name="Ana"), near) == []


@pytest.mark.parametrize("sort", ["dpo", "representative"])
def test_another_address_of_an_officer_is_found(sort: str) -> None:
    """Each office is compared with its own entry."""
    text = WHO.replace("dpo: {email", f"{sort}: {{email")
    old = fact(sort, "email", address="old@harbour.example")  # type: ignore[arg-type]
    assert objects(NAME, WRITE, old, text=text) == [f"controller:{sort}"]


def test_an_officer_whom_policy_does_not_know_is_low() -> None:
    """The notice names an officer: policy.yaml is what lacks."""
    text = WHO.replace(", dpo: {email: dpo@harbour.example}", "")
    told = notice(NAME, WRITE, DPO)
    (finding,) = judge(unreachable_controller, policy(text), told).findings
    assert (finding.object, finding.severity.value) == ("controller:dpo", "low")


def test_no_way_at_all_is_found() -> None:
    """Neither policy.yaml nor the notice says how to reach anybody."""
    text = "notices: [{id: privacy, path: privacy.md}]\ncontroller: {name: Harbour Friends}"
    assert objects(NAME, text=text) == ["controller:email"]


@pytest.mark.parametrize("text", [WHO])
def test_what_was_not_read_is_no_finding(text: str) -> None:
    """A notice that was not read lacks nothing that anybody knows of."""
    gap = Gap(what="the notice's text", reason=Reason.UNREACHABLE, needs="it")
    result = judge(unreachable_controller, policy(text), notice(gaps=(gap,)))
    assert (result.outcome.value, result.findings) == ("error", ())
