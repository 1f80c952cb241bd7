from auditor.vocabulary import CHANGES, REFERENCES


def test_every_kind_has_a_way_back() -> None:
    """The opposite of the opposite is the kind itself, and weighs the opposite."""
    turned = {"widens": "narrows", "narrows": "widens", "neutral": "neutral"}
    for key, kind in CHANGES.items():
        back = CHANGES[kind.opposite]
        assert (key, kind.key) == (back.opposite, key)
        if kind is not back:
            assert back.weight == turned[kind.weight]


def test_what_people_are_told_stands_in_a_text() -> None:
    """Each kind that needs a notice says which article asks for it, and each can be read."""
    assert [
        kind.key for kind in CHANGES.values() if kind.needs_notice and not kind.references
    ] == []
    assert {r for kind in CHANGES.values() for r in kind.references} <= set(REFERENCES)


def test_what_widens_by_law_needs_a_notice() -> None:
    """GDPR Art. 13(3), and what Art. 13(1)(c) to (f) and 13(2)(a) and (b) have a notice say."""
    for article in ("13-3", "13-1-c", "13-1-d", "13-1-e", "13-1-f", "13-2-a", "13-2-b"):
        kinds = [k for k in CHANGES.values() if f"gdpr:{article}" in k.references]
        assert kinds
        assert all(kind.needs_notice for kind in kinds if kind.weight != "narrows")
