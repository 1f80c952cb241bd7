import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.vocabulary import (
    CATEGORIES,
    PURPOSES,
    covers,
    find_terms,
    is_special_category,
    nearest,
)

# Few letters, so that two keys often share their beginning.
segments = st.text("ab_", min_size=1, max_size=3)
keys = st.lists(segments, min_size=1, max_size=4).map(".".join)


@given(keys)
def test_a_key_covers_itself(key: str) -> None:
    """Declaring a key allows that very key."""
    assert covers(key, key)


@given(keys, keys)
def test_a_key_covers_what_stands_below_it(key: str, rest: str) -> None:
    """Declaring a key allows every narrower key, never the other way round."""
    assert covers(key, f"{key}.{rest}")
    assert not covers(f"{key}.{rest}", key)


@given(keys, keys, keys)
def test_covering_passes_on(first: str, second: str, third: str) -> None:
    """If one key covers a second and that a third, the first covers the third."""
    if covers(first, second) and covers(second, third):
        assert covers(first, third)


@given(keys, keys)
def test_two_different_keys_never_cover_each_other(first: str, second: str) -> None:
    """Of two different keys at most one is the wider."""
    if first != second:
        assert not (covers(first, second) and covers(second, first))


@given(keys, segments)
def test_a_longer_word_is_another_key(key: str, letters: str) -> None:
    """`user.contact` says nothing about `user.contactless`: only a dot begins a narrower key."""
    assert not covers(key, key + letters)


@given(keys, keys)
def test_covering_compares_whole_segments(declared: str, seen: str) -> None:
    """A key covers another exactly if its segments are the first ones of the other."""
    parts = declared.split(".")
    assert covers(declared, seen) == (seen.split(".")[: len(parts)] == parts)


@pytest.mark.parametrize(
    ("key", "special"),
    [
        ("user.health_and_medical", True),
        ("user.health_and_medical.genetic", True),
        ("user.biometric.voice", True),
        ("user.biometric.voice.pitch", True),
        ("user.authorization.biometric", True),
        ("user.demographic.trade_union", True),
        ("user.demographic", False),
        ("user.demographic.gender", False),
        ("user.criminal_history", False),
        ("user.biometrics", False),
    ],
)
def test_special_categories_are_known(key: str, special: bool) -> None:
    """The categories of GDPR Art. 9 and what stands below them, and no others."""
    assert is_special_category(key) is special


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("user.contct.email", "user.contact.email"),
        ("user.email", "user.contact.email"),
        ("email", "user.contact.email"),
        ("e-mail", "user.contact.email"),
        ("User.Contact", "user.contact"),
        ("postal code", "user.contact.address.postal_code"),
        ("user.behaviour", "user.behavior"),
        ("zzzz", None),
        ("", None),
        (".", None),
    ],
)
def test_a_mistyped_category_finds_the_right_one(word: str, meant: str | None) -> None:
    """What was probably meant, or nothing where nothing is like it."""
    assert nearest(word, CATEGORIES) == meant


def test_an_ending_that_many_keys_share_does_not_decide() -> None:
    """`email` alone could be a service message or a newsletter: the whole key decides."""
    assert nearest("marketing.comunications.email", PURPOSES) == "marketing.communications.email"
    assert nearest("service.notifications.email", PURPOSES) == (
        "essential.service.notifications.email"
    )


def test_the_answer_is_the_option_as_it_was_given() -> None:
    """Suggestions keep their spelling, also those of a file: ids, hosts, keys of YAML."""
    assert nearest("goggle-analytics", ["Google-Analytics", "stripe"]) == "Google-Analytics"
    assert nearest("anything", []) is None


def test_hostile_words_are_compared_only_in_part() -> None:
    """A word of a million letters is cut to its first 64, and so is a long option."""
    assert nearest("a" * 64 + "b" * 1_000_000, ["a" * 64 + "c" * 1_000]) == "a" * 64 + "c" * 1_000


def test_only_the_first_thousand_options_are_compared() -> None:
    """A file with endless ids costs no more than one with a thousand."""
    assert nearest("stripe", [*map(str, range(999)), "stripe"]) == "stripe"
    assert nearest("stripe", [*map(str, range(1000)), "stripe"]) is None


@given(st.text(max_size=80))
def test_any_text_can_be_asked_for(word: str) -> None:
    """Whatever is typed, the answers are terms and never a crash."""
    assert nearest(word, CATEGORIES) in {None, *CATEGORIES}
    find_terms(word)


@pytest.mark.parametrize(
    ("word", "best"),
    [
        ("e-mail", "user.contact.email"),
        ("EMAIL", "user.contact.email"),
        ("adresse", "user.contact.address"),
        ("téléphone", "user.contact.phone_number"),
        ("telephone", "user.contact.phone_number"),
        ("correo electronico", "user.contact.email"),
        ("Strasse", "user.contact.address.street"),
        ("newsletter", "marketing.communications.email"),
        ("bénévole", "volunteer"),
        ("postal code", "user.contact.address.postal_code"),
        ("client", "customer"),
        ("gps", "user.location.precise"),
        ("scc", "sccs"),
        ("löschung", "erasure"),
    ],
)
def test_everyday_words_find_the_term(word: str, best: str) -> None:
    """Words of four languages, in any case and with or without accents."""
    assert find_terms(word)[0][1].key == best


def test_the_best_answer_comes_first() -> None:
    """Exact key, part of a key, synonym, label, description: in that order."""
    found = [(name, row.key) for name, row in find_terms("consent")]
    assert found[0] == ("legal_basis", "consent")
    part_of_key = found.index(("rights", "withdraw_consent"))
    synonym = found.index(("data_categories", "user.privacy_preferences"))
    label_or_synonym = found.index(("purpose", "functional.storage.privacy_preferences"))
    description = found.index(("purpose", "essential.legal_obligation"))
    assert 0 < part_of_key < synonym < label_or_synonym < description


def test_a_word_inside_another_is_not_a_match() -> None:
    """`age` means the age of a person, not lang-age or im-age."""
    assert not {"user.demographic.language", "user.content.self_image"} & {
        row.key for _, row in find_terms("age")
    }


@pytest.mark.parametrize(
    "word", ["", "   ", "...", "\N{ACUTE ACCENT}", "\N{COMBINING ACUTE ACCENT}"]
)
def test_no_word_finds_nothing(word: str) -> None:
    """Nothing is asked, so nothing is answered: not the whole vocabulary."""
    assert find_terms(word) == []
