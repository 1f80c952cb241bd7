from collections.abc import Iterator

import pytest

from auditor.collect.site.consent import autoconsent
from auditor.collect.site.consent.autoconsent import rules_for, script
from auditor.errors import CollectError

URL = "https://shop.example/"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Forget what was read before."""
    script.cache_clear()
    yield
    script.cache_clear()


def test_another_script_than_the_reviewed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was changed on its way here runs in nobody's page."""
    assert "autoconsentReceiveMessage" in script()
    script.cache_clear()
    monkeypatch.setattr(autoconsent, "bundle", lambda: "fetch('https://evil.example/')")
    with pytest.raises(CollectError, match=r"^duckduckgo-autoconsent-py is not version 16\.55\.0"):
        script()


def test_only_rules_for_the_address() -> None:
    """Rules made for other sites are left out."""
    general = rules_for(URL, None, is_main=True)
    special = rules_for("https://www.cheaptickets.nl/", None, is_main=True)
    names = {rule["name"] for rule in special} - {rule["name"] for rule in general}
    assert any("cheaptickets" in name for name in names)
    assert len(general) < 500
    assert len(rules_for(URL, None, is_main=False)) < 50


def test_only_rules_that_choose() -> None:
    """To hide a banner is no choice, and what also agrees is no refusal."""
    refusing = rules_for(URL, "optOut", is_main=True)
    assert refusing
    assert not any(rule.get("cosmetic") for rule in refusing)
    assert not any(rule["optIn"] == rule["optOut"] for rule in refusing)
    assert not any('"hide"' in str(rule["optOut"]).replace("'", '"') for rule in refusing)
    assert all(rule["optIn"] for rule in rules_for(URL, "optIn", is_main=True))
