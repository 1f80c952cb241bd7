import pytest

from auditor.vocabulary import (
    JURISDICTIONS,
    LEGAL_BASES,
    RIGHTS,
    SPECIAL_CATEGORY_BASES,
    TRANSFER_MECHANISMS,
    Term,
)


def test_the_legal_bases_are_the_six_of_article_6() -> None:
    """Each basis is one letter of Art. 6(1), in the order of the law."""
    assert {key: row.article for key, row in LEGAL_BASES.items()} == {
        "consent": "gdpr:6-1-a",
        "contract": "gdpr:6-1-b",
        "legal_obligation": "gdpr:6-1-c",
        "vital_interests": "gdpr:6-1-d",
        "public_interest": "gdpr:6-1-e",
        "legitimate_interests": "gdpr:6-1-f",
    }


def test_the_special_bases_are_the_ten_of_article_9() -> None:
    """Each basis is one letter of Art. 9(2), in the order of the law."""
    articles = [row.article for row in SPECIAL_CATEGORY_BASES.values()]
    assert articles == [f"gdpr:9-2-{letter}" for letter in "abcdefghij"]


def test_the_transfer_mechanisms_are_those_of_the_policy_reference() -> None:
    """What the policy reference lists can be written, and every exception has its name."""
    exceptions = {key for key in TRANSFER_MECHANISMS if key.startswith("derogation_")}
    assert len(exceptions) == 7
    assert set(TRANSFER_MECHANISMS) - exceptions == {
        "none_eea",
        "adequacy_decision",
        "public_instrument",
        "bcrs",
        "sccs",
        "sccs_authority",
        "code_of_conduct",
        "certification",
        "adhoc_contract",
        "administrative_arrangement",
        "compelling_interests",
    }


def test_the_rights_are_those_of_the_policy_reference() -> None:
    """Each right of policy.yaml leads to the article that gives it."""
    assert {key: row.article for key, row in RIGHTS.items()} == {
        "access": "gdpr:15",
        "rectification": "gdpr:16",
        "erasure": "gdpr:17",
        "restriction": "gdpr:18",
        "portability": "gdpr:20",
        "objection": "gdpr:21",
        "marketing_opt_out": "gdpr:21-2",
        "withdraw_consent": "gdpr:7-3",
        "complaint": "gdpr:77",
    }


def test_the_jurisdictions_are_three() -> None:
    """Only what the checks know can be asked for."""
    assert set(JURISDICTIONS) == {"eu-gdpr", "eprivacy", "us-ca-ccpa"}


@pytest.mark.parametrize(
    "rows", [LEGAL_BASES, SPECIAL_CATEGORY_BASES, TRANSFER_MECHANISMS, RIGHTS]
)
def test_the_dpv_code_names_the_same_article(rows: dict[str, Term]) -> None:
    """A code such as A6-1-a and the article gdpr:6-1-a never drift apart."""
    for row in rows.values():
        article = row.article.removeprefix("gdpr:")
        # DPV numbers the second half of Art. 49(1) as 49-2, and the right to object as a whole.
        assert row.dpv.removeprefix("A").startswith(article) or article == "21-2", row.key
