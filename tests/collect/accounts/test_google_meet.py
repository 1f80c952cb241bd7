"""Google Meet and its files in Drive, on a stand-in that answers as Google's descriptions say."""

from datetime import date

import pytest
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import GOOD, Fake, Said
from fakes.running import gaps, seen_by, settings, tables, whole_text

from auditor.collect.accounts.connector import Part
from auditor.collect.accounts.google_meet import GOOGLE_MEET
from auditor.evidence import Reason
from auditor.policy import Account

ACCOUNT = Account(id="meetings", connector="google_meet")
MEETINGS = "https://www.googleapis.com/auth/meetings.space.readonly"
FILES = "https://www.googleapis.com/auth/drive.meet.readonly"
PLANTED = "Ada Planted <ada.planted@example.net>"
DOCUMENT = google("meet.v2", "drive.v3")
ONE = "/v2/conferenceRecords/c1"
DOCS = "application/vnd.google-apps.document"


def conference(name: str = "c1", **more: Json) -> dict[str, Json]:
    """Return a conference as Google has it."""
    return {
        "name": f"conferenceRecords/{name}",
        "space": "spaces/s1",
        "startTime": "2026-01-05T23:30:00.123456789Z",
        "endTime": "2026-01-06T00:30:00Z",
        "expireTime": "2026-02-05T00:30:00Z",
        **more,
    }


def file(name: str, kind: str, day: str, **more: Json) -> dict[str, Json]:
    """Return a file as Google has it; its name holds the meeting's."""
    return {
        "id": name,
        "name": PLANTED,
        "mimeType": kind,
        "createdTime": f"{day}T10:00:00.000Z",
        "modifiedTime": "2026-01-02T10:00:00.000Z",
        "permissionIds": ["1234"],
        **more,
    }


def held(**more: Json) -> dict[str, Json]:
    """Return what the stand-in holds, by path."""
    return {
        "/v2/conferenceRecords": {"conferenceRecords": [conference()]},
        f"{ONE}/participants": {
            "participants": [
                {
                    "earliestStartTime": "2026-01-05T23:30:00Z",
                    "signedinUser": {"user": "users/117", "displayName": PLANTED},
                },
                {
                    "earliestStartTime": "2026-01-06T00:10:00Z",
                    "phoneUser": {"displayName": "+1 555 010 7788"},
                },
            ]
        },
        f"{ONE}/recordings": {
            "recordings": [{"state": "FILE_GENERATED", "driveDestination": {"file": "v1"}}]
        },
        f"{ONE}/transcripts": {
            "transcripts": [{"state": "FILE_GENERATED", "docsDestination": {"document": "d1"}}]
        },
        f"{ONE}/smartNotes": {"smartNotes": []},
        "/drive/v3/files": {
            "files": [
                file("v1", "video/mp4", "2024-12-31"),
                file("d1", DOCS, "2025-01-14"),
                file("d2", DOCS, "2025-01-15"),
                file("t1", "text/plain", "2025-06-01"),
            ]
        },
        **more,
    }


def fake_of(**more: Json) -> Fake:
    """Return a stand-in whose token may read, with more than it usually holds."""
    return Fake(DOCUMENT, held(**more), scopes=(MEETINGS, FILES))


def seen(fake: Fake, *whats: str, credential: str = GOOD) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return seen_by(GOOGLE_MEET, fake, ACCOUNT, *whats, credential=credential)


def test_everything_is_seen() -> None:
    """Conferences, who was there and what they left: only GET, and never a file's name."""
    fake = fake_of()
    parts = seen(fake)
    assert {name: table.rows for name, table in tables(parts).items()} == {
        "conference records": 1,
        "participants": 2,
        "recordings": 1,
        "transcripts and notes": 2,
        "chats": 1,
    }
    assert not gaps(parts)
    assert {line.split()[0] for line in fake.asked} == {"GET"}
    assert all("name" not in line for line in fake.asked if "/drive/" in line)


def test_conferences_go_after_30_days() -> None:
    """Google's own expiry is a setting, and each record is held against it."""
    parts = seen(fake_of(), "conferences")
    (setting,) = settings(parts)
    assert (setting.effect, setting.period) == ("deletes_after", "P30D")
    table = tables(parts)["conference records"]
    assert {ages.anchor: ages.days for ages in table.ages} == {
        "created": {date(2026, 1, 5): 1},
        "event_end": {date(2026, 1, 6): 1},
    }


@pytest.mark.parametrize(
    ("more", "late"),
    [
        ({"expireTime": "2026-02-05T00:30:01Z"}, True),
        ({"expireTime": "2026-02-05T00:30:00"}, True),
        ({"expireTime": "soon"}, True),
        ({"expireTime": None}, True),
        ({"endTime": None}, False),
    ],
)
def test_conferences_that_stay_longer(more: dict[str, Json], late: bool) -> None:
    """A record that ended and names no expiry within 30 days speaks against it: a gap."""
    record = {key: value for key, value in conference(**more).items() if value is not None}
    parts = seen(
        fake_of(**{"/v2/conferenceRecords": {"conferenceRecords": [record]}}), "conferences"
    )
    assert bool(gaps(parts)) is late
    assert tables(parts)["conference records"].ages[1].undated == 0


def test_participants_are_counted() -> None:
    """Names and numbers of who was there are counted, and hashed by account."""
    parts = seen(fake_of(), "participants")
    table = tables(parts)["participants"]
    assert {field.name: field.filled for field in table.fields} == {
        "signedinUser.displayName": 1,
        "signedinUser.user": 1,
        "anonymousUser.displayName": 0,
        "phoneUser.displayName": 1,
    }
    assert table.ages[0].days == {date(2026, 1, 5): 1, date(2026, 1, 6): 1}
    assert [len(one.hashes) for one in table.subjects] == [1]


def test_files_have_two_ages() -> None:
    """Files in Drive stay when the conference is gone: by when they were made, and changed."""
    table = tables(seen(fake_of(), "recordings and transcripts"))["transcripts and notes"]
    assert {ages.anchor: ages.days for ages in table.ages} == {
        "created": {date(2025, 1, 14): 1, date(2025, 1, 15): 1},
        "last_updated": {date(2026, 1, 2): 2},
    }


def test_files_for_everybody() -> None:
    """A file that anyone with the link may read is exposed; one that does not tell is a gap."""
    files = [
        file("v1", "video/mp4", "2025-01-01", permissionIds=["1", "anyoneWithLink"]),
        file("d1", DOCS, "2025-01-01"),
        file("d2", DOCS, "2025-01-01"),
    ]
    (setting,) = settings(
        seen(fake_of(**{"/drive/v3/files": {"files": files}}), "recordings and transcripts")
    )
    assert (setting.effect, setting.value, setting.is_on) == ("exposes", "1 of 3", True)
    del files[1]["permissionIds"]
    parts = seen(fake_of(**{"/drive/v3/files": {"files": files}}), "recordings and transcripts")
    assert [gap.what for gap in gaps(parts)] == ["sharing of files"]


def test_files_that_drive_does_not_show() -> None:
    """A recording that a conference names, and a search that is not complete, are gaps."""
    more = {
        "/drive/v3/files": {
            "files": [file("v1", "video/mp4", "2025-01-01")],
            "incompleteSearch": True,
        }
    }
    parts = seen(fake_of(**more), "recordings and transcripts")
    assert [gap.what for gap in gaps(parts)] == ["files in Drive", "files in others' Drive"]


def test_values_stay_in_memory() -> None:
    """Whatever text Google may send, nothing of it is in the evidence."""
    fake = Fake(DOCUMENT, held(), scopes=(MEETINGS, FILES), text=PLANTED)
    parts = seen(fake)
    assert tables(parts)["participants"].rows == 2
    text = whole_text(parts)
    assert not [part for part in ("lanted", "555", "users/117", "spaces/s1") if part in text]


def test_pages() -> None:
    """All pages are read: empty ones between, a full last one, a limit in the middle."""
    many = {
        "/v2/conferenceRecords": {"conferenceRecords": [conference(f"c{n}") for n in range(200)]}
    }
    for difficult in (
        {"is_sparse": True},
        {"is_full": True},
        {"says": [Said("page-2", 429, headers={"Retry-After": "1"}, times=1)]},
    ):
        fake = Fake(DOCUMENT, held(**many), scopes=(MEETINGS, FILES), **difficult)
        parts = seen(fake, "conferences")
        assert tables(parts)["conference records"].rows == 200
        assert not gaps(parts)


@pytest.mark.parametrize(
    ("difficult", "reason"),
    [
        ({"turns": True}, Reason.NOT_VERIFIED),
        ({"says": [Said("page-2", 429)]}, Reason.RATE_LIMITED),
        ({"says": [Said("page-2", 200, b"<html>")]}, Reason.NOT_VERIFIED),
        (
            {
                "says": [
                    Said(
                        "Records",
                        200,
                        b'{"conferenceRecords": [{"name": "conferenceRecords/../x"}]}',
                    )
                ]
            },
            Reason.NOT_VERIFIED,
        ),
        ({"scopes": (FILES,)}, Reason.FORBIDDEN),
    ],
)
def test_half_a_list_is_a_gap(difficult: dict[str, Json], reason: Reason) -> None:
    """A list that breaks off, or is refused, is no table but a gap."""
    many = {
        "/v2/conferenceRecords": {"conferenceRecords": [conference(f"c{n}") for n in range(150)]}
    }
    fake = Fake(DOCUMENT, held(**many), **{"scopes": (MEETINGS, FILES), **difficult})
    parts = seen(fake, "conferences")
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [("conferences", reason)]
    assert not tables(parts)


def test_files_without_the_scope() -> None:
    """A token without Drive's scope shows conferences; the files are a gap that names it."""
    fake = Fake(DOCUMENT, held(), scopes=(MEETINGS,))
    parts = seen(fake)
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("recordings and transcripts", Reason.FORBIDDEN)
    ]
    assert "drive.meet.readonly" in GOOGLE_MEET.questions[2].permission


def test_nobody_is_found_here() -> None:
    """Google offers no search for a person; that others' meetings are missing is told."""
    assert GOOGLE_MEET.find is None
    assert GOOGLE_MEET.finds_by == ()
    assert any("other people" in gap.what for gap in GOOGLE_MEET.cannot_show)
    assert {gap.reason for gap in gaps(seen(fake_of(), credential="another"))} == {
        Reason.NO_CREDENTIAL
    }
