"""What is kept beside cookies: each time that it was seen, put together."""

import time

import pytest

from auditor.evidence import SiteObservation, StoredItem, ValueShape
from auditor.testing import cookie, kept, site


def told(*seen: SiteObservation) -> list[tuple[str, str, int, int]]:
    """Return label, host, and how often it was there and removed, of each item."""
    return [
        (one.label, one.domain, len(one.sightings), len(one.removed))
        for one in site(*seen).storage
    ]


def test_items_are_told_apart_by_kind_name_and_host() -> None:
    """The same name in another kind of storage, or of another origin, is another item."""
    assert told(
        kept("b"),
        kept("a", storage="session_storage"),
        cookie("a"),
        kept("a", host="other.example"),
        kept("a"),
        kept("a", page="https://example.org/about"),
    ) == [
        ("local_storage:a", "example.org", 2, 0),
        ("local_storage:a", "other.example", 1, 0),
        ("local_storage:b", "example.org", 1, 0),
        ("session_storage:a", "example.org", 1, 0),
    ]


@pytest.mark.parametrize(
    ("seen", "is_kept", "times"),
    [
        ([kept("a")], True, (1, 0)),
        ([kept("a", removed=True)], False, (0, 1)),
        ([kept("a"), kept("a", removed=True)], True, (1, 1)),
        ([kept("a", removed=True), kept("a")], True, (1, 1)),
    ],
    ids=["kept", "only removed", "removed again", "written again"],
)
def test_what_is_only_removed_is_not_kept(
    seen: list[SiteObservation], is_kept: bool, times: tuple[int, int]
) -> None:
    """Taking it away again does not undo that it was there."""
    (one,) = site(*seen).storage
    assert one.is_kept is is_kept
    assert (len(one.sightings), len(one.removed)) == times


def test_an_identifier_is_seen_in_any_value() -> None:
    """One value that could single somebody out is enough; a removal says nothing of values."""
    plain = kept("a", value=ValueShape(length=4))
    (harmless,) = site(plain, kept("a", removed=True)).storage
    (one,) = site(plain, kept("a")).storage
    assert (harmless.identifier, one.identifier) == (False, True)
    assert isinstance(one, StoredItem)


def test_many_keys_cost_no_more() -> None:
    """Every key of its own, or one key a hundred thousand times: put together at once."""
    seen = [kept(str(number)) for number in range(50_000)] + [kept("a")] * 100_000
    began = time.perf_counter()
    assert len(site(*seen).storage) == 50_001
    assert time.perf_counter() - began < 20
