from hashlib import sha256

from inline_snapshot import snapshot

from auditor.vocabulary import CATEGORIES

FIDESLANG = "d71a111cc36801169813253b17c88391e5bad33c7972dc165ddd453572003c42"


def test_the_keys_are_those_of_fideslang_and_one_of_ours() -> None:
    """The digest is that of fideslang 3.1.4's sorted category keys, one a line."""
    theirs = sorted(key for key, row in CATEGORIES.items() if not row.extension)
    assert len(theirs) == 85
    assert sha256("\n".join(theirs).encode()).hexdigest() == FIDESLANG
    assert set(CATEGORIES) - set(theirs) == {"user.demographic.trade_union"}


def test_the_special_categories_are_those_of_article_9() -> None:
    """Health, biometrics, origin, politics, belief, sexuality and unions; nothing else."""
    assert sorted(key for key, row in CATEGORIES.items() if row.article == "gdpr:9") == snapshot(
        [
            "user.authorization.biometric",
            "user.biometric",
            "user.biometric.fingerprint",
            "user.biometric.health",
            "user.biometric.retinal",
            "user.biometric.voice",
            "user.demographic.political_opinion",
            "user.demographic.race_ethnicity",
            "user.demographic.religious_belief",
            "user.demographic.sexual_orientation",
            "user.demographic.trade_union",
            "user.health_and_medical",
            "user.health_and_medical.genetic",
            "user.health_and_medical.insurance_beneficiary_id",
            "user.health_and_medical.record_id",
        ]
    )


def test_data_with_rules_of_their_own_name_their_article() -> None:
    """Criminal records are Art. 10, children's data Art. 8."""
    assert CATEGORIES["user.criminal_history"].article == "gdpr:10"
    assert CATEGORIES["user.childrens"].article == "gdpr:8"
