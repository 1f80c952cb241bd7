"""What is accepted, and what is stated by a person: until when, and nothing beside it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Reason, WaiverUse
from auditor.findings import (
    JudgedFinding,
    JudgedGap,
    Outcome,
    Place,
    Result,
    Severity,
    Verdict,
    outcome_of,
    verdict_of,
)
from auditor.policy import Policy
from auditor.testing import policy
from auditor.waivers import Standing, apply_waivers, attest, standing

FIRST, LAST = date(2026, 1, 10), date(2026, 1, 20)
BEFORE, AFTER = date(2026, 1, 9), date(2026, 1, 21)
DAY = date(2026, 1, 15)
CLAIM = "claims: [{id: safe, quote: we take care, covered_by: attestation}]\n"
ACCOUNT = (
    "processors: [{id: g}]\naccounts: [{id: ga, connector: google_analytics, processor: g}]\n"
)


def waiver(**changes: str) -> str:
    """Write a waiver for cookies called _ga..., changed in some keys; "" leaves one out."""
    said = {
        "id": "W1",
        "check": "cookie-undeclared",
        "subject": "site:www",
        "object": "cookie:_ga*",
        "justification": "the new release takes it out",
        "owner": "Ada",
        "approved_by": "Grace",
        "created": FIRST.isoformat(),
        "expires": LAST.isoformat(),
        **changes,
    }
    return (
        "  - {"
        + ", ".join(f"{k}: '{v}'" if k == "object" else f"{k}: {v}" for k, v in said.items() if v)
        + "}\n"
    )


def waivers(*written: str) -> Policy:
    """Return a policy with waivers."""
    return policy("waivers:\n" + "".join(written or [waiver()]))


def attestation(covers: str, text: str = "", **changes: str) -> Policy:
    """Return a policy with one attestation."""
    said = {
        "id": "A1",
        "covers": covers,
        "statement": "we looked",
        "by": "Ada",
        "date": FIRST.isoformat(),
        "expires": LAST.isoformat(),
        **changes,
    }
    keys = ", ".join(f"{key}: {value}" for key, value in said.items())
    return policy(f"{text}attestations: [{{{keys}}}]")


def finding(name: str = "cookie:_ga@example.org", facet: str = "") -> JudgedFinding:
    """Return a finding that nobody accepted yet."""
    return JudgedFinding(
        fingerprint=name + facet,
        object=name,
        severity=Severity.HIGH,
        message="m",
        waived_by=None,
        policy=Place(path="policy.yaml", line=1, column=1),
        seen=(),
        remedies=(),
    )


def gap(reason: Reason = Reason.CANNOT_BE_SHOWN, what: str = "the setting") -> JudgedGap:
    """Return a gap."""
    return JudgedGap(what=what, reason=reason, needs="somebody who states it")


def result(
    *remarks: JudgedFinding | JudgedGap,
    check: str = "cookie-undeclared",
    subject: str = "site:www",
) -> Result:
    """Return a result as the engine settles it."""
    findings = tuple(item for item in remarks if isinstance(item, JudgedFinding))
    gaps = tuple(item for item in remarks if isinstance(item, JudgedGap))
    return Result(
        check=check,
        title="t",
        subject=subject,
        outcome=outcome_of(findings, gaps),
        findings=findings,
        gaps=gaps,
    )


def settled(promised: Policy, one: Result, as_of: date = DAY) -> Result:
    """Apply the waivers and attestations to one result."""
    return apply_waivers(promised, [one], as_of)[0][0]


def waived(promised: Policy, one: Result, as_of: date = DAY) -> list[str | None]:
    """Return which waiver accepts each finding of a result."""
    return [item.waived_by for item in settled(promised, one, as_of).findings]


@pytest.mark.parametrize(
    ("as_of", "is_active"),
    [(BEFORE, False), (FIRST, True), (DAY, True), (LAST, True), (AFTER, False)],
)
def test_both_days_count(as_of: date, *, is_active: bool) -> None:
    """A waiver counts from its first day through the end of its last, and an attestation too."""
    assert waived(waivers(), result(finding()), as_of) == ["W1" if is_active else None]
    covers = "account:ga:processor-retention-setting"
    stated = attestation(covers, ACCOUNT)
    one = result(gap(), check="processor-retention-setting", subject="account:ga")
    outcome = Outcome.ATTESTED if is_active else Outcome.ERROR
    assert settled(stated, one, as_of).outcome is outcome


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, LAST, Standing.UNUSABLE),
        (FIRST, None, Standing.UNUSABLE),
        (FIRST, LAST, Standing.ACTIVE),
        (AFTER, AFTER, Standing.NOT_YET),
        (BEFORE, BEFORE, Standing.EXPIRED),
        (DAY, DAY, Standing.ACTIVE),
    ],
)
def test_standing(first: date | None, last: date | None, expected: Standing) -> None:
    """A period without an end is worth nothing."""
    assert standing(first, last, DAY) is expected


@pytest.mark.parametrize(
    ("changes", "accepts"),
    [
        ({}, True),
        ({"object": "cookie:_ga@example.org"}, True),
        ({"object": "cookie:*@example.org"}, True),
        ({"subject": "site:*"}, True),
        ({"object": "cookie:_gid*"}, False),
        ({"object": "cookie:_g"}, False),
        ({"object": "cookie:_GA*"}, False),
        ({"subject": "policy"}, False),
        ({"check": "cookie-lifetime"}, False),
    ],
)
def test_patterns(changes: dict[str, str], accepts: bool) -> None:
    """Check, subject and object all have to fit; only `*` is special, the whole name counts."""
    assert waived(waivers(waiver(**changes)), result(finding())) == ["W1" if accepts else None]


@pytest.mark.parametrize("key", ["justification", "owner", "approved_by", "created", "expires"])
def test_an_undecided_waiver_accepts_nothing(key: str) -> None:
    """Nobody has approved, or dated, what still says TODO."""
    assert waived(waivers(waiver(**{key: "TODO"})), result(finding())) == [None]


def test_a_waiver_hides_no_other_object() -> None:
    """What is accepted for one cookie is not accepted for the next."""
    one = result(finding(), finding("cookie:_fbp@example.org"))
    assert waived(waivers(), one) == ["W1", None]
    assert settled(waivers(), one).outcome is Outcome.FAIL


def test_a_waiver_holds_on_its_own_subject_and_check() -> None:
    """The same cookie on another site, or objected to by another check, is another matter."""
    promised = waivers()
    assert waived(promised, result(finding(), subject="site:blog")) == [None]
    assert waived(promised, result(finding(facet="lifetime"), check="cookie-lifetime")) == [None]


def test_a_waived_finding_is_still_listed() -> None:
    """It passes, and everybody sees what was accepted, and by which waiver."""
    one = settled(waivers(), result(finding()))
    assert one.outcome is Outcome.PASS
    assert [item.waived_by for item in one.findings] == ["W1"]
    assert verdict_of([one], Severity.LOW) is Verdict.PASS


def test_a_waiver_never_covers_a_gap() -> None:
    """A waived finding beside a page that did not load leaves the check open."""
    promised = waivers(waiver(object="page:/shop*"))
    one = settled(promised, result(finding("page:/shop"), gap(Reason.TIMEOUT, "page:/shop/3")))
    assert one.outcome is Outcome.ERROR
    assert [item.attested_by for item in one.gaps] == [None]


@pytest.mark.parametrize("reason", Reason)
def test_only_what_cannot_be_shown_is_attested(reason: Reason) -> None:
    """Nobody may state what can be looked at: not a time-out, not a missing credential."""
    stated = attestation("site:www:cookie-undeclared")
    one = settled(stated, result(gap(reason)))
    attested = reason is Reason.CANNOT_BE_SHOWN
    assert one.outcome is (Outcome.ATTESTED if attested else Outcome.ERROR)
    assert [item.attested_by for item in one.gaps] == ["A1" if attested else None]


@pytest.mark.parametrize(
    ("covers", "text", "one", "attested"),
    [
        ("site:www:cookie-undeclared", "", result(gap()), True),
        ("site:www:cookie-lifetime", "", result(gap()), False),
        ("site:www:cookie-undeclared", "", result(gap(), subject="site:blog"), False),
        ("claim:safe", CLAIM, result(gap(what="claim:safe"), subject="policy"), True),
        ("claim:safe", CLAIM, result(gap(what="claim:other"), subject="policy"), False),
        ("claim:safe", CLAIM, result(gap(), subject="policy"), False),
        ("site:www:cookie-lifetime", "", result(gap(what="site:www:cookie-lifetime")), False),
    ],
)
def test_an_attestation_covers_what_it_names(
    covers: str, text: str, one: Result, attested: bool
) -> None:
    """SUBJECT:CHECK, or one claim; a gap does not choose its attestation by its own words."""
    outcome = settled(attestation(covers, text), one).outcome
    assert outcome is (Outcome.ATTESTED if attested else Outcome.ERROR)


@pytest.mark.parametrize("key", ["by", "statement", "date", "expires"])
def test_an_undecided_attestation_states_nothing(key: str) -> None:
    """Somebody has to state something, on a day, until a day."""
    stated = attestation("site:www:cookie-undeclared", **{key: "TODO"})
    assert settled(stated, result(gap())).outcome is Outcome.ERROR


def test_an_attestation_does_not_stretch_to_other_gaps() -> None:
    """Attested and timed out is still open; attested and contradicted is contradicted."""
    stated = attestation("site:www:cookie-undeclared")
    assert settled(stated, result(gap(), gap(Reason.TIMEOUT))).outcome is Outcome.ERROR
    assert settled(stated, result(gap(), finding())).outcome is Outcome.FAIL


@pytest.mark.parametrize("outcome", [Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE])
def test_what_was_not_run_stays_so(outcome: Outcome) -> None:
    """A check that was left out does not pass for want of findings."""
    one = Result(check="c", title="t", subject="site:www", outcome=outcome)
    assert settled(waivers(), one) == one


def test_without_waivers_the_findings_count() -> None:
    """`--no-waivers` shows the findings, and leaves what was attested."""
    promised = attestation("site:www:cookie-undeclared", "waivers:\n" + waiver())
    shown = attest(promised, [result(finding()), result(gap())], DAY)
    assert [one.outcome for one in shown] == [Outcome.FAIL, Outcome.ATTESTED]
    hidden = apply_waivers(promised, [result(finding())], DAY)[0]
    assert [one.outcome for one in hidden] == [Outcome.PASS]


def test_the_first_waiver_that_fits_is_named() -> None:
    """Two waivers for one finding: it is told once."""
    both = waivers(waiver(id="W1"), waiver(id="W2", object="cookie:*@example.org"))
    assert waived(both, result(finding())) == ["W1"]


@pytest.mark.parametrize(
    ("results", "covered", "looked_at"),
    [
        ([result(finding(), finding("cookie:_gat@x"))], {"W1": 2}, {"W1"}),
        ([result(), result(subject="site:blog")], {}, {"W1"}),
        ([result(gap(Reason.TIMEOUT))], {}, set()),
        ([result(finding(), gap(Reason.TIMEOUT))], {"W1": 1}, set()),
        ([result(subject="site:blog")], {}, set()),
        ([Result(check="cookie-undeclared", title="t", subject="site:www",
                 outcome=Outcome.NOT_CHECKED)], {}, set()),
        ([], {}, set()),
    ],
)  # fmt: skip
def test_use_is_known_and_not_guessed(
    results: list[Result], covered: dict[str, int], looked_at: set[str]
) -> None:
    """A waiver covers nothing only where its check looked at its subject without a gap."""
    use = apply_waivers(waivers(), results, DAY)[1]
    assert use == WaiverUse(as_of=DAY, covered=covered, looked_at=frozenset(looked_at))


def test_an_ended_waiver_was_not_put_to_the_test() -> None:
    """That an ended waiver covers nothing is for another check to say."""
    assert apply_waivers(waivers(), [result()], AFTER)[1].looked_at == frozenset()


names = st.sampled_from(["cookie:_ga@example.org", "cookie:_gid@example.org", "cookie:b@x"])
remarks = st.lists(
    st.builds(finding, names, st.sampled_from(["", "lifetime"]))
    | st.builds(gap, st.sampled_from(Reason), st.sampled_from(["claim:safe", "/page"])),
    max_size=4,
)
results = st.lists(
    st.builds(
        lambda said, check, subject: result(*said, check=check, subject=subject),
        remarks,
        st.sampled_from(["cookie-undeclared", "cookie-lifetime"]),
        st.sampled_from(["site:www", "policy"]),
    ),
    max_size=4,
)
EVERYTHING = attestation(
    "site:www:cookie-undeclared",
    CLAIM
    + "waivers:\n"
    + waiver()
    + waiver(id="W2", check="cookie-lifetime", object="cookie:_ga*"),
)


@given(results, st.sampled_from([BEFORE, FIRST, DAY, LAST, AFTER]), st.sampled_from(Severity))
def test_nothing_is_green_for_a_waiver_alone(
    found: list[Result], as_of: date, fail_on: Severity
) -> None:
    """A pass has no gap that nobody attests, and no finding at the threshold that none accepts."""
    told = apply_waivers(EVERYTHING, found, as_of)[0]
    if verdict_of(told, fail_on) is Verdict.PASS:
        assert all(item.attested_by for one in told for item in one.gaps)
        assert all(
            item.waived_by or item.severity.rank < fail_on.rank
            for one in told
            for item in one.findings
        )
        assert all(item.reason is Reason.CANNOT_BE_SHOWN for one in told for item in one.gaps)
    assert [_shape(one) for one in told] == [_shape(one) for one in found]


def _shape(one: Result) -> tuple[Any, ...]:
    """Return what waivers and attestations may never change."""
    return (
        one.check,
        one.subject,
        [(item.fingerprint, item.object, item.severity) for item in one.findings],
        [(item.what, item.reason) for item in one.gaps],
    )
