"""A verdict is never told without what it covers, and a claim never for more than was shown."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from auditor.coverage import coverage_of, standing_of
from auditor.evidence import Evidence, FieldSeen, Reason, SiteEvidence, StoreEvidence, Tool
from auditor.findings import JudgedFinding, JudgedGap, Outcome, Place, Result, Severity, Sighting
from auditor.testing import ages, field, page, policy, site, store, table

EVERYTHING = """
notices: [{id: privacy, path: privacy.md}]
processors: [{id: s}]
stores: [{id: app, connector: sql}]
accounts: [{id: t, connector: slack, processor: s}]
code: {paths: ['.']}
"""
FOUND = JudgedFinding(
    fingerprint="f",
    object="cookie:a",
    severity=Severity.LOW,
    message="m",
    waived_by="W1",
    policy=Place(path="policy.yaml", line=1, column=1),
    seen=(),
    remedies=(),
)
GAP = JudgedGap(what="w", reason=Reason.CANNOT_BE_SHOWN, needs="n", attested_by=None)


def coverage(
    text: str, *seen: SiteEvidence | StoreEvidence, scope: Sequence[str] = ("site",)
) -> dict[str, Any]:
    """Return what a verdict on this evidence covers."""
    evidence = Evidence(
        tool=Tool(name="test", version="1"),
        sites=tuple(item for item in seen if isinstance(item, SiteEvidence)),
        stores=tuple(item for item in seen if isinstance(item, StoreEvidence)),
    )
    return coverage_of(policy(text), evidence, scope, [])


def result(outcome: Outcome, check: str = "cookie-undeclared", **facts: Any) -> Result:  # noqa: ANN401
    """Return a result."""
    return Result(check=check, title="t", subject="site:www", outcome=outcome, **facts)


def test_what_was_looked_at() -> None:
    """Pages once each, in which states and when; and what was not looked at, by name."""
    told = coverage(EVERYTHING, site(), scope=("site", "notice", "stores", "accounts", "code"))
    assert told["looked_at"] == [
        {
            "subject": "site:www",
            "url": "https://example.org/",
            "pages": ["https://example.org/"],
            "page_count": 1,
            "states": ["accept", "before", "gpc", "reject", "withdraw"],
            "collected_at": "2026-01-15T12:00:00Z",
        }
    ]
    assert told["not_looked_at"] == ["notice:privacy", "store:app", "account:t", "code"]
    assert (told["left_out"], told["not_declared"]) == ([], [])


def test_what_was_left_out_was_not_looked_at() -> None:
    """Evidence of a site outside the scope was not judged, so it covers nothing."""
    told = coverage(EVERYTHING, site(), scope=("notice",))
    assert told["looked_at"] == []
    assert "site:www" in told["not_looked_at"]
    assert told["left_out"] == ["site", "stores", "accounts", "code"]


def in_store(*fields: FieldSeen) -> dict[str, Any]:
    """Return what is told of a store whose one table has these fields."""
    seen = store(table("users", *fields, ages({"2026-01-01": 7}), rows=7))
    (item,) = coverage(EVERYTHING, seen, scope=("stores",))["looked_at"]
    return dict(item)


def test_what_was_looked_at_in_a_store() -> None:
    """Tables, records and fields, how closely, and as of when."""
    assert in_store(field("a"), field("b", filled=0, looked_at=0)) == {
        "subject": "store:app",
        "tables": [
            {"name": "users", "rows": 7, "fields": 2, "values": "all", "ages": ["last_used"]}
        ],
        "table_count": 1,
        "row_count": 7,
        "values": "all",
        "collected_at": "2026-01-15T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("looked", "bound"), [(1, 0.99), (459, 0.009983), (1000, 0.004595), (10**6, 5e-06)]
)
def test_a_sample_says_what_it_may_have_missed(looked: int, bound: float) -> None:
    """The smallest sample counts; nobody can do better than this share."""
    sampled = field("b", looked_at=looked, exhaustive=False)
    told = in_store(field("a"), sampled, field("c", looked_at=10**7, exhaustive=False))
    assert (told["values"], told["unseen_below"]) == ("sampled", bound)


def test_the_ends_of_long_values_are_not_covered() -> None:
    """Of how many only the beginning was looked into is told, and nothing where there are none."""
    sampled = field("b", looked_at=9, exhaustive=False, shortened=3)
    assert in_store(field("a"), sampled)["shortened"] == 3
    assert "shortened" not in in_store(field("b", looked_at=9, exhaustive=False))


def test_values_that_nobody_looked_into_are_not_covered() -> None:
    """One such field is enough; a store without values says so as well."""
    unread = field("b", looked_at=0, exhaustive=False)
    assert in_store(field("a"), unread)["unseen_below"] == 1.0
    assert in_store(unread)["values"] == "not looked at"
    assert in_store()["values"] == "not looked at"


def test_what_a_service_documents_is_no_look() -> None:
    """Nobody looked into such values: a report says by what it knows them."""
    known = field("email", looked_at=0, exhaustive=False, documented=True)
    assert in_store(known)["values"] == "as the service documents"
    assert in_store(known, field("a"))["values"] == "all"
    assert in_store(known, field("a", looked_at=0, exhaustive=False))["values"] == "not looked at"


def test_a_store_that_was_not_reached() -> None:
    """An attempt covers nothing, and neither does a store outside the scope."""
    seen = store()
    tried = structs.replace(seen, sources=(structs.replace(seen.sources[0], kind="attempt"),))
    assert "store:app" in coverage(EVERYTHING, tried, scope=("stores",))["not_looked_at"]
    assert "store:app" in coverage(EVERYTHING, seen)["not_looked_at"]


def test_long_lists_of_tables_are_cut_and_counted() -> None:
    """As those of pages are."""
    seen = store(*(table(f"t{number}") for number in range(250)))
    (item,) = coverage(EVERYTHING, seen, scope=("stores",))["looked_at"]
    assert (len(item["tables"]), item["table_count"], item["row_count"]) == (200, 250, 25_000)


@pytest.mark.parametrize("status", [404, 503])
def test_a_site_that_never_loaded_was_not_looked_at(status: int) -> None:
    """Error pages are no pages."""
    told = coverage("", site(page(status=status)))
    assert (told["looked_at"], told["not_looked_at"]) == ([], ["site:www"])


def test_evidence_of_a_site_that_the_policy_does_not_declare() -> None:
    """It is said to be there, and not to be looked at."""
    told = coverage("", site(), site(site_id="shop"))
    assert [item["subject"] for item in told["looked_at"]] == ["site:www"]
    assert told["not_declared"] == ["site:shop"]


def test_an_unknown_state_is_said_to_be_unknown() -> None:
    """No state is made up."""
    (item,) = coverage("", site(page(state=None)))["looked_at"]
    assert item["states"] == ["not said"]


def test_long_lists_are_cut_and_counted() -> None:
    """A report lists 200 pages; the count is of all."""
    pages = [page(f"https://example.org/{number}") for number in range(250)]
    (item,) = coverage("", site(*pages))["looked_at"]
    assert (len(item["pages"]), item["page_count"]) == (200, 250)


def test_scopes_are_what_is_declared() -> None:
    """The policy itself is no scope: it is always looked at."""
    assert policy("sites: []").declared_scopes() == frozenset()
    assert policy(EVERYTHING).declared_scopes() == {"site", "notice", "stores", "accounts", "code"}


PASS, ERROR, SKIPPED = Outcome.PASS, Outcome.ERROR, Outcome.NOT_CHECKED
OTHER = "third-party-undeclared"


@pytest.mark.parametrize(
    ("results", "standing"),
    [
        ([result(PASS), result(PASS, OTHER)], "verified"),
        ([result(PASS)], "not observed"),
        ([], "not observed"),
        ([result(PASS), result(ERROR, OTHER)], "not observed"),
        ([result(PASS), result(SKIPPED, OTHER)], "not observed"),
        ([result(PASS), result(Outcome.ATTESTED, OTHER)], "attested"),
        ([result(PASS), result(Outcome.NOT_APPLICABLE, OTHER)], "verified"),
        ([result(Outcome.NOT_APPLICABLE, name) for name in ("cookie-undeclared", OTHER)],
         "not applicable"),
        ([result(PASS), result(Outcome.FAIL, OTHER, findings=(FOUND,))], "contradicted"),
        ([result(ERROR), result(Outcome.FAIL, OTHER, findings=(FOUND,))], "contradicted"),
        ([result(PASS, findings=(FOUND,)), result(PASS, OTHER)], "contradicted"),
        ([result(PASS), result(PASS, OTHER), result(Outcome.FAIL, "x", findings=(FOUND,))],
         "verified"),
    ],
    ids=range(12),
)  # fmt: skip
def test_claims_covered_by_checks(results: list[Result], standing: str) -> None:
    """A claim holds if all its checks looked and found nothing, also nothing that is waived."""
    claim = policy(f"claims: [{{id: c, quote: q, covered_by: [cookie-undeclared, {OTHER}]}}]")
    assert standing_of(claim.claims[0], results) == standing


@pytest.mark.parametrize(
    ("said", "gaps", "standing"),
    [
        ("We never sell your data.", (), "contradicted"),
        ("We never sell your data …", (), "contradicted"),
        ("", (), "contradicted"),
        ("We do not use Google Analytics.", (), "verified"),
        ("We do not use Google Analytics.", (GAP,), "not observed"),
    ],
)
def test_a_claim_is_not_contradicted_by_what_another_says(
    said: str, gaps: tuple[JudgedGap, ...], standing: str
) -> None:
    """Each sentence of a notice stands for itself; in doubt it is the one that is meant."""
    text = (
        "claims: [{id: c, quote: We never  sell your data., covered_by: [notice-contradiction]}]"
    )
    seen = (Sighting(page="privacy.md:3", detail=f'says "{said}"'),) if said else ()
    found = structs.replace(FOUND, seen=seen)
    made = result(Outcome.FAIL, "notice-contradiction", findings=(found,), gaps=gaps)
    assert standing_of(policy(text).claims[0], [made]) == standing


@pytest.mark.parametrize(("attested_by", "standing"), [("A1", "attested"), (None, "not attested")])
def test_claims_covered_by_people(attested_by: str | None, standing: str) -> None:
    """What only a person can state stands as long as somebody states it."""
    (claim,) = policy("claims: [{id: c, quote: q, covered_by: attestation}]").claims
    gap = JudgedGap(
        what="claim:c", reason=Reason.CANNOT_BE_SHOWN, needs="n", attested_by=attested_by
    )
    assert standing_of(claim, [result(ERROR, gaps=(gap,))]) == standing
    assert standing_of(claim, []) == "not attested"
    other = structs.replace(gap, what="claim:d")
    assert standing_of(claim, [result(ERROR, gaps=(other,))]) == "not attested"


def test_claims_that_nobody_can_verify() -> None:
    """They are told as such."""
    (claim,) = policy("claims: [{id: c, quote: q, covered_by: not_verifiable}]").claims
    assert standing_of(claim, []) == "not verifiable"
