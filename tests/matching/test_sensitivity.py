"""How much it matters what a field holds."""

import pytest

from auditor.findings import Severity
from auditor.matching import is_personal, is_sensitive, likely, weight, weight_of
from auditor.testing import field, found_in
from auditor.vocabulary import CATEGORIES

RATED = {
    "system.operations": Severity.LOW,
    "system.authentication": Severity.LOW,
    "user.device.ip_address": Severity.MEDIUM,
    "user": Severity.MEDIUM,
    "user.contact.email": Severity.HIGH,
    "user.authorization.password": Severity.HIGH,
    "user.content.public": Severity.MEDIUM,
    "user.demographic.religious_belief": Severity.CRITICAL,
    "user.health_and_medical.genetic": Severity.CRITICAL,
    "user.authorization.biometric": Severity.CRITICAL,
    "user.criminal_history": Severity.CRITICAL,
}


@pytest.mark.parametrize(("category", "severity"), RATED.items())
def test_weight(category: str, severity: Severity) -> None:
    """Special categories and convictions first, then what leads to a person, then the rest."""
    assert weight([category]) is severity
    assert weight(["user.device", category]) is max(
        severity, Severity.MEDIUM, key=lambda one: one.rank
    )


def test_nothing_weighs_little() -> None:
    """Without a category nothing is known to be personal."""
    assert weight([]) is Severity.LOW


def test_every_special_category_is_critical() -> None:
    """As the vocabulary marks them."""
    marked = {key for key, term in CATEGORIES.items() if term.article in {"gdpr:9", "gdpr:10"}}
    assert marked == {key for key in CATEGORIES if is_sensitive(key)}
    assert {key for key in CATEGORIES if not is_personal(key)} == {
        key for key in CATEGORIES if key.startswith("system")
    }


def test_a_guess_is_low_and_not_likely() -> None:
    """Whatever it is a guess at."""
    guess = found_in("user.health_and_medical", confidence="low")
    sure = found_in("user.name", confidence="medium")
    assert (weight_of(guess), weight_of(sure)) == (Severity.LOW, Severity.HIGH)
    machine = found_in("system.authentication")
    assert list(likely(field("a", guess, sure, machine))) == [sure]
