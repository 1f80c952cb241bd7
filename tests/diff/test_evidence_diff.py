from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.diff.evidence import EvidenceComparison, compare_evidence
from auditor.evidence import (
    Aspect,
    Evidence,
    Gap,
    Item,
    NoticeEvidence,
    Reason,
    SiteEvidence,
    State,
    StoreEvidence,
    Tool,
    encode,
)
from auditor.example import fact, notice
from auditor.testing import (
    cookie,
    field,
    kept,
    leak,
    page,
    read,
    request,
    sent,
    site,
    store,
    table,
)

DAY = 86_400
GAP = Gap(what="/late", reason=Reason.TIMEOUT, needs="time", aspects=(Aspect.COOKIES,))
Compare = Callable[..., tuple[str, str]]


def bundle(*items: Item) -> Evidence:
    """Return a file of evidence."""
    return Evidence(
        tool=Tool(name="test", version="1"),
        sites=tuple(item for item in items if isinstance(item, SiteEvidence)),
        stores=tuple(item for item in items if isinstance(item, StoreEvidence)),
        notices=tuple(item for item in items if isinstance(item, NoticeEvidence)),
    )


def compared(before: Item, after: Item) -> EvidenceComparison:
    """Compare two pieces of evidence."""
    return compare_evidence(bundle(before), bundle(after))


def told(found: EvidenceComparison) -> list[tuple[str, str, str]]:
    """Return what differs, in short."""
    return [(one.turn, one.name, "/".join(one.states)) for one in found.differences]


def lost(found: EvidenceComparison) -> list[tuple[str, str]]:
    """Return where nobody can compare."""
    return [(one.what, one.why) for one in found.unlooked]


def test_what_came_and_went() -> None:
    """Cookies, storage, hosts, device reads and leaks, each once, in one line."""
    before = site(cookie("gone"), cookie("stays"))
    after = site(
        cookie("stays"),
        cookie("_ga"),
        cookie("_gid"),
        sent("_gid"),
        kept("basket"),
        request("https://cdn.example/x.js"),
        request("https://www.example.org/own.js"),
        read("canvas", "cdn.example"),
        leak("cdn.example"),
    )
    found = compared(before, after)
    assert found.summary().split(", ") == snapshot(
        [
            "+2 cookies",
            "+1 device read",
            "+1 local storage item",
            "+1 recipient of what is typed",
            "+1 third-party host",
            "-1 cookie",
        ]
    )
    assert lost(found) == []
    assert told(found) == snapshot(
        [
            ("new", "cookie:_ga@example.org", "before"),
            ("new", "cookie:_gid@example.org", "before"),
            ("new", "device_access:canvas by cdn.example", "before"),
            ("new", "local_storage:basket@example.org", "before"),
            ("new", "email to cdn.example", "before"),
            ("new", "cdn.example", "before"),
            ("gone", "cookie:gone@example.org", "before"),
        ]
    )
    assert found.differences == tuple(compared(before, after).differences)
    assert compared(after, before).summary().split(", ") == snapshot(
        [
            "+1 cookie",
            "-2 cookies",
            "-1 device read",
            "-1 local storage item",
            "-1 recipient of what is typed",
            "-1 third-party host",
        ]
    )
    assert compared(after, after) == EvidenceComparison()


def test_states_are_told_apart() -> None:
    """A cookie that was set after consent, and now before any choice, is no new cookie."""
    later = cookie("_ga", state=State.ACCEPT)
    found = compared(site(later), site(later, cookie("_ga")))
    assert told(found) == [("in more states", "cookie:_ga@example.org", "before")]
    assert told(compared(site(later, cookie("_ga")), site(later))) == [
        ("in fewer states", "cookie:_ga@example.org", "before")
    ]


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (30 * DAY, 60 * DAY, ["longer"]),
        (60 * DAY, 30 * DAY, ["shorter"]),
        (400 * DAY, 400 * DAY + 3600, []),
        (400 * DAY, 401 * DAY + 1, ["longer"]),
        (1800, 3600, ["longer"]),
        (1800, 1801, []),
        (None, DAY, ["longer"]),
        (DAY, None, ["shorter"]),
    ],
)
def test_lifetimes(before: int | None, after: int | None, turn: list[str]) -> None:
    """Longer and shorter, but not by what a clock may be wrong."""
    found = compared(site(cookie("a", lifetime=before)), site(cookie("a", lifetime=after)))
    assert [one.turn for one in found.differences] == turn


def test_what_is_refused_or_deleted_was_never_there() -> None:
    """Only what is kept counts."""
    after = site(cookie("a", deleted=True), cookie("b", refused="SameSite"))
    assert compared(site(), after) == EvidenceComparison()


def test_nothing_is_gone_where_nobody_looked() -> None:
    """A state that is missing and a gap that concerns it: the cookie may be there still."""
    before = site(cookie("_ga", state=State.ACCEPT), cookie("here"))
    other = site(page(), cookie("here"))
    found = compared(before, other)
    assert told(found) == []
    assert ("cookie:_ga@example.org", "seen before; nobody looked again") in lost(found)
    assert ("visitor state accept", "no visit (newer)") in lost(found)
    hidden = compared(site(cookie("_ga"), kept("basket")), site(gaps=[GAP]))
    assert told(hidden) == [("gone", "local_storage:basket@example.org", "before")]
    assert lost(hidden) == [
        ("cookie:_ga@example.org", "seen before; nobody looked again"),
        ("/late", "timeout (newer)"),
    ]


def test_nothing_is_new_where_nobody_had_looked() -> None:
    """It is named, and not counted as new."""
    found = compared(
        site(page()),
        site(page(), page(state=State.ACCEPT), _ga := cookie("_ga", state=State.ACCEPT)),
    )
    assert told(found) == []
    assert lost(found) == [
        (f"cookie:{_ga.name}@example.org", "seen now; nobody looked before"),
        ("visitor state accept", "no visit (older)"),
    ]


def test_gaps_of_both_are_told_once() -> None:
    """So are subjects that only one of them has, and a site of which nothing was seen."""
    assert lost(compared(site(gaps=[GAP]), site(gaps=[GAP]))) == [("/late", "timeout (both)")]
    assert lost(compare_evidence(bundle(site()), bundle(store()))) == [
        ("site:www", "not there (newer)"),
        ("store:app", "not there (older)"),
    ]
    unseen = site(page(status=500))
    assert ("site:www", "nothing was seen (newer)") in lost(compared(site(), unseen))


def test_stores_and_notices() -> None:
    """Tables, fields, what is in them, settings; and what a notice says."""
    before = store(table("users", field("email", "user.contact.email")))
    after = store(
        table("users", field("email"), field("note", "user.health_and_medical")), table("logs")
    )
    assert told(compared(before, after)) == snapshot(
        [
            ("new", "user.health_and_medical in users.note", ""),
            ("new", "field:users.note", ""),
            ("new", "table:logs", ""),
            ("gone", "user.contact.email in users.email", ""),
        ]
    )
    first = notice(fact("retention", "fixed", period="P12M"))
    second = notice(fact("retention", "fixed", period="P24M"))
    assert compared(first, second).summary() == snapshot(
        "+1 retention in the notice, -1 retention in the notice"
    )


def write(path: Path, items: Iterable[Item]) -> Path:
    """Keep evidence."""
    path.write_bytes(encode(bundle(*items)))
    return path


def test_the_command(tmp_path: Path, compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole: the summary first, then each subject, then where nobody can compare."""
    monkeypatch.chdir(tmp_path)
    base = write(Path("base.json"), [site(cookie("gone"))])
    head = write(Path("head.json"), [site(cookie("_ga", lifetime=DAY), gaps=[GAP]), store()])
    verdict, text = compare(base, head)
    assert verdict == "incomplete"
    assert text == snapshot("""\
incomplete  +1 cookie, but not everything could be compared
  base.json -> head.json

seen otherwise: site:www
  + cookie · cookie:_ga@example.org · asks for 1 day · before

where nobody can compare
  ? cookie:gone@example.org · site:www: seen before; nobody looked again
  ? /late · site:www: timeout (newer)
  ? store:app · store:app: not there (older)
""")
    assert compare(base, base)[0] == "pass"


def test_hostile_addresses_do_not_crash() -> None:
    """An address that is none has no host of its own."""
    broken = site(request("https://cdn.example/x.js"))
    forged = SiteEvidence(
        site="www", url="http://[", sources=broken.sources, observations=broken.observations
    )
    assert compared(forged, forged) == EvidenceComparison(unlooked=())
