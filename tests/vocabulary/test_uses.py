from hashlib import sha256

from auditor.vocabulary import IAB_PURPOSES, PURPOSES

FIDESLANG = "ac198215bfb3ad92e820c41b29079fc440a31b05ab862714dc3162a6be33423a"


def test_the_keys_are_those_of_fideslang() -> None:
    """The digest is that of fideslang 3.1.4's sorted use keys, one a line."""
    assert len(PURPOSES) == 56
    assert sha256("\n".join(sorted(PURPOSES)).encode()).hexdigest() == FIDESLANG
    assert not any(row.extension for row in PURPOSES.values())


def test_every_iab_purpose_is_mapped_from_known_uses() -> None:
    """All eleven purposes and three special purposes have a use, and sign-in has none."""
    assert set(IAB_PURPOSES) <= set(PURPOSES)
    wanted = {f"P{number}" for number in range(1, 12)} | {"SP1", "SP2", "SP3"}
    assert set(IAB_PURPOSES.values()) == wanted
    assert "essential.service.authentication" not in IAB_PURPOSES
