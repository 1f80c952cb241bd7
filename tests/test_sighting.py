"""Where something was seen, in one line."""

import pytest

from auditor.evidence import SiteObservation, State
from auditor.findings import Sighting
from auditor.sighting import AND_MORE, MOST, distinct, in_table, sighting, sightings
from auditor.testing import cookie, page, request, sent, table

DAY = 86_400


@pytest.mark.parametrize(
    ("seen", "by", "detail"),
    [
        (cookie("a"), "example.org", "asks for the session"),
        (cookie("a", lifetime=900), "example.org", "asks for 15 minutes"),
        (cookie("a", lifetime=400 * DAY), "example.org", "asks for 400 days"),
        (
            cookie("a", lifetime=400 * DAY, capped=True),
            "example.org",
            "asks for at least 400 days",
        ),
        (cookie("a", deleted=True, lifetime=0), "example.org", "deleted"),
        (
            cookie("a", refused="domain"),
            "example.org",
            "asks for the session; browsers refuse it: domain",
        ),
        (cookie("a", by="https://x.org/a.js"), "https://x.org/a.js", "asks for the session"),
        (cookie("a", writer=""), "", "asks for the session; author not seen"),
        (sent("a"), "", "sent to example.org; author not seen"),
        (request("https://x.org/a"), "", "request https://x.org/a"),
        (request("https://x.org/a", resource="script"), "", "script https://x.org/a"),
        (
            request("https://x.org/a", failed="net::ERR_TIMED_OUT"),
            "",
            "request failed: net::ERR_TIMED_OUT",
        ),
        (
            request("https://x.org/a", redirected_from="http://x.org/"),
            "",
            "request, redirected from http://x.org/",
        ),
        (page(status=404), "", "answered 404"),
    ],
    ids=range(14),
)
def test_what_happened(seen: SiteObservation, by: str, detail: str) -> None:
    """Who did it, and what; no more is said than was seen."""
    assert sighting(seen) == Sighting(
        page="https://example.org/", state="before", by=by, detail=detail
    )


def test_an_unknown_state_is_empty() -> None:
    """The evidence may not say."""
    assert sighting(page(state=None)).state == ""
    assert sighting(page(state=State.GPC)).state == "gpc"


def test_the_same_twice_is_told_once() -> None:
    """In the order in which it happened."""
    one, two = request("https://x.org/1"), request("https://x.org/2")
    assert [told.detail[-1] for told in sightings([two, one, two])] == ["2", "1"]


@pytest.mark.parametrize(("count", "listed"), [(0, 0), (MOST, MOST), (MOST + 1, MOST + 1)])
def test_long_lists_say_that_there_is_more(count: int, listed: int) -> None:
    """Two hundred are listed; what is left out is not hidden."""
    told = distinct(Sighting(page=f"/{number}") for number in range(count))
    assert len(told) == listed
    assert (AND_MORE in told) is (count > MOST)


def test_that_there_is_more_is_said_once_and_last() -> None:
    """Lists that were cut before are put together."""
    told = distinct([AND_MORE, *(Sighting(page=f"/{number}") for number in range(MOST + 1))])
    assert (told.index(AND_MORE), len(told)) == (MOST, MOST + 1)


def test_what_is_seen_of_a_table_has_no_page() -> None:
    """Its kind, its name and what was counted."""
    seen = in_table(table("users", kind="view"), "3 of 9 records")
    assert seen == Sighting(detail="view users: 3 of 9 records")
