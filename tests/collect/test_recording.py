"""Recordings find their site and state, and become one piece of evidence for each site."""

# ruff: noqa: E501 -- a message is one line

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.collect.recording import FORM, Recording, collect_recordings, parse_recording
from auditor.errors import CollectError, UsageError
from auditor.evidence import (
    Aspect,
    CookieSet,
    PageLoaded,
    Reason,
    RequestSent,
    SiteEvidence,
    State,
)
from auditor.policy import ConsentBanner, Controller, Policy, Site

MakeEntry = Callable[..., dict[str, Any]]
MakeHar = Callable[..., Path]

NO_BANNER = ConsentBanner(banner="none")
SITES = (
    Site(id="www", url="https://www.example.org/", consent=NO_BANNER),
    Site(id="shop", url="https://shop.example/", consent=NO_BANNER),
)


def collect(*recordings: Recording, sites: tuple[Site, ...] = SITES) -> tuple[SiteEvidence, ...]:
    """Return the evidence of recordings under a policy with these sites."""
    return collect_recordings(
        Policy(version=1, controller=Controller(name="Example"), sites=sites), recordings
    )


@pytest.mark.parametrize(
    ("text", "path", "site", "state"),
    [
        ("visit.har", "visit.har", "", None),
        ("www=visit.har", "visit.har", "www", None),
        ("www:before=visit.har", "visit.har", "www", State.BEFORE),
        ("my.site-1:gpc=a/b=c.har", "a/b=c.har", "my.site-1", State.GPC),
        ("a/b=c.har", "a/b=c.har", "", None),
        ("./b=c.har", "./b=c.har", "", None),
        (r"C:\visits\a=b.har", r"C:\visits\a=b.har", "", None),
        (r"C:\visit.har", r"C:\visit.har", "", None),
        (r"www:reject=C:\visit.har", r"C:\visit.har", "www", State.REJECT),
        ("two words=a.har", "two words=a.har", "", None),
        ("www=" + "x" * 5000, "x" * 5000, "www", None),
    ],
)
def test_forms(text: str, path: str, site: str, state: State | None) -> None:
    """Site and state stand before the first `=`, where they can be told from a file name."""
    assert parse_recording(text) == Recording(path=Path(path), site=site, state=state)


def test_a_file_with_an_equals_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If there is such a file it is meant."""
    monkeypatch.chdir(tmp_path)
    assert parse_recording("a=b.har").site == "a"
    Path("a=b.har").touch()
    assert parse_recording("a=b.har") == Recording(path=Path("a=b.har"))


def test_forms_that_are_refused() -> None:
    """Each says what to write instead."""
    told = {}
    for text in ("", " ", "=a.har", "www=", "www:befor=a.har", "www:=a.har", "www:xyzzy=a.har"):
        with pytest.raises(UsageError) as caught:
            parse_recording(text)
        told[text] = str(caught.value).replace(FORM, "FORM")
    assert told == snapshot(
        {
            "": "the name of a recording is empty; FORM",
            " ": "the name of a recording is empty; FORM",
            "=a.har": '"=a.har" names no site; FORM',
            "www=": '"www=" names no file; FORM',
            "www:befor=a.har": '"www:befor=a.har": "befor" is no visitor state; did you mean before?',
            "www:=a.har": '"www:=a.har": "" is no visitor state; write one of before, reject, accept, withdraw, gpc',
            "www:xyzzy=a.har": '"www:xyzzy=a.har": "xyzzy" is no visitor state; write one of before, reject, accept, withdraw, gpc',
        }
    )


@given(st.text(max_size=400))
def test_any_text_is_a_recording_or_refused(text: str) -> None:
    """Nothing else is raised, however long the name."""
    with suppress(UsageError):
        assert isinstance(parse_recording(text * 9), Recording)


def test_the_site_is_that_of_the_first_page(har: MakeHar, entry: MakeEntry) -> None:
    """Whatever else was opened later; sites come sorted."""
    www = har(entry("https://example.org/", page=True))
    shop = har(
        entry("https://shop.example/a", page=True),
        entry("https://www.example.org/", page=True, at=1),
    )
    found = collect(Recording(path=www), Recording(path=shop))
    assert [(item.site, item.url) for item in found] == [
        ("shop", "https://shop.example/"),
        ("www", "https://www.example.org/"),
    ]


def test_two_sites_of_one_domain(har: MakeHar, entry: MakeEntry) -> None:
    """The exact host decides; where none is exact, a person does."""
    sites = (
        Site(id="www", url="https://www.example.org/"),
        Site(id="help", url="https://help.example.org/"),
    )
    helped = har(entry("https://help.example.org/a", page=True))
    assert [item.site for item in collect(Recording(path=helped), sites=sites)] == ["help"]
    other = har(entry("https://blog.example.org/", page=True))
    with pytest.raises(
        CollectError, match=r"several sites; write SITE=visit\.har \(www: .*, help: "
    ):
        collect(Recording(path=other), sites=sites)
    found = collect(Recording(path=other, site="www"), sites=sites)
    assert [item.site for item in found] == ["www"]


def test_recordings_of_no_site(har: MakeHar, entry: MakeEntry) -> None:
    """The messages name what was recorded, the sites, and the ways out."""
    foreign = har(entry("https://preview.example.net/start?u=1", page=True))
    pageless = har(entry("https://www.example.org/a.js"))
    given = [
        Recording(path=foreign),
        Recording(path=foreign, site="www"),
        Recording(path=foreign, site="wwww"),
        Recording(path=foreign, site="blog"),
        Recording(path=pageless),
    ]
    told = []
    for recording in given:
        with pytest.raises(CollectError, match=r"^visit\.har: ") as caught:
            collect(recording)
        told.append(str(caught.value).removeprefix("visit.har: "))
    assert told == snapshot(
        [
            "https://preview.example.net/start?u=* is of none of the policy's sites (www: https://www.example.org/, shop: https://shop.example/); if it stands for one of them, write SITE=visit.har and --site-url SITE=https://preview.example.net/",
            "recording of https://preview.example.net/start?u=*, but site www is https://www.example.org/; use --site-url www=https://preview.example.net/ if it stands for it",
            "policy.yaml has no site wwww; did you mean www?",
            "policy.yaml has no site blog; its sites are www, shop",
            "shows no page, so its site cannot be told; write SITE=visit.har (www: https://www.example.org/, shop: https://shop.example/)",
        ]
    )


def test_a_recording_without_a_page_needs_its_site(har: MakeHar, entry: MakeEntry) -> None:
    """Then it is taken, and the start page is missing."""
    path = har(entry("https://stats.example/a.js", sent={"Cookie": "a=1"}))
    (found,) = collect(Recording(path=path, site="www", state=State.BEFORE))
    assert [contact.host for contact in found.contacts] == ["stats.example"]
    assert ("start page /", ()) in {(gap.what, gap.aspects) for gap in found.gaps}


def test_what_no_har_shows_is_always_missing(har: MakeHar, entry: MakeEntry) -> None:
    """A good recording of the only state leaves three gaps: nothing about storage can pass."""
    path = har(entry("https://www.example.org/", page=True, got={"Set-Cookie": "a=1"}))
    (found,) = collect(Recording(path=path, state=State.BEFORE))
    assert [(gap.what, gap.reason, gap.aspects) for gap in found.gaps] == [
        (
            "cookies that scripts write and no request carries",
            Reason.NOT_IN_EVIDENCE,
            (Aspect.COOKIES,),
        ),
        (
            "local and session storage, IndexedDB, caches, service workers",
            Reason.NOT_IN_EVIDENCE,
            (Aspect.STORAGE,),
        ),
        (
            "keys in documents and scripts: recordings are not searched for them",
            Reason.NOT_IN_EVIDENCE,
            (Aspect.CONTENT,),
        ),
        (
            "what scripts read from the device, and hear of what visitors do",
            Reason.NOT_IN_EVIDENCE,
            (Aspect.DEVICE, Aspect.INPUT),
        ),
    ]


def test_an_unknown_state_is_a_gap_about_choices(har: MakeHar, entry: MakeEntry) -> None:
    """It says how to tell the state."""
    path = har(
        entry("https://www.example.org/", page=True, got={"Set-Cookie": "a=1"}), name="x.har"
    )
    (found,) = collect(Recording(path=path, site="www"))
    assert {
        (gap.what, gap.aspects, gap.needs)
        for gap in found.gaps
        if gap.reason is Reason.NOT_VERIFIED
    } == {
        (
            "recording x.har",
            (Aspect.CHOICES,),
            "say what the visitor had chosen: --evidence www:before=x.har",
        )
    }
    assert [gap.state for gap in found.gaps if gap.what == "state before"] == [State.BEFORE]


def test_several_recordings_become_one(har: MakeHar, entry: MakeEntry) -> None:
    """In the order of visitor states, each with its source, whatever order they are given in."""
    before = har(
        entry("https://www.example.org/", page=True, got={"Set-Cookie": "a=1"}), name="b.har"
    )
    reject = har(
        entry("https://www.example.org/", page=True, got={"Set-Cookie": "r=1"}), name="r.har"
    )
    given = (
        Recording(path=reject, state=State.REJECT),
        Recording(path=before, state=State.BEFORE),
    )
    (found,) = collect(*given)
    assert [(source.path, source.state) for source in found.sources] == [
        ("b.har", State.BEFORE),
        ("r.har", State.REJECT),
    ]
    assert [item.name for item in found.observations if isinstance(item, CookieSet)] == ["a", "r"]
    assert found.states == {State.BEFORE, State.REJECT}
    assert len(found.gaps) == len(set(found.gaps))
    assert (found,) == collect(*reversed(given))


def test_a_gap_of_two_recordings_is_told_once(har: MakeHar, entry: MakeEntry) -> None:
    """Two recordings of a state may miss the same answer."""
    recordings = [
        Recording(
            path=har(
                entry("https://www.example.org/", page=True, got={"Set-Cookie": f"{name}=1"}),
                entry("https://dead.example/", status=0),
            ),
            state=State.BEFORE,
        )
        for name in "ab"
    ]
    (found,) = collect(*recordings)
    assert [gap.what for gap in found.gaps].count("dead.example") == 1


def test_one_recording_shows_one_state(har: MakeHar, entry: MakeEntry) -> None:
    """The same file given twice, under any name, is a mistake."""
    path = har(entry("https://www.example.org/", page=True))
    copy = Path(shutil.copy(path, path.with_name("copy.har")))
    with pytest.raises(CollectError, match=r"visit\.har and copy\.har are the same recording"):
        collect(Recording(path=path, state=State.BEFORE), Recording(path=copy, state=State.REJECT))


def test_pages_of_others_are_left_out(har: MakeHar, entry: MakeEntry) -> None:
    """What they do is not the site's doing; what they ask of the site is."""
    path = har(
        entry("https://www.example.org/", page=True, pageref="1"),
        entry("https://stats.example/a.js", pageref="1", at=1),
        entry("https://pay.example/", page=True, pageref="2", at=2),
        entry("https://tracker.example/", pageref="2", at=3),
        entry("https://api.example.org/paid", pageref="2", at=4, got={"Set-Cookie": "paid=1"}),
    )
    (found,) = collect(Recording(path=path))
    assert [item.url for item in found.observations if isinstance(item, PageLoaded)] == [
        "https://www.example.org/"
    ]
    assert [item.host for item in found.observations if isinstance(item, RequestSent)] == [
        "www.example.org",
        "stats.example",
        "api.example.org",
    ]
    assert [cookie.name for cookie in found.cookies] == ["paid"]


def story(found: SiteEvidence) -> list[tuple[str, str]]:
    """Return each request's host and page, and each cookie's name and page."""
    return [
        (item.host if isinstance(item, RequestSent) else item.name, item.page)
        for item in found.observations
        if isinstance(item, RequestSent | CookieSet)
    ]


HOME = "https://www.example.org/"
OURS = {"Referer": HOME}
UID = {"Set-Cookie": "uid=1"}
FILE = {"mimeType": "application/zip"}


@pytest.mark.parametrize(
    "foreign",
    [
        {"status": 204},
        {"status": 0},
        {"content": FILE},
        {"content": {"mimeType": "text/html"}, "got": {"Content-Disposition": "attachment"}},
        {"content": FILE, "response": {"_error": "net::ERR_ABORTED"}},
        {"response": {"_error": "net::ERR_HTTP2_PROTOCOL_ERROR"}},
        {"status": 200},
        {"sent": OURS, "pageref": "2"},
        {"_initiator": {"url": HOME}, "pageref": "2"},
        {"status": 204, "pageref": "2"},
    ],
)
def test_what_follows_a_foreign_document_stays_ours(
    har: MakeHar, entry: MakeEntry, foreign: dict[str, Any]
) -> None:
    """A file, a pop-up or a navigation that failed hides neither itself nor what comes later."""
    path = har(
        entry(HOME, page=True, pageref="1"),
        entry("https://other.example/a", page=True, **{"pageref": "1", "at": 2, **foreign}),
        entry("https://stats.example/", sent=OURS, pageref="1", at=3, got=UID),
        entry("https://late.example/", sent=OURS, pageref="2", at=4),
        entry("https://ajax.example/", _initiator=HOME, pageref="1", at=5),
    )
    (found,) = collect(Recording(path=path, state=State.BEFORE))
    assert story(found) == [
        (name, HOME)
        for name in (
            "www.example.org",
            "other.example",
            "stats.example",
            "uid",
            "late.example",
            "ajax.example",
        )
    ]
    assert [page.url for page in found.pages] == [HOME]
    assert not any("other sites' pages" in gap.what for gap in found.gaps)


def test_a_redirect_to_another_site_is_a_contact(har: MakeHar, entry: MakeEntry) -> None:
    """With its cookies; what its page does by itself is counted."""
    path = har(
        entry(HOME, page=True, pageref="1"),
        entry(
            f"{HOME}go", page=True, status=302, redirect="https://pay.example/", pageref="2", at=1
        ),
        entry("https://pay.example/", page=True, pageref="2", at=2, got=UID),
        entry(
            "https://stats.example/", pageref="2", at=3, sent={"Referer": "https://pay.example/"}
        ),
    )
    (found,) = collect(Recording(path=path, state=State.BEFORE))
    assert story(found) == [
        (name, HOME) for name in ("www.example.org", "www.example.org", "pay.example", "uid")
    ]
    assert [(gap.what, gap.aspects) for gap in found.gaps if "other" in gap.what] == [
        (
            "visit.har: 1 request of other sites' pages (hosts stats.example)",
            (Aspect.REQUESTS, Aspect.COOKIES),
        )
    ]


def test_a_frame_before_its_page_takes_nothing(har: MakeHar, entry: MakeEntry) -> None:
    """The site's own document is the page of the group, wherever it stands in it."""
    path = har(
        entry("https://ads.example/f", _resourceType="document", pageref="1"),
        entry(HOME, _resourceType="document", pageref="1", at=1),
        entry("https://pixel.example/", pageref="1", at=2),
        entry("https://in.example/", sent={"Referer": "https://ads.example/f"}, pageref="1", at=3),
    )
    (found,) = collect(Recording(path=path, site="www", state=State.BEFORE))
    hosts = ("ads.example", "www.example.org", "pixel.example", "in.example")
    assert story(found) == [(host, HOME) for host in hosts]


def test_what_the_own_policy_forbids_is_no_contact(har: MakeHar, entry: MakeEntry) -> None:
    """It never left the browser, also where a redirect led to it."""
    path = har(
        entry(HOME, page=True, got=UID),
        entry(f"{HOME}r", status=302, redirect="https://t.example/", at=1),
        entry(
            "https://t.example/", status=0, response={"_error": "net::ERR_BLOCKED_BY_CSP"}, at=2
        ),
    )
    (found,) = collect(Recording(path=path, state=State.BEFORE))
    assert {contact.host for contact in found.contacts} <= {"www.example.org"}
    assert len(found.gaps) == 4


@pytest.mark.parametrize("error", ["INCOMPLETE_CHUNKED_ENCODING", "CONTENT_LENGTH_MISMATCH"])
def test_a_page_that_was_cut_off_is_not_loaded(har: MakeHar, entry: MakeEntry, error: str) -> None:
    """Half a page shows half of what it does."""
    path = har(entry(HOME, page=True, got=UID, response={"_error": f"net::ERR_{error}"}))
    (found,) = collect(Recording(path=path, state=State.BEFORE))
    assert found.pages == ()
    assert [(gap.what, gap.needs) for gap in found.gaps if gap.reason is Reason.UNREACHABLE] == [
        ("start page /", "a visit (state before) in which it loads without an error"),
        (HOME, "a visit in which it loads; it was cut off on its way"),
    ]


def test_a_state_is_no_site(har: MakeHar, entry: MakeEntry) -> None:
    """The message tells how to write both."""
    path = har(entry(HOME, page=True))
    with pytest.raises(CollectError, match=r"before is a visitor state; write www:before=/"):
        collect(Recording(path=path, site="before"))


def test_registrable_domains_of_every_host(har: MakeHar, entry: MakeEntry) -> None:
    """Of hosts talked to, of cookies, of authors and of the site itself."""
    path = har(
        entry("https://example.org/", page=True),
        entry(
            "https://t.stats.co.uk/p",
            got={"Set-Cookie": "a=1; Domain=stats.co.uk"},
            _initiator="https://cdn.example.com/a.js",
            at=1,
        ),
    )
    (found,) = collect(Recording(path=path))
    assert {host: facts.registrable_domain for host, facts in found.hosts.items()} == {
        "cdn.example.com": "example.com",
        "example.org": "example.org",
        "stats.co.uk": "stats.co.uk",
        "t.stats.co.uk": "stats.co.uk",
        "www.example.org": "example.org",
    }


def test_evidence_can_be_kept(har: MakeHar, entry: MakeEntry) -> None:
    """It comes back from JSON as it was."""
    path = har(entry("https://www.example.org/", page=True, got={"Set-Cookie": "a=1"}))
    (found,) = collect(Recording(path=path))
    again = msgspec.json.decode(msgspec.json.encode(found), type=SiteEvidence)
    assert again == found


def test_progress_is_told(har: MakeHar, entry: MakeEntry) -> None:
    """Under the name of the file, up to 1."""
    told: list[tuple[str, float]] = []
    path = har(entry("https://www.example.org/", page=True))
    policy = Policy(version=1, controller=Controller(name="Example"), sites=SITES)
    collect_recordings(policy, [Recording(path=path)], lambda *progress: told.append(progress))
    assert told[-1] == ("visit.har", 1.0)
    assert collect_recordings(policy, []) == ()
