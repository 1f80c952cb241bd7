"""A HAR file becomes observations and gaps, whatever is in it; nothing personal comes along."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.collect import har as package
from auditor.collect.har import read_har
from auditor.errors import CollectError
from auditor.evidence import Aspect, CookieSet, Gap, Reason, RequestSent, State

MakeEntry = Callable[..., dict[str, Any]]
MakeHar = Callable[..., Path]

SECRET = "k7Qz2mVx9TnB"
SENT, GOT = {"Cookie": "a=1"}, {"Set-Cookie": "a=1"}


def gaps_of(path: Path, state: State | None = State.REJECT) -> list[tuple[str, str]]:
    """Return what is missing in a recording, and why."""
    return [(gap.what, gap.reason.value) for gap in read_har(path, state).gaps]


def test_where_it_comes_from(har: MakeHar, entry: MakeEntry) -> None:
    """File name without folders, digest, tools, and the first moment in it, in UTC."""
    late = entry(at=9, got=GOT)
    early = {**entry(), "startedDateTime": "2026-01-15T12:30:00.250+01:00"}
    path = har(late, early, browser={"name": "Firefox", "version": 7})
    source = read_har(path, State.ACCEPT).source
    assert (source.kind, source.path, source.state) == ("har", "visit.har", State.ACCEPT)
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.tool == "Recorder 1.0, Firefox"
    assert source.collected_at == datetime(2026, 1, 15, 11, 30, 0, 250_000, UTC)


@pytest.mark.parametrize(
    ("creator", "tool"),
    [
        ({"name": "jo.doe@mail.example", "version": "1.2"}, "1.2"),
        (
            {"name": "sitespeed.io/browsertime", "version": "23.5.0"},
            "sitespeed.iobrowsertime 23.5.0",
        ),
        ({"name": f"{SECRET} \x1b[31mWebInspector", "version": []}, "31mWebInspector"),
        ({"name": "a " * 90}, ("a " * 30).strip()),
    ],
)
def test_the_tool_is_plain_words(
    har: MakeHar, entry: MakeEntry, creator: object, tool: str
) -> None:
    """Anything may stand there; no address, id or control character comes along."""
    assert read_har(har(entry(got=GOT), creator=creator)).source.tool == tool


def test_a_complete_recording_has_no_gaps(har: MakeHar, entry: MakeEntry) -> None:
    """What no HAR shows is told once for a site, not here."""
    assert gaps_of(har(entry(page=True, got=GOT))) == []


def test_entries_that_cannot_be_read(har: MakeHar, entry: MakeEntry) -> None:
    """Each is a gap in everything, and not quoted; the rest goes on."""
    recording = read_har(
        har({"request": {"url": SECRET, "headers": 1}}, entry(page=True, got=GOT), [SECRET]),
        State.REJECT,
    )
    assert [(gap.what, gap.reason, gap.aspects) for gap in recording.gaps] == [
        ("visit.har: entry 1", Reason.NOT_IN_EVIDENCE, ()),
        ("visit.har: entry 3", Reason.NOT_IN_EVIDENCE, ()),
    ]
    assert [gap.needs.partition(": ")[2] for gap in recording.gaps] == snapshot(
        [
            "Expected `array | null`, got `int` - at `$.request.headers`",
            "Expected `object`, got `array`",
        ]
    )
    assert SECRET not in str(recording)
    assert len(recording.observations) == 3


def test_many_unreadable_entries_are_counted(har: MakeHar, entry: MakeEntry) -> None:
    """Beyond the first fifty."""
    gaps = read_har(har(entry(got=GOT), *[{}] * 60)).gaps
    assert len(gaps) == 51
    assert gaps[-1].what == "visit.har: more entries: 10"
    assert gaps[-1].aspects == ()


def test_a_host_that_did_not_answer(har: MakeHar, entry: MakeEntry) -> None:
    """It counts as contacted; what it might have set is not known."""
    recording = read_har(
        har(entry(got=GOT), entry("https://dead.example/", status=0)), State.REJECT
    )
    assert recording.gaps == (
        Gap(
            what="dead.example",
            reason=Reason.UNREACHABLE,
            needs="a recording with its response: what it might have set is not known",
            aspects=(Aspect.REQUESTS, Aspect.COOKIES),
            state=State.REJECT,
        ),
    )
    assert "dead.example" in {s.host for s in recording.observations if isinstance(s, RequestSent)}


def test_many_hosts_that_did_not_answer_are_counted(har: MakeHar, entry: MakeEntry) -> None:
    """Beyond the first fifty."""
    dead = [entry(f"https://d{number}.example/", status=0) for number in range(53)]
    gaps = gaps_of(har(entry(got=GOT), *dead))
    assert len(gaps) == 51
    assert gaps[-1] == ("more hosts: 3", "unreachable")


def test_a_browser_that_blocked_requests(har: MakeHar, entry: MakeEntry) -> None:
    """One gap for the recording; the page's attempts are kept."""
    blocked = {"status": 0, "response": {"_error": "net::ERR_BLOCKED_BY_CLIENT"}}
    path = har(
        entry(got=GOT),
        entry("https://a.example/", **blocked),
        entry("https://b.example/", **blocked),
    )
    assert gaps_of(path) == [
        ("recording visit.har: the browser blocked 2 requests", "not_in_evidence")
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"got": GOT},
        {"sent": SENT},
        {"request": {"cookies": [{"name": "a"}]}},
        {"response": {"cookies": [{"name": "a", "value": "1"}]}},
    ],
)
def test_recordings_without_cookies(har: MakeHar, entry: MakeEntry, facts: dict[str, Any]) -> None:
    """One cookie anywhere shows that the export kept them; none may mean that it did not."""
    assert gaps_of(har(entry(), entry(at=1, **facts))) == []
    assert gaps_of(har(entry(), entry(at=1))) == [
        (
            "recording visit.har: no cookies in it, perhaps left out by the export",
            "not_in_evidence",
        )
    ]


def test_a_profile_that_was_not_clean(har: MakeHar, entry: MakeEntry) -> None:
    """Cookies on the very first request are left over; after a choice they may be."""
    path = har(entry(page=True, sent=SENT))
    assert gaps_of(path, State.BEFORE) == [
        (
            "recording visit.har: its first page was opened with cookies from earlier visits",
            "not_verified",
        )
    ]
    assert gaps_of(path, State.REJECT) == []
    assert gaps_of(har(entry(page=True, got=GOT), entry(sent=SENT, at=1)), State.BEFORE) == []


def test_the_cap(har: MakeHar, entry: MakeEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much is left, and said; links count, too."""
    monkeypatch.setattr(package, "MAX_KEPT", 20)
    path = har(*(entry(got=GOT, at=number / 100) for number in range(15)))
    recording = read_har(path, State.REJECT)
    assert len(recording.observations) == 22
    assert recording.gaps[0].reason is Reason.CAP_REACHED
    assert recording.gaps[0].aspects == ()
    assert gaps_of(har(*(entry(got=GOT, at=number / 100) for number in range(10)))) == []
    links = "".join(f"<a href='/{letter}'>" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert len(gaps_of(har(entry(page=True, got=GOT, content={"text": links})))) == 1


def test_the_same_cookie_set_many_times(har: MakeHar, entry: MakeEntry) -> None:
    """It is a stream: each time is kept."""
    recording = read_har(har(*(entry(got=GOT, at=number / 10) for number in range(160))))
    assert sum(isinstance(seen, CookieSet) for seen in recording.observations) == 160


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([], "holds no request to a website"),
        ([{"request": {"url": "data:,"}}], "holds no request to a website"),
        ([{}, []], r"none of its entries can be read; entry 1: Object missing required field"),
        ([{"request": {"url": "https://x.org/"}}], "does not say when it was recorded"),
        (["https://x.org/"], "none of its entries can be read"),
    ],
)
def test_recordings_of_nothing(har: MakeHar, entries: list[object], message: str) -> None:
    """No request, none readable, or no date: nothing could be judged, so nothing passes."""
    with pytest.raises(CollectError, match=f"^visit.har: .*{message}"):
        read_har(har(*entries))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """The message names the path as it was given."""
    for path in (tmp_path / "none.har", tmp_path):
        with pytest.raises(CollectError, match=str(path)):
            read_har(path)


Wild = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 999)
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.sampled_from(
        ["https://x.org/", "text/html", "2026-01-15T12:00:00Z", "a=1; domain=x.org"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "value", "url", "status", "text", "stack", "callFrames"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
KEYS = {
    "request": ["url", "method", "headers", "cookies"],
    "response": ["status", "statusText", "redirectURL", "headers", "cookies", "content", "_error"],
    "": [
        "startedDateTime",
        "pageref",
        "_initiator",
        "_initiator_detail",
        "_resourceType",
        "_error",
    ],
}


@given(data=st.data())
def test_anything_is_read_or_refused(har: MakeHar, entry: MakeEntry, data: st.DataObject) -> None:
    """Wrong types anywhere end in a gap or in a CollectError, never in another error."""
    entries: list[object] = [entry(got=GOT)]
    for _ in range(data.draw(st.integers(1, 3))):
        broken: dict[str, Any] = entry(got=GOT, content={"text": "<a href=x>"}, _initiator={})
        for part, keys in KEYS.items():
            for key in data.draw(st.lists(st.sampled_from(keys), max_size=2)):
                (broken[part] if part else broken)[key] = data.draw(Wild)
        entries.append(
            data.draw(st.sampled_from([broken, {**broken, "request": data.draw(Wild)}]))
        )
    path = har(*entries, pages=data.draw(Wild), creator=data.draw(Wild))
    try:
        recording = read_har(path, data.draw(st.sampled_from([None, *State])))
    except CollectError:
        return
    assert (
        msgspec.json.decode(msgspec.json.encode(recording), type=package.HarRecording) == recording
    )


def planted(entry: MakeEntry, secret: str, place: str) -> dict[str, Any]:
    """Return an entry that holds something personal in one place."""
    url, cookie = "https://example.org/", f"a={secret}"
    facts: dict[str, dict[str, Any]] = {
        "query": {"url": f"{url}?mail={secret}&{secret}"},
        "fragment": {"url": f"{url}#{secret}"},
        "user": {"url": f"https://{secret}:{secret}@example.org/"},
        "cookie": {"sent": {"Cookie": f"{cookie}; {secret}"}},
        "listed cookie": {"request": {"cookies": [{"name": "a", "value": secret}]}},
        "set-cookie": {"got": {"Set-Cookie": f"{cookie}; SameSite={secret}; Comment={secret}"}},
        "nameless": {"got": {"Set-Cookie": secret}},
        "listed set-cookie": {
            "response": {"cookies": [{"name": "a", "value": secret, "comment": secret}]}
        },
        "post": {
            "request": {"postData": {"text": secret, "params": [{"name": "n", "value": secret}]}}
        },
        "body": {
            "content": {
                "text": f"<title>{secret}</title><a href='/?q={secret}#{secret}'>{secret}</a>"
            }
        },
        "referer": {"sent": {"Referer": f"{url}?q={secret}"}},
        "initiator": {
            "_initiator": {
                "url": f"{url}?q={secret}",
                "stack": {"callFrames": [{"functionName": secret, "url": f"{url}a.js#{secret}"}]},
            }
        },
        "redirect": {"status": 302, "redirect": f"https://b.example/?q={secret}"},
        "error": {"status": 0, "response": {"_error": f"Sorry, {secret}", "statusText": secret}},
        "header": {"sent": {"Authorization": f"Bearer {secret}"}, "got": {"X-User": secret}},
        "websocket": {"url": "wss://example.org/", "_webSocketMessages": [{"data": secret}]},
        "group": {"pageref": secret},
        "type": {"_resourceType": f"{secret} "},
        "method": {"request": {"method": secret}},
        "unreadable": {"request": {"url": secret, "headers": secret}},
    }
    return entry(page=True, **facts[place])


PLACES = [
    "query",
    "fragment",
    "user",
    "cookie",
    "listed cookie",
    "set-cookie",
    "nameless",
    "listed set-cookie",
    "post",
    "body",
    "referer",
    "initiator",
    "redirect",
    "error",
    "header",
    "websocket",
    "group",
    "type",
    "method",
    "unreadable",
]


@given(
    secret=st.text("bcdfghjkmnpqrstvwxz2456789", min_size=12, max_size=20),
    places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=6),
)
def test_nothing_planted_comes_out(
    har: MakeHar, entry: MakeEntry, secret: str, places: list[str]
) -> None:
    """Values, bodies, fragments, names of users and titles are not in what is written down."""
    entries = [entry(), *(planted(entry, secret, place) for place in places)]
    pages = [{"id": "1", "title": f"Orders of {secret}"}]
    recording = read_har(har(*entries, pages=pages, comment=secret), State.BEFORE)
    assert secret.encode() not in msgspec.json.encode(recording)


@given(data=st.data())
def test_the_order_of_entries_does_not_matter(
    har: MakeHar, entry: MakeEntry, data: st.DataObject
) -> None:
    """The same hosts, and the same cookies of the same domains."""
    hosts = st.sampled_from(["example.org", "www.example.org", "a.example", "b.example"])
    entries = [
        entry(
            f"https://{data.draw(hosts)}/",
            at=data.draw(st.integers(0, 5)),
            pageref=data.draw(st.sampled_from(["1", "2"])),
            page=data.draw(st.sampled_from([None, True, False])),
            status=data.draw(st.sampled_from([0, 200, 302])),
            redirect=f"https://{data.draw(hosts)}/",
            got={"Set-Cookie": f"{data.draw(st.sampled_from('xyz'))}=1; Domain=example.org"},
        )
        for _ in range(data.draw(st.integers(1, 8)))
    ]
    first, second = (
        read_har(har(*order)) for order in (entries, data.draw(st.permutations(entries)))
    )
    assert sightings(first) == sightings(second)
    assert set(first.gaps) == set(second.gaps)


def sightings(recording: package.HarRecording) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the hosts and the cookies that were seen."""
    seen = recording.observations
    return (
        {item.host for item in seen if isinstance(item, RequestSent)},
        {(item.name, item.domain) for item in seen if isinstance(item, CookieSet)},
    )


def test_what_is_written_is_the_same_every_time(har: MakeHar, entry: MakeEntry) -> None:
    """One file, one result."""
    path = har(entry(got=GOT), entry("https://a.example/", status=302, redirect="/b"))
    encoded = {msgspec.json.encode(read_har(path)) for _ in range(2)}
    assert len(encoded) == 1
    assert json.loads(encoded.pop())["visited"] == []
