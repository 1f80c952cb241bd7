from hashlib import sha256

from auditor.vocabulary import SUBJECTS

FIDESLANG = "4ff4f54b218dcb47f37200236d414b90483890fe37852670e49265031534687a"


def test_the_keys_are_those_of_fideslang_and_five_of_ours() -> None:
    """The digest is that of fideslang 3.1.4's sorted subject keys, one a line."""
    theirs = sorted(key for key, row in SUBJECTS.items() if not row.extension)
    assert len(theirs) == 15
    assert sha256("\n".join(theirs).encode()).hexdigest() == FIDESLANG
    own = {"volunteer", "donor", "beneficiary", "member", "child"}
    assert set(SUBJECTS) - set(theirs) == own
